//! Instructions of the client for an operation, counted by callgrind: what a long run has beyond a short one.

use std::path::Path;
use std::process::Stdio;

use orm_tests::try_server;
use tokio::process::Command;
use tokio::runtime::Builder;

use crate::Result;
use crate::cell::Cell;
use crate::child;
use crate::command::MEASURE;
use crate::contestant::{Entry, FLOOR};
use crate::kept::{Instructions, Kept};
use crate::stage::Stage;

/// The cells that are counted, with the operations of the short and of the long run.
const CELLS: [(&str, u64, u64); 6] = [
    ("by_key", 100, 1100),
    ("load_10000", 1, 11),
    ("join_100", 10, 110),
    ("insert_100", 10, 110),
    ("posts", 5, 25),
    ("related", 1, 6),
];

/// Counts those of the cells that are asked for, for the contestants that are built in.
///
/// # Errors
/// If this program cannot be found; what else fails is kept as a failure.
pub(crate) async fn run(
    stage: &Stage,
    cells: &[&'static Cell],
    contestants: &[&'static str],
    kept: &mut Kept,
) -> Result<()> {
    if !has_valgrind() {
        kept.notes.push("instructions are not counted: valgrind is not installed".to_owned());
        return Ok(());
    }
    let program = std::env::current_exe()?;
    for (name, short, long) in CELLS {
        let Some(cell) = cells.iter().find(|cell| cell.name == name) else { continue };
        let does = |contestant: &str| {
            Entry::find(contestant).is_some_and(|entry| entry.does.contains(&cell.workload))
        };
        for contestant in contestants.iter().copied().filter(|contestant| does(contestant)) {
            let (cell_name, contestant_name) = (name.to_owned(), contestant.to_owned());
            match count(&program, stage, cell, contestant, (short, long)).await {
                Ok(count) => kept.instructions.push(Instructions {
                    cell: cell_name,
                    contestant: contestant_name,
                    count,
                }),
                Err(error) => kept.failures.push(format!("instructions of {contestant} in {name}: {error}")),
            }
        }
        eprintln!("instructions of {name} are counted");
    }
    Ok(())
}

/// How often a test counts a contestant; the least is what it takes.
const COUNTS: usize = 3;

/// Instructions of a contestant as a ratio to the floor's, of a cell that is counted; `None` where valgrind is missing.
///
/// # Errors
/// If there is no server, the cell is not counted, or a process fails.
pub fn instruction_ratio(program: &Path, cell: &str, contestant: &str) -> Result<Option<f64>> {
    if !has_valgrind() {
        return Ok(None);
    }
    try_server()?;
    let (name, short, long) = CELLS
        .into_iter()
        .find(|(name, ..)| *name == cell)
        .ok_or_else(|| format!("expected a cell whose instructions are counted, found `{cell}`"))?;
    let cell = Cell::find(name).expect("a cell that is counted is a cell");
    Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let stage = Stage::create(&[cell]).await;
        // What timers and wakers add differs from run to run, and is never less than nothing.
        let least = async |contestant| {
            let mut least = f64::INFINITY;
            for _ in 0..COUNTS {
                least = least.min(count(program, &stage, cell, contestant, (short, long)).await?);
            }
            Result::Ok(least)
        };
        Ok(Some(least(contestant).await? / least(FLOOR).await?))
    })
}

fn has_valgrind() -> bool {
    let mut command = std::process::Command::new("valgrind");
    command.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

#[expect(clippy::cast_precision_loss, reason = "a count of instructions is far below 2^53")]
async fn count(
    program: &Path,
    stage: &Stage,
    cell: &Cell,
    contestant: &str,
    (short, long): (u64, u64),
) -> Result<f64> {
    let mut counts = [0; 2];
    for (count, operations) in counts.iter_mut().zip([short, long]) {
        let scene = stage.scene(cell);
        scene.reset().await;
        let job = child::job(contestant, cell, scene.url(cell), 0, Some(operations));
        let mut command = Command::new("valgrind");
        command.args(["--tool=callgrind", "--callgrind-out-file=/dev/null", "--log-fd=1"]);
        command.arg(program).arg(MEASURE).arg(serde_json::to_string(&job)?);
        *count = collected(&child::output(&mut command).await?)?;
    }
    let [short_count, long_count] = counts;
    Ok(long_count.saturating_sub(short_count) as f64 / (long - short) as f64)
}

/// What callgrind says at its end.
fn collected(said: &str) -> Result<u64> {
    let number = said.lines().find_map(|line| line.split_once("Collected : "));
    let (_, number) =
        number.ok_or_else(|| format!("expected callgrind to say what it collected, found: {said}"))?;
    Ok(number.trim().parse()?)
}

#[cfg(test)]
mod tests {
    use super::{CELLS, collected};
    use crate::cell::Cell;

    #[test]
    fn the_count_is_read_from_what_callgrind_says() {
        assert_eq!(collected("==7== Events    : Ir\n==7== Collected : 123456\n==7==\n").unwrap(), 123_456);
        assert!(collected("==7== Events    : Ir\n").is_err());
    }

    #[test]
    fn counted_cells_are_cells() {
        assert!(CELLS.iter().all(|(name, ..)| Cell::find(name).is_some()));
    }
}

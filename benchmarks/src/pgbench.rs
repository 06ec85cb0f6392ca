//! The program `pgbench`, which does TPC-B in C.

use std::path::{Path, PathBuf};

use orm_tests::installed_programs;
use tokio::process::Command;

use crate::Result;
use crate::cell::Cell;
use crate::child;
use crate::contestant::PGBENCH;
use crate::digest::Digest;
use crate::measure::Measured;
use crate::usage::Processor;

/// Where it is, among the installed programs of PostgreSQL.
pub(crate) fn find() -> Option<PathBuf> {
    let folder = installed_programs()?;
    // A link to the server may stand in a folder without the other programs.
    let linked = folder.join("postgres").canonicalize().ok();
    let folders = [Some(folder), linked.and_then(|server| Some(server.parent()?.to_owned()))];
    folders.into_iter().flatten().map(|folder| folder.join(PGBENCH)).find(|program| program.is_file())
}

/// Runs it with as many clients as the cell has tasks, two threads and prepared statements.
///
/// # Errors
/// If it fails, or says something else than it used to.
#[expect(clippy::cast_precision_loss, reason = "no run has so many operations")]
pub(crate) async fn run(program: &Path, cell: &Cell, url: &str, milliseconds: u64) -> Result<Measured> {
    let clients = cell.workload.tasks().to_string();
    let seconds = milliseconds.div_ceil(1000).to_string();
    let mut command = Command::new(program);
    command.args(["-n", "-M", "prepared", "-j", "2", "-c", &clients, "-T", &seconds]).arg(url);
    // Nothing else this process has started ends meanwhile.
    let before = Processor::of_ended_children();
    let said = child::output(&mut command).await?;
    let used = Processor::of_ended_children().since(before);
    let (operations, rate) = parse(&said)?;
    let each = |time: std::time::Duration| time.as_secs_f64() * 1e6 / operations.max(1) as f64;
    Ok(Measured {
        operations,
        wall: 1e6 / rate,
        user: each(used.user),
        system: each(used.system),
        peak_memory: None,
        digest: Digest::default(),
        all_operations: operations,
    })
}

/// The number of transactions, and how many there were in a second.
fn parse(said: &str) -> Result<(u64, f64)> {
    let after = |label: &str| {
        let line = said.lines().find_map(|line| line.strip_prefix(label));
        let number = line.and_then(|line| line.split([' ', '/']).find(|word| !word.is_empty()));
        number.ok_or_else(|| format!("expected pgbench to say `{label}`, found: {said}"))
    };
    Ok((after("number of transactions actually processed:")?.parse()?, after("tps =")?.parse()?))
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn transactions_and_rate_are_read() {
        let said = "number of transactions actually processed: 8211\nnumber of failed transactions: 0 (0.000%)\n\
                    tps = 4110.25 (without initial connection time)\n";
        assert_eq!(parse(said).unwrap(), (8211, 4110.25));
        assert!(parse("pgbench: error").is_err());
    }
}

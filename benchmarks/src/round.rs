//! Measures every contestant in every cell, round after round.

use std::path::PathBuf;

use orm_tests::try_server;

use crate::Result;
use crate::cell::{CELLS, Cell, Workload};
use crate::child;
use crate::contestant::{Entry, FLOOR, PGBENCH, SQLALCHEMY};
use crate::data::Balances;
use crate::instruction;
use crate::kept::{Kept, Measurement};
use crate::machine::Machine;
use crate::measure::Measured;
use crate::option::Options;
use crate::pgbench;
use crate::stage::{Scene, Stage};
use crate::usage::keep_cores_awake;

/// All measurements that the options ask for.
///
/// # Errors
/// If there is no server.
pub(crate) async fn run(options: &Options) -> Result<Kept> {
    tokio::task::spawn_blocking(try_server).await??;
    let cells = with_floors(&options.cells);
    eprintln!("making the tables");
    let stage = Stage::create(&cells).await;
    let awake = options.spin && keep_cores_awake();
    let machine = Machine::look(&stage.scene(cells[0]).database, awake).await;
    let (rounds, milliseconds) = (options.rounds, options.milliseconds);
    let mut run = Run {
        stage,
        pgbench: pgbench::find(),
        python: options.python.clone(),
        milliseconds,
        kept: Kept { machine, rounds, milliseconds, ..Kept::default() },
    };
    if options.spin && !awake {
        run.kept.notes.push("idle cores halted: this system has no way to keep them awake".to_owned());
    }
    let contestants = run.present(&options.contestants);
    for round in 0..rounds {
        for cell in &cells {
            eprintln!("round {} of {rounds}: {}", round + 1, cell.title);
            let asked = options.cells.contains(cell);
            run.cell(round, cell, if asked { &contestants } else { &[FLOOR] }).await;
        }
    }
    if options.instructions {
        instruction::run(&run.stage, &options.cells, &contestants, &mut run.kept).await?;
    }
    Ok(run.kept)
}

/// These cells, and those whose floor they are compared with.
fn with_floors(cells: &[&'static Cell]) -> Vec<&'static Cell> {
    let needed =
        |cell: &&Cell| cells.iter().any(|asked| asked.name == cell.name || asked.floor() == cell.name);
    CELLS.iter().filter(needed).collect()
}

struct Run {
    stage: Stage,
    pgbench: Option<PathBuf>,
    python: Option<PathBuf>,
    milliseconds: u64,
    kept: Kept,
}

impl Run {
    /// The contestants that can run here; a note says why another cannot.
    fn present(&mut self, asked: &[&'static str]) -> Vec<&'static str> {
        let mut present = asked.to_vec();
        if self.pgbench.is_none() && present.contains(&PGBENCH) {
            self.kept
                .notes
                .push("pgbench is left out: it is not among the installed programs of PostgreSQL".into());
            present.retain(|name| *name != PGBENCH);
        }
        if self.python.is_none() && present.contains(&SQLALCHEMY) {
            let note = "sqlalchemy is left out: give an interpreter that has sqlalchemy and asyncpg by `--python PATH`";
            self.kept.notes.push(note.into());
            present.retain(|name| *name != SQLALCHEMY);
        }
        present
    }

    /// Measures a cell, beginning with another contestant in each round.
    async fn cell(&mut self, round: usize, cell: &'static Cell, contestants: &[&'static str]) {
        let mut present: Vec<&str> = contestants.iter().copied().filter(|name| does(name, cell)).collect();
        let first = round % present.len().max(1);
        present.rotate_left(first);
        for contestant in present {
            match self.contestant(cell, contestant).await {
                Ok(measured) => self.kept.measurements.push(Measurement {
                    round,
                    cell: cell.name.to_owned(),
                    contestant: contestant.to_owned(),
                    measured,
                }),
                Err(error) => self.fail(round, cell, contestant, &error.to_string()),
            }
        }
        self.compare(round, cell);
    }

    fn fail(&mut self, round: usize, cell: &Cell, contestant: &str, why: &str) {
        let failure = format!("{contestant} in {}, round {}: {why}", cell.name, round + 1);
        eprintln!("{failure}");
        self.kept.failures.push(failure);
    }

    async fn contestant(&self, cell: &Cell, contestant: &str) -> Result<Measured> {
        let scene = self.stage.scene(cell);
        scene.reset().await;
        if cell.workload != Workload::TpcB {
            return self.process(scene, cell, contestant).await;
        }
        let before = Balances::read(&scene.database).await?;
        let measured = self.process(scene, cell, contestant).await?;
        Balances::read(&scene.database).await?.check(&before, measured.all_operations)?;
        Ok(measured)
    }

    async fn process(&self, scene: &Scene, cell: &Cell, contestant: &str) -> Result<Measured> {
        let url = scene.url(cell);
        let job = child::job(contestant, cell, url, self.milliseconds, None);
        match (contestant, &self.pgbench, &self.python) {
            (PGBENCH, Some(program), _) => pgbench::run(program, cell, url, self.milliseconds).await,
            (SQLALCHEMY, _, Some(python)) => child::run(child::of_python(python, &job)?).await,
            _ => child::run(child::of_this_program(&job)?).await,
        }
    }

    /// Takes out who read or wrote something else than the floor did.
    fn compare(&mut self, round: usize, cell: &Cell) {
        let of = |one: &Measurement| one.round == round && one.cell == cell.name;
        let floor = self.kept.measurements.iter().find(|one| of(one) && one.contestant == FLOOR);
        let Some(expected) = floor.map(|floor| floor.measured.digest) else { return };
        let differs = |one: &Measurement| of(one) && one.measured.digest != expected;
        for one in self.kept.measurements.extract_if(.., |one| differs(one)).collect::<Vec<_>>() {
            let found = one.measured.digest;
            let why = format!("expected what the floor has ({expected:?}), found {found:?}");
            self.fail(round, cell, &one.contestant, &why);
        }
    }
}

/// Whether a contestant has an operation for a cell.
pub(crate) fn does(contestant: &str, cell: &Cell) -> bool {
    match contestant {
        PGBENCH => cell.workload == Workload::TpcB,
        // It has no way to leave out the ids of objects, nor one to read related rows of one moment in one round trip.
        SQLALCHEMY => !matches!(cell.workload, Workload::InsertWithoutIds | Workload::Together),
        _ => Entry::find(contestant).is_some_and(|entry| entry.does.contains(&cell.workload)),
    }
}

//! Runs a contestant in a process of its own, so that processor time and memory are its alone.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;
use tokio::time::timeout;

use crate::Result;
use crate::cell::Cell;
use crate::command::MEASURE;
use crate::measure::{Job, Measured};

/// What takes longer hangs.
const LONGEST: Duration = Duration::from_secs(600);

/// What a process is to do for a contestant in a cell.
pub(crate) fn job(
    contestant: &str,
    cell: &Cell,
    url: &str,
    milliseconds: u64,
    operations: Option<u64>,
) -> Job {
    Job {
        contestant: contestant.to_owned(),
        workload: cell.workload,
        size: cell.size,
        url: url.to_owned(),
        tasks: cell.workload.tasks(),
        connections: cell.workload.connections(),
        milliseconds,
        warm_milliseconds: (milliseconds / 4).min(150),
        operations,
    }
}

/// The process of a contestant that is built in.
pub(crate) fn of_this_program(job: &Job) -> Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg(MEASURE).arg(serde_json::to_string(job)?);
    Ok(command)
}

/// The process of SQLAlchemy.
pub(crate) fn of_python(python: &Path, job: &Job) -> Result<Command> {
    let mut command = Command::new(python);
    command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("sqlalchemy.py")).arg(serde_json::to_string(job)?);
    Ok(command)
}

/// Runs it, and gives what it measured.
///
/// # Errors
/// With what it said, if it failed or took longer than ten minutes.
pub(crate) async fn run(mut command: Command) -> Result<Measured> {
    let said = output(&mut command).await?;
    let line = said.lines().last().unwrap_or_default();
    Ok(serde_json::from_str(line)
        .map_err(|error| format!("expected a line of measurements, found {line:?}: {error}"))?)
}

/// The standard output of a process.
///
/// # Errors
/// With its standard error, if it failed or took longer than ten minutes.
pub(crate) async fn output(command: &mut Command) -> Result<String> {
    command.stdin(Stdio::null()).kill_on_drop(true);
    let output = timeout(LONGEST, command.output()).await;
    let output = output.map_err(|_| format!("expected an end within {} seconds", LONGEST.as_secs()))??;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{}: {}", output.status, last_lines(&said)).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// A traceback is long, and says what happened at its end.
fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text.trim_end().lines().collect();
    lines[lines.len().saturating_sub(4)..].join("\n")
}

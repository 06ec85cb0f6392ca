//! What the program does with its arguments.

use std::process::ExitCode;

use tokio::runtime::Builder;

use crate::Result;
use crate::contestant::Entry;
use crate::kept::Kept;
use crate::measure::Job;
use crate::option::{HELP, Options};
use crate::report;
use crate::round;

/// Measures and reports as the arguments say; fails where an operation has failed, or read something else than the
/// floor did.
///
/// # Errors
/// If the arguments are not understood, there is no server, or a file cannot be read or written.
pub fn run(arguments: Vec<String>) -> Result<ExitCode> {
    if let [first, job] = &arguments[..]
        && first == MEASURE
    {
        return measure(job);
    }
    if arguments.iter().any(|argument| argument == "--help" || argument == "-h") {
        println!("{HELP}");
        return Ok(ExitCode::SUCCESS);
    }
    let options = Options::parse(arguments)?;
    let kept = match &options.from {
        Some(file) => Kept::read(file)?,
        None => Builder::new_multi_thread().enable_all().build()?.block_on(round::run(&options))?,
    };
    if let Some(file) = &options.json {
        kept.write(file)?;
    }
    print!("{}", report::text(&kept));
    if options.page {
        report::write_page(&kept)?;
    }
    Ok(if kept.failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The first argument of a process that measures one contestant in one cell; the second is its [`Job`].
pub(crate) const MEASURE: &str = "measure";

fn measure(job: &str) -> Result<ExitCode> {
    let job: Job = serde_json::from_str(job)?;
    let entry = Entry::find(&job.contestant)
        .ok_or_else(|| format!("expected a contestant that is built in, found `{}`", job.contestant))?;
    println!("{}", serde_json::to_string(&(entry.measure)(&job)?)?);
    Ok(ExitCode::SUCCESS)
}

//! Measures orm-core beside others, and prints the tables.

use std::process::ExitCode;

fn main() -> ExitCode {
    match orm_benchmarks::run(std::env::args().skip(1).collect()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

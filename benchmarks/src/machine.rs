//! Where it was measured, and with what.

use std::fs;
use std::thread::available_parallelism;

use orm_tests::Database;
use serde::{Deserialize, Serialize};

use crate::contestant::ENTRIES;

/// The machine, the server and the versions of the contestants.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Machine {
    pub(crate) processor: String,
    pub(crate) cores: usize,
    pub(crate) system: String,
    pub(crate) postgres: String,
    pub(crate) date: String,
    /// Whether idle cores were kept awake.
    pub(crate) awake: bool,
    pub(crate) versions: Vec<(String, String)>,
}

impl Machine {
    /// This one, with the server of a database.
    pub(crate) async fn look(database: &Database, awake: bool) -> Machine {
        let row = database.query_text("SELECT current_setting('server_version'), current_date").await;
        let text = |column: usize| row.first().and_then(|row| row.get(column)?.clone()).unwrap_or_default();
        Machine {
            processor: processor(&fs::read_to_string("/proc/cpuinfo").unwrap_or_default()),
            cores: available_parallelism().map_or(1, usize::from),
            system: system(),
            postgres: text(0),
            date: text(1),
            awake,
            versions: versions(include_str!("../Cargo.lock")),
        }
    }
}

fn processor(cpuinfo: &str) -> String {
    let model = cpuinfo.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    model.map_or_else(|| std::env::consts::ARCH.to_owned(), |(_, model)| model.trim().to_owned())
}

fn system() -> String {
    let release = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    format!("{} {}", std::env::consts::OS, release.trim()).trim_end().to_owned()
}

/// Of the packages of the contestants, as the lock file has them.
fn versions(lock: &str) -> Vec<(String, String)> {
    let mut versions: Vec<(String, String)> = Vec::new();
    for entry in ENTRIES {
        if let Some(version) = version(lock, entry.package)
            && versions.iter().all(|(package, _)| package != entry.package)
        {
            versions.push((entry.package.to_owned(), version.to_owned()));
        }
    }
    versions
}

fn version<'lock>(lock: &'lock str, package: &str) -> Option<&'lock str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    lines.nth(1)?.strip_prefix("version = \"")?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::{processor, version};

    #[test]
    fn versions_come_from_the_lock_file() {
        let lock = "[[package]]\nname = \"sqlx-core\"\nversion = \"1.0.0\"\n\n[[package]]\nname = \"sqlx\"\nversion = \"0.9.1\"\n";
        assert_eq!(version(lock, "sqlx"), Some("0.9.1"));
        assert_eq!(version(lock, "diesel"), None);
    }

    #[test]
    fn the_processor_is_named_by_its_model() {
        assert_eq!(processor("processor\t: 0\nmodel name\t: Some CPU @ 2 GHz\n"), "Some CPU @ 2 GHz");
        assert_eq!(processor(""), std::env::consts::ARCH);
    }
}

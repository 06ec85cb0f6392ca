//! A server of one's own, started from the installed programs.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};

use super::ServerError;
use crate::url::percent_encode;

/// A running server, or two; they stop, and their folder goes, when `alive` is dropped or this process ends.
pub(super) struct Private {
    /// With all that is theirs.
    pub folder: PathBuf,
    pub url: String,
    /// Of the standby, if there is one, and of its superuser.
    pub standby_url: String,
    pub standby_admin_url: String,
    /// Of a role that has to give its password.
    pub guarded_url: String,
    pub alive: ChildStdin,
}

/// What is started.
#[derive(Clone, Copy, Debug)]
pub(super) enum Servers<'a> {
    One,
    /// One with settings of its own.
    With(&'a ServerSettings),
    /// A second one replays what the first writes.
    WithStandby,
}

/// What a server is to have beyond what each has.
#[derive(Clone, Debug, Default)]
pub struct ServerSettings {
    /// Lines for postgresql.conf.
    pub configuration: String,
    /// Lines for pg_hba.conf, before all others.
    pub hba: String,
    /// SQL of one line.
    pub sql: String,
    /// Names and contents of files in the server's data folder.
    pub files: Vec<(String, String)>,
}

/// Starts a server that listens on a socket in its own folder, and only there unless its settings say otherwise; the role
/// of its URL is no superuser.
pub(super) fn start(programs: &Path, servers: Servers<'_>) -> Result<Private, ServerError> {
    let failed = |why: &str| {
        let programs = programs.display();
        ServerError(format!(
            "could not start a PostgreSQL server with the programs in {programs}: {}",
            why.trim_end()
        ))
    };
    let mut watchdog = spawn(programs, servers).map_err(|error| failed(&error.to_string()))?;
    let (Some(alive), Some(stdout)) = (watchdog.stdin.take(), watchdog.stdout.take()) else {
        return Err(failed("its watchdog has no pipes"));
    };
    let mut stdout = BufReader::new(stdout);
    let mut said = String::new();
    stdout.read_line(&mut said).map_err(|error| failed(&error.to_string()))?;
    match said.trim_end().strip_prefix("ready ") {
        Some(folder) => {
            let host = percent_encode(folder);
            Ok(Private {
                folder: PathBuf::from(folder),
                url: format!("postgresql://app@{host}/app"),
                standby_url: format!("postgresql://app@{host}:5433/app"),
                standby_admin_url: format!("postgresql://postgres@{host}:5433/postgres"),
                guarded_url: format!("postgresql://guarded:right@{host}/app"),
                alive,
            })
        }
        None => {
            stdout.read_to_string(&mut said).map_err(|error| failed(&error.to_string()))?;
            Err(failed(&said))
        }
    }
}

/// Runs the script that makes the server, waits for the end of this process and removes the server.
fn spawn(programs: &Path, servers: Servers<'_>) -> std::io::Result<Child> {
    let mut script = Command::new("sh");
    script.args(["-c", include_str!("private.sh"), "private.sh"]).arg(programs);
    script.arg(memory_or_temporary_folder());
    match servers {
        Servers::One => {}
        Servers::WithStandby => {
            script.arg("standby");
        }
        Servers::With(settings) => {
            script.arg("alone").args(settings.files.iter().flat_map(|(name, content)| [name, content]));
            script
                .env("SETTINGS", &settings.configuration)
                .env("HBA", &settings.hba)
                .env("ROLES", &settings.sql);
        }
    }
    // PostgreSQL refuses to run as root.
    if let Some((user, group)) = unprivileged()? {
        script.uid(user).gid(group);
    }
    script
        .current_dir("/")
        .env("LC_ALL", "C")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    // Ctrl-C in a terminal interrupts the process group in front; this one has to live on and clean up.
    script.process_group(0).spawn()
}

/// User and group of what may not run as root, where this process does.
pub(crate) fn unprivileged() -> std::io::Result<Option<(u32, u32)>> {
    Ok(if runs_as_root()? { account(&fs::read_to_string("/etc/passwd")?) } else { None })
}

/// Where the folder of a server goes.
pub(crate) fn memory_or_temporary_folder() -> PathBuf {
    parent_folder(free_memory(), runs_as_root().unwrap_or(false), std::env::temp_dir())
}

fn runs_as_root() -> std::io::Result<bool> {
    Ok(Command::new("id").arg("-u").output()?.stdout.trim_ascii() == b"0")
}

/// User and group of `postgres`, else of `nobody`.
fn account(passwd: &str) -> Option<(u32, u32)> {
    ["postgres", "nobody"].iter().find_map(|name| {
        let mut fields = passwd
            .lines()
            .map(|line| line.split(':'))
            .find_map(|mut fields| (fields.next() == Some(name)).then_some(fields))?;
        Some((fields.nth(1)?.parse().ok()?, fields.next()?.parse().ok()?))
    })
}

/// Where the server's folder goes. A database is some 300 files, which memory makes in 10 ms and a disk in up to 400;
/// without much memory it is the temporary directory, unless root's may be closed to the other account, or it is so
/// deep that the socket's path passes the limit of about 100 bytes.
fn parent_folder(free_memory: u64, root: bool, temporary: PathBuf) -> PathBuf {
    const GIBIBYTE: u64 = 1 << 30;
    if free_memory >= GIBIBYTE {
        return PathBuf::from(MEMORY);
    }
    let socket = temporary.join("orm-test-1234567-XXXXXX").join(".s.PGSQL.5432");
    if root || socket.as_os_str().len() > 100 { PathBuf::from("/tmp") } else { temporary }
}

/// Where Linux has a file system in memory.
const MEMORY: &str = "/dev/shm";

/// The bytes free in the file system in memory, 0 where there is none.
fn free_memory() -> u64 {
    if !Path::new(MEMORY).is_dir() {
        return 0;
    }
    let output = Command::new("df").args(["-Pk", MEMORY]).output();
    output.ok().and_then(|output| free_bytes(&String::from_utf8_lossy(&output.stdout))).unwrap_or_default()
}

/// The fourth column of the second line of what `df -Pk` says, in kibibytes there.
fn free_bytes(table: &str) -> Option<u64> {
    let kibibytes: u64 = table.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()?;
    Some(kibibytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::{account, free_bytes, parent_folder};
    use std::path::PathBuf;

    const NOBODY: &str = "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65533:nobody:/:/bin/false\n";

    #[test]
    fn root_hands_over_to_postgres() {
        let passwd = format!("{NOBODY}postgres:x:101:104:,,,:/var/lib/postgresql:/bin/bash\n");
        assert_eq!(account(&passwd), Some((101, 104)));
    }

    #[test]
    fn root_hands_over_to_nobody_where_there_is_no_postgres() {
        assert_eq!(account(NOBODY), Some((65534, 65533)));
    }

    #[test]
    fn folder_is_in_memory_where_there_is_much() {
        assert_eq!(parent_folder(1 << 30, false, PathBuf::from("/var/tmp")), PathBuf::from("/dev/shm"));
        assert_eq!(parent_folder(1 << 26, false, PathBuf::from("/var/tmp")), PathBuf::from("/var/tmp"));
    }

    #[test]
    fn folder_is_where_the_other_account_may_write() {
        assert_eq!(parent_folder(0, true, PathBuf::from("/root/tmp")), PathBuf::from("/tmp"));
    }

    #[test]
    fn folder_is_where_the_path_of_a_socket_stays_short() {
        assert_eq!(
            parent_folder(0, false, PathBuf::from(format!("/{}", "t".repeat(80)))),
            PathBuf::from("/tmp")
        );
    }

    #[test]
    fn free_memory_is_read_from_a_table() {
        let table =
            "Filesystem 1024-blocks Used Available Capacity Mounted on\ntmpfs 65536 1024 64512 2% /dev/shm\n";
        assert_eq!(free_bytes(table), Some(64512 * 1024));
    }
}

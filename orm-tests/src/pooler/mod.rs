//! PgBouncer in front of the server of tests, where it is installed.

use std::env;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tokio_postgres::Config;
use tokio_postgres::config::Host;

use crate::Database;
use crate::server::{memory_or_temporary_folder, unprivileged};
use crate::url::percent_encode;

/// A PgBouncer of a test's own in front of [`server`](crate::server), in transaction mode unless said otherwise; it ends
/// when this value is dropped, or this process ends.
#[derive(Debug)]
pub struct PgBouncer {
    url: String,
    /// The script that runs it, for as long as this end of its pipe is open.
    script: Child,
}

impl Drop for PgBouncer {
    fn drop(&mut self) {
        drop(self.script.stdin.take());
        // Whatever came of it, it has ended.
        let _ = self.script.wait();
    }
}

impl PgBouncer {
    /// In front of a database. Each setting is a line of its configuration file; `None`, and a line on stderr, where it is
    /// not installed.
    ///
    /// # Panics
    /// If it does not start.
    pub fn start(database: &Database, settings: &[&str]) -> Option<PgBouncer> {
        let Some(program) = installed_program() else {
            eprintln!("skipped: PgBouncer is not installed (on Debian `apt-get install pgbouncer`)");
            return None;
        };
        let config: Config = database.url().parse().expect("the URL of the database");
        let user = config.get_user().expect("the URL names a user").to_owned();
        let mut script = Command::new("sh");
        script.args(["-c", include_str!("pgbouncer.sh"), "pgbouncer.sh"]).arg(program);
        script.arg(memory_or_temporary_folder()).arg(settings_file(&config, settings));
        script.arg(format!("\"{user}\" \"\""));
        // PgBouncer refuses to run as root.
        if let Some((user, group)) = unprivileged().expect("an account to run PgBouncer") {
            script.uid(user).gid(group);
        }
        script.current_dir("/").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let script = script.process_group(0).spawn().expect("a shell");
        let mut pooler = PgBouncer { url: String::new(), script };
        let mut stdout = BufReader::new(pooler.script.stdout.take().expect("a pipe"));
        let mut said = String::new();
        stdout.read_line(&mut said).expect("what the shell says");
        let Some(folder) = said.trim_end().strip_prefix("ready ") else {
            stdout.read_to_string(&mut said).expect("what PgBouncer says");
            panic!("PgBouncer does not start: {said}");
        };
        pooler.url = format!("postgresql://{user}@{}:6432/{}", percent_encode(folder), database.name());
        Some(pooler)
    }

    /// The URL of the database behind it.
    pub fn url(&self) -> &str {
        &self.url
    }
}

fn settings_file(config: &Config, settings: &[&str]) -> String {
    let host = match config.get_hosts().first() {
        Some(Host::Tcp(name)) => name.clone(),
        Some(Host::Unix(folder)) => folder.display().to_string(),
        None => "localhost".to_owned(),
    };
    let port = config.get_ports().first().copied().unwrap_or(5432);
    let password = match config.get_password() {
        Some(password) => format!(" password='{}'", String::from_utf8_lossy(password).replace('\'', "''")),
        None => String::new(),
    };
    let user = config.get_user().unwrap_or_default();
    format!(
        "[databases]\n* = host={host} port={port} user={user}{password}\n\
         [pgbouncer]\nlisten_addr =\nlisten_port = 6432\nauth_type = trust\npool_mode = transaction\n{}",
        settings.join("\n")
    )
}

fn installed_program() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders =
        env::split_paths(&path).chain([PathBuf::from("/usr/sbin"), PathBuf::from("/usr/local/sbin")]);
    folders.map(|folder| folder.join("pgbouncer")).find(|program| Path::is_file(program))
}

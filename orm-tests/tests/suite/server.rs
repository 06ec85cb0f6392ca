//! The server is there for a process, and gone with it.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use orm_tests::{Database, installed_programs, server};

/// A process that holds a private server.
struct Holder {
    child: Child,
    folder: PathBuf,
    postmaster: String,
}

impl Holder {
    /// None where PostgreSQL's programs are not installed, so that no server can be private.
    fn start() -> Option<Holder> {
        installed_programs()?;
        let mut child = spawn();
        let mut url = String::new();
        BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut url).expect("a line of text");
        let host = url.trim_end().strip_prefix("postgresql://app@").expect("a plain user");
        let folder = PathBuf::from(host.strip_suffix("/app").expect("a database").replace("%2F", "/"));
        let lock = std::fs::read_to_string(folder.join("data/postmaster.pid")).expect("the server runs");
        let postmaster = lock.lines().next().expect("its process").to_owned();
        assert!(runs(&postmaster));
        Some(Holder { child, folder, postmaster })
    }

    fn say(&mut self, line: &str) {
        let mut stdin = self.child.stdin.take().expect("a pipe");
        writeln!(stdin, "{line}").expect("the process reads");
    }

    /// Sends a signal to the whole process group, as a terminal does.
    fn signal(&self, name: &str) {
        let group = format!("-{}", self.child.id());
        let status = Command::new("kill").args([name, "--", &group]).status().expect("kill runs");
        assert!(status.success());
    }

    fn assert_gone(mut self) {
        self.child.wait().expect("the process ends");
        wait_until("the server is gone", || !self.folder.exists() && !runs(&self.postmaster));
    }
}

/// Starts a process that starts a private server.
fn spawn() -> Child {
    Command::new(env!("CARGO_BIN_EXE_server"))
        .env_remove("DATABASE_URL")
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts")
}

/// Whether a private server of this process has its folder.
fn has_folder(process: u32) -> bool {
    let prefix = format!("orm-test-{process}-");
    let parents = [PathBuf::from("/dev/shm"), PathBuf::from("/tmp"), std::env::temp_dir()];
    let mut entries = parents.iter().flat_map(std::fs::read_dir).flatten().flatten();
    entries.any(|entry| entry.file_name().to_string_lossy().starts_with(&prefix))
}

fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !holds() {
        assert!(Instant::now() < deadline, "waited in vain until {what}");
        sleep(Duration::from_millis(10));
    }
}

fn runs(process: &str) -> bool {
    let kill = Command::new("kill").args(["-0", process]).stderr(Stdio::null()).status();
    kill.expect("kill runs").success()
}

#[test]
fn private_server_is_gone_after_a_normal_exit() {
    let Some(mut holder) = Holder::start() else { return };
    holder.say("exit");
    holder.assert_gone();
}

#[test]
fn private_server_is_gone_after_a_panic() {
    let Some(mut holder) = Holder::start() else { return };
    holder.say("panic");
    holder.assert_gone();
}

#[test]
fn private_server_is_gone_after_an_interrupt() {
    let Some(holder) = Holder::start() else { return };
    holder.signal("-INT");
    holder.assert_gone();
}

#[test]
fn private_server_is_gone_after_a_kill() {
    let Some(holder) = Holder::start() else { return };
    holder.signal("-KILL");
    holder.assert_gone();
}

#[test]
fn private_server_is_gone_after_a_kill_while_it_starts() {
    if installed_programs().is_none() {
        return;
    }
    let mut child = spawn();
    wait_until("the start has begun", || has_folder(child.id()));
    child.kill().expect("the process is there");
    child.wait().expect("the process ends");
    wait_until("the server is gone", || !has_folder(child.id()));
}

#[test]
fn server_that_cannot_be_reached_is_named_without_its_password() {
    let output = Command::new(env!("CARGO_BIN_EXE_server"))
        .env("DATABASE_URL", "postgresql://app:secret@127.0.0.1:1/app")
        .stdin(Stdio::null())
        .output()
        .expect("the program runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("could not use the PostgreSQL server: error connecting to server"), "{said}");
    assert!(!said.contains("secret"), "{said}");
}

#[tokio::test]
async fn databases_of_killed_runs_are_dropped_at_the_start() {
    let database = Database::create().await;
    database.execute("CREATE DATABASE orm_test_1_1_1").await;

    let holder = Command::new(env!("CARGO_BIN_EXE_server"))
        .env("DATABASE_URL", server().url())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()
        .expect("the program runs");

    assert!(holder.success());
    let left = database.query_text("SELECT datname FROM pg_database WHERE datname = 'orm_test_1_1_1'").await;
    assert!(left.is_empty());
}

#[tokio::test]
async fn role_may_create_databases_and_nothing_more() {
    if std::env::var_os("DATABASE_URL").is_some() || installed_programs().is_none() {
        return; // Somebody else chose the role.
    }
    let database = Database::create().await;
    let role = database
        .query_text("SELECT rolname, rolcreatedb, rolsuper FROM pg_roles WHERE rolname = current_user")
        .await;
    assert_eq!(role, [["app", "t", "f"].map(|value| Some(value.to_owned()))]);
}

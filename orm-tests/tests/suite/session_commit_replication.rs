//! A commit that waits for a standby that does not answer: the server has committed it, and no rollback says otherwise.

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use orm_core::prelude::*;
use orm_core::{Engine, Session};
use orm_tests::installed_programs;
use orm_tests::models::{NewUser, User};
use tokio::time::{sleep, timeout};

/// A server of the test's own, which can be set as no other test's; it ends when this is dropped.
struct Server {
    child: Child,
    url: String,
    data: PathBuf,
}

impl Server {
    /// `None` where PostgreSQL's programs are not installed.
    fn start() -> Option<Server> {
        installed_programs()?;
        let mut child = Command::new(env!("CARGO_BIN_EXE_server"))
            .env_remove("DATABASE_URL")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut url = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut url).unwrap();
        let url = url.trim_end().to_owned();
        let host = url.split_once('@').unwrap().1.strip_suffix("/app").unwrap();
        let data = PathBuf::from(host.replace("%2F", "/")).join("data");
        Some(Server { child, url, data })
    }

    /// From here on a commit waits for a standby that there is not.
    fn replicate_to_nobody(&self) {
        let settings = self.data.join("postgresql.conf");
        let mut settings = std::fs::OpenOptions::new().append(true).open(settings).unwrap();
        writeln!(settings, "synchronous_standby_names = 'nobody'").unwrap();
        let lock = std::fs::read_to_string(self.data.join("postmaster.pid")).unwrap();
        let status = Command::new("kill").args(["-HUP", lock.lines().next().unwrap()]).status().unwrap();
        assert!(status.success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

async fn add(session: &mut Session, name: &str) -> Handle<User> {
    let user = session.add(NewUser::new(name));
    session.flush().await.unwrap();
    let waits = func::call::<Option<String>>("set_config", ("synchronous_commit", "on", true));
    session.one(select(waits)).await.unwrap();
    user
}

/// Leaves a commit while it waits. The server takes a moment until it heeds its new settings.
async fn leave_commit(session: &mut Session) -> Handle<User> {
    for _ in 0..500 {
        let user = add(session, "Ann").await;
        if timeout(Duration::from_millis(100), session.commit()).await.is_err() {
            return user;
        }
        session.execute(delete(User).all_rows()).await.unwrap();
        session.commit().await.unwrap();
    }
    panic!("no commit has waited");
}

async fn names(engine: &Engine) -> Vec<String> {
    engine.all(select(User.name)).await.unwrap()
}

#[tokio::test]
async fn a_commit_that_waits_for_a_standby_is_committed_or_unknown_and_never_rolled_back() {
    let Some(server) = Server::start() else { return println!("skipped: no programs for a server") };
    let engine = Engine::builder(&server.url).pool_size(2).connect().await.unwrap();
    engine.create_all(schema![User]).await.unwrap();
    server.replicate_to_nobody();
    let mut session = SessionMaker::new(engine.clone()).session();

    let ann = leave_commit(&mut session).await;
    let error = session.rollback().await.unwrap_err();
    assert!(error.is_committed() || error.is_outcome_unknown(), "{error:?}");
    assert!(!session.in_transaction() && (session.is_expired(ann) || !session.contains(ann)));
    assert_eq!(names(&engine).await, ["Ann"]);

    // The server ends the connection.
    add(&mut session, "Ben").await;
    let (result, ()) = tokio::join!(session.commit(), terminate(&server.url));
    if let Err(error) = result {
        assert!(error.is_committed() || error.is_outcome_unknown(), "{error:?}");
        let told = session.rollback().await;
        assert!(error.is_committed() || told.unwrap_err().is_outcome_unknown());
    }
    assert_eq!(names(&engine).await, ["Ann", "Ben"]);
}

/// Ends each connection that waits for a standby.
async fn terminate(url: &str) {
    let config = url.parse::<tokio_postgres::Config>().unwrap();
    let (client, connection) = config.connect(tokio_postgres::NoTls).await.unwrap();
    let connection = tokio::spawn(connection);
    let sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
    loop {
        if !client.query(sql, &[]).await.unwrap().is_empty() {
            break;
        }
        sleep(Duration::from_millis(5)).await;
    }
    drop(client);
    let _ = connection.await;
}

//! What observers and echo show.

use std::fmt::Write;
use std::sync::{Arc, Mutex};

use orm_tests::{Database, PgBouncer};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

use super::{Engine, begun, int, look_up, name_in_pg, recorded, sql, with};

#[tokio::test]
async fn round_trips_are_counted() {
    let database = Database::create().await;
    database.execute("CREATE TABLE t (n int)").await;
    let (engine, recorder) = recorded(&database).await;
    let mut connection = engine.acquire().await.expect("a connection");
    for value in 0..3 {
        connection.query(with("SELECT $1 + 1", &int(value))).await.expect("a number");
        assert_eq!(recorder.take(), (vec![format!("SELECT $1 + 1 [{value}]")], vec![1]));
    }
    connection.query(look_up("SELECT 2")).await.expect("a number");
    assert_eq!(recorder.take().1, [0, 1]);
    connection.query(look_up("SELECT 2")).await.expect("a number");
    assert_eq!(recorder.take().1, [1]);
    drop(connection);

    let mut connection = begun(&engine).await;
    connection.query(sql("INSERT INTO t VALUES (1)")).await.expect("inserted");
    assert_eq!(recorder.take(), (vec!["BEGIN []".into(), "INSERT INTO t VALUES (1) []".into()], vec![2]));
    connection.commit_with(&[sql("SELECT 1"), sql("SELECT 2")]).await.expect("committed");
    let expected = ["SELECT 1 []", "SELECT 2 []", "COMMIT []"].map(String::from).to_vec();
    assert_eq!(recorder.take(), (expected, vec![3]));
    drop(connection);

    let mut connection = begun(&engine).await;
    connection.commit_with(&[sql("SELECT 1")]).await.expect("committed");
    assert_eq!(recorder.take().1, [3]);
    connection.batch("SELECT 1; SELECT 2").await.expect("done");
    assert_eq!(recorder.take().1, [1]);
    drop(connection);

    let mut connection = begun(&engine).await;
    connection.query(sql("SELECT 1")).await.expect("one");
    drop(connection);
    assert_eq!(
        recorder.take(),
        (vec!["BEGIN []".into(), "SELECT 1 []".into(), "ROLLBACK []".into()], vec![2])
    );
}

#[tokio::test]
async fn failures_are_seen() {
    let database = Database::create().await;
    let (engine, recorder) = recorded(&database).await;
    let mut connection = begun(&engine).await;
    let _ = connection.commit_with(&[sql("SELECT 1 / 0"), sql("SELECT 1")]).await;
    let expected =
        ["BEGIN []", "SELECT 1 / 0 [] failed", "SELECT 1 [] failed", "COMMIT [] failed", "ROLLBACK []"];
    assert_eq!(recorder.take(), (expected.map(String::from).to_vec(), vec![4, 1]));
}

/// A subscriber that keeps the events of one target, but for what is only for those who look for a fault.
#[derive(Clone)]
struct Log {
    target: &'static str,
    text: Arc<Mutex<String>>,
}

impl Log {
    fn of(target: &'static str) -> Log {
        Log { target, text: Arc::default() }
    }

    fn text(&self) -> String {
        self.text.lock().expect("no panic").clone()
    }
}

struct Text<'a>(&'a mut String);

impl Visit for Text<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        let _ = write!(self.0, "{field}={value:?} ");
    }
}

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == self.target && *metadata.level() <= Level::INFO
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut Text(&mut self.text.lock().expect("no panic")));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn echo_goes_to_tracing() {
    let database = Database::create().await;
    let log = Log::of("orm::sql");
    let _guard = tracing::subscriber::set_default(log.clone());
    let engine = name_in_pg(&database).echo(true).connect().await.expect("a connection");
    let mut connection = engine.acquire().await.expect("a connection");
    connection.query(with("SELECT $1 + 1", &int(41))).await.expect("a number");
    let text = log.text();
    assert!(text.contains("message=SELECT $1 + 1") && text.contains("parameters=[41]"), "{text}");
    assert!(text.contains("elapsed=") && text.contains("rows=1"), "{text}");
}

#[tokio::test]
async fn a_pooler_that_was_not_declared_is_told_once_in_the_log() {
    let database = Database::create().await;
    let Some(pooler) = PgBouncer::start(&database, &[]) else { return println!("skipped: no PgBouncer") };
    let log = Log::of("orm::engine");
    let _guard = tracing::subscriber::set_default(log.clone());
    let engine = Engine::builder(pooler.url()).connect().await.expect("a connection");
    let (one, other) = (engine.acquire().await.expect("one"), engine.acquire().await.expect("another"));
    assert_eq!(engine.status().size, 2);
    assert_eq!(log.text().matches("a pooler stands before the server").count(), 1, "{}", log.text());
    drop((one, other));
}

/// A server that says it has TLS and fails at it, as one whose certificate cannot be read; without TLS it works.
#[cfg(feature = "tls")]
async fn without_its_certificate(database: &Database) -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
    use tokio::net::{TcpListener, TcpStream};

    let proxy = orm_tests::Proxy::start(database.url()).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let own = listener.local_addr().expect("its address").port();
    let config: tokio_postgres::Config = proxy.url().parse().expect("a URL");
    let port = config.get_ports()[0];
    let url = proxy.url().replacen(&format!(":{port}"), &format!(":{own}"), 1);
    tokio::spawn(async move {
        // It lives as long as the listener.
        let _proxy = proxy;
        while let Ok((mut client, _)) = listener.accept().await {
            let mut first = [0; 8];
            client.read_exact(&mut first).await.expect("what a client says first");
            if first == [0, 0, 0, 8, 4, 210, 22, 47] {
                client.write_all(b"S").await.expect("an answer");
                continue;
            }
            let mut server = TcpStream::connect(("127.0.0.1", port)).await.expect("the server");
            server.write_all(&first).await.expect("passed on");
            tokio::spawn(async move { copy_bidirectional(&mut client, &mut server).await });
        }
    });
    url
}

#[cfg(feature = "tls")]
#[tokio::test]
async fn plain_text_after_a_handshake_that_failed_is_told_in_the_log() {
    let database = Database::create().await;
    let url = without_its_certificate(&database).await;
    let log = Log::of("orm::engine");
    let _guard = tracing::subscriber::set_default(log.clone());
    for (mode, is_told) in [("disable", false), ("prefer", true)] {
        let separator = if url.contains('?') { '&' } else { '?' };
        let engine =
            Engine::builder(format!("{url}{separator}sslmode={mode}")).connect().await.expect("a connection");
        drop(engine);
        let text = log.text();
        assert_eq!(text.contains("no TLS, trying plain text"), is_told, "{mode}: {text}");
    }
}

//! What observers and echo show.

use std::fmt::Write;
use std::sync::{Arc, Mutex};

use orm_tests::Database;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use super::{begun, int, look_up, name_in_pg, recorded, sql, with};

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

/// A subscriber that keeps the events of one target.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<String>>);

struct Text<'a>(&'a mut String);

impl Visit for Text<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        let _ = write!(self.0, "{field}={value:?} ");
    }
}

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "orm::sql"
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut Text(&mut self.0.lock().expect("no panic")));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn echo_goes_to_tracing() {
    let database = Database::create().await;
    let log = Log::default();
    let _guard = tracing::subscriber::set_default(log.clone());
    let engine = name_in_pg(&database).echo(true).connect().await.expect("a connection");
    let mut connection = engine.acquire().await.expect("a connection");
    connection.query(with("SELECT $1 + 1", &int(41))).await.expect("a number");
    let text = log.0.lock().expect("no panic").clone();
    assert!(text.contains("message=SELECT $1 + 1") && text.contains("parameters=[41]"), "{text}");
    assert!(text.contains("elapsed=") && text.contains("rows=1"), "{text}");
}

//! Transactions: what is committed, what is not, and who is told.

use bytes::BytesMut;
use orm_tests::{Database, Proxy};
use tokio_postgres::types::Type;

use super::{Engine, TransactionMode, begun, count, engine, error, int, sql, with};
use crate::types::{BaseType, Cause, Parameter, PgType};

async fn table() -> Database {
    let database = Database::create().await;
    database.execute("CREATE TABLE t (n int UNIQUE)").await;
    database
}

const ROWS: &str = "SELECT count(*) FROM t";

#[tokio::test]
async fn a_swallowed_error_is_told_by_commit() {
    let database = table().await;
    let engine = engine(&database).await;
    let mut connection = begun(&engine).await;
    connection.query(sql("INSERT INTO t VALUES (1)")).await.expect("inserted");
    let _ = connection.query(sql("INSERT INTO t VALUES (1)")).await;
    let refused = error(connection.query(sql("SELECT 1")).await);
    assert!(refused.is_rolled_back() && refused.is_unique_violation(), "{refused}");
    let refused = error(connection.commit().await);
    assert!(refused.is_rolled_back() && refused.is_unique_violation(), "{refused}");
    assert!(!connection.in_transaction());
    drop(connection);
    assert_eq!(count(&engine, ROWS).await, 0);
}

#[tokio::test]
async fn an_error_nobody_saw_is_told_by_the_server() {
    let database = table().await;
    let engine = engine(&database).await;
    let mut connection = begun(&engine).await;
    connection.query(sql("INSERT INTO t VALUES (1)")).await.expect("inserted");
    assert!(super::poll_times(1, connection.query(sql("INSERT INTO t VALUES (1)"))).await.is_none());
    let refused = error(connection.commit().await);
    assert!(refused.is_rolled_back(), "{refused}");
    drop(connection);
    assert_eq!(count(&engine, ROWS).await, 0);
}

#[tokio::test]
async fn the_first_error_of_a_pipeline_is_the_error() {
    let database = table().await;
    let engine = engine(&database).await;
    let mut connection = begun(&engine).await;
    let statements =
        ["INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (1)", "SELECT 1", "SELECT 2"].map(sql);
    let refused = error(connection.pipeline(&statements).await);
    assert!(refused.is_unique_violation(), "{refused}");
    assert_eq!(refused.statement(), Some("INSERT INTO t VALUES (1)"));
    assert!(error(connection.commit().await).is_rolled_back());

    connection.begin(TransactionMode::default());
    let refused = error(connection.commit_with(&statements).await);
    assert!(refused.is_unique_violation() && !connection.in_transaction(), "{refused}");
    assert_eq!(count_on(&mut connection).await, 0);
}

async fn count_on(connection: &mut super::Connection) -> i64 {
    super::number(&connection.query(sql(ROWS)).await.expect("a number"))
}

/// A value that is never written.
#[derive(Clone, Debug)]
struct Unsendable;

impl BaseType for Unsendable {
    const TYPE: &'static PgType = i32::TYPE;

    fn read(_: &Type, _: &[u8]) -> Result<Self, Cause> {
        Ok(Unsendable)
    }

    fn write(&self, _: &mut BytesMut) -> Result<(), Cause> {
        Err("it has no binary form".into())
    }
}

crate::__sql_type!(Unsendable);

#[tokio::test]
async fn a_value_that_cannot_be_sent_spoils_its_pipeline() {
    let database = table().await;
    let engine = engine(&database).await;
    let mut connection = begun(&engine).await;
    let bad = [Parameter::new(Unsendable)];
    let [one, two] = ["INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (2)"].map(sql);
    let statements = [one, with("SELECT $1", &bad), two];
    let refused = error(connection.commit_with(&statements).await);
    assert!(refused.to_string().contains("it has no binary form"), "{refused}");
    assert_eq!(count_on(&mut connection).await, 0);

    connection.begin(TransactionMode::default());
    let _ = error(connection.pipeline(&statements).await);
    assert!(error(connection.commit().await).is_rolled_back());
    assert_eq!(count_on(&mut connection).await, 0);

    connection.begin(TransactionMode::default());
    let _ = error(connection.query(statements[1]).await);
    connection.query(one).await.expect("nothing was sent, so nothing is spoiled");
    connection.commit().await.expect("committed");
    assert_eq!(count_on(&mut connection).await, 1);
}

#[tokio::test]
async fn nul_in_a_statement_is_refused_before_sending() {
    let database = table().await;
    let engine = engine(&database).await;
    let mut connection = engine.acquire().await.expect("a connection");
    assert!(error(connection.query(sql("SELECT '\0'")).await).is_invalid_statement());
    assert!(error(connection.batch("SELECT '\0'").await).is_invalid_statement());
    connection.query(sql("SELECT 1")).await.expect("the connection is fine");
}

#[tokio::test]
async fn an_error_of_commit_itself_is_told() {
    let database = table().await;
    database.execute("CREATE TABLE d (n int REFERENCES t (n) DEFERRABLE INITIALLY DEFERRED)").await;
    let engine = engine(&database).await;
    let mut connection = begun(&engine).await;
    let refused = error(connection.commit_with(&[sql("INSERT INTO d VALUES (1)")]).await);
    assert!(refused.is_foreign_key_violation(), "{refused}");
    connection.query(sql("SELECT 1")).await.expect("the connection is fine");
}

#[tokio::test]
async fn a_begin_that_fails_is_told_with_what_may_have_run() {
    let database = table().await;
    let proxy = Proxy::start(database.url()).await;
    let engine = Engine::builder(proxy.url()).pool_size(1).connect().await.expect("a connection");
    for commit in [false, true] {
        let mut connection = begun(&engine).await;
        proxy.replace_next(b"BEGIN", b"BEGIX");
        let statements = [sql("INSERT INTO t VALUES (DEFAULT)"), sql("SELECT 1")];
        let refused = if commit {
            error(connection.commit_with(&statements).await)
        } else {
            error(connection.pipeline(&statements).await)
        };
        assert_eq!(refused.code(), Some("42601"));
        assert!(
            refused.to_string().contains("2 statements sent with it may have run and committed"),
            "{refused}"
        );
        assert_eq!(connection.in_transaction(), !commit);
        connection.rollback().await.expect("nothing to do");
        assert!(error(connection.query(sql("SELECT 1")).await).is_connection_lost());
        drop(connection);
        assert_eq!(count(&engine, "SELECT 1::bigint").await, 1);
    }
    assert_eq!(count(&engine, ROWS).await, 2, "this is what the error is for");
}

#[tokio::test]
async fn a_commit_whose_answer_is_lost_says_so() {
    let database = table().await;
    let proxy = Proxy::start(database.url()).await;
    let engine = Engine::builder(proxy.url()).pool_size(1).connect().await.expect("a connection");
    for with_statements in [false, true] {
        let mut connection = begun(&engine).await;
        connection
            .query(with("INSERT INTO t VALUES ($1)", &int(i32::from(with_statements))))
            .await
            .expect("inserted");
        proxy.stall();
        let requests = if with_statements { vec![sql("SELECT 1")] } else { Vec::new() };
        let cut = async {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            proxy.cut();
            proxy.resume();
        };
        let (result, ()) = futures_util::future::join(connection.commit_with(&requests), cut).await;
        let lost = error(result);
        assert!(lost.is_connection_lost() && lost.to_string().contains("unknown whether"), "{lost}");
        assert!(!connection.in_transaction());
    }
    assert_eq!(count(&engine, "SELECT 1::bigint").await, 1);
}

#[tokio::test]
async fn an_empty_transaction_sends_nothing() {
    let database = table().await;
    let (engine, recorder) = super::recorded(&database).await;
    let mut connection = begun(&engine).await;
    connection.commit().await.expect("nothing to do");
    connection.begin(TransactionMode::default());
    connection.savepoint("s");
    connection.rollback_to("s").await.expect("nothing to do");
    connection.release("s");
    connection.rollback().await.expect("nothing to do");
    connection.begin(TransactionMode::default());
    drop(connection);
    assert_eq!(recorder.take(), (Vec::new(), Vec::new()));
}

#[tokio::test]
async fn a_failed_transaction_goes_on_from_a_savepoint() {
    let database = table().await;
    let (engine, recorder) = super::recorded(&database).await;
    let mut connection = begun(&engine).await;
    connection.query(sql("INSERT INTO t VALUES (1)")).await.expect("inserted");
    connection.savepoint("s");
    let _ = error(connection.query(sql("INSERT INTO t VALUES (1)")).await);
    connection.rollback_to("s").await.expect("back to the savepoint");
    connection.release("s");
    connection.commit_with(&[sql("INSERT INTO t VALUES (2)")]).await.expect("committed");
    let (statements, round_trips) = recorder.take();
    assert_eq!(
        statements,
        [
            "BEGIN []",
            "INSERT INTO t VALUES (1) []",
            "SAVEPOINT s []",
            "INSERT INTO t VALUES (1) [] failed",
            "ROLLBACK TO SAVEPOINT s []",
            "RELEASE SAVEPOINT s []",
            "INSERT INTO t VALUES (2) []",
            "COMMIT []",
        ]
    );
    assert_eq!(round_trips, [2, 2, 1, 3]);
    assert_eq!(count_on(&mut connection).await, 2);
}

#[tokio::test]
async fn a_mode_reaches_the_server() {
    let database = table().await;
    let engine = engine(&database).await;
    let mut connection = engine.acquire().await.expect("a connection");
    connection.begin(TransactionMode {
        isolation: super::super::Isolation::Serializable,
        read_only: true,
        deferrable: true,
    });
    let answer = connection.query(sql("SHOW transaction_isolation")).await.expect("a text");
    assert_eq!(answer.rows[0].get::<_, &str>(0), "serializable");
    assert_eq!(error(connection.query(sql("INSERT INTO t VALUES (1)")).await).code(), Some("25006"));
}

#[tokio::test]
async fn what_is_sent_on_a_closed_connection_is_told_and_known_not_to_be_committed() {
    let database = table().await;
    let engine = engine(&database).await;
    for commit in [false, true] {
        let mut connection = begun(&engine).await;
        connection.query(sql("INSERT INTO t VALUES (1)")).await.expect("inserted");
        database.end_connections().await;
        // The task of the connection reads that it is closed before the next statement is sent.
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        connection.savepoint("s");
        let lost = if commit {
            error(connection.commit().await)
        } else {
            error(connection.pipeline(&[sql("INSERT INTO t VALUES (2)")]).await)
        };
        assert!(lost.is_connection_lost() && !lost.is_outcome_unknown(), "{lost}");
    }
    assert_eq!(count(&engine, ROWS).await, 0);
}

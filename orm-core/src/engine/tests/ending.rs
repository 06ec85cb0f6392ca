//! A COMMIT whose future is dropped: what waits is cancelled, and rollback takes the server's word.

use std::time::{Duration, Instant};

use orm_tests::Database;

use super::{Connection, Engine, begun, count, engine, poll_times, sql};

/// A row that another connection has locked, and an engine of one connection.
async fn locked() -> (Database, Engine, Connection) {
    let database = Database::create().await;
    database.execute("CREATE TABLE t (n int); INSERT INTO t VALUES (1)").await;
    let mut holder = begun(&engine(&database).await).await;
    holder.query(sql("UPDATE t SET n = n")).await.expect("locked");
    let engine = engine(&database).await;
    (database, engine, holder)
}

/// The work of a transaction, whose last statement waits for the lock before COMMIT.
async fn waits(connection: &mut Connection) {
    let requests = [sql("INSERT INTO t VALUES (5)"), sql("UPDATE t SET n = 7 WHERE n = 1")];
    assert!(poll_times(20, connection.commit_with(&requests)).await.is_none(), "it waits for the lock");
}

#[tokio::test]
async fn rollback_of_a_commit_that_waits_does_not_wait_and_takes_it_back() {
    let (_database, engine, holder) = locked().await;
    let mut connection = begun(&engine).await;
    waits(&mut connection).await;
    let refused = super::error(connection.query(sql("SELECT 1")).await);
    assert!(refused.is_outcome_unknown() && refused.to_string().contains("call `rollback`"), "{refused}");
    let since = Instant::now();
    connection.rollback().await.expect("rolled back");
    assert!(since.elapsed() < Duration::from_secs(2), "{:?}", since.elapsed());
    connection.query(sql("SELECT 1")).await.expect("the connection is fine");
    drop(holder);
    drop(connection);
    assert_eq!(count(&engine, "SELECT sum(n) FROM t").await, 1);
    assert_eq!(engine.status().opened, 1);
}

#[tokio::test]
async fn a_commit_that_waits_is_cancelled_where_its_transaction_is_dropped() {
    let (_database, engine, holder) = locked().await;
    let mut connection = begun(&engine).await;
    waits(&mut connection).await;
    drop(connection);
    let since = Instant::now();
    assert_eq!(count(&engine, "SELECT sum(n) FROM t").await, 1);
    assert!(since.elapsed() < Duration::from_secs(2), "{:?}", since.elapsed());
    drop(holder);
    // What was to be committed cannot come later either.
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(count(&engine, "SELECT sum(n) FROM t").await, 1);
    assert_eq!(engine.status().opened, 1);
}

#[tokio::test]
async fn rollback_says_that_a_dropped_commit_was_committed() {
    let database = Database::create().await;
    database.execute("CREATE TABLE t (n int)").await;
    let (engine, other) = (engine(&database).await, engine(&database).await);
    for is_tried_again in [false, true] {
        let mut connection = begun(&engine).await;
        let requests = [sql("INSERT INTO t VALUES (1)")];
        assert!(poll_times(1, connection.commit_with(&requests)).await.is_none());
        let wanted = 1 + i64::from(is_tried_again);
        while count(&other, "SELECT count(*) FROM t").await < wanted {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        let said = if is_tried_again { connection.commit().await } else { connection.rollback().await };
        let said = said.expect_err("it is committed");
        assert!(said.is_committed() && !said.is_outcome_unknown(), "{said}");
        connection.rollback().await.expect("there is no transaction any more");
        connection.query(sql("SELECT 1")).await.expect("the connection is fine");
    }
    assert_eq!(engine.status().opened, 1);
}

#[tokio::test]
async fn rollback_cancels_commit_itself_where_that_takes_long() {
    let database = Database::create().await;
    database
        .execute(
            "CREATE TABLE t (n int); CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM \
             pg_sleep(60); RETURN NULL; END $$; CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON t DEFERRABLE INITIALLY \
             DEFERRED FOR EACH ROW EXECUTE FUNCTION slow()",
        )
        .await;
    let engine = engine(&database).await;
    let mut connection = begun(&engine).await;
    assert!(poll_times(20, connection.commit_with(&[sql("INSERT INTO t VALUES (1)")])).await.is_none());
    let since = Instant::now();
    connection.rollback().await.expect("rolled back");
    assert!(since.elapsed() < Duration::from_secs(2), "{:?}", since.elapsed());
    drop(connection);
    assert_eq!(count(&engine, "SELECT count(*) FROM t").await, 0);
}

#[tokio::test]
async fn a_commit_dropped_and_rolled_back_at_any_point_is_what_rollback_says() {
    let database = Database::create().await;
    database.execute("CREATE TABLE t (n int)").await;
    let engine = engine(&database).await;
    let mut there = 0;
    for times in 1..200 {
        let mut connection = begun(&engine).await;
        let requests = [sql("INSERT INTO t VALUES (1)"), sql("SELECT count(*) FROM t")];
        let done = poll_times(times, connection.commit_with(&requests)).await;
        let is_done = done.is_some();
        match (done, connection.rollback().await) {
            (Some(done), said) => {
                done.expect("it works");
                said.expect("there is nothing to roll back");
                there += 1;
            }
            (None, Ok(())) => {}
            (None, Err(said)) => {
                assert!(said.is_committed(), "after {times} polls: {said}");
                there += 1;
            }
        }
        drop(connection);
        assert_eq!(count(&engine, "SELECT count(*) FROM t").await, there, "after {times} polls");
        if is_done {
            assert_eq!(engine.status().opened, 1);
            return;
        }
    }
    panic!("it was never done");
}

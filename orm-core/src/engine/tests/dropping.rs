//! Whatever is dropped, the next user of the connection does not notice.

use std::time::{Duration, Instant};

use orm_tests::Database;

use super::{
    Connection, TransactionMode, begun, count, engine, int, name_in_pg, number, poll_times, sql, with,
};
use crate::engine::CopyIn;
use crate::error::Error;
use crate::types::{BytesMut, CopyRows};

const UNTOUCHED: &str = "SELECT count(*) + (pg_current_xact_id_if_assigned() IS NOT NULL)::int + (SELECT count(*) FROM \
                         pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%') FROM t";

async fn work(mut connection: Connection) -> Result<(), Error> {
    connection.begin(TransactionMode::default());
    connection.query(sql("INSERT INTO t VALUES (1)")).await?;
    connection.query(with("INSERT INTO t VALUES ($1)", &int(2))).await?;
    connection.savepoint("s");
    connection.pipeline(&[sql("INSERT INTO t VALUES (3)"), sql("SELECT count(*) FROM t")]).await?;
    connection.rollback_to("s").await?;
    connection.batch("INSERT INTO t VALUES (4); INSERT INTO t VALUES (5)").await?;
    connection.commit_with(&[sql("DELETE FROM t")]).await.map(|_| ())
}

#[tokio::test]
async fn a_transaction_dropped_at_any_point_leaves_nothing() {
    let database = Database::create().await;
    database.execute("CREATE TABLE t (n int)").await;
    let engine = engine(&database).await;
    for times in 1..200 {
        let connection = engine.acquire().await.expect("a connection");
        let done = poll_times(times, work(connection)).await;
        assert_eq!(count(&engine, UNTOUCHED).await, 0, "after {times} polls");
        if let Some(done) = done {
            done.expect("it works");
            return;
        }
    }
    panic!("it was never done");
}

#[tokio::test]
async fn a_transaction_dropped_between_statements_keeps_its_connection() {
    let database = Database::create().await;
    database.execute("CREATE TABLE t (n int)").await;
    let engine = engine(&database).await;
    let mut connection = begun(&engine).await;
    connection.query(sql("INSERT INTO t VALUES (1)")).await.expect("inserted");
    let pid = number(&connection.query(sql("SELECT pg_backend_pid()::bigint")).await.expect("a number"));
    drop(connection);
    assert_eq!(count(&engine, UNTOUCHED).await, 0);
    assert_eq!(count(&engine, "SELECT pg_backend_pid()::bigint").await, pid);
}

#[test]
fn a_transaction_dropped_outside_a_runtime_leaves_nothing() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let database = runtime.block_on(Database::create());
    runtime.block_on(database.execute("CREATE TABLE t (n int)"));
    let engine = runtime.block_on(engine(&database));
    for in_flight in [false, true] {
        let connection = runtime.block_on(async {
            let mut connection = begun(&engine).await;
            connection.query(sql("INSERT INTO t VALUES (1)")).await.expect("inserted");
            if in_flight {
                assert!(poll_times(1, connection.query(sql("SELECT pg_sleep(10)::text"))).await.is_none());
            }
            connection
        });
        drop(connection);
        assert_eq!(runtime.block_on(count(&engine, UNTOUCHED)), 0);
    }
}

/// A generator of numbers that need not be good.
fn random(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dropped_query_never_hits_the_next_user() {
    let database = Database::create().await;
    database.execute("CREATE TABLE t (n int)").await;
    let engine = engine(&database).await;
    let mut state = 88_172_645_463_325_252;
    let statements = ["SELECT 1", "SELECT pg_sleep(0.0003)::text", "SELECT pg_sleep(10)::text"];
    // Each cancel makes the server start a process: some milliseconds on a small machine.
    let until = Instant::now() + Duration::from_secs(20);
    let mut rounds = 0;
    while rounds < 2_000 && Instant::now() < until {
        rounds += 1;
        let statement = sql(statements[random(&mut state) as usize % 3]);
        let begin = random(&mut state).is_multiple_of(2);
        let mut connection = engine.acquire().await.expect("the next user gets a connection");
        if begin {
            connection.begin(TransactionMode::default());
        }
        let wait = Duration::from_micros(random(&mut state) % 700);
        {
            let query = std::pin::pin!(connection.query(statement));
            let nap = std::pin::pin!(async {
                // The clock of the runtime is too coarse.
                let until = Instant::now() + wait;
                while Instant::now() < until {
                    tokio::task::yield_now().await;
                }
            });
            if let futures_util::future::Either::Left((answer, _)) =
                futures_util::future::select(query, nap).await
            {
                answer.expect("no cancel of another hits it");
            }
        }
        drop(connection);
        let mut next = begun(&engine).await;
        next.query(sql("INSERT INTO t VALUES (1)")).await.expect("the next user is not hit");
        next.rollback().await.expect("rolled back");
    }
    assert_eq!(count(&engine, "SELECT count(*) FROM t").await, 0);
    println!("{rounds} rounds");
    assert!(rounds > 100, "only {rounds} rounds");
}

#[tokio::test]
async fn a_dropped_query_is_ended_at_the_server() {
    let database = Database::create().await;
    let engine = engine(&database).await;
    let mut connection = engine.acquire().await.expect("a connection");
    assert!(poll_times(20, connection.query(sql("SELECT pg_sleep(60)::text"))).await.is_none());
    let pid_query = "SELECT pg_backend_pid()::bigint";
    drop(connection);
    let since = Instant::now();
    count(&engine, pid_query).await;
    assert!(since.elapsed() < Duration::from_secs(2), "{:?}", since.elapsed());
    let running = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep%' AND state = 'active' AND pid <> \
                   pg_backend_pid() AND datname = current_database()";
    assert_eq!(count(&engine, running).await, 0);
}

#[tokio::test]
async fn a_transaction_goes_on_after_a_dropped_statement() {
    let database = Database::create().await;
    database.execute("CREATE TABLE t (n int)").await;
    let engine = engine(&database).await;
    let mut connection = begun(&engine).await;
    assert!(poll_times(1, connection.query(sql("INSERT INTO t VALUES (1)"))).await.is_none());
    let refused = super::error(connection.query(sql("SELECT 1")).await);
    assert!(
        refused.is_rolled_back() && refused.to_string().contains("dropped before its answer"),
        "{refused}"
    );
    connection.rollback().await.expect("rolled back");

    connection.begin(TransactionMode::default());
    connection.query(sql("SELECT 1")).await.expect("one");
    assert!(poll_times(1, connection.query(sql("INSERT INTO t VALUES (2)"))).await.is_none());
    connection.commit().await.expect("the statement was sent, and the server says that all is well");
    assert!(poll_times(2, connection.query(sql("SELECT pg_sleep(10)::text"))).await.is_none());
    connection.rollback().await.expect("no transaction");
    drop(connection);
    assert_eq!(count(&engine, "SELECT sum(n) FROM t").await, 2);
}

#[tokio::test]
async fn rollback_cancels_what_was_dropped() {
    let database = Database::create().await;
    let engine = engine(&database).await;
    let mut connection = begun(&engine).await;
    connection.query(sql("SELECT 1")).await.expect("one");
    assert!(poll_times(3, connection.query(sql("SELECT pg_sleep(60)::text"))).await.is_none());
    let since = Instant::now();
    connection.rollback().await.expect("rolled back");
    assert!(since.elapsed() < Duration::from_secs(2), "{:?}", since.elapsed());
    connection.query(sql("SELECT 1")).await.expect("the connection is fine");
}

/// So many savepoints that a cancel would come in the middle of them.
fn savepoints(connection: &mut Connection) {
    (0..20_000).for_each(|_| connection.savepoint("one_of_many"));
}

#[tokio::test]
async fn no_cancel_hits_begin_and_lets_the_statement_behind_it_commit() {
    let database = Database::create().await;
    database.execute("CREATE TABLE t (n int)").await;
    let engine = engine(&database).await;
    for (polls, rolls_back) in [(1, true), (1, false), (2, true), (2, false)] {
        let mut connection = engine.acquire().await.expect("a connection");
        connection.begin(TransactionMode::default());
        savepoints(&mut connection);
        assert!(poll_times(polls, connection.query(sql("INSERT INTO t VALUES (1)"))).await.is_none());
        if rolls_back {
            connection.rollback().await.expect("rolled back");
        }
        drop(connection);
        assert_eq!(count(&engine, UNTOUCHED).await, 0, "{polls} polls, rolled back: {rolls_back}");
    }
    assert_eq!(engine.status().opened, 1);
}

#[tokio::test]
async fn no_cancel_hits_the_savepoint_that_is_gone_back_to() {
    let database = Database::create().await;
    let engine = engine(&database).await;
    for round in 0..3 {
        let mut connection = begun(&engine).await;
        connection.query(sql("SELECT 1")).await.expect("one");
        savepoints(&mut connection);
        connection.savepoint("s");
        assert!(poll_times(1, connection.query(sql("SELECT pg_sleep(60)::text"))).await.is_none());
        if round == 1 {
            assert!(poll_times(1, connection.rollback_to("s")).await.is_none(), "dropped while it waits");
        }
        let since = Instant::now();
        connection.rollback_to("s").await.expect("the savepoint is there");
        connection.query(sql("SELECT 1")).await.expect("the transaction goes on");
        assert!(since.elapsed() < Duration::from_secs(5), "the statement behind it is cancelled");
        connection.rollback().await.expect("rolled back");
    }
    assert_eq!(engine.status().opened, 1);
}

/// A single number.
struct Rows;

impl CopyRows for Rows {
    fn count(&self) -> usize {
        1
    }

    fn write(&self, _: usize, _: &[u32], out: &mut BytesMut) -> Result<(), Error> {
        out.extend_from_slice(&[0, 1, 0, 0, 0, 4, 0, 0, 0, 7]);
        Ok(())
    }
}

#[tokio::test]
async fn a_copy_that_cannot_begin_leaves_no_answer_to_others_wherever_it_is_dropped() {
    let database = Database::create().await;
    let engine = engine(&database).await;
    let question = sql("SELECT TRUE, ARRAY[]::bigint[]");
    let copy = CopyIn { sql: "COPY t FROM STDIN (FORMAT binary)", lock: "SELECT 1", question, rows: &Rows };
    for times in 1..200 {
        let mut connection = begun(&engine).await;
        let done = poll_times(times, connection.copy(copy)).await;
        drop(connection);
        for number in 1..4 {
            assert_eq!(count(&engine, &format!("SELECT {number}::bigint")).await, number, "{times} polls");
        }
        if let Some(done) = done {
            assert_eq!(done.expect_err("there is no table").code(), Some("42P01"));
            return;
        }
    }
    panic!("it was never done");
}

#[tokio::test]
async fn a_copy_dropped_before_it_began_leaves_no_answer_to_others() {
    let database = Database::create().await;
    database.execute("CREATE TABLE t (n int)").await;
    let engine = engine(&database).await;
    let locking = name_in_pg(&database).connect().await.expect("a connection");
    let mut locked = begun(&locking).await;
    locked.query(sql("LOCK TABLE t")).await.expect("locked");
    let question = sql("SELECT TRUE, ARRAY[]::bigint[]");
    let copy = CopyIn { sql: "COPY t FROM STDIN (FORMAT binary)", lock: "SELECT 1", question, rows: &Rows };
    for _ in 0..50 {
        let mut connection = begun(&engine).await;
        assert!(poll_times(10, connection.copy(copy)).await.is_none(), "it waits for the lock");
        drop(connection);
        for number in 1..4 {
            assert_eq!(count(&engine, &format!("SELECT {number}::bigint")).await, number);
        }
    }
}

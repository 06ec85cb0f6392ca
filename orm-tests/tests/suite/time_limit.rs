//! Time limits of statements, transactions and sessions on a server that answers.

use std::time::{Duration, Instant};

use orm_core::engine::EngineBuilder;
use orm_core::prelude::*;
use orm_core::query::Select;
use orm_tests::models::{NewUser, Post, User};
use orm_tests::{Database, Proxy};

const SHORT: Duration = Duration::from_millis(60);
/// Within this all of a test is done, also on a busy machine.
const LONG: Duration = Duration::from_secs(20);

/// Tables, and a function `slow` that takes as many seconds as it is told.
async fn database() -> Database {
    let database = Database::create().await;
    let engine = Engine::builder(database.url()).connect().await.unwrap();
    engine.create_all(schema![User, Post]).await.unwrap();
    let slow = "CREATE FUNCTION slow(float8) RETURNS int LANGUAGE sql AS 'SELECT pg_sleep($1); SELECT 1'";
    database.execute(slow).await;
    database
}

async fn engine(builder: EngineBuilder) -> Engine {
    builder.pool_size(1).connect().await.unwrap()
}

fn slow(seconds: f64) -> Select<i32> {
    select(func::call::<i32>("slow", (lit(seconds),)).never_null())
}

fn ann() -> NewUser {
    NewUser::new("Ann")
}

async fn count(database: &Database) -> i64 {
    let engine = Engine::builder(database.url()).connect().await.unwrap();
    engine.one(select(func::count(User.id))).await.unwrap()
}

/// The error of what a limit has cancelled, and nothing else.
fn is_cancelled(error: &Error, words: &str) {
    assert!(error.is_timeout() && error.is_canceled() && error.code() == Some("57014"), "{error:?}");
    assert!(!error.is_connection_lost() && !error.is_outcome_unknown(), "{error:?}");
    assert!(error.to_string().contains(words), "{error}");
}

#[tokio::test]
async fn a_statement_ends_when_its_time_is_over_and_keeps_its_connection() {
    let database = database().await;
    let engine = engine(Engine::builder(database.url())).await;
    let since = Instant::now();
    let error = engine.timeout(SHORT).one(slow(60.0)).await.unwrap_err();
    is_cancelled(&error, "the 60ms of `timeout` were over");
    assert!(since.elapsed() >= SHORT && since.elapsed() < LONG, "{:?}", since.elapsed());
    // The limit was of that one: neither a statement that follows nor the connection is hit.
    assert_eq!(engine.one(slow(0.1)).await.unwrap(), 1);
    assert_eq!(engine.timeout(LONG).one(slow(0.0)).await.unwrap(), 1);
    assert_eq!(engine.status().opened, 1);
}

#[tokio::test]
async fn a_write_that_is_cancelled_is_known_not_to_be_done() {
    let database = database().await;
    let engine = engine(Engine::builder(database.url())).await;
    engine.execute(insert(User).values(ann())).await.unwrap();
    let other = Engine::builder(database.url()).connect().await.unwrap();
    let mut holder = other.begin().await.unwrap();
    holder.execute(update(User).set(User.age, 1).all_rows()).await.unwrap();
    let error = engine.timeout(SHORT).execute(update(User).set(User.age, 2).all_rows()).await.unwrap_err();
    is_cancelled(&error, "`timeout`");
    holder.rollback().await.unwrap();
    assert_eq!(engine.one(select(User.age)).await.unwrap(), None);
}

#[tokio::test]
async fn waiting_for_a_connection_is_a_part_of_the_time() {
    let database = database().await;
    let engine = engine(Engine::builder(database.url())).await;
    let held = engine.begin().await.unwrap();
    let since = Instant::now();
    let error = engine.timeout(SHORT).one(slow(0.0)).await.unwrap_err();
    assert!(error.is_timeout() && error.is_pool_timeout() && since.elapsed() < LONG, "{error:?}");
    drop(held);
}

#[tokio::test]
async fn a_stream_has_to_come_to_its_end_in_time() {
    let database = database().await;
    let engine = engine(Engine::builder(database.url())).await;
    let mut rows = engine.timeout(SHORT).stream(slow(60.0)).await.unwrap();
    is_cancelled(&rows.next().await.unwrap().unwrap_err(), "`timeout`");
    drop(rows);
    assert_eq!(engine.one(slow(0.0)).await.unwrap(), 1);
    assert_eq!(engine.status().opened, 1);
}

#[tokio::test]
async fn a_transaction_has_to_be_done_in_time_as_a_whole() {
    let database = database().await;
    let engine = engine(Engine::builder(database.url())).await;
    for ends_by_commit in [false, true] {
        let mut transaction = engine.timeout(SHORT).begin().await.unwrap();
        // The first time may be over on a busy machine.
        let _ = transaction.execute(insert(User).values(ann())).await;
        tokio::time::sleep(SHORT).await;
        let error = if ends_by_commit {
            transaction.commit().await.unwrap_err()
        } else {
            let error = transaction.one(slow(0.0)).await.unwrap_err();
            transaction.rollback().await.unwrap();
            error
        };
        assert!(error.is_timeout() && !error.is_outcome_unknown(), "{error:?}");
    }
    assert_eq!(count(&database).await, 0);
    assert_eq!(engine.status().opened, 1);
}

#[tokio::test]
async fn a_statement_of_a_transaction_has_a_limit_of_its_own() {
    let database = database().await;
    let engine = engine(Engine::builder(database.url())).await;
    let mut transaction = engine.begin().await.unwrap();
    transaction.execute(insert(User).values(ann())).await.unwrap();
    transaction.savepoint("before");
    is_cancelled(&transaction.timeout(SHORT).one(slow(60.0)).await.unwrap_err(), "`timeout`");
    transaction.rollback_to("before").await.unwrap();
    assert_eq!(transaction.one(slow(0.1)).await.unwrap(), 1);
    transaction.commit().await.unwrap();
    assert_eq!(count(&database).await, 1);
}

#[tokio::test]
async fn a_session_has_a_limit_for_a_statement_and_goes_on_from_a_savepoint() {
    let database = database().await;
    let engine = engine(Engine::builder(database.url())).await;
    let mut session = SessionMaker::new(engine.clone()).session();
    session.add(ann());
    let mut nested = session.begin_nested().await.unwrap();
    is_cancelled(&nested.timeout(SHORT).one(slow(60.0)).await.unwrap_err(), "`timeout`");
    nested.rollback().await.unwrap();
    assert_eq!(session.one(slow(0.1)).await.unwrap(), 1);
    session.commit().await.unwrap();
    assert_eq!(count(&database).await, 1);
}

#[tokio::test]
async fn each_transaction_of_a_session_has_the_time_of_its_maker() {
    let database = database().await;
    let engine = engine(Engine::builder(database.url())).await;
    let mut session = SessionMaker::new(engine.clone()).timeout(Duration::from_millis(400)).session();
    for _ in 0..2 {
        // Time runs from the first statement on.
        tokio::time::sleep(Duration::from_millis(210)).await;
        session.add(ann());
        session.commit().await.unwrap();
    }
    is_cancelled(&session.one(slow(60.0)).await.unwrap_err(), "the 400ms of `timeout`");
    assert!(session.commit().await.unwrap_err().is_timeout());
    session.rollback().await.unwrap();
    assert_eq!(count(&database).await, 2);
}

#[tokio::test]
async fn a_commit_that_is_cancelled_is_refused() {
    let database = database().await;
    database
        .execute(
            "CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(60); RETURN NULL; END $$; \
             CREATE CONSTRAINT TRIGGER wait AFTER INSERT ON users DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE \
             FUNCTION wait()",
        )
        .await;
    let engine = engine(Engine::builder(database.url())).await;
    let mut session = SessionMaker::new(engine.clone()).session();
    session.add(ann());
    is_cancelled(&session.timeout(SHORT).commit().await.unwrap_err(), "`timeout`");
    session.rollback().await.unwrap();
    let mut transaction = engine.timeout(Duration::from_millis(300)).begin().await.unwrap();
    transaction.execute(insert(User).values(ann())).await.unwrap();
    is_cancelled(&transaction.commit().await.unwrap_err(), "`timeout`");
    assert_eq!(count(&database).await, 0);
    assert_eq!(engine.status().opened, 1);
}

#[tokio::test]
async fn statement_timeout_of_the_server_is_a_timeout_that_says_so() {
    let database = database().await;
    let engine = engine(Engine::builder(database.url()).statement_timeout(SHORT)).await;
    is_cancelled(&engine.one(slow(60.0)).await.unwrap_err(), "statement_timeout");
    assert_eq!(engine.one(slow(0.0)).await.unwrap(), 1);
    assert_eq!(engine.status().opened, 1);
}

#[tokio::test]
async fn a_limit_never_hits_begin_however_late_the_server_hears_of_all() {
    let database = database().await;
    let proxy = Proxy::start(database.url()).await;
    let engine = engine(Engine::builder(proxy.url()).cancel_timeout(LONG)).await;
    for _ in 0..20 {
        proxy.stall();
        let late = engine.timeout(Duration::from_millis(5));
        let mut transaction = late.begin().await.unwrap();
        let work = async {
            let inserted = transaction.execute(insert(User).values(ann())).await;
            inserted.err()
        };
        let resume = async {
            tokio::time::sleep(Duration::from_millis(12)).await;
            // What was held back gets to the server in any order.
            proxy.resume();
        };
        let (error, ()) = tokio::join!(work, resume);
        assert!(error.is_none_or(|error| error.is_timeout() && !error.is_outcome_unknown()));
        transaction.rollback().await.unwrap();
    }
    assert_eq!(count(&database).await, 0);
}

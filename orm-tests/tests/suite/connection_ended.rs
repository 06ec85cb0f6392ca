//! A connection that the server ends: what had not begun is done on another, and the reason is told.

use std::time::Duration;

use futures_util::future::join;
use orm_core::prelude::*;
use orm_tests::models::{NewUser, Post, User};
use orm_tests::{Database, Proxy};

async fn database() -> Database {
    let database = Database::create().await;
    let engine = Engine::builder(database.url()).connect().await.unwrap();
    engine.create_all(schema![User, Post]).await.unwrap();
    database
}

fn ann() -> NewUser {
    NewUser::new("Ann")
}

/// A connection of which the server ends its side before it hears of what is sent next, which meets the reason instead of
/// its answer.
struct Doomed {
    database: Database,
    proxy: Proxy,
    engine: Engine,
}

impl Doomed {
    async fn new() -> Doomed {
        let database = database().await;
        let proxy = Proxy::start(database.url()).await;
        let engine = Engine::builder(proxy.url()).pool_size(1).connect().await.unwrap();
        Doomed { database, proxy, engine }
    }

    /// Ends all connections of the database while nothing moves, then does some work.
    async fn meets<T>(&self, work: impl Future<Output = T>) -> T {
        self.proxy.stall();
        self.database
            .execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = \
                 current_database()",
            )
            .await;
        let resume = async {
            tokio::time::sleep(Duration::from_millis(20)).await;
            self.proxy.resume();
        };
        join(work, resume).await.0
    }

    async fn users(&self) -> i64 {
        self.engine.one(select(func::count(User.id))).await.unwrap()
    }
}

#[tokio::test]
async fn a_write_that_had_not_begun_is_done_once_on_another_connection() {
    let doomed = Doomed::new().await;
    let engine = &doomed.engine;
    // A text has no name where it is used for the first time, and is given one beside its second use.
    for round in 1..=2 {
        doomed.meets(engine.execute(insert(User).values(ann()))).await.unwrap();
        assert_eq!(doomed.users().await, round);
    }
}

#[tokio::test]
async fn a_named_write_that_had_not_begun_is_done_once_on_another_connection() {
    let doomed = Doomed::new().await;
    let write = || doomed.engine.execute(insert(User).values(ann()));
    for _ in 0..3 {
        write().await.unwrap();
    }
    doomed.meets(write()).await.unwrap();
    assert_eq!(doomed.users().await, 4);
    assert_eq!(doomed.engine.status().opened, 2);
}

#[tokio::test]
async fn every_verb_that_had_not_begun_is_done_on_another_connection() {
    let doomed = Doomed::new().await;
    let engine = &doomed.engine;
    doomed.meets(engine.all(select(User))).await.unwrap();
    let mut rows = doomed.meets(engine.stream(select(func::count(User.id)))).await.unwrap();
    assert_eq!(rows.next().await.unwrap().unwrap(), 0);
    drop(rows);
    let many: Vec<_> = (0..2_500).map(|_| ann()).collect();
    doomed.meets(engine.execute(insert(User).values(many))).await.unwrap();
    let mut session = SessionMaker::new(engine.clone()).session();
    session.add(ann());
    doomed.meets(session.commit()).await.unwrap();
    let mut transaction = engine.begin().await.unwrap();
    doomed.meets(transaction.execute(insert(User).values(ann()))).await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(doomed.users().await, 2_502);
    assert_eq!(engine.status().opened, 6);
}

#[tokio::test]
async fn a_commit_that_had_not_begun_is_known_not_to_be_done() {
    let doomed = Doomed::new().await;
    let mut transaction = doomed.engine.begin().await.unwrap();
    transaction.execute(insert(User).values(ann())).await.unwrap();
    let error = doomed.meets(transaction.commit()).await.unwrap_err();
    assert!(error.is_connection_lost() && !error.is_outcome_unknown(), "{error:?}");
    assert_eq!(error.code(), Some("57P01"));
    assert!(error.to_string().contains("the transaction is rolled back with it"), "{error}");
    let mut session = SessionMaker::new(doomed.engine.clone()).session();
    session.add(ann());
    session.flush().await.unwrap();
    session.add(ann());
    let error = doomed.meets(session.commit()).await.unwrap_err();
    assert!(error.is_connection_lost() && !error.is_outcome_unknown(), "{error:?}");
    session.rollback().await.unwrap();
    assert_eq!(doomed.users().await, 0);
}

#[tokio::test]
async fn work_is_run_again_where_the_server_ended_its_connection() {
    let doomed = Doomed::new().await;
    let attempts = std::sync::atomic::AtomicU32::new(0);
    let sessions = SessionMaker::new(doomed.engine.clone());
    let work = sessions.run(async |session: &mut Session| {
        session.add(ann());
        session.flush().await?;
        if attempts.fetch_add(1, std::sync::atomic::Ordering::Relaxed) == 0 {
            session.add(ann());
            return doomed.meets(session.flush()).await;
        }
        Ok(())
    });
    work.await.unwrap();
    assert_eq!(doomed.users().await, 1);
}

#[tokio::test]
async fn the_reason_of_an_idle_transaction_is_told() {
    let database = database().await;
    let set = format!("ALTER DATABASE {} SET idle_in_transaction_session_timeout = 40", database.name());
    database.execute(&set).await;
    let engine = Engine::builder(database.url()).pool_size(1).connect().await.unwrap();
    for ends_by_commit in [false, true] {
        let mut transaction = engine.begin().await.unwrap();
        transaction.execute(insert(User).values(ann())).await.unwrap();
        tokio::time::sleep(Duration::from_millis(250)).await;
        let error = if ends_by_commit {
            transaction.commit().await.unwrap_err()
        } else {
            let error = transaction.all(select(User)).await.unwrap_err();
            let committed = transaction.commit().await.unwrap_err();
            assert!(committed.is_rolled_back() && committed.code() == Some("25P03"), "{committed:?}");
            error
        };
        assert!(error.is_connection_lost() && !error.is_outcome_unknown(), "{error:?}");
        assert_eq!(error.code(), Some("25P03"), "{error:?}");
        assert!(error.to_string().contains("idle_in_transaction_session_timeout"), "{error}");
    }
    assert_eq!(engine.one(select(func::count(User.id))).await.unwrap(), 0);
}

#[tokio::test]
async fn a_connection_that_was_not_used_for_too_long_costs_nothing_but_another() {
    let database = database().await;
    let set = format!("ALTER DATABASE {} SET idle_session_timeout = 30", database.name());
    database.execute(&set).await;
    let engine = Engine::builder(database.url()).pool_size(1).connect().await.unwrap();
    for round in 1..=3 {
        tokio::time::sleep(Duration::from_millis(80)).await;
        engine.execute(insert(User).values(ann())).await.unwrap();
        assert_eq!(engine.one(select(func::count(User.id))).await.unwrap(), round);
    }
    assert!(engine.status().opened > 1, "{:?}", engine.status());
}

#[tokio::test]
async fn a_statement_that_was_running_is_told_the_reason_and_is_not_done_again() {
    let database = database().await;
    let engine = Engine::builder(database.url()).pool_size(1).connect().await.unwrap();
    engine.execute(insert(User).values(ann())).await.unwrap();
    let other = Engine::builder(database.url()).connect().await.unwrap();
    let mut holder = other.begin().await.unwrap();
    holder.execute(update(User).set(User.age, 1).all_rows()).await.unwrap();
    let end = async {
        tokio::time::sleep(Duration::from_millis(60)).await;
        database
            .execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")
            .await;
    };
    let (result, ()) = join(engine.execute(update(User).set(User.age, 2).all_rows()), end).await;
    let error = result.unwrap_err();
    assert!(error.is_connection_lost() && error.code() == Some("57P01"), "{error:?}");
    assert!(error.to_string().contains("an administrator ended the connection"), "{error}");
    holder.rollback().await.unwrap();
    assert_eq!(engine.one(select(User.age)).await.unwrap(), None);
}

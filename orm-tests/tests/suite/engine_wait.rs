//! Tasks that wait for a connection: in which order they get one, and that none waits for nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::{self, FutureExt, join_all};
use orm_core::Transaction;
use orm_core::prelude::*;
use orm_tests::{Database, poll_times};
use tokio::time::{sleep, timeout};

const LONG: Duration = Duration::from_secs(20);

fn pid() -> Select<i32> {
    select(func::call::<i32>("pg_backend_pid", ()).never_null())
}

async fn pool_of(connections: usize) -> (Database, Engine) {
    let database = Database::create().await;
    let engine = Engine::builder(database.url()).pool_size(connections).acquire_timeout(LONG);
    let engine = engine.connect().await.unwrap();
    (database, engine)
}

/// Waits until so many tasks wait for a connection.
async fn until_waiting(engine: &Engine, tasks: usize) {
    let since = Instant::now();
    while engine.status().waiting != tasks {
        assert!(since.elapsed() < LONG, "expected {tasks} to wait: {:?}", engine.status());
        tokio::task::yield_now().await;
    }
}

/// Has the server end a connection, and tells its process.
async fn lose(database: &Database, held: &mut Transaction) -> i32 {
    let doomed = held.one(pid()).await.unwrap();
    database.execute(&format!("SELECT pg_terminate_backend({doomed}, 5000)")).await;
    drop(held.one(pid()).await.unwrap_err());
    doomed
}

#[tokio::test]
async fn who_waits_longest_is_next() {
    let (_database, engine) = pool_of(1).await;
    let held = engine.begin().await.unwrap();
    let order = Arc::new(std::sync::Mutex::new(Vec::new()));
    let mut tasks = Vec::new();
    for number in 0..5 {
        let (engine, order) = (engine.clone(), Arc::clone(&order));
        tasks.push(tokio::spawn({
            let engine = engine.clone();
            async move {
                engine.one(pid()).await.unwrap();
                order.lock().unwrap().push(number);
            }
        }));
        until_waiting(&engine, number + 1).await;
    }
    held.rollback().await.unwrap();
    timeout(LONG, join_all(tasks)).await.unwrap();
    assert_eq!(*order.lock().unwrap(), [0, 1, 2, 3, 4]);
    let status = engine.status();
    assert_eq!((status.waits, status.waiting, status.idle, status.opened), (5, 0, 1, 1), "{status:?}");
}

#[tokio::test]
async fn who_gives_up_leaves_its_turn_to_the_next() {
    let (_database, engine) = pool_of(1).await;
    for gives_up_when_called in [false, true] {
        let held = engine.begin().await.unwrap();
        let mut first = Box::pin(engine.one(pid()));
        assert!(poll_times(1, &mut first).await.is_none(), "the only connection is in use");
        let second = tokio::spawn({
            let engine = engine.clone();
            async move { engine.one(pid()).await }
        });
        until_waiting(&engine, 2).await;
        if gives_up_when_called {
            // The connection is its own already when it is dropped.
            held.rollback().await.unwrap();
            drop(first);
        } else {
            drop(first);
            assert_eq!(engine.status().waiting, 1);
            held.rollback().await.unwrap();
        }
        timeout(LONG, second).await.unwrap().unwrap().unwrap();
        assert_eq!((engine.status().waiting, engine.status().idle), (0, 1));
    }
}

#[tokio::test]
async fn a_connection_that_is_lost_makes_room_for_who_waits() {
    let (database, engine) = pool_of(1).await;
    let mut held = engine.begin().await.unwrap();
    let next = tokio::spawn({
        let engine = engine.clone();
        async move { engine.one(pid()).await }
    });
    until_waiting(&engine, 1).await;
    let doomed = lose(&database, &mut held).await;
    drop(held);
    let other = timeout(LONG, next).await.unwrap().unwrap().unwrap();
    assert_ne!(other, doomed);
}

#[tokio::test]
async fn a_connection_given_up_while_it_is_opened_goes_to_who_waits() {
    let (database, engine) = pool_of(1).await;
    let mut doomed = engine.begin().await.unwrap();
    lose(&database, &mut doomed).await;
    drop(doomed);
    assert_eq!(engine.status().size, 0);
    // No task runs before this test waits, so nothing is opened meanwhile.
    let mut first = Box::pin(engine.one(pid()));
    let mut second = Box::pin(engine.one(pid()));
    assert!(first.as_mut().now_or_never().is_none());
    assert!(second.as_mut().now_or_never().is_none());
    assert_eq!((engine.status().opening, engine.status().waiting), (1, 2));
    drop(first);
    timeout(LONG, second).await.expect("it is given what the first asked for").unwrap();
    assert_eq!((engine.status().opened, engine.status().opening), (2, 0));
}

#[tokio::test]
async fn closing_an_engine_ends_the_wait() {
    let (_database, engine) = pool_of(1).await;
    let held = engine.begin().await.unwrap();
    let waiting: Vec<_> = (0..3)
        .map(|_| {
            let engine = engine.clone();
            tokio::spawn(async move { engine.one(pid()).await })
        })
        .collect();
    until_waiting(&engine, 3).await;
    let mut closing = Box::pin(engine.close());
    assert!(poll_times(1, &mut closing).await.is_none(), "a connection is in use");
    for task in waiting {
        let error = timeout(LONG, task).await.unwrap().unwrap().unwrap_err();
        assert!(error.is_closed() && error.to_string().contains("the engine is closed"), "{error}");
    }
    held.rollback().await.unwrap();
    closing.await;
}

#[tokio::test]
async fn a_wait_ends_with_the_timeout_and_takes_no_room_after_that() {
    let database = Database::create().await;
    let builder = Engine::builder(database.url()).pool_size(1).acquire_timeout(Duration::from_millis(50));
    let engine = builder.connect().await.unwrap();
    let held = engine.begin().await.unwrap();
    for _ in 0..3 {
        let error = engine.one(pid()).await.unwrap_err();
        assert!(error.to_string().contains("50ms"), "{error}");
    }
    assert_eq!((engine.status().waiting, engine.status().timeouts), (0, 3));
    held.rollback().await.unwrap();
    engine.one(pid()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nobody_is_forgotten_while_others_give_up_and_connections_are_lost_and_renewed() {
    let database = Database::create().await;
    let engine = Engine::builder(database.url()).pool_size(3).min_idle(1).acquire_timeout(LONG);
    let lifetime = Duration::from_millis(100);
    let engine = engine.max_lifetime(lifetime).idle_timeout(lifetime).connect().await.unwrap();
    let (stop, done) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let tasks = (0..12_u64).map(|number| {
        let (engine, stop, done) = (engine.clone(), Arc::clone(&stop), Arc::clone(&done));
        tokio::spawn(async move {
            let mut round = number;
            while !stop.load(Ordering::Relaxed) {
                round += 1;
                let work = Box::pin(engine.one(pid()));
                if number < 6 {
                    // Gives up at some point: while it waits, when it was called, or with its statement under way.
                    let patience = Box::pin(sleep(Duration::from_micros(round * 37 % 1500)));
                    future::select(work, patience).await;
                } else {
                    // Its connection may be closed by another, which is an error and no wait.
                    let _ = timeout(LONG, work).await.expect("it is not forgotten");
                }
                done.fetch_add(1, Ordering::Relaxed);
            }
        })
    });
    let tasks: Vec<_> = tasks.collect();
    let since = Instant::now();
    while since.elapsed() < Duration::from_secs(3) {
        sleep(Duration::from_millis(60)).await;
        database
            .execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database() ORDER BY random() LIMIT 1")
            .await;
    }
    stop.store(true, Ordering::Relaxed);
    for task in tasks {
        timeout(LONG, task).await.expect("every task ends").unwrap();
    }
    assert!(done.load(Ordering::Relaxed) > 100, "{done:?}");
    let status = engine.status();
    assert_eq!(status.waiting, 0, "{status:?}");
    // All places of the pool are there still.
    let held = timeout(LONG, join_all((0..3).map(|_| engine.begin()))).await.unwrap();
    assert!(held.iter().all(Result::is_ok));
}

//! How long connections of the pool live, which one is used, and how many are kept ready.

use std::time::{Duration, Instant};

use orm_core::Error;
use orm_core::engine::{EngineBuilder, EngineStatus};
use orm_core::prelude::*;
use orm_tests::{Database, Proxy, poll_times};
use tokio::runtime::Handle;

fn milliseconds(count: u64) -> Duration {
    Duration::from_millis(count)
}

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

fn pid() -> Select<i32> {
    select(func::call::<i32>("pg_backend_pid", ()).never_null())
}

/// Waits until the engine is as it should be.
async fn until(engine: &Engine, what: &str, is: impl Fn(&EngineStatus) -> bool) {
    let since = Instant::now();
    while !is(&engine.status()) {
        assert!(since.elapsed() < seconds(10), "not {what}: {:?}", engine.status());
        tokio::time::sleep(milliseconds(5)).await;
    }
}

/// Waits until no task runs but this.
async fn until_no_task_runs() {
    let since = Instant::now();
    while Handle::current().metrics().num_alive_tasks() > 0 {
        assert!(since.elapsed() < seconds(5), "a task runs on");
        tokio::time::sleep(milliseconds(5)).await;
    }
}

/// Takes so many connections at once, and gives them back in the order of their numbers.
async fn opened(engine: &Engine, connections: usize) -> Vec<i32> {
    let mut held = Vec::new();
    let mut pids = Vec::new();
    for _ in 0..connections {
        let mut transaction = engine.begin().await.unwrap();
        pids.push(transaction.one(pid()).await.unwrap());
        held.push(transaction);
    }
    for transaction in held {
        transaction.rollback().await.unwrap();
    }
    pids
}

#[tokio::test]
async fn the_connection_used_last_is_used_next_and_the_others_idle_out() {
    let database = Database::create().await;
    let builder = Engine::builder(database.url()).pool_size(4).idle_timeout(seconds(2));
    let engine = builder.connect().await.unwrap();
    let pids = opened(&engine, 3).await;
    assert_eq!(engine.status().idle, 3);
    let since = Instant::now();
    while engine.status().closed_idle < 2 {
        assert!(since.elapsed() < seconds(20), "{:?}", engine.status());
        assert_eq!(engine.one(pid()).await.unwrap(), pids[2]);
        tokio::time::sleep(milliseconds(20)).await;
    }
    let status = engine.status();
    assert_eq!((status.size, status.opened, status.closed_idle), (1, 3, 2), "{status:?}");
    until(&engine, "empty, for nobody uses it", |status| status.size == 0).await;
}

#[tokio::test]
async fn a_connection_that_was_in_use_for_long_is_not_idle_when_it_comes_back() {
    let database = Database::create().await;
    let builder = Engine::builder(database.url()).pool_size(1).idle_timeout(seconds(1));
    let engine = builder.connect().await.unwrap();
    let held = engine.begin().await.unwrap();
    tokio::time::sleep(milliseconds(1_500)).await;
    let back = Instant::now();
    drop(held);
    until(&engine, "idle for long", |status| status.closed_idle == 1).await;
    assert!(back.elapsed() >= seconds(1), "{:?}", back.elapsed());
}

#[tokio::test]
async fn an_expired_connection_is_never_handed_out() {
    let database = Database::create().await;
    let builder = Engine::builder(database.url()).pool_size(1).max_lifetime(milliseconds(500));
    let engine = builder.connect().await.unwrap();
    let mut before = engine.one(pid()).await.unwrap();
    for expired in 1..=2 {
        // In use, it outlives its time.
        let mut held = engine.begin().await.unwrap();
        tokio::time::sleep(milliseconds(550)).await;
        assert_eq!(held.one(pid()).await.unwrap(), before);
        held.rollback().await.unwrap();
        let after = engine.one(pid()).await.unwrap();
        assert_ne!(before, after);
        assert_eq!(engine.status().closed_expired, expired);
        before = after;
    }
    until(&engine, "closed, though nobody asked", |status| status.closed_expired == 3).await;
    let status = engine.status();
    assert_eq!((status.size, status.opened, status.closed_idle), (0, 3, 0), "{status:?}");
}

#[tokio::test]
async fn so_many_connections_as_are_wanted_are_kept_ready() {
    let database = Database::create().await;
    let engine = Engine::builder(database.url()).pool_size(4).min_idle(2).connect().await.unwrap();
    let status = engine.status();
    assert_eq!((status.size, status.idle, status.opened, status.acquired), (2, 2, 2, 0), "{status:?}");

    let one = engine.begin().await.unwrap();
    until(&engine, "filled up", |status| (status.size, status.idle) == (3, 2)).await;
    let two = (engine.begin().await.unwrap(), engine.begin().await.unwrap());
    until(&engine, "full, and no more", |status| (status.size, status.idle) == (4, 1)).await;
    drop((one, two));
    assert_eq!(engine.status().idle, 4);
    assert_eq!(engine.status().opened, 4);

    database.end_connections().await;
    until(&engine, "filled up again", |status| (status.size, status.idle, status.opened) == (2, 2, 6)).await;
    assert_eq!(engine.status().closed_lost, 4);
    engine.one(pid()).await.unwrap();
}

#[tokio::test]
async fn ready_connections_outlast_the_idle_timeout() {
    let database = Database::create().await;
    let builder = Engine::builder(database.url()).min_idle(2).idle_timeout(milliseconds(100));
    let engine = builder.connect().await.unwrap();
    opened(&engine, 4).await;
    until(&engine, "down to two", |status| (status.size, status.idle) == (2, 2)).await;
    tokio::time::sleep(milliseconds(400)).await;
    let status = engine.status();
    assert_eq!((status.size, status.closed_idle), (2, status.opened - 2), "{status:?}");
}

#[tokio::test]
async fn ready_connections_are_renewed_at_the_end_of_their_lifetime() {
    let database = Database::create().await;
    let builder = Engine::builder(database.url()).min_idle(2).max_lifetime(milliseconds(100));
    let engine = builder.connect().await.unwrap();
    let renewed = |status: &EngineStatus| status.closed_expired >= 4 && status.idle == 2;
    until(&engine, "renewed two times", renewed).await;
    assert_eq!(engine.status().closed_idle, 0);
}

#[tokio::test]
async fn the_task_of_an_engine_ends_with_its_last_clone_or_when_it_is_closed() {
    let database = Database::create().await;
    let connect = || Engine::builder(database.url()).min_idle(1).connect();
    let engine = connect().await.unwrap();
    // A connection, and what looks after the pool.
    assert_eq!(Handle::current().metrics().num_alive_tasks(), 2);
    let clone = engine.clone();
    drop(engine);
    clone.one(pid()).await.unwrap();
    drop(clone);
    until_no_task_runs().await;

    let engine = connect().await.unwrap();
    engine.close().await;
    until_no_task_runs().await;
    assert_eq!((engine.status().size, engine.status().max_size), (0, 0));
}

#[tokio::test]
async fn an_engine_dropped_while_a_connection_is_made_ready_waits_for_nothing() {
    let database = Database::create().await;
    let proxy = Proxy::start(database.url()).await;
    let tasks = || Handle::current().metrics().num_alive_tasks();
    let engine = Engine::builder(proxy.url()).min_idle(1).connect().await.unwrap();
    proxy.stall();
    let held = engine.begin().await.unwrap();
    until(&engine, "opening one", |status| status.opening == 1).await;
    drop(held);
    drop(engine);
    drop(proxy);
    let since = Instant::now();
    while tasks() > 0 {
        assert!(since.elapsed() < seconds(5), "{} tasks run on", tasks());
        tokio::time::sleep(milliseconds(5)).await;
    }
}

#[tokio::test]
async fn no_task_runs_where_nothing_needs_one() {
    let database = Database::create().await;
    let builder = Engine::builder(database.url()).max_lifetime(None).idle_timeout(None);
    let engine = builder.connect().await.unwrap();
    assert_eq!(Handle::current().metrics().num_alive_tasks(), 1);
    engine.one(pid()).await.unwrap();
}

#[test]
fn an_engine_outlives_the_runtime_it_was_made_in() {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let first = runtime();
    let database = first.block_on(Database::create());
    let builder = Engine::builder(database.url()).idle_timeout(milliseconds(100));
    let engine = first.block_on(builder.connect()).unwrap();
    drop(first);

    let second = runtime();
    second.block_on(async {
        engine.one(pid()).await.expect("a connection of this runtime");
        until(&engine, "looked after in this runtime", |status| status.closed_idle == 1).await;
        engine.one(pid()).await.unwrap();
    });
    drop(second);
    drop(engine);
}

#[tokio::test]
async fn status_tells_how_often_and_how_long_tasks_waited() {
    let database = Database::create().await;
    let builder = Engine::builder(database.url()).pool_size(1).acquire_timeout(milliseconds(200));
    let engine = builder.connect().await.unwrap();
    engine.one(pid()).await.unwrap();
    let status = engine.status();
    assert_eq!((status.acquired, status.waits, status.wait_total), (1, 0, Duration::ZERO), "{status:?}");

    let held = engine.begin().await.unwrap();
    let clone = engine.clone();
    let waiter = tokio::spawn(async move { clone.one(pid()).await });
    until(&engine, "waited for", |status| status.waiting == 1).await;
    assert_eq!((engine.status().size, engine.status().idle), (1, 0));
    tokio::time::sleep(milliseconds(50)).await;
    drop(held);
    waiter.await.unwrap().unwrap();
    let status = engine.status();
    assert_eq!((status.acquired, status.waits, status.timeouts), (3, 1, 0), "{status:?}");
    assert!(status.wait_total >= milliseconds(50) && status.wait_longest == status.wait_total, "{status:?}");

    let held = engine.begin().await.unwrap();
    assert!(engine.one(pid()).await.unwrap_err().is_pool_timeout());
    drop(held);
    let status = engine.status();
    assert_eq!((status.acquired, status.waits, status.timeouts), (4, 2, 1), "{status:?}");
    assert!(status.wait_longest >= milliseconds(200) && status.wait_total >= milliseconds(250), "{status:?}");
    assert_eq!((status.waiting, status.idle, status.opened), (0, 1, 1), "{status:?}");
}

#[tokio::test]
async fn a_connection_whose_statement_is_cancelled_is_open_but_not_free() {
    let database = Database::create().await;
    let engine = Engine::builder(database.url()).pool_size(1).connect().await.unwrap();
    let sleep = select(func::call::<Option<String>>("pg_sleep", 60.0_f64).cast::<String>());
    assert!(poll_times(20, engine.one(sleep)).await.is_none());
    let status = engine.status();
    assert_eq!((status.size, status.idle, status.waiting), (1, 0, 0), "{status:?}");
    until(&engine, "free again", |status| status.idle == 1).await;
    assert_eq!((engine.status().opened, engine.status().closed_lost), (1, 0));
}

#[tokio::test]
async fn settings_of_the_pool_that_contradict_each_other_are_refused() {
    async fn refused(change: impl FnOnce(EngineBuilder) -> EngineBuilder) -> String {
        let error: Error =
            change(Engine::builder("postgresql://u@127.0.0.1:1/db")).connect().await.unwrap_err();
        assert!(!error.is_connect(), "{error}");
        error.to_string()
    }
    let more = refused(|builder| builder.pool_size(3).min_idle(4)).await;
    assert!(more.contains("`min_idle` is 4, more than the 3 connections of `pool_size`"), "{more}");
    assert!(refused(|builder| builder.pool_size(0)).await.contains("`pool_size` is 0"));
    let zero = Duration::ZERO;
    for (name, text) in [
        ("max_lifetime", refused(|builder| builder.max_lifetime(zero)).await),
        ("idle_timeout", refused(|builder| builder.idle_timeout(zero)).await),
        ("acquire_timeout", refused(|builder| builder.acquire_timeout(zero)).await),
        ("connect_timeout", refused(|builder| builder.connect_timeout(zero)).await),
        ("statement_timeout", refused(|builder| builder.statement_timeout(zero)).await),
    ] {
        assert!(text.contains(&format!("`{name}` is zero")), "{text}");
    }
    let text = refused(|builder| builder.pool_size(usize::MAX)).await;
    assert!(
        text.contains("`pool_size` is ") && text.contains("at most 262143") && text.contains("lower it"),
        "{text}"
    );
    let text = refused(|builder| builder.statement_timeout(Duration::MAX)).await;
    assert!(text.contains("`statement_timeout` is ") && text.contains("leave it out for no limit"), "{text}");
    // The longest there is means none.
    let database = Database::create().await;
    let builder = Engine::builder(database.url()).max_lifetime(Duration::MAX).idle_timeout(Duration::MAX);
    builder.connect().await.unwrap().one(pid()).await.unwrap();
}

#[tokio::test]
async fn no_setting_panics_and_what_is_not_refused_works() {
    let database = Database::create().await;
    let builder = || Engine::builder(database.url());
    let (least, short) = (Duration::from_nanos(1), Duration::from_millis(5));
    let longest_statement = Duration::from_millis(i32::MAX as u64);
    let builders = [
        builder().max_lifetime(least),
        builder().max_lifetime(short),
        builder().max_lifetime(short).min_idle(2).idle_timeout(least),
        builder().acquire_timeout(Duration::MAX).connect_timeout(Duration::MAX),
        builder().statement_timeout(longest_statement),
        builder().statement_cache(usize::MAX).pool_size(1),
        builder().statement_cache(1),
        builder().pool_size(262_143),
        builder().application_name("x".repeat(100_000)),
    ];
    for (nth, builder) in builders.into_iter().enumerate() {
        let engine = builder.connect().await.unwrap_or_else(|error| panic!("{nth}: {error}"));
        for _ in 0..3 {
            engine.one(pid()).await.unwrap_or_else(|error| panic!("{nth}: {error}"));
            tokio::time::sleep(Duration::from_millis(15)).await;
        }
    }
    // So short a time is none: it ends as it says, and does not panic.
    assert!(builder().connect_timeout(least).connect().await.unwrap_err().is_connect());
    let engine = builder().acquire_timeout(least).pool_size(1).connect().await.unwrap();
    let _held = engine.begin().await.unwrap();
    assert!(engine.one(pid()).await.unwrap_err().is_pool_timeout());
}

#[tokio::test]
async fn no_setting_of_repeated_work_panics() {
    let database = Database::create().await;
    let engine = Engine::builder(database.url()).connect().await.unwrap();
    let sessions = SessionMaker::new(engine).attempts(0).backoff(Duration::MAX, Duration::MAX);
    assert_eq!(sessions.run(async |session| session.one(select(lit(7))).await).await.unwrap(), 7);
    let many = sessions.attempts(u32::MAX).backoff(Duration::ZERO, Duration::ZERO);
    assert_eq!(many.run(async |session| session.one(select(lit(7))).await).await.unwrap(), 7);
}

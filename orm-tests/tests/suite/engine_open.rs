//! How the pool opens connections: who waits for one, how often it is tried, and what is said where it cannot be.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use orm_core::engine::{EngineBuilder, EngineStatus};
use orm_core::prelude::*;
use orm_tests::{Database, Proxy, poll_times};
use tokio::time::{sleep, timeout};

const LONG: Duration = Duration::from_secs(20);
const SHORT: Duration = Duration::from_millis(200);

fn one() -> Select<i32> {
    select(lit(1))
}

/// A database behind a proxy, and the settings of an engine before it.
async fn behind_proxy() -> (Database, Proxy, EngineBuilder) {
    let database = Database::create().await;
    let proxy = Proxy::start(database.url()).await;
    let builder = Engine::builder(proxy.url()).acquire_timeout(LONG);
    (database, proxy, builder)
}

/// Waits until the engine is as it should be.
async fn until(engine: &Engine, what: &str, is: impl Fn(&EngineStatus) -> bool) {
    let since = Instant::now();
    while !is(&engine.status()) {
        assert!(since.elapsed() < LONG, "not {what}: {:?}", engine.status());
        sleep(Duration::from_millis(2)).await;
    }
}

#[tokio::test]
async fn who_waits_for_an_opening_takes_what_is_given_back_and_the_opening_stays_for_others() {
    let (_database, proxy, builder) = behind_proxy().await;
    let engine = builder.pool_size(2).connect().await.unwrap();
    let held = engine.begin().await.unwrap();
    proxy.stall();
    let waiting = tokio::spawn({
        let engine = engine.clone();
        async move { engine.begin().await }
    });
    until(&engine, "opening another", |status| status.opening == 1).await;
    drop(held);
    let taken = timeout(LONG, waiting).await.expect("it takes the one given back").unwrap().unwrap();
    assert_eq!((engine.status().opened, engine.status().opening), (1, 1));
    proxy.resume();
    until(&engine, "ready for others", |status| (status.size, status.idle, status.opened) == (2, 1, 2)).await;
    let _ = engine.begin().await.unwrap();
    assert_eq!(engine.status().opened, 2);
    drop(taken);
}

#[tokio::test]
async fn the_acquire_timeout_bounds_the_opening_too() {
    let (_database, proxy, builder) = behind_proxy().await;
    let engine = builder.pool_size(2).acquire_timeout(SHORT).connect().await.unwrap();
    let _held = engine.begin().await.unwrap();
    proxy.stall();
    let error = engine.one(one()).await.unwrap_err();
    assert!(error.is_pool_timeout(), "{error}");
    assert!(error.to_string().contains("within 200ms: the server has not answered"), "{error}");
    assert_eq!(engine.status().timeouts, 1);
}

#[tokio::test]
async fn a_server_that_has_no_place_or_starts_is_asked_again_until_it_lets_us_in() {
    let database = Database::create().await;
    let proxy = Proxy::start(database.url()).await;
    for code in ["53300", "57P03", "57P01"] {
        proxy.refuse(Some(code));
        let before = proxy.accepted();
        let mut connecting = Box::pin(Engine::builder(proxy.url()).acquire_timeout(LONG).connect());
        while proxy.accepted() < before + 3 {
            let refused = timeout(Duration::from_millis(5), &mut connecting).await;
            assert!(refused.is_err(), "{code} is no reason to give up: {refused:?}");
        }
        proxy.refuse(None);
        timeout(LONG, connecting).await.expect("it is let in").unwrap().one(one()).await.unwrap();
    }
}

#[tokio::test]
async fn a_server_that_goes_away_is_asked_again_until_it_is_back() {
    let (_database, proxy, builder) = behind_proxy().await;
    let engine = builder.connect().await.unwrap();
    proxy.close().await;
    // The first may be given the connection whose end has not been seen yet.
    while let Ok(answer) = timeout(SHORT, engine.one(one())).await {
        assert!(answer.unwrap_err().is_connection_lost());
    }
    assert_eq!((engine.status().size, engine.status().opened), (0, 1), "it waits for the server");
    let mut waiting = Box::pin(engine.one(one()));
    assert!(poll_times(3, &mut waiting).await.is_none());
    proxy.open().await;
    assert_eq!(timeout(LONG, waiting).await.expect("the server is back").unwrap(), 1);
}

#[tokio::test]
async fn a_server_that_was_never_there_is_said_at_once() {
    let (_database, proxy, builder) = behind_proxy().await;
    proxy.close().await;
    let error = timeout(LONG / 2, builder.connect()).await.expect("it is not tried again").unwrap_err();
    assert!(error.is_connect() && error.to_string().contains("check that PostgreSQL runs"), "{error}");
}

#[tokio::test]
async fn a_login_that_is_refused_is_not_tried_again() {
    let (_database, proxy, _) = behind_proxy().await;
    // In plain text alone: else a server that may have refused TLS is asked without it.
    let engine =
        Engine::builder(format!("{}?sslmode=disable", proxy.url())).pool_size(2).connect().await.unwrap();
    let _held = engine.begin().await.unwrap();
    for code in ["28P01", "28000", "3D000"] {
        proxy.refuse(Some(code));
        let before = proxy.accepted();
        let error = timeout(LONG / 2, engine.one(one())).await.expect("it is said at once").unwrap_err();
        assert!(error.is_connect() && error.code() == Some(code), "{error}");
        assert_eq!(proxy.accepted(), before + 1);
    }
}

#[tokio::test]
async fn the_error_after_the_timeout_tells_the_last_cause_and_how_long_was_tried() {
    let (_database, proxy, builder) = behind_proxy().await;
    let engine = builder.pool_size(2).acquire_timeout(SHORT).connect().await.unwrap();
    let _held = engine.begin().await.unwrap();
    proxy.refuse(Some("53300"));
    let error = engine.one(one()).await.unwrap_err();
    assert!(error.is_pool_timeout() && error.code() == Some("53300"), "{error:?}");
    for part in ["within 200ms", "refused by a test", "raise the server's max_connections"] {
        assert!(error.to_string().contains(part), "{part} in {error}");
    }
    // `connect` itself ends as well.
    let connecting = Engine::builder(proxy.url()).acquire_timeout(SHORT).connect();
    let error = timeout(LONG, connecting).await.expect("it ends").unwrap_err();
    assert!(error.to_string().contains("within 200ms") && error.code() == Some("53300"), "{error}");
}

#[tokio::test]
async fn many_who_wait_do_not_storm_a_server_that_is_full() {
    let (_database, proxy, builder) = behind_proxy().await;
    let engine = builder.pool_size(3).connect().await.unwrap();
    let held = engine.begin().await.unwrap();
    proxy.refuse(Some("53300"));
    let before = proxy.accepted();
    let all = join_all((0..100).map(|_| engine.one(one())));
    let mut all = Box::pin(all);
    assert!(timeout(SHORT, &mut all).await.is_err());
    // Two can be opened beside the one in use; each is tried at most after 25, 75, 175 .. milliseconds.
    let attempts = proxy.accepted() - before;
    assert!((1..=30).contains(&attempts), "{attempts} attempts");
    drop(held);
    for result in timeout(LONG, all).await.expect("one connection serves them all") {
        result.unwrap();
    }
}

#[tokio::test]
async fn a_connection_that_the_network_forgot_while_it_was_idle_is_not_used() {
    let (_database, proxy, builder) = behind_proxy().await;
    let builder = builder.connect_timeout(SHORT).pre_ping_after(Duration::from_millis(20));
    let engine = builder.pool_size(3).connect().await.unwrap();
    drop((engine.begin().await.unwrap(), engine.begin().await.unwrap(), engine.begin().await.unwrap()));
    assert_eq!(engine.status().idle, 3);
    sleep(Duration::from_millis(30)).await;
    proxy.forget();
    assert_eq!(timeout(LONG, engine.one(one())).await.expect("another one is opened").unwrap(), 1);
    // Those that were idle as long are closed without waiting for each of them.
    let status = engine.status();
    assert_eq!((status.closed_lost, status.opened, status.size), (3, 4, 1), "{status:?}");
}

#[tokio::test]
async fn a_connection_is_not_asked_where_nobody_wants_that() {
    let (_database, proxy, builder) = behind_proxy().await;
    let engine = builder.pre_ping_after(None).connect().await.unwrap();
    sleep(Duration::from_millis(30)).await;
    proxy.stall();
    // It is lent without a question.
    let lent = timeout(LONG, engine.begin()).await.expect("nothing is asked").unwrap();
    drop(lent);
    assert_eq!(engine.status().closed_lost, 0);
}

#[tokio::test]
async fn closing_waits_for_work_and_ends_what_takes_longer_than_it_may() {
    let (database, _proxy, _) = behind_proxy().await;
    let builder = || Engine::builder(database.url()).pool_size(2);
    let engine = builder().connect().await.unwrap();
    let mut transaction = engine.begin().await.unwrap();
    transaction.one(one()).await.unwrap();
    let mut closing = Box::pin(engine.close());
    assert!(poll_times(3, &mut closing).await.is_none(), "a transaction is open");
    assert!(engine.one(one()).await.unwrap_err().is_closed());
    assert_eq!(transaction.one(one()).await.unwrap(), 1);
    transaction.commit().await.unwrap();
    timeout(LONG, closing).await.expect("nothing is left to wait for");
    assert_eq!((engine.status().size, engine.status().max_size), (0, 0));

    let engine = builder().close_timeout(SHORT).connect().await.unwrap();
    let mut transaction = engine.begin().await.unwrap();
    transaction.one(one()).await.unwrap();
    timeout(LONG, engine.close()).await.expect("it waits no longer than it may");
    let error = transaction.one(one()).await.unwrap_err();
    assert!(error.is_connection_lost(), "{error}");
}

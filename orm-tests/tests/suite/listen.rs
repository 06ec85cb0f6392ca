//! Notifications: who hears them, and when.

use std::time::Duration;

use futures_util::StreamExt;
use orm_core::engine::{ListenEvent, Listener};
use orm_core::prelude::*;
use orm_tests::models::{NewUser, User};
use orm_tests::{Fixture, Proxy};
use tokio::time::timeout;

async fn fixture() -> Fixture {
    Fixture::new(schema![User]).await
}

async fn next(listener: &mut Listener) -> ListenEvent {
    timeout(Duration::from_secs(10), listener.next()).await.expect("an event").expect("no end")
}

/// A listener that is ready.
async fn listening(engine: &Engine, channels: &[&str]) -> Listener {
    let mut listener = engine.listen(channels.iter().copied()).await.unwrap();
    assert!(matches!(next(&mut listener).await, ListenEvent::Ready));
    listener
}

async fn heard(listener: &mut Listener) -> (String, String) {
    match next(listener).await {
        ListenEvent::Notification { channel, payload, process_id } => {
            assert!(process_id > 0);
            (channel, payload)
        }
        other => panic!("{other:?}"),
    }
}

/// What is heard before a notification that is sent now.
async fn heard_so_far(engine: &Engine, listener: &mut Listener) -> Vec<String> {
    engine.notify("orders", "the end").await.unwrap();
    let mut payloads = Vec::new();
    loop {
        match heard(listener).await.1 {
            end if end == "the end" => return payloads,
            payload => payloads.push(payload),
        }
    }
}

#[tokio::test]
async fn a_listener_hears_its_channels_in_order() {
    let fixture = fixture().await;
    let names = ["orders", "Ünï \"cöde\"; --", &"x".repeat(63)];
    let mut listener = listening(&fixture.engine, &names).await;
    fixture.engine.notify("others", "").await.unwrap();
    for (name, payload) in names.into_iter().zip(["", "it's 🦀", &"y".repeat(7_999)]) {
        fixture.engine.notify(name, payload).await.unwrap();
        assert_eq!(heard(&mut listener).await, (name.to_owned(), payload.to_owned()));
    }
    fixture.database.execute("NOTIFY orders, 'by hand'").await;
    assert_eq!(heard(&mut listener).await.1, "by hand");
    // As a stream too.
    fixture.engine.notify("orders", "a").await.unwrap();
    let event = StreamExt::next(&mut listener).await;
    assert!(matches!(event, Some(ListenEvent::Notification { payload, .. }) if payload == "a"));
}

#[tokio::test]
async fn names_and_payloads_that_cannot_be_are_refused_before_they_are_sent() {
    let fixture = fixture().await;
    for channel in ["", &"x".repeat(64), "a\0b"] {
        let error = fixture.engine.listen([channel]).await.unwrap_err();
        assert!(error.to_string().contains("1 to 63 bytes"), "{error}");
        let error = fixture.engine.notify(channel, "").await.unwrap_err();
        assert!(error.to_string().contains("1 to 63 bytes"), "{error}");
    }
    let error = fixture.engine.listen::<&str>([]).await.unwrap_err();
    assert!(error.to_string().contains("no channel"), "{error}");
    let error = fixture.engine.notify("orders", &"é".repeat(4_000)).await.unwrap_err();
    assert!(error.is_invalid_statement() && error.to_string().contains("has 8000 bytes"), "{error}");
    assert!(fixture.engine.notify("orders", "a\0b").await.unwrap_err().is_encode());
    assert_eq!(fixture.recorder.take().round_trips, 0);
}

#[tokio::test]
async fn a_transaction_notifies_when_it_commits() {
    let fixture = fixture().await;
    let mut listener = listening(&fixture.engine, &["orders"]).await;
    let mut transaction = fixture.engine.begin().await.unwrap();
    transaction.notify("orders", "committed").await.unwrap();
    transaction.savepoint("s");
    transaction.notify("orders", "taken back").await.unwrap();
    transaction.rollback_to("s").await.unwrap();
    assert_eq!(heard_so_far(&fixture.engine, &mut listener).await, Vec::<String>::new());
    transaction.commit().await.unwrap();
    let mut transaction = fixture.engine.begin().await.unwrap();
    transaction.notify("orders", "rolled back").await.unwrap();
    transaction.rollback().await.unwrap();
    assert_eq!(heard_so_far(&fixture.engine, &mut listener).await, ["committed"]);
}

#[tokio::test]
async fn a_session_notifies_when_it_commits() {
    let fixture = fixture().await;
    let mut listener = listening(&fixture.engine, &["orders"]).await;
    let mut session = fixture.session();
    session.add(NewUser::new("Ann"));
    session.notify("orders", "committed").await.unwrap();
    let mut nested = session.begin_nested().await.unwrap();
    nested.notify("orders", "taken back").await.unwrap();
    nested.rollback().await.unwrap();
    assert_eq!(heard_so_far(&fixture.engine, &mut listener).await, Vec::<String>::new());
    session.commit().await.unwrap();
    assert_eq!(heard_so_far(&fixture.engine, &mut listener).await, ["committed"]);
}

/// Of the database: how many connections listen.
async fn listeners(fixture: &Fixture) -> usize {
    let sql = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'";
    fixture.database.query_text(sql).await.len()
}

async fn end_listeners(fixture: &Fixture) {
    let sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE \
               'LISTEN%'";
    fixture.database.query_text(sql).await;
}

#[tokio::test]
async fn a_lost_connection_is_told_and_ready_comes_again() {
    let fixture = fixture().await;
    let mut listener = listening(&fixture.engine, &["orders"]).await;
    for round in 0..2 {
        fixture.engine.notify("orders", "before").await.unwrap();
        assert_eq!(heard(&mut listener).await.1, "before", "{round}");
        end_listeners(&fixture).await;
        let ListenEvent::Lost(error) = next(&mut listener).await else { panic!("still there") };
        assert!(error.is_connection_lost() && error.to_string().contains("administrator command"), "{error}");
        assert!(matches!(next(&mut listener).await, ListenEvent::Ready));
        assert_eq!(listeners(&fixture).await, 1);
    }
    fixture.engine.notify("orders", "after").await.unwrap();
    assert_eq!(heard(&mut listener).await.1, "after");
}

#[tokio::test]
async fn a_server_that_is_away_for_a_while_is_tried_again() {
    let fixture = fixture().await;
    let proxy = Proxy::start(fixture.database.url()).await;
    let timeout = Duration::from_millis(400);
    let engine = Engine::builder(proxy.url()).connect_timeout(timeout).connect().await.unwrap();
    let mut listener = listening(&engine, &["orders"]).await;
    proxy.stall();
    proxy.cut();
    assert!(matches!(next(&mut listener).await, ListenEvent::Lost(_)));
    tokio::time::sleep(2 * timeout).await;
    proxy.resume();
    assert!(matches!(next(&mut listener).await, ListenEvent::Ready));
    fixture.engine.notify("orders", "a").await.unwrap();
    assert_eq!(heard(&mut listener).await.1, "a");
}

#[tokio::test]
async fn a_dropped_listener_closes_its_connection_and_takes_none_of_the_pool() {
    let fixture = fixture().await;
    let engine = Engine::builder(fixture.database.url()).pool_size(1).connect().await.unwrap();
    let listener = listening(&engine, &["orders"]).await;
    assert_eq!(engine.one(select(func::count(User.id))).await.unwrap(), 0);
    assert_eq!((engine.status().size, listeners(&fixture).await), (1, 1));
    drop(listener);
    for _ in 0..1_000 {
        if listeners(&fixture).await == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    panic!("it is still open");
}

#[tokio::test]
async fn a_program_that_is_slow_misses_nothing() {
    let fixture = fixture().await;
    let mut listener = listening(&fixture.engine, &["orders"]).await;
    let sql = "DO $$ BEGIN FOR n IN 1..2000 LOOP PERFORM pg_notify('orders', n::text); END LOOP; END $$";
    fixture.database.execute(sql).await;
    tokio::time::sleep(Duration::from_millis(20)).await;
    for number in 1..=2_000 {
        assert_eq!(heard(&mut listener).await.1, number.to_string());
    }
}

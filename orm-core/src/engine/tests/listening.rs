//! A listener on a network that says nothing.

use std::time::Duration;

use orm_tests::{Database, Proxy};

use super::super::Backoff;
use super::super::listen::Pace;
use super::{Engine, ListenEvent, Listener, name_in_pg};

/// Without the long waits.
const PACE: Pace = Pace {
    quiet: Duration::from_millis(20),
    answer: Duration::from_millis(100),
    pauses: Backoff { first: Duration::from_millis(5), longest: Duration::from_millis(20) },
};

async fn listen(engine: &Engine) -> Listener {
    let mut listener = engine.listen_at_pace(vec!["a".into()], PACE).await.expect("a listener");
    assert!(matches!(listener.next().await, Some(ListenEvent::Ready)));
    listener
}

#[tokio::test]
async fn silence_of_the_network_is_not_taken_for_quiet() {
    let database = Database::create().await;
    let proxy = Proxy::start(database.url()).await;
    let engine = Engine::builder(proxy.url()).pool_size(1).connect().await.expect("a connection");
    let mut listener = listen(&engine).await;
    proxy.stall();
    let Some(ListenEvent::Lost(error)) = listener.next().await else { panic!("nothing was lost") };
    assert!(error.to_string().contains("no answer within 100ms"), "{error}");
    proxy.resume();
    assert!(matches!(listener.next().await, Some(ListenEvent::Ready)));
}

#[tokio::test]
async fn a_quiet_channel_is_asked_after_and_stays_as_it_is() {
    let database = Database::create().await;
    let engine = name_in_pg(&database).pool_size(1).connect().await.expect("a connection");
    let mut listener = listen(&engine).await;
    let quiet = tokio::time::timeout(PACE.quiet * 5, listener.next()).await;
    assert!(quiet.is_err(), "{quiet:?}");
    database.execute("NOTIFY a, 'b'").await;
    assert!(
        matches!(listener.next().await, Some(ListenEvent::Notification { payload, .. }) if payload == "b")
    );
}

#[tokio::test]
async fn a_closed_engine_ends_it() {
    let database = Database::create().await;
    let engine = name_in_pg(&database).pool_size(1).connect().await.expect("a connection");
    let mut listener = listen(&engine).await;
    engine.close().await;
    assert!(listener.next().await.is_none());
}

//! Contexts and notifications behind a pooler.

use orm_core::engine::Context;
use orm_core::engine::ListenEvent;
use orm_core::prelude::*;
use orm_tests::{Database, PgBouncer};
use tokio::time::timeout;

use super::{LONG, TWO, fixture_behind, named_statements, of_each_server, use_every_verb};

fn tenant() -> Select<Option<String>> {
    select(func::call::<Option<String>>("current_setting", ("app.tenant", true)))
}

#[tokio::test]
async fn every_verb_works_in_a_context_and_leaves_nothing_behind() {
    let Some((_fixture, pooler)) = fixture_behind(TWO).await else { return };
    let engine = Engine::builder(pooler.url()).pool_size(2).connect().await.unwrap();
    use_every_verb(&engine.with(Context::new().set("app.tenant", 1))).await.unwrap();
    assert_eq!(named_statements(&pooler, 2).await, ["0", "0"]);
    let left = "SELECT coalesce(current_setting('app.tenant', true), '')";
    assert_eq!(of_each_server(&pooler, 2, left).await, ["", ""]);
}

#[tokio::test]
async fn tenants_at_once_get_their_own_rows() {
    let Some((_fixture, pooler)) = fixture_behind(TWO).await else { return };
    let engine = Engine::builder(pooler.url()).pool_size(8).connect().await.unwrap();
    let tasks = (0..6_i64).map(|task| {
        let (all, own) = (engine.clone(), engine.with(Context::new().set("app.tenant", task)));
        let expected = Some(task.to_string());
        tokio::spawn(async move {
            for _ in 0..20 {
                assert_eq!(own.one(tenant()).await.unwrap(), expected);
                assert_eq!(all.one(tenant()).await.unwrap().unwrap_or_default(), "");
                let mut session = SessionMaker::new(own.clone()).session();
                assert_eq!(session.one(tenant()).await.unwrap(), expected);
                // Its transaction holds one of the server's two connections.
                session.rollback().await.unwrap();
                assert_eq!(own.stream(tenant()).await.unwrap().next().await.unwrap().unwrap(), expected);
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        timeout(LONG, task).await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn a_listener_is_refused_where_no_notification_comes_through() {
    let Some((fixture, pooler)) = fixture_behind(TWO).await else { return };
    let engine = Engine::builder(pooler.url()).connect().await.unwrap();
    let error = timeout(LONG, engine.listen(["orders"])).await.unwrap().unwrap_err();
    assert!(error.to_string().contains("the URL of the server itself"), "{error}");
    // What is sent comes from behind every pooler.
    let mut listener = fixture.engine.listen(["orders"]).await.unwrap();
    assert!(matches!(listener.next().await, Some(ListenEvent::Ready)));
    engine.notify("orders", "a").await.unwrap();
    let heard = timeout(LONG, listener.next()).await.unwrap();
    assert!(matches!(heard, Some(ListenEvent::Notification { payload, .. }) if payload == "a"));
}

#[tokio::test]
async fn a_pooler_of_sessions_passes_notifications_on() {
    let database = Database::create().await;
    let Some(pooler) = PgBouncer::start(&database, &["pool_mode = session"]) else { return };
    let engine = Engine::builder(pooler.url()).connect().await.unwrap();
    let mut listener = timeout(LONG, engine.listen(["orders"])).await.unwrap().unwrap();
    assert!(matches!(listener.next().await, Some(ListenEvent::Ready)));
    engine.notify("orders", "a").await.unwrap();
    let heard = timeout(LONG, listener.next()).await.unwrap();
    assert!(matches!(heard, Some(ListenEvent::Notification { payload, .. }) if payload == "a"));
}

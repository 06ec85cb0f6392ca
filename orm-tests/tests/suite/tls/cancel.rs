//! What is dropped is cancelled over TLS too.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use orm_core::prelude::*;
use orm_tests::Database;

use super::authority::Authority;
use super::end::{End, Manners};
use super::own_pid;

#[tokio::test]
async fn a_dropped_statement_is_cancelled_and_its_connection_is_of_use_at_once() {
    let database = Database::create().await;
    let authority = Authority::new();
    let end = End::start(database.url(), Manners::of(authority.server(&["db.example"]))).await;
    let url = end.url("db.example", "sslmode=verify-full");
    let builder = Engine::builder(url).root_certificate(&authority.pem).pool_size(1);
    let engine = builder.connect().await.unwrap();
    let before: i32 = engine.one(select(own_pid())).await.unwrap();

    let sleep = select(func::call::<Option<String>>("pg_sleep", 60.0_f64).cast::<String>());
    tokio::time::timeout(Duration::from_millis(100), engine.one(sleep)).await.expect_err("it sleeps");

    let since = Instant::now();
    let after: i32 = engine.one(select(own_pid())).await.unwrap();
    assert!(since.elapsed() < Duration::from_secs(5), "{:?}", since.elapsed());
    assert_eq!(after, before, "the connection is the same");
    assert!(end.seen.cancels.load(Ordering::Relaxed) > 0);
    assert_eq!(end.seen.plain.load(Ordering::Relaxed), 0);
}

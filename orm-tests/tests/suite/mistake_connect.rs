//! What is said where no connection is to be had.

use std::error::Error as _;
use std::time::{Duration, Instant};

use orm_core::prelude::*;
use orm_tests::models::{NewUser, Post, User};
use orm_tests::{Database, Proxy, server};

async fn refused(url: &str) -> orm_core::Error {
    Engine::builder(url).connect_timeout(Duration::from_secs(5)).connect().await.unwrap_err()
}

fn says(error: &orm_core::Error, parts: &[&str]) {
    for part in parts {
        assert!(error.to_string().contains(part), "{part} in {error}");
    }
}

#[tokio::test]
async fn a_server_that_cannot_be_reached_is_named_with_what_to_check() {
    let error = refused("postgresql://bob:hidden@127.0.0.1:1/shop").await;
    assert!(error.is_connect() && error.source().is_some());
    says(&error, &["cannot connect to 127.0.0.1:1", "\"shop\"", "\"bob\"", "check that PostgreSQL runs"]);
}

#[tokio::test]
async fn a_name_that_is_not_known_is_said_with_what_to_check() {
    let error = refused("postgresql://bob:hidden@no-such-host.invalid/shop").await;
    assert!(error.is_connect() && error.is_unreachable() && error.source().is_some(), "{error:?}");
    says(&error, &["the name \"no-such-host.invalid\"", "check the host in the database URL"]);
}

#[tokio::test]
async fn what_is_wrong_with_an_engine_is_told_apart() {
    let database = Database::create().await;
    let error = Engine::builder(database.url()).pool_size(0).connect().await.unwrap_err();
    assert!(error.is_configuration() && !error.is_unreachable() && !error.is_closed(), "{error:?}");
    assert!(refused("postgresql://bob@127.0.0.1:1/shop").await.is_unreachable());
    let error = refused(&database.url().replace(database.name(), "no_such_database")).await;
    assert!(error.is_connect() && !error.is_unreachable(), "{error:?}");
    let proxy = Proxy::start(database.url()).await;
    proxy.stall();
    let builder = Engine::builder(proxy.url()).connect_timeout(Duration::from_millis(40));
    let error = builder.connect().await.unwrap_err();
    assert!(error.is_unreachable() && error.is_timeout(), "{error:?}");
    let engine = Engine::builder(database.url()).connect().await.unwrap();
    engine.create_all(schema![User, Post]).await.unwrap();
    let mut reader = engine.begin_with(TransactionMode::READ_ONLY).await.unwrap();
    let error = reader.execute(insert(User).values(NewUser::new("Ann"))).await.unwrap_err();
    assert!(error.is_read_only() && error.to_string().contains("connect to the primary"), "{error:?}");
    drop(reader);
    engine.close().await;
    let error = engine.one(select(lit(1))).await.unwrap_err();
    assert!(error.is_closed() && !error.is_configuration(), "{error:?}");
}

#[tokio::test]
async fn a_wrong_password_is_said_with_the_user_and_never_shown() {
    let url = server().guarded_url();
    Engine::builder(url).connect().await.expect("the right password");
    let Some((before, after)) = url.split_once('@') else { return };
    let Some((user, _)) = before.rsplit_once(':').filter(|(user, _)| user.contains("//")) else { return };
    match Engine::builder(format!("{user}:hidden@{after}")).connect().await {
        // A server of one's own may ask for none.
        Ok(_) => assert!(std::env::var_os("DATABASE_URL").is_some(), "a wrong password was let in"),
        Err(error) => {
            assert!(error.is_connect() && error.code() == Some("28P01") && error.source().is_some());
            says(&error, &["password authentication failed", "check user and password"]);
            assert!(!format!("{error} {error:?}").contains("hidden"), "{error:?}");
        }
    }
}

#[tokio::test]
async fn a_database_that_does_not_exist_is_named_with_what_to_do() {
    let database = Database::create().await;
    let error = refused(&database.url().replace(database.name(), "no_such_database")).await;
    assert!(error.is_connect() && error.code() == Some("3D000") && error.source().is_some());
    says(
        &error,
        &["database \"no_such_database\" does not exist", "check the name of the database, or create it"],
    );
}

#[tokio::test]
async fn an_exhausted_pool_says_how_many_connections_there_are_and_how_long_it_waited() {
    let database = Database::create().await;
    let wait = Duration::from_millis(500);
    let engine = Engine::builder(database.url()).pool_size(2).acquire_timeout(wait).connect().await.unwrap();
    let sessions = SessionMaker::new(engine.clone());
    let (mut first, second) = (sessions.session(), engine.begin().await.unwrap());
    let one: i32 = first.one(select(lit(1))).await.unwrap();
    assert_eq!(one, 1);
    let since = Instant::now();
    let mut third = sessions.session();
    let (statement, transaction, session) =
        tokio::join!(engine.one(select(lit(1))), engine.begin(), third.one(select(lit(1))));
    for error in [statement.unwrap_err(), transaction.unwrap_err(), session.unwrap_err()] {
        assert!(error.is_pool_timeout(), "{error:?}");
        says(
            &error,
            &["within 500ms", "all 2 of the pool", "transactions, sessions and streams", "`pool_size`"],
        );
    }
    assert!(since.elapsed() >= wait);
    drop((first, second, third));
    engine.one(select(lit(1))).await.expect("connections given back are free again");
}

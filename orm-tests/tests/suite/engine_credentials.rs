//! Who logs in, where a function says it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use orm_core::engine::{Credentials, EngineBuilder};
use orm_core::prelude::*;
use orm_tests::{OwnServer, ServerSettings, server};

/// The URL of a server without user and password; `None` where the role that has to give one is unknown.
fn url() -> Option<String> {
    let url = server().guarded_url();
    let (_, address) = url.split_once("guarded:right@").or_else(|| {
        println!("skipped: the server is not one of these tests");
        None
    })?;
    Some(format!("postgresql://{address}"))
}

/// Gives one password after another, the last one again and again; with the number of calls.
fn giving(url: &str, passwords: &[&str], valid_for: Duration) -> (EngineBuilder, Arc<AtomicUsize>) {
    let passwords: Vec<String> = passwords.iter().map(|password| (*password).to_owned()).collect();
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&calls);
    let builder = Engine::builder(url).credentials(move || {
        let call = counted.fetch_add(1, Ordering::Relaxed);
        let password = passwords[call.min(passwords.len() - 1)].clone();
        async move { Ok(Credentials { user: "guarded".into(), password, valid_for }) }
    });
    (builder, calls)
}

#[tokio::test]
async fn they_log_in_and_are_kept_while_they_are_valid() {
    let Some(url) = url() else { return };
    for (valid_for, expected) in [(Duration::MAX, 1), (Duration::ZERO, 4)] {
        let (builder, calls) = giving(&url, &["right"], valid_for);
        let engine = builder.pool_size(4).min_idle(4).connect().await.unwrap();
        let one: i32 = engine.one(select(lit(1))).await.unwrap();
        assert_eq!(one, 1);
        assert_eq!(calls.load(Ordering::Relaxed), expected, "{valid_for:?}");
    }
}

#[tokio::test]
async fn those_that_are_refused_are_asked_for_once_more() {
    let Some(url) = url() else { return };
    let (builder, calls) = giving(&url, &["hidden", "right"], Duration::MAX);
    builder.connect().await.unwrap();
    assert_eq!(calls.load(Ordering::Relaxed), 2);

    let (builder, calls) = giving(&url, &["hidden"], Duration::MAX);
    let error = builder.connect().await.unwrap_err();
    assert_eq!((error.code(), calls.load(Ordering::Relaxed)), (Some("28P01"), 2), "{error}");
    assert!(error.to_string().contains("user \"guarded\""), "{error}");
    assert!(!format!("{error} {error:?}").contains("hidden"), "{error:?}");
}

#[tokio::test]
async fn what_goes_wrong_with_them_is_told_with_its_cause() {
    let builder = Engine::builder("postgresql://u:hidden@127.0.0.1:1/db")
        .credentials(async || Err(std::io::Error::other("the vault is sealed").into()));
    assert!(!format!("{builder:?}").contains("hidden"));
    let error = builder.connect().await.unwrap_err();
    assert!(error.is_connect() && error.to_string().contains("the vault is sealed"), "{error}");
    assert!(std::error::Error::source(&error).is_some());
}

/// As tokens of a cloud do: the one before is refused as soon as there is another.
#[tokio::test]
async fn tokens_that_expire_under_load_fail_nothing() {
    let settings = ServerSettings {
        // Before PostgreSQL 16 the first is enough.
        sql: "ALTER ROLE app CREATEROLE; GRANT guarded TO app WITH ADMIN OPTION;".to_owned(),
        ..ServerSettings::default()
    };
    let Ok(server) = OwnServer::start(&settings) else {
        return println!("skipped: PostgreSQL's programs are not installed");
    };
    let issuer = Engine::builder(server.url()).connect().await.unwrap();
    let (calls, given) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let counted = Arc::clone(&given);
    let builder = Engine::builder(server.url().replace("app@", "")).credentials(move || {
        let (issuer, token) = (issuer.clone(), counted.fetch_add(1, Ordering::Relaxed));
        async move {
            let password = format!("token {token}");
            issuer.run_script(&format!("ALTER ROLE guarded PASSWORD '{password}'")).await?;
            Ok(Credentials { user: "guarded".into(), password, valid_for: Duration::from_millis(250) })
        }
    });
    let engine = builder.pool_size(4).max_lifetime(Duration::from_millis(20)).connect().await.unwrap();
    let work = (0..4).map(|_| {
        let (engine, calls, given) = (engine.clone(), Arc::clone(&calls), Arc::clone(&given));
        tokio::spawn(async move {
            while given.load(Ordering::Relaxed) < 4 {
                let one: i32 = engine.one(select(lit(1))).await.unwrap();
                assert_eq!(one, 1);
                calls.fetch_add(1, Ordering::Relaxed);
            }
        })
    });
    for task in work.collect::<Vec<_>>() {
        task.await.unwrap();
    }
    let opened = engine.status().opened;
    assert!(opened > 4, "{opened} connections for {calls:?} statements");
}

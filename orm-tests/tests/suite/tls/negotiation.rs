//! How TLS is begun, and what happens where it cannot be.

use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use orm_core::prelude::*;
use orm_tests::{Database, Proxy};

use super::authority::Authority;
use super::certificate::File;
use super::end::{End, Manners};
use super::secured::secured;
use super::{is_encrypted, refused, says};

fn manners() -> Manners {
    Manners::of(Authority::new().server(&["db.example"]))
}

fn name(end: &End) -> Option<String> {
    end.seen.name.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

#[tokio::test]
async fn direct_negotiation_asks_nothing_first() {
    let database = Database::create().await;
    let end = End::start(database.url(), manners()).await;
    let url = end.url("db.example", "sslmode=require sslnegotiation=direct");
    let engine = Engine::builder(url).connect().await.unwrap();
    let one: i32 = engine.one(select(lit(1))).await.unwrap();
    assert_eq!(one, 1);
    assert_eq!(end.seen.encrypted.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn direct_negotiation_wants_a_server_that_agrees() {
    let database = Database::create().await;
    let end = End::start(database.url(), Manners { protocol: b"", ..manners() }).await;
    let url = end.url("db.example", "sslmode=require sslnegotiation=direct");
    says(&refused(Engine::builder(url)).await, &["did not agree", "sslnegotiation=postgres"]);
    // Asked for it, it need not.
    Engine::builder(end.url("db.example", "sslmode=require")).connect().await.unwrap();
}

/// As a server of PostgreSQL 17 or newer does it itself; an older one says that it does not.
#[tokio::test(flavor = "multi_thread")]
async fn direct_negotiation_is_what_a_new_server_speaks() {
    let Some(server) = secured() else { return };
    let plain = Engine::builder(server.url("plain", "sslmode=disable")).connect().await.unwrap();
    let version: String = plain.one(sql!("SHOW server_version_num").rows::<String>()).await.unwrap();
    let root = File::with(&server.authority.pem);
    let parameters = format!("sslmode=verify-full sslnegotiation=direct sslrootcert={}", root.path());
    for (role, more) in [("encrypted", ""), ("scram", "password=right channel_binding=require")] {
        let builder = Engine::builder(server.url(role, &format!("{parameters} {more}")));
        if version.as_str() < "170000" {
            says(&refused(builder).await, &["sslnegotiation=direct needs PostgreSQL 17"]);
        } else {
            assert!(is_encrypted(&builder.connect().await.unwrap()).await, "{role}");
        }
    }
}

#[tokio::test]
async fn direct_negotiation_with_an_old_server_says_which_is_needed() {
    let database = Database::create().await;
    // The socket of a server never speaks TLS, as one before 17 does not at once.
    let proxy = Proxy::start(database.url()).await;
    let url = format!("{}?sslmode=require&sslnegotiation=direct", proxy.url());
    let error = refused(Engine::builder(url)).await;
    says(&error, &["sslnegotiation=direct needs PostgreSQL 17", "sslnegotiation=postgres"]);
}

#[tokio::test]
async fn the_name_is_asked_for_unless_it_is_not_to_be() {
    let database = Database::create().await;
    let end = End::start(database.url(), manners()).await;
    Engine::builder(end.url("db.example", "sslmode=require")).connect().await.unwrap();
    assert_eq!(name(&end).as_deref(), Some("db.example"));
    Engine::builder(end.url("db.example", "sslmode=require sslsni=0")).connect().await.unwrap();
    assert_eq!(name(&end), None);
}

#[tokio::test]
async fn a_server_without_tls_is_used_in_plain_text_by_default_only() {
    let database = Database::create().await;
    let end = End::start(database.url(), Manners { answer: b"N", ..manners() }).await;
    for parameters in ["", "sslmode=prefer", "sslmode=allow", "sslmode=disable"] {
        Engine::builder(end.url("db.example", parameters)).connect().await.unwrap();
    }
    for mode in ["require", "verify-ca", "verify-full"] {
        let url = end.url("db.example", &format!("sslmode={mode}"));
        let error = refused(Engine::builder(url).root_certificate(Authority::new().pem)).await;
        assert!(error.is_connect());
        says(&error, &["the server has no TLS", &format!("sslmode={mode}"), "ssl = on"]);
    }
}

#[tokio::test]
async fn a_handshake_that_fails_is_followed_by_plain_text_by_default_only() {
    let database = Database::create().await;
    let end = End::start(database.url(), Manners { answer: b"", ..manners() }).await;
    Engine::builder(end.url("db.example", "")).connect().await.unwrap();
    assert_eq!(end.seen.plain.load(Ordering::Relaxed), 1);
    let error = refused(Engine::builder(end.url("db.example", "sslmode=require"))).await;
    says(&error, &["ended the connection when it was asked for TLS"]);
    assert_eq!(end.seen.plain.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn what_is_no_server_is_told() {
    let database = Database::create().await;
    for (answer, expected) in [(&b"E"[..], "with an error"), (b"H", "no PostgreSQL server")] {
        let end = End::start(database.url(), Manners { answer, ..manners() }).await;
        says(&refused(Engine::builder(end.url("db.example", "sslmode=require"))).await, &[expected]);
    }
}

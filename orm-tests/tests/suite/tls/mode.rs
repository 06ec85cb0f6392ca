//! `sslmode` and channel binding, with a server that speaks TLS itself.

use orm_core::prelude::*;

use super::certificate::File;
use super::secured::secured;
use super::{is_encrypted, refused, says};
use crate::tour::tour;

#[tokio::test(flavor = "multi_thread")]
async fn connections_are_encrypted_unless_they_are_not_to_be() {
    let Some(server) = secured() else { return };
    let root = File::with(&server.authority.pem);
    for mode in
        ["", "sslmode=prefer", "sslmode=allow", "sslmode=require", "sslmode=verify-ca", "sslmode=verify-full"]
    {
        let url = server.url("encrypted", &format!("{mode} sslrootcert={}", root.path()));
        let engine = Engine::builder(url).connect().await.unwrap_or_else(|error| panic!("{mode}: {error}"));
        assert!(is_encrypted(&engine).await, "{mode}");
    }
    let engine = Engine::builder(server.url("encrypted", "")).connect().await.unwrap();
    assert!(is_encrypted(&engine).await, "by default");
    for mode in ["", "sslmode=prefer", "sslmode=allow", "sslmode=disable"] {
        let engine = Engine::builder(server.url("plain", mode)).connect().await.unwrap();
        assert!(!is_encrypted(&engine).await, "{mode}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tour_passes_on_an_encrypted_connection() {
    let Some(server) = secured() else { return };
    let root = File::with(&server.authority.pem);
    tour(&server.url("encrypted", &format!("sslmode=verify-full sslrootcert={}", root.path())))
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_wants_it_otherwise_says_so_with_what_to_set() {
    let Some(server) = secured() else { return };
    let error = refused(Engine::builder(server.url("encrypted", "sslmode=disable"))).await;
    assert_eq!(error.code(), Some("28000"));
    says(&error, &["no encryption", "sslmode=require"]);
    let error = refused(Engine::builder(server.url("plain", "sslmode=require"))).await;
    assert_eq!(error.code(), Some("28000"));
    says(&error, &["pg_hba.conf"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_is_bound_to_the_certificate_where_that_is_asked() {
    let Some(server) = secured() else { return };
    for parameters in ["", "channel_binding=disable", "channel_binding=prefer", "channel_binding=require"] {
        let url = server.url("scram", &format!("password=right sslmode=require {parameters}"));
        let engine = Engine::builder(url).connect().await.unwrap_or_else(|e| panic!("{parameters}: {e}"));
        assert!(is_encrypted(&engine).await);
    }
    let wrong =
        refused(Engine::builder(server.url("scram", "password=hidden channel_binding=require"))).await;
    assert_eq!(wrong.code(), Some("28P01"), "{wrong}");
    assert!(!format!("{wrong:?}").contains("hidden"), "{wrong:?}");
    // A server that asks for no password binds nothing.
    let unbound = Engine::builder(server.url("encrypted", "sslmode=require channel_binding=require"));
    says(&refused(unbound).await, &["channel_binding=require", "scram-sha-256"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_not_said_again_in_plain_text() {
    let Some(server) = secured() else { return };
    let error = refused(Engine::builder(server.url("scram", "password=hidden"))).await;
    assert!(error.code() == Some("28P01") && !error.to_string().contains("without TLS"), "{error}");
}

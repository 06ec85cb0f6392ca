//! Our own certificate, for servers that ask for one.

use orm_core::prelude::*;
use orm_tests::Database;

use super::authority::Authority;
use super::certificate::File;
use super::end::{End, Manners};
use super::secured::secured;
use super::{is_encrypted, refused, says};

#[tokio::test(flavor = "multi_thread")]
async fn a_role_is_known_by_its_certificate() {
    let Some(server) = secured() else { return };
    let identity = server.clients.role("certified");
    let (certificate, key) = (File::with(&identity.certificate), File::with(&identity.key));
    let files = format!("sslmode=require sslcert={} sslkey={}", certificate.path(), key.path());
    let engine = Engine::builder(server.url("certified", &files)).connect().await.unwrap();
    assert!(is_encrypted(&engine).await);
    let builder = Engine::builder(server.url("certified", "sslmode=require"));
    builder.client_certificate(&identity.certificate, &identity.key).connect().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_is_missing_or_of_another_is_told() {
    let Some(server) = secured() else { return };
    let builder = || Engine::builder(server.url("certified", "sslmode=require"));
    let missing = refused(builder()).await;
    assert_eq!(missing.code(), Some("28000"), "{missing}");
    says(&missing, &["valid client certificate", "sslcert", "sslkey"]);
    let other = server.clients.role("somebody");
    let other = refused(builder().client_certificate(&other.certificate, &other.key)).await;
    assert_eq!(other.code(), Some("28000"), "{other}");
    let unknown = Authority::new().role("certified");
    let unknown = refused(builder().client_certificate(&unknown.certificate, &unknown.key)).await;
    assert!(unknown.is_connect());
}

#[tokio::test]
async fn a_certificate_that_the_handshake_wants_is_told() {
    let database = Database::create().await;
    let clients = Authority::new();
    let identity = Authority::new().server(&["db.example"]);
    let manners = Manners { client_authority: Some(clients.pem.clone()), ..Manners::of(identity) };
    let end = End::start(database.url(), manners).await;
    let builder = || Engine::builder(end.url("db.example", "sslmode=require"));
    let missing = refused(builder()).await;
    assert!(missing.is_connect());
    says(&missing, &["the server asks for a certificate of ours", "sslcert and sslkey"]);
    let unknown = Authority::new().role("app");
    let unknown = refused(builder().client_certificate(&unknown.certificate, &unknown.key)).await;
    says(&unknown, &["refuses the certificate of sslcert", "ssl_ca_file"]);
    let known = clients.role("app");
    builder().client_certificate(&known.certificate, &known.key).connect().await.unwrap();
}

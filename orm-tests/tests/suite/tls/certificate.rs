//! Which certificates of a server are taken.

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use orm_core::prelude::*;
use orm_tests::Database;

use super::authority::{Authority, Identity};
use super::end::{End, Manners};
use super::{refused, says};

/// A file of a test, gone when this is.
pub(super) struct File(PathBuf);

impl File {
    pub(super) fn with(content: &str) -> File {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let next = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("orm-test-{}-{next}.pem", std::process::id()));
        fs::write(&path, content).unwrap();
        File(path)
    }

    pub(super) fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for File {
    fn drop(&mut self) {
        // What is left in the temporary folder harms nobody.
        let _ = fs::remove_file(&self.0);
    }
}

async fn end(database: &Database, identity: Identity) -> End {
    End::start(database.url(), Manners::of(identity)).await
}

async fn connects(url: &str) {
    let engine = Engine::builder(url).connect().await.unwrap_or_else(|error| panic!("{url}: {error}"));
    let one: i32 = engine.one(select(lit(1))).await.unwrap();
    assert_eq!(one, 1);
}

#[tokio::test]
async fn the_right_one_is_taken_whatever_is_asked_of_it() {
    let database = Database::create().await;
    let authority = Authority::new();
    let end = end(&database, authority.server(&["db.example", "127.0.0.1"])).await;
    let root = File::with(&authority.pem);
    for mode in ["require", "verify-ca", "verify-full"] {
        connects(&end.url("db.example", &format!("sslmode={mode} sslrootcert={}", root.path()))).await;
    }
    let Some(folder) = root.path().strip_prefix('/') else { panic!("{}", root.path()) };
    let config: tokio_postgres::Config = database.url().parse().unwrap();
    let (user, database) = (config.get_user().unwrap(), config.get_dbname().unwrap());
    if config.get_password().is_none() {
        let root = format!("%2F{}", folder.replace('/', "%2f"));
        let address = format!("postgres://{user}@127.0.0.1:{}/{database}", end.port);
        connects(&format!("{address}?sslmode=verify-full&sslrootcert={root}")).await;
    }
    assert_eq!(end.seen.plain.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn one_that_has_expired_is_refused_where_it_is_looked_at() {
    let database = Database::create().await;
    let authority = Authority::new();
    let end = end(&database, authority.expired(&["db.example"])).await;
    for mode in ["require", "verify-ca", "verify-full"] {
        let url = end.url("db.example", &format!("sslmode={mode}"));
        let error = refused(Engine::builder(url).root_certificate(&authority.pem)).await;
        assert!(error.is_connect());
        says(&error, &["certificate has expired", "days ago", "renew it", "clock"]);
    }
    connects(&end.url("db.example", "sslmode=require")).await;
}

#[tokio::test]
async fn one_of_another_host_is_refused_with_both_names() {
    let database = Database::create().await;
    let authority = Authority::new();
    let end = end(&database, authority.server(&["other.example", "*.db.example"])).await;
    // Without a word, a root certificate means all of it.
    for mode in ["sslmode=verify-full", ""] {
        let url = end.url("db.example", mode);
        let error = refused(Engine::builder(url).root_certificate(&authority.pem)).await;
        says(&error, &["is for other.example, *.db.example", "not for db.example", "verify-ca"]);
    }
    let ca = end.url("db.example", "sslmode=verify-ca");
    Engine::builder(ca).root_certificate(&authority.pem).connect().await.unwrap();
    let full = end.url("eu.db.example", "sslmode=verify-full");
    Engine::builder(full).root_certificate(&authority.pem).connect().await.unwrap();
}

#[tokio::test]
async fn one_without_names_is_refused_with_what_it_lacks() {
    let database = Database::create().await;
    let authority = Authority::new();
    let end = end(&database, authority.role("db.example")).await;
    let url = end.url("db.example", "sslmode=verify-full");
    let error = refused(Engine::builder(url).root_certificate(&authority.pem)).await;
    says(&error, &["no subjectAltName", "db.example"]);
}

#[tokio::test]
async fn one_of_an_unknown_authority_is_refused_with_what_to_name() {
    let database = Database::create().await;
    let end = end(&database, Authority::new().server(&["db.example"])).await;
    for mode in ["require", "verify-ca", "verify-full"] {
        let url = end.url("db.example", &format!("sslmode={mode}"));
        let error = refused(Engine::builder(url).root_certificate(Authority::new().pem)).await;
        says(&error, &["authority that is not trusted", "sslrootcert"]);
    }
    connects(&end.url("db.example", "sslmode=require")).await;
}

#[tokio::test]
async fn without_a_root_certificate_those_of_the_system_count() {
    let database = Database::create().await;
    let end = end(&database, Authority::new().server(&["db.example"])).await;
    for parameters in ["sslmode=verify-full", "sslmode=verify-ca", "sslrootcert=system"] {
        let error = refused(Engine::builder(end.url("db.example", parameters))).await;
        // A machine may have none.
        let said = error.to_string();
        assert!(said.contains("sslrootcert") && !said.contains("refused"), "{parameters}: {said}");
    }
}

#[tokio::test]
async fn one_that_is_itself_the_root_certificate_is_taken() {
    let database = Database::create().await;
    let identity = Identity::self_signed(&["db.example"]);
    let root = identity.certificate.clone();
    let end = end(&database, identity).await;
    let url = end.url("db.example", "sslmode=verify-full");
    Engine::builder(url).root_certificate(&root).connect().await.unwrap();
    let other = end.url("other.example", "sslmode=verify-full");
    says(&refused(Engine::builder(other).root_certificate(&root)).await, &["not for other.example"]);
}

#[tokio::test]
async fn one_that_is_itself_the_root_certificate_expires_all_the_same() {
    let database = Database::create().await;
    let identity = Identity::self_signed_and_expired(&["db.example"]);
    let root = identity.certificate.clone();
    let end = end(&database, identity).await;
    let error = refused(Engine::builder(end.url("db.example", "")).root_certificate(root)).await;
    says(&error, &["has expired"]);
}

#[tokio::test]
async fn a_file_that_cannot_be_used_is_named() {
    let key = Authority::new().server(&["db.example"]);
    let certificate = File::with(&key.certificate);
    let other = File::with(&Authority::new().server(&["db.example"]).key);
    let encrypted =
        File::with("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n");
    let nothing = File::with("nothing");
    let torn = File::with("-----BEGIN CERTIFICATE-----\nAAAA\n");
    let path = |file: &File| file.path().to_owned();
    let certificate = path(&certificate);
    for (parameters, expected) in [
        (
            "sslrootcert=/nowhere/root.pem".to_owned(),
            vec!["sslrootcert", "/nowhere/root.pem", "cannot be read"],
        ),
        (
            format!("sslrootcert={}", nothing.path()),
            vec![nothing.path(), "holds no certificate", "BEGIN CERTIFICATE"],
        ),
        (format!("sslrootcert={}", torn.path()), vec![torn.path(), "is no PEM"]),
        (format!("sslcert={certificate} sslkey={}", nothing.path()), vec!["sslkey", "holds no private key"]),
        (format!("sslcert={certificate} sslkey={}", encrypted.path()), vec!["passphrase", "openssl pkey"]),
        (
            format!("sslcert={certificate} sslkey={}", other.path()),
            vec!["the key that the certificate is for"],
        ),
        (
            format!("sslcert={} sslkey={}", nothing.path(), other.path()),
            vec!["sslcert", "holds no certificate"],
        ),
    ] {
        let url = format!("host=127.0.0.1 port=1 user=u sslmode=verify-full {parameters}");
        says(&refused(Engine::builder(url)).await, &expected);
    }
}

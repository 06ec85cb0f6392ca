//! What a program without optional features is told.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// Runs cargo on a package that has orm-core without its optional features.
fn cargo(command: &str, program: &str) -> Output {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("features");
    fs::create_dir_all(&folder).unwrap();
    let manifest = format!(
        "[package]\nname = \"features\"\nedition = \"2024\"\n\n[workspace]\n\n\
         [profile.dev]\ndebug = \"line-tables-only\"\n\n[dependencies]\n\
         orm-core = {{ path = {:?}, default-features = false }}\n\
         tokio = {{ version = \"1\", features = [\"macros\", \"rt\"] }}\nuuid = \"1\"\n\n\
         [[bin]]\nname = \"key\"\npath = \"key.rs\"\n\n[[bin]]\nname = \"tls\"\npath = \"tls.rs\"\n",
        tests.join("../orm-core")
    );
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    fs::write(folder.join("key.rs"), KEY).unwrap();
    fs::write(folder.join("tls.rs"), TLS).unwrap();
    fs::copy(tests.join("../Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    Command::new(env!("CARGO"))
        .args([command, "--quiet", "--offline", "--bin", program])
        .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join(".."))
        .current_dir(folder)
        .output()
        .unwrap()
}

const KEY: &str = r#"
use orm_core::prelude::*;

#[derive(Model, Clone, Debug)]
pub struct Token {
    #[orm(primary_key)]
    id: uuid::Uuid,
}

fn main() {}
"#;

const TLS: &str = r#"
#[tokio::main(flavor = "current_thread")]
async fn main() {
    let opened = orm_core::Engine::builder("postgresql://u:hidden@localhost/db?sslmode=require").connect().await;
    println!("{}", opened.err().unwrap());
}
"#;

#[test]
fn a_key_whose_type_needs_a_feature_says_which_one_first() {
    let said = String::from_utf8(cargo("check", "key").stderr).unwrap();
    let error = said.split_once("error[").expect(&said).1;
    let first = error.lines().find(|line| line.contains("= note:")).expect(&said);
    assert!(first.contains("for `uuid::Uuid` turn on the feature `uuid` of orm-core"), "{said}");
}

#[test]
fn a_url_that_asks_for_tls_says_how_to_turn_it_on() {
    let said = String::from_utf8(cargo("run", "tls").stdout).unwrap();
    assert!(said.contains("feature `tls`"), "{said}");
    assert!(!said.contains("hidden"), "{said}");
}

//! What the derive writes: how much, and what is left of it where something is wrong.

use std::io::{ErrorKind, Write};
use std::process::{Command, Stdio};

use proc_macro2::TokenStream;

/// Twelve columns and two relations.
const LARGE: &str = "
    #[orm(table = \"posts\", has_many(comments = Comment.post_id))]
    pub struct Post {
        #[orm(primary_key, generated)] pub id: i64,
        #[orm(references = User.id, relation = author, on_delete = cascade)] pub user_id: i64,
        pub title: String,
        pub body: Option<String>,
        pub score: i32,
        pub rating: Option<f64>,
        pub published: bool,
        #[orm(default = \"now()\")] pub created_at: DateTime<Utc>,
        pub updated_at: Option<DateTime<Utc>>,
        pub price: Decimal,
        pub token: Uuid,
        pub data: Vec<u8>,
    }";

/// A default that is a plain number or truth value stands as it is; other SQL stands in quotes.
#[test]
fn a_default_is_sql_or_a_plain_value() {
    let default = |written: &str| {
        let code = expand(&format!(
            "struct Post {{ #[orm(primary_key)] id: i64, #[orm(default = {written})] score: f64 }}"
        ));
        let (_, rest) = code.split_once("Default :: Sql (\"").expect("a default");
        rest.split_once('"').expect("a string").0.to_owned()
    };
    for (written, sql) in [("0", "0"), ("-1.5", "-1.5"), ("true", "true"), ("\"now()\"", "now()")] {
        assert_eq!(default(written), sql);
    }
}

fn expand(source: &str) -> String {
    let tokens: TokenStream = source.parse().unwrap();
    crate::derive_model(tokens).to_string()
}

/// `None` where rustfmt is not installed, as with rustup's minimal profile.
pub(super) fn formatted(code: &str) -> Option<String> {
    let rustfmt = Command::new("rustfmt")
        .args(["--edition", "2024", "--emit", "stdout"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut rustfmt = match rustfmt {
        Err(error) if error.kind() == ErrorKind::NotFound => return None,
        started => started.unwrap(),
    };
    // rustup's stand-in for a missing rustfmt reads nothing.
    let written = rustfmt.stdin.take().unwrap().write_all(code.as_bytes());
    let output = rustfmt.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    if said.contains("is not installed") {
        return None;
    }
    assert!(written.is_ok() && output.status.success(), "{said}");
    Some(String::from_utf8(output.stdout).unwrap())
}

#[test]
fn twelve_columns_and_two_relations_are_written_in_under_500_lines() {
    let Some(code) = formatted(&expand(LARGE)) else { return println!("skipped: there is no rustfmt") };
    let lines = code.lines().count();
    println!("{code}");
    assert!(lines < 500, "{lines} lines");
    let page =
        include_str!("../../../orm-core/src/guide/cost.md").split_whitespace().collect::<Vec<_>>().join(" ");
    let claim = format!("12 columns and two relations is {lines} lines");
    assert!(page.contains(&claim), "the guide should say: {claim}");
}

#[test]
fn nothing_is_allowed_in_what_is_written() {
    assert!(!expand(LARGE).contains("allow"));
}

#[test]
fn a_model_with_a_mistake_is_still_a_model() {
    let code = expand("struct User { id: i64, #[orm(colum = \"n\")] name: String }");
    assert_eq!(code.matches("compile_error").count(), 2);
    for part in ["const User", "struct NewUser", "impl __orm :: Model for User", "\"n\""] {
        assert!(code.contains(part), "{part}");
    }
}

#[test]
fn nothing_is_written_for_what_cannot_be_a_model() {
    for source in ["struct User<T> { id: T }", "struct User(i64);", "struct User { __alias: i64 }"] {
        let code = expand(source);
        assert!(code.contains("compile_error") && !code.contains("NewUser"), "{code}");
    }
}

#[test]
fn the_struct_of_the_table_hides_no_type_the_model_names() {
    let code =
        expand("struct Time { #[orm(primary_key)] id: i64, #[orm(references = TimeTable.id)] t: i64 }");
    assert!(code.contains("struct TimeTable_ "));
}

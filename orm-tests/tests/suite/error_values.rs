//! Values stand in no text of an error unless that is asked for.

use std::error::Error as StdError;
use std::fmt::Write;

use orm_core::prelude::*;
use orm_core::types::Json;
use orm_tests::Database;

/// What is put into every value, and looked for in every text.
const CANARY: &str = "canary7f3a";

#[derive(Model, Clone, Debug)]
#[orm(table = "accounts", check = "length(note) < 40")]
pub struct Account {
    #[orm(primary_key)]
    pub email: String,
    #[orm(unique)]
    pub token: String,
    pub note: String,
    #[orm(version)]
    pub version: i32,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "letters")]
pub struct Letter {
    #[orm(primary_key, generated)]
    pub id: i64,
    #[orm(references = Account.email)]
    pub account: String,
    pub content: Json<Vec<i32>>,
}

fn account(name: &str) -> NewAccount {
    let text = |what: &str| format!("{CANARY} {what} {name}");
    NewAccount { email: text("email"), token: text("token"), note: text("note") }
}

/// Everything that a program can print of an error.
fn printed(error: &Error) -> String {
    let mut out = format!("{error}\n{error:?}\n{error:#?}\n");
    let mut cause = error.source();
    while let Some(error) = cause {
        let _ = writeln!(out, "{error}\n{error:?}");
        cause = error.source();
    }
    out
}

/// One error of each kind that is about values, by what it is.
async fn errors(engine: &Engine, database: &Database) -> Vec<(&'static str, Error)> {
    let mut found = Vec::new();
    engine.execute(insert(Account).values([account("a"), account("b")])).await.unwrap();
    let a = account("a").email;
    let mut fail = |what, error: Error| found.push((what, error));

    let row = NewAccount { token: account("a").token, ..account("c") };
    fail("unique", engine.execute(insert(Account).values(row)).await.unwrap_err());
    let row = NewAccount { note: CANARY.repeat(9), ..account("c") };
    fail("check", engine.execute(insert(Account).values(row)).await.unwrap_err());
    let letter = || NewLetter::new(account("nobody").email, Json(vec![1]));
    fail("foreign key", engine.execute(insert(Letter).values(letter())).await.unwrap_err());
    let email = |name: &str| Account.email.eq(account(name).email);
    fail("no row", engine.one(select(Account).filter(email("z"))).await.unwrap_err());
    let all = Account.token.ne(format!("{CANARY} other"));
    fail("many rows", engine.one(select(Account).filter(all.clone())).await.unwrap_err());
    let number: Result<Vec<i32>, Error> = engine.all(sql!("SELECT {a}::text::integer").rows()).await;
    fail("data exception", number.unwrap_err());
    let nul = format!("{CANARY}\0");
    fail("encode", engine.all(select(Account).filter(Account.note.eq(nul))).await.unwrap_err());
    database
        .execute(&format!(
            "INSERT INTO letters (account, content) SELECT email, '{{\"{CANARY}\": \"{CANARY}\"}}' FROM accounts LIMIT 1"
        ))
        .await;
    fail("decode", engine.all(select(Letter)).await.unwrap_err());

    let mut session = SessionMaker::new(engine.clone()).session();
    fail("no row of a session", session.one(select(Account).filter(email("z"))).await.unwrap_err());
    fail("many rows of a session", session.one(select(Account).filter(all)).await.unwrap_err());
    session.add(NewAccount { token: account("a").token, ..account("c") });
    fail("unique in a flush", session.commit().await.unwrap_err());
    session.rollback().await.unwrap();
    session.add(letter());
    fail("foreign key in a flush", session.commit().await.unwrap_err());
    session.rollback().await.unwrap();
    let b = session.one(select(Account).filter(email("b"))).await.unwrap();
    session[b].note = format!("{CANARY} changed");
    database.execute("UPDATE accounts SET version = version + 1").await;
    fail("stale", session.commit().await.unwrap_err());
    fail("after a failure", session.all(select(Account)).await.unwrap_err());
    session.rollback().await.unwrap();
    let b = session.one(select(Account).filter(email("b"))).await.unwrap();
    session.commit().await.unwrap();
    let mut tracked = Tracked::new(engine.one(select(Account).filter(email("b"))).await.unwrap());
    database.execute("DELETE FROM accounts WHERE email LIKE '% b'").await;
    tracked.note = CANARY.to_owned();
    fail("save", engine.save(&mut tracked).await.unwrap_err());
    fail("refresh", session.refresh(b).await.unwrap_err());
    fail("refresh all", session.refresh_all(&[b]).await.unwrap_err());
    let values = Account { email: account("z").email, token: CANARY.into(), note: CANARY.into(), version: 1 };
    fail("merge", session.merge(values).await.unwrap_err());
    found
}

async fn database() -> (Database, Engine, Engine) {
    let database = Database::create().await;
    let quiet = Engine::builder(database.url()).connect().await.unwrap();
    let open = Engine::builder(database.url()).show_values(true).connect().await.unwrap();
    quiet.create_all(schema![Account, Letter]).await.unwrap();
    (database, quiet, open)
}

#[tokio::test(flavor = "multi_thread")]
async fn no_text_of_an_error_has_a_value() {
    let (database, quiet, _) = database().await;
    for (what, error) in errors(&quiet, &database).await {
        let printed = printed(&error);
        assert!(!printed.contains(CANARY), "{what}: {printed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn values_are_shown_where_the_engine_says_so_and_are_there_for_code_in_any_case() {
    let (database, _, open) = database().await;
    for (what, error) in errors(&open, &database).await {
        match what {
            "unique"
            | "check"
            | "foreign key"
            | "no row"
            | "many rows"
            | "data exception"
            | "no row of a session"
            | "many rows of a session"
            | "unique in a flush"
            | "foreign key in a flush"
            | "stale"
            | "after a failure"
            | "refresh"
            | "refresh all"
            | "merge"
            | "save" => {
                assert!(error.to_string().contains(CANARY), "{what}: {error}");
                assert!(error.values().is_some_and(|values| values.contains(CANARY)), "{what}: {error}");
            }
            _ => assert!(!error.to_string().contains(CANARY), "{what}: {error}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chain_of_causes_says_nothing_twice() {
    let (database, quiet, _) = database().await;
    for (what, error) in errors(&quiet, &database).await {
        let mut texts = vec![error.to_string()];
        let mut cause = error.source();
        while let Some(error) = cause {
            texts.push(error.to_string());
            cause = error.source();
        }
        let last = texts.last().unwrap();
        assert!(texts.iter().filter(|text| text.contains(&**last)).count() <= 2, "{what}: {texts:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_main_that_ends_in_an_error_prints_words_and_the_statement() {
    let (database, quiet, _) = database().await;
    let errors = errors(&quiet, &database).await;
    let (_, error) = errors.iter().find(|(what, _)| *what == "unique").unwrap();
    let printed = format!("Error: {error:?}");
    assert!(printed.starts_with("Error: duplicate key value violates unique constraint"), "{printed}");
    assert!(printed.contains("\n  in the statement: INSERT INTO \"accounts\""), "{printed}");
    assert!(!printed.contains("DbError"), "{printed}");
    assert_eq!(error.detail().map(|detail| detail.contains(CANARY)), Some(true));
}

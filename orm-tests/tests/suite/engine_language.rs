//! What is done about an error of the server does not depend on the language in which the server tells it.

use orm_core::prelude::*;
use orm_tests::models::{NewUser, User};
use orm_tests::{Database, Proxy};

/// What the server says, and the same in another language: its length stays, and so do the fields that no language changes.
const WORDS: [(&str, &str); 4] = [
    ("does not exist", "existiert nie!"),
    ("cached plan must not change result type", "gespeicherter Plan darf Typ nie aendern"),
    ("invalid input syntax for type integer: \"", "falsche Eingaben fuer den Typ integer: '"),
    (":orm\"", ":orm'"),
];

/// A database whose messages arrive translated, with two users.
async fn translated() -> (Database, Proxy, Engine) {
    let database = Database::create().await;
    let proxy = Proxy::start(database.url()).await;
    WORDS.iter().for_each(|(english, other)| proxy.translate(english, other));
    let engine = Engine::builder(proxy.url()).pool_size(1).connect().await.unwrap();
    let error = engine.all(select(func::call::<i32>("no_such_function", ()).never_null())).await.unwrap_err();
    assert!(error.to_string().contains("existiert nie!"), "{error}");
    engine.create_all(schema![User]).await.unwrap();
    engine.execute(insert(User).values(["Ann", "Ben"].map(NewUser::new))).await.unwrap();
    (database, proxy, engine)
}

#[tokio::test]
async fn a_stale_statement_is_prepared_again_in_every_language() {
    let (database, _proxy, engine) = translated().await;
    for _ in 0..3 {
        engine.all(select(User)).await.unwrap();
    }
    database.execute("ALTER TABLE users ALTER COLUMN name TYPE varchar(100)").await;
    assert_eq!(engine.all(select(User)).await.unwrap().len(), 2);
    database
        .execute("CREATE FUNCTION forget() RETURNS int LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'DEALLOCATE ALL'; RETURN 1; END $$")
        .await;
    for _ in 0..3 {
        engine.all(select(User)).await.unwrap();
    }
    engine.one(select(func::call::<i32>("forget", ()).never_null())).await.unwrap();
    assert_eq!(engine.all(select(User)).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_stale_statement_inside_a_transaction_can_be_run_again_in_every_language() {
    let (database, _proxy, engine) = translated().await;
    for _ in 0..3 {
        engine.all(select(User.name)).await.unwrap();
    }
    let mut transaction = engine.begin().await.unwrap();
    transaction.one(select(lit(1))).await.unwrap();
    database.execute("ALTER TABLE users ALTER COLUMN name TYPE varchar(100)").await;
    let error = transaction.all(select(User.name)).await.unwrap_err();
    assert!(error.is_retryable() && error.to_string().contains("nie aendern"), "{error}");
}

#[tokio::test]
async fn a_row_that_was_missed_is_named_in_every_language() {
    let (database, _proxy, engine) = translated().await;
    let mut session = SessionMaker::new(engine).session();
    for rows in [1, 2] {
        let all = session.all(select(User).order_by(User.id).limit(rows)).await.unwrap();
        session.commit().await.unwrap();
        database.execute("ALTER TABLE users RENAME TO hidden; CREATE TABLE users (LIKE hidden)").await;
        all.iter().for_each(|user| session[*user].name = "x".into());
        let error = session.commit().await.unwrap_err();
        assert!(error.is_stale(), "{error:?}");
        let keys = if rows == 1 { "by key: 1" } else { "by key: 1, 2" };
        let text = error.to_string();
        let after = text.split(keys).nth(1).unwrap_or_else(|| panic!("{keys}: {text}"));
        assert!(!after.starts_with(['"', '“', '»', '\u{a0}', ':']), "{text}");
        session.rollback().await.unwrap();
        database.execute("DROP TABLE users; ALTER TABLE hidden RENAME TO users").await;
    }
}

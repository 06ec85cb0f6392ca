//! Errors keep what they came from.

use std::error::Error as _;

use orm_core::prelude::*;
use orm_tests::models::{NewPost, NewUser, Post, User};

use crate::select_rows::people;

/// The texts of an error and of all its causes.
fn chain(error: &orm_core::Error) -> Vec<String> {
    let mut texts = vec![error.to_string()];
    let mut next = error.source();
    while let Some(cause) = next {
        texts.push(cause.to_string());
        next = cause.source();
    }
    texts
}

#[tokio::test]
async fn errors_of_statements_keep_their_cause_and_their_statement() {
    let fixture = people().await;
    let engine = &fixture.engine;
    fixture
        .database
        .execute(
            "ALTER TABLE users ADD CONSTRAINT one_name UNIQUE (name), ADD big numeric DEFAULT 'NaN';
             ALTER TABLE posts ALTER user_id DROP NOT NULL;
             CREATE TABLE odd (id bigint PRIMARY KEY, big numeric); INSERT INTO odd VALUES (1, 'NaN')",
        )
        .await;
    let mut transaction = engine.begin().await.unwrap();
    let first = transaction.execute(insert(User).values(NewUser::new("Ann"))).await.unwrap_err();
    let mut flushed = fixture.session();
    flushed.add(NewUser::new("Ann"));
    let mut refused = fixture.session();
    refused.add(NewUser::new("A\0"));
    let nan = engine.all(select(Odd)).await.unwrap_err();
    // What is at the bottom of each, and how its statement starts.
    let errors = [
        (nan, "has no place in a `Decimal`", "SELECT"),
        (first, "duplicate key", "INSERT INTO"),
        (flushed.commit().await.unwrap_err(), "duplicate key", "WITH \"orm:written\" AS (INSERT"),
        (refused.flush().await.unwrap_err(), "zero byte", "INSERT INTO"),
        (engine.all(select(User).filter(User.name.eq("\0"))).await.unwrap_err(), "zero byte", "SELECT"),
        (
            engine.execute(update(User).set(User.name, "\0").all_rows()).await.unwrap_err(),
            "zero byte",
            "UPDATE",
        ),
        (
            engine.execute(insert(Post).values(NewPost::new(99, "x"))).await.unwrap_err(),
            "violates",
            "INSERT INTO",
        ),
        (engine.all(select(Missing)).await.unwrap_err(), "relation \"missing\" does not exist", "SELECT"),
    ];
    for (error, bottom, statement) in errors {
        let chain = chain(&error);
        assert!(chain.last().is_some_and(|text| text.contains(bottom)), "{chain:#?}");
        // What the server said is no further error behind it: it would say the same again.
        assert_eq!(chain.len() > 1, error.code().is_none(), "{chain:#?}");
        assert!(error.statement().is_some_and(|sql| sql.starts_with(statement)), "{error:?}");
        // A shared error keeps both.
        let shared = error.clone();
        assert_eq!((shared.statement(), shared.to_string()), (error.statement(), error.to_string()));
        assert_eq!((shared.source().is_some(), shared.code()), (error.source().is_some(), error.code()));
    }
    let later = transaction.all(select(User)).await.unwrap_err();
    assert!(later.is_rolled_back() && chain(&later).len() == 2, "{later:?}");
    let later = flushed.all(select(User)).await.unwrap_err();
    assert!(later.is_session() && chain(&later).len() == 2, "{later:?}");
}

#[derive(Model, Clone, Debug)]
#[orm(table = "odd")]
struct Odd {
    #[orm(primary_key)]
    id: i64,
    big: rust_decimal::Decimal,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "missing")]
struct Missing {
    #[orm(primary_key)]
    id: i64,
}

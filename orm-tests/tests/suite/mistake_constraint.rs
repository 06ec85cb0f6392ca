//! Rows the server refuses: which constraint, which table, which column, and a predicate for each kind.

use orm_core::model::{Model, NewModel, Writable};
use orm_core::prelude::*;
use orm_tests::Fixture;
use orm_tests::models::{NewPost, NewUser, Post, User};

/// Ann (30) with a post, in tables with constraints of every kind.
async fn fixture() -> Fixture {
    let fixture = Fixture::new(schema![User, Post]).await;
    fixture
        .database
        .execute(
            "ALTER TABLE users ADD CONSTRAINT one_name UNIQUE (name), ADD CONSTRAINT grown CHECK (age < 200),
                 ALTER age SET NOT NULL,
                 ADD CONSTRAINT one_an_age EXCLUDE USING btree (age WITH =);
             INSERT INTO users (name, age) VALUES ('Ann', 30);
             INSERT INTO posts (user_id, title) VALUES (1, 'a')",
        )
        .await;
    fixture
}

fn user(name: &str, age: Option<i32>) -> NewUser {
    NewUser { name: name.to_owned(), age }
}

/// Sends a row by an engine, and in a flush together with COMMIT: both are refused in the same words.
async fn refused<N: NewModel<Model: Model<Kind: Writable>>>(fixture: &Fixture, new: N) -> orm_core::Error {
    let table = <N::Model as Model>::TABLE;
    let error = fixture.engine.execute(insert(table).values(new.clone())).await.unwrap_err();
    let mut session = fixture.session();
    session.add(new);
    let flushed = session.commit().await.unwrap_err();
    assert_eq!(flushed.code(), error.code());
    assert_eq!(flushed.constraint(), error.constraint());
    assert_eq!((flushed.table(), flushed.column()), (error.table(), error.column()));
    assert_eq!(flushed.values().is_some(), error.detail().is_some());
    assert!(error.statement().is_some());
    error
}

/// Which of the predicates hold.
fn kinds(error: &orm_core::Error) -> [bool; 5] {
    [
        error.is_unique_violation(),
        error.is_foreign_key_violation(),
        error.is_check_violation(),
        error.is_not_null_violation(),
        error.is_exclusion_violation(),
    ]
}

/// Values are told apart from the text.
fn says(error: &orm_core::Error, parts: &[&str]) {
    let text = format!("{error} ({})", error.values().unwrap_or_default());
    for part in parts {
        assert!(text.contains(part), "{part} in {text}");
    }
}

#[tokio::test]
async fn a_unique_violation_names_constraint_and_table() {
    let fixture = fixture().await;
    let error = refused(&fixture, user("Ann", Some(31))).await;
    assert_eq!(kinds(&error), [true, false, false, false, false]);
    assert_eq!((error.constraint(), error.table()), (Some("one_name"), Some("users")));
    says(&error, &["\"one_name\"", "table \"users\"", "Key (name)=(Ann) already exists", "23505"]);
}

#[tokio::test]
async fn a_foreign_key_violation_names_constraint_and_table() {
    let fixture = fixture().await;
    let error = refused(&fixture, NewPost::new(99, "x")).await;
    assert_eq!(kinds(&error), [false, true, false, false, false]);
    assert_eq!((error.constraint(), error.table()), (Some("posts_user_id_fkey"), Some("posts")));
    says(&error, &["\"posts_user_id_fkey\"", "\"posts\"", "Key (user_id)=(99) is not present"]);
}

#[tokio::test]
async fn a_foreign_key_that_still_points_at_a_row_names_constraint_and_table() {
    let fixture = fixture().await;
    for action in ["NO ACTION", "RESTRICT"] {
        fixture
            .database
            .execute(&format!(
                "ALTER TABLE posts DROP CONSTRAINT posts_user_id_fkey,
                 ADD CONSTRAINT posts_user_id_fkey FOREIGN KEY (user_id) REFERENCES users ON DELETE {action}"
            ))
            .await;
        let error = fixture.engine.execute(delete(User).all_rows()).await.unwrap_err();
        assert_eq!(kinds(&error), [false, true, false, false, false], "{action}");
        assert_eq!((error.constraint(), error.table()), (Some("posts_user_id_fkey"), Some("posts")));
        says(&error, &["Key (id)=(1) is"]);
    }
}

#[tokio::test]
async fn a_check_violation_names_constraint_and_table() {
    let fixture = fixture().await;
    let error = refused(&fixture, user("Old", Some(200))).await;
    assert_eq!(kinds(&error), [false, false, true, false, false]);
    assert_eq!((error.constraint(), error.table()), (Some("grown"), Some("users")));
    says(&error, &["\"grown\"", "\"users\"", "23514"]);
}

#[tokio::test]
async fn a_not_null_violation_names_table_and_column() {
    let fixture = fixture().await;
    let error = refused(&fixture, user("Bob", None)).await;
    assert_eq!(kinds(&error), [false, false, false, true, false]);
    assert_eq!((error.table(), error.column()), (Some("users"), Some("age")));
    says(&error, &["column \"age\"", "\"users\"", "23502"]);
}

#[tokio::test]
async fn an_exclusion_violation_names_constraint_and_table() {
    let fixture = fixture().await;
    let error = refused(&fixture, user("Twin", Some(30))).await;
    assert_eq!(kinds(&error), [false, false, false, false, true]);
    assert_eq!((error.constraint(), error.table()), (Some("one_an_age"), Some("users")));
    says(&error, &["\"one_an_age\"", "table \"users\"", "Key (age)=(30) conflicts", "23P01"]);
}

//! No row, or several, where one is asked for: the message says of which model and by which filter.

use std::fmt;

use orm_core::prelude::*;
use orm_tests::Fixture;
use orm_tests::models::{Post, User};

use crate::select_rows::{on, people};

fn none(of: &str) -> String {
    format!("expected exactly one row of {of}, found none; use `one_or_none` where that is no mistake")
}

fn several(of: &str) -> String {
    format!("expected one row of {of}, found more than one; use `first` or `all`, or narrow the filter")
}

#[tokio::test]
async fn no_row_names_model_and_filter_by_engine_transaction_and_session() {
    let fixture = people().await;
    let mut transaction = fixture.engine.begin().await.unwrap();
    let mut session = fixture.session();
    let statement = || select(User).filter(User.id.eq(99)).filter(User.name.ne("Ann"));
    for error in [
        fixture.engine.one(statement()).await.unwrap_err(),
        transaction.one(statement()).await.unwrap_err(),
        session.one(statement()).await.unwrap_err(),
    ] {
        assert!(error.is_no_row() && !error.is_many_rows());
        let of = "User (WHERE \"users\".\"id\" = $1 AND \"users\".\"name\" <> $2)";
        assert_eq!(error.to_string(), none(of));
        assert_eq!(error.values(), Some("$1 = 99, $2 = \"Ann\""));
        assert!(error.statement().is_some_and(|sql| sql.starts_with("SELECT ") && sql.ends_with(" LIMIT 2")));
    }
}

#[tokio::test]
async fn two_rows_name_model_and_filter_by_engine_transaction_and_session() {
    let fixture = people().await;
    let mut transaction = fixture.engine.begin().await.unwrap();
    let mut session = fixture.session();
    let statement = || select(User).filter(User.age.in_([30, 40]));
    for error in [
        fixture.engine.one(statement()).await.unwrap_err(),
        fixture.engine.one_or_none(statement()).await.unwrap_err(),
        transaction.one(statement()).await.unwrap_err(),
        transaction.one_or_none(statement()).await.unwrap_err(),
        session.one(statement()).await.unwrap_err(),
        session.one_or_none(statement()).await.unwrap_err(),
    ] {
        assert!(error.is_many_rows() && !error.is_no_row());
        assert_eq!(error.to_string(), several("User (WHERE \"users\".\"age\" = ANY($1))"));
        assert_eq!(error.values(), Some("$1 = [30, 40]"));
        assert!(error.statement().is_some_and(|sql| sql.ends_with(" LIMIT 2")));
    }
}

#[tokio::test]
async fn a_statement_without_a_filter_is_said_to_have_none() {
    let fixture = people().await;
    let error = fixture.engine.one(select(User)).await.unwrap_err();
    assert_eq!(error.to_string(), several("User (without a filter)"));
}

#[tokio::test]
async fn of_a_join_the_first_table_and_the_filter_are_named() {
    let fixture = people().await;
    let statement = select((User.name, Post.title)).join(Post, on()).filter(Post.id.is_null());
    let error = fixture.engine.one(statement).await.unwrap_err();
    assert_eq!(error.to_string(), none("User (WHERE \"posts\".\"id\" IS NULL)"));
}

#[tokio::test]
async fn an_update_and_a_delete_name_model_and_filter() {
    let fixture = people().await;
    let changed = update(User).set(User.age, 7).filter(User.id.eq(9)).returning(User);
    let error = fixture.engine.one(changed).await.unwrap_err();
    // $1 is the age, which the filter has not.
    assert_eq!(error.to_string(), none("User (WHERE \"users\".\"id\" = $2)"));
    assert_eq!(error.values(), Some("$2 = 9"));
    let mut session = fixture.session();
    let gone = delete(User).filter(User.id.gt(1)).returning(User.id);
    let error = session.one(gone).await.unwrap_err();
    assert_eq!(error.to_string(), several("User (WHERE \"users\".\"id\" > $1)"));
    assert_eq!(error.values(), Some("$1 = 1"));
}

#[tokio::test]
async fn long_values_and_long_filters_are_shortened() {
    let fixture = people().await;
    let long =
        fixture.engine.one(select(User).filter(User.name.eq("x".repeat(1_000_000)))).await.unwrap_err();
    let shown = format!("$1 = \"{}..", "x".repeat(39));
    assert!(long.values().is_some_and(|values| values.contains(&shown)), "{:?}", long.values());
    let many = (0..200).map(|id| User.id.ne(id)).reduce(|all, one| all & one).unwrap();
    let many = fixture.engine.one(select(User).filter(many)).await.unwrap_err();
    assert!(many.to_string().len() < 1500, "{many}");
}

/// A word that nobody is to read.
#[derive(ColumnType, Clone, PartialEq, Eq)]
struct Secret {
    word: String,
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

#[derive(Model, Clone, Debug)]
#[orm(table = "accounts")]
struct Account {
    #[orm(primary_key, generated)]
    id: i64,
    word: Secret,
}

#[tokio::test]
async fn a_value_shows_itself_as_its_type_does() {
    let fixture = Fixture::new(schema![Account]).await;
    let word = || Secret { word: "swordfish".to_owned() };
    let new = NewAccount::new(word());
    let id = fixture.engine.one(insert(Account).values(new).returning(Account.id)).await.unwrap();
    let statement = select(Account).filter(Account.word.eq(word())).filter(Account.id.ne(id));
    let error = fixture.engine.one(statement).await.unwrap_err();
    assert_eq!(error.values(), Some("$1 = Secret(..), $2 = 1"));
    assert!(!format!("{error:?}").contains("swordfish"), "{error:?}");
    let found = fixture.engine.one(select(Account)).await.unwrap();
    assert_eq!((found.id, found.word), (id, word()));
}

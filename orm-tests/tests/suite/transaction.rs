//! Transactions of an engine.

use orm_core::engine::{Isolation, TransactionMode};
use orm_core::prelude::*;
use orm_tests::Fixture;
use orm_tests::models::{NewUser, User};

async fn names(fixture: &Fixture) -> Vec<String> {
    fixture.engine.all(select(User.name).order_by(User.id)).await.unwrap()
}

fn user(name: &str) -> impl Command {
    insert(User).values(NewUser::new(name))
}

#[tokio::test]
async fn begin_rides_with_the_first_statement() {
    let fixture = Fixture::new(schema![User]).await;
    let mut transaction = fixture.engine.begin().await.unwrap();
    assert_eq!(fixture.recorder.take().round_trips, 0);
    transaction.execute(user("Ann")).await.unwrap();
    assert_eq!(fixture.recorder.take().round_trips, 1);
    transaction.commit().await.unwrap();
    assert_eq!(fixture.recorder.take().round_trips, 1);
    assert_eq!(names(&fixture).await, ["Ann"]);
}

#[tokio::test]
async fn a_transaction_without_statements_sends_nothing() {
    let fixture = Fixture::new(schema![User]).await;
    fixture.engine.begin().await.unwrap().commit().await.unwrap();
    drop(fixture.engine.begin().await.unwrap());
    assert_eq!(fixture.recorder.take().statements, Vec::<String>::new());
}

#[tokio::test]
async fn a_dropped_transaction_is_rolled_back() {
    let fixture = Fixture::new(schema![User]).await;
    let mut transaction = fixture.engine.begin().await.unwrap();
    transaction.execute(user("Ann")).await.unwrap();
    drop(transaction);
    assert_eq!(names(&fixture).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_commit_after_a_swallowed_error_fails_with_the_first_cause() {
    let fixture = Fixture::new(schema![User]).await;
    fixture.database.execute("ALTER TABLE users ADD UNIQUE (name)").await;
    let mut transaction = fixture.engine.begin().await.unwrap();
    transaction.execute(user("Ann")).await.unwrap();
    let first = transaction.execute(user("Ann")).await.unwrap_err();
    let second = transaction.execute(user("Ben")).await.unwrap_err();
    let commit = transaction.commit().await.unwrap_err();
    assert!(first.is_unique_violation() && !first.is_rolled_back());
    for error in [second, commit] {
        assert!(error.is_rolled_back() && error.is_unique_violation(), "{error}");
        assert_eq!(error.constraint(), Some("users_name_key"));
    }
    assert_eq!(names(&fixture).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_savepoint_takes_back_what_came_after_it() {
    let fixture = Fixture::new(schema![User]).await;
    let mut transaction = fixture.engine.begin().await.unwrap();
    transaction.execute(user("Ann")).await.unwrap();
    transaction.savepoint("before \"Ben\"");
    transaction.execute(user("Ben")).await.unwrap();
    transaction.rollback_to("before \"Ben\"").await.unwrap();
    transaction.execute(user("Cid")).await.unwrap();
    transaction.release("before \"Ben\"");
    transaction.execute(user("Dan")).await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(names(&fixture).await, ["Ann", "Cid", "Dan"]);
}

#[tokio::test]
async fn after_an_error_a_transaction_goes_on_from_a_savepoint() {
    let fixture = Fixture::new(schema![User]).await;
    let mut transaction = fixture.engine.begin().await.unwrap();
    transaction.execute(user("Ann")).await.unwrap();
    transaction.savepoint("safe");
    transaction.all(select(User.id / 0)).await.unwrap_err();
    transaction.rollback_to("safe").await.unwrap();
    transaction.execute(user("Ben")).await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(names(&fixture).await, ["Ann", "Ben"]);
}

#[tokio::test]
async fn a_savepoint_that_was_never_set_is_an_error() {
    let fixture = Fixture::new(schema![User]).await;
    let mut transaction = fixture.engine.begin().await.unwrap();
    transaction.execute(user("Ann")).await.unwrap();
    let error = transaction.rollback_to("nowhere").await.unwrap_err();
    assert!(error.to_string().contains("savepoint \"nowhere\" does not exist"), "{error}");
}

#[tokio::test]
async fn a_read_only_transaction_refuses_to_write() {
    let fixture = Fixture::new(schema![User]).await;
    let mode = TransactionMode { read_only: true, ..TransactionMode::default() };
    let mut transaction = fixture.engine.begin_with(mode).await.unwrap();
    let error = transaction.execute(user("Ann")).await.unwrap_err();
    assert_eq!(error.code(), Some("25006"), "{error}");
}

#[tokio::test]
async fn a_repeatable_read_transaction_sees_one_state() {
    let fixture = Fixture::new(schema![User]).await;
    let mode = TransactionMode { isolation: Isolation::RepeatableRead, ..TransactionMode::default() };
    let mut transaction = fixture.engine.begin_with(mode).await.unwrap();
    let before: i64 = transaction.one(select(func::count(User.id))).await.unwrap();
    fixture.engine.execute(user("Ann")).await.unwrap();
    let after: i64 = transaction.one(select(func::count(User.id))).await.unwrap();
    assert_eq!((before, after), (0, 0));
}

#[tokio::test]
async fn two_serializable_transactions_that_cannot_both_be_first_say_so() {
    let fixture = Fixture::new(schema![User]).await;
    let mode = TransactionMode { isolation: Isolation::Serializable, ..TransactionMode::default() };
    let mut one = fixture.engine.begin_with(mode).await.unwrap();
    let mut other = fixture.engine.begin_with(mode).await.unwrap();
    for transaction in [&mut one, &mut other] {
        let _: i64 = transaction.one(select(func::count(User.id))).await.unwrap();
        transaction.execute(user("x")).await.unwrap();
    }
    one.commit().await.unwrap();
    let error = other.commit().await.unwrap_err();
    assert!(error.is_retryable(), "{error}");
}

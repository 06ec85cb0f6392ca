//! Transactions of an engine.

use orm_core::engine::{Isolation, TransactionMode};
use orm_core::prelude::*;
use orm_core::query::Command;
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
    let mode = TransactionMode::READ_ONLY;
    let mut transaction = fixture.engine.begin_with(mode).await.unwrap();
    let error = transaction.execute(user("Ann")).await.unwrap_err();
    assert_eq!(error.code(), Some("25006"), "{error}");
}

#[tokio::test]
async fn a_repeatable_read_transaction_sees_one_state() {
    let fixture = Fixture::new(schema![User]).await;
    let mode = TransactionMode::from(Isolation::RepeatableRead);
    let mut transaction = fixture.engine.begin_with(mode).await.unwrap();
    let before: i64 = transaction.one(select(func::count(User.id))).await.unwrap();
    fixture.engine.execute(user("Ann")).await.unwrap();
    let after: i64 = transaction.one(select(func::count(User.id))).await.unwrap();
    assert_eq!((before, after), (0, 0));
}

#[tokio::test]
async fn two_serializable_transactions_that_cannot_both_be_first_say_so() {
    let fixture = Fixture::new(schema![User]).await;
    let mode = TransactionMode::from(Isolation::Serializable);
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

#[tokio::test]
async fn work_in_a_transaction_is_committed_or_rolled_back() {
    #[derive(Debug, PartialEq)]
    enum Refused {
        Full,
        Database(String),
    }
    impl From<orm_core::Error> for Refused {
        fn from(error: orm_core::Error) -> Refused {
            Refused::Database(error.to_string())
        }
    }
    let fixture = Fixture::new(schema![User]).await;
    let count = fixture
        .engine
        .transaction(async |transaction| {
            transaction.execute(user("Ann")).await?;
            transaction.one(select(func::count(User.id))).await
        })
        .await;
    assert_eq!(count.unwrap(), 1);
    let full: Result<(), Refused> = fixture
        .engine
        .try_transaction(async |transaction| {
            transaction.execute(user("Ben")).await?;
            Err(Refused::Full)
        })
        .await;
    assert_eq!((full, names(&fixture).await), (Err(Refused::Full), vec!["Ann".to_owned()]));
    let read_only: Result<u64, Refused> = fixture
        .engine
        .try_transaction_with(TransactionMode::READ_ONLY, async |transaction| {
            Ok(transaction.execute(user("Cid")).await?)
        })
        .await;
    assert!(matches!(read_only, Err(Refused::Database(text)) if text.contains("read-only")));
}

#[tokio::test]
async fn work_that_the_server_cannot_serialize_is_done_again() {
    let fixture = Fixture::new(schema![User]).await;
    fixture.engine.execute(user("Ann")).await.unwrap();
    let attempts = std::sync::atomic::AtomicU32::new(0);
    let older = || update(User).set(User.age, func::coalesce(User.age, 0) + 1).filter(User.name.eq("Ann"));
    let result = fixture
        .engine
        .transaction_with(Isolation::Serializable, async |transaction| {
            transaction.one(select(func::count(User.id))).await?;
            if attempts.fetch_add(1, std::sync::atomic::Ordering::Relaxed) < 2 {
                fixture.engine.execute(older()).await?;
            }
            transaction.execute(older()).await
        })
        .await;
    assert_eq!((result.unwrap(), attempts.into_inner()), (1, 3));
    assert_eq!(fixture.engine.one(select(User.age)).await.unwrap(), Some(3));
    // What another run would not mend is done once.
    fixture.database.execute("ALTER TABLE users ADD UNIQUE (name)").await;
    let attempts = std::sync::atomic::AtomicU32::new(0);
    let result = fixture
        .engine
        .transaction(async |transaction| {
            attempts.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            transaction.execute(user("Ann")).await
        })
        .await;
    assert!(result.unwrap_err().is_unique_violation());
    assert_eq!(attempts.into_inner(), 1);
}

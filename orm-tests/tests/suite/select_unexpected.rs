//! Results of types that the model does not declare, where the driver by itself would wait for ever.

use std::time::Duration;

use orm_core::prelude::*;
use orm_tests::Fixture;
use orm_tests::models::User;

/// Ten thousand users whose names are an enum of the database.
async fn fixture() -> Fixture {
    let fixture = Fixture::new(schema![User]).await;
    fixture
        .database
        .execute(
            "CREATE TYPE kind AS ENUM ('a', 'b'); ALTER TABLE users ALTER name TYPE kind USING 'a'::kind;
             INSERT INTO users (name) SELECT 'b' FROM generate_series(1, 10000)",
        )
        .await;
    fixture
}

#[tokio::test]
async fn a_column_of_a_type_of_its_own_where_text_is_declared_is_an_error_and_never_waits() {
    let fixture = fixture().await;
    let read = fixture.engine.all(select(User));
    let error = tokio::time::timeout(Duration::from_secs(10), read).await.unwrap().unwrap_err();
    assert!(error.is_decode() && error.to_string().contains("has the type kind"), "{error}");
}

#[tokio::test]
async fn an_unexpected_type_fails_a_stream_and_a_transaction_too_and_the_pool_goes_on() {
    let fixture = fixture().await;
    let error = fixture.engine.stream(select(User)).await.unwrap_err();
    assert!(
        error.to_string().contains("column 2 (\"name\") of the table \"users\" has the type kind"),
        "{error}"
    );
    assert_eq!((error.table(), error.column()), (Some("users"), Some("name")));
    let mut transaction = fixture.engine.begin().await.unwrap();
    let error = transaction.all(select(User)).await.unwrap_err();
    assert!(error.is_decode(), "{error}");
    drop(transaction);
    let ids: Vec<i64> = fixture.engine.all(select(User.id)).await.unwrap();
    assert_eq!(ids.len(), 10_000);
}

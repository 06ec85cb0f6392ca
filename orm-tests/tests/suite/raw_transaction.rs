//! SQL of the program that would begin or end a transaction.

use std::sync::atomic::{AtomicU32, Ordering};

use orm_core::prelude::*;
use orm_tests::Fixture;
use orm_tests::models::{NewUser, User};

async fn count(fixture: &Fixture) -> i64 {
    fixture.engine.count(select(User)).await.unwrap()
}

#[tokio::test]
async fn a_transaction_is_not_ended_behind_its_back() {
    let fixture = Fixture::new(schema![User]).await;
    for text in
        ["ROLLBACK", "COMMIT", "/* now */ commit and chain", "END", "ABORT", "BEGIN", "START TRANSACTION"]
    {
        let attempts = AtomicU32::new(0);
        let work = fixture.engine.transaction(async |transaction| {
            attempts.fetch_add(1, Ordering::Relaxed);
            transaction.execute(insert(User).values(NewUser::new("Ann"))).await?;
            transaction.execute(sql_text(text)).await
        });
        let error = work.await.unwrap_err();
        assert!(error.is_invalid_statement() && error.to_string().contains("engine.transaction"), "{error}");
        assert_eq!((count(&fixture).await, attempts.into_inner()), (0, 1), "{text}");
    }
    for text in ["END", "SELECT 1; END", "SELECT 1;/* ; */ COMMIT"] {
        let work = fixture.engine.transaction(async |transaction| {
            transaction.execute(insert(User).values(NewUser::new("Ann"))).await?;
            transaction.run_script(text).await
        });
        assert!(work.await.unwrap_err().is_invalid_statement(), "{text}");
        assert_eq!(count(&fixture).await, 0, "{text}");
    }
    let braces = fixture.engine.transaction(async |transaction| {
        transaction.execute(insert(User).values(NewUser::new("Ann"))).await?;
        transaction.execute(sql!("{} -- in braces", sql_text("COMMIT"))).await
    });
    assert!(braces.await.unwrap_err().is_invalid_statement());
    assert_eq!(count(&fixture).await, 0);
}

#[tokio::test]
async fn what_was_refused_was_not_sent_and_the_transaction_goes_on() {
    let fixture = Fixture::new(schema![User]).await;
    let work = fixture.engine.transaction(async |transaction| {
        transaction.execute(insert(User).values(NewUser::new("Ann"))).await?;
        assert!(transaction.execute(sql!("ROLLBACK")).await.unwrap_err().is_invalid_statement());
        assert!(transaction.all(sql!("COMMIT").rows::<(i32,)>()).await.unwrap_err().is_invalid_statement());
        Ok(())
    });
    work.await.unwrap();
    assert_eq!(count(&fixture).await, 1);
}

#[tokio::test]
async fn a_session_says_what_to_call() {
    let fixture = Fixture::new(schema![User]).await;
    let mut session = SessionMaker::new(fixture.engine.clone()).session();
    session.add(NewUser::new("Ann"));
    session.flush().await.unwrap();
    let error = session.execute(sql!("ROLLBACK")).await.unwrap_err();
    assert!(error.to_string().contains("`rollback()`"), "{error}");
    let error = session.connection().await.unwrap().execute(sql!("COMMIT")).await.unwrap_err();
    assert!(error.to_string().contains("`commit()`"), "{error}");
    session.commit().await.unwrap();
    assert_eq!(count(&fixture).await, 1);
}

#[tokio::test]
async fn no_connection_goes_back_to_the_pool_inside_a_transaction() {
    let fixture = Fixture::new(schema![User]).await;
    let error = fixture.engine.execute(sql!("BEGIN")).await.unwrap_err();
    assert!(error.is_invalid_statement() && error.to_string().contains("engine.begin()"), "{error}");
    assert!(fixture.recorder.take().statements.is_empty());
}

#[tokio::test]
async fn a_copy_that_nobody_answers_is_refused_before_it_is_sent() {
    let fixture = Fixture::new(schema![User]).await;
    let engine = &fixture.engine;
    for text in ["COPY users (name) FROM STDIN", "copy (SELECT 1) to stdout with (format csv)"] {
        let errors = [
            engine.execute(sql_text(text)).await.unwrap_err(),
            engine.all(sql_text(text).rows::<(String,)>()).await.unwrap_err(),
            engine.run_script(text).await.unwrap_err(),
            engine.run_script(&format!("SELECT 1; {text}")).await.unwrap_err(),
        ];
        for error in errors {
            assert!(error.is_invalid_statement() && error.to_string().contains("engine."), "{error}");
        }
    }
    let mut transaction = engine.begin().await.unwrap();
    transaction.execute(insert(NewUser::new("Ann"))).await.unwrap();
    let error = transaction.run_script("COPY users TO STDOUT").await.unwrap_err();
    assert!(error.to_string().contains("copy_out"), "{error}");
    transaction.commit().await.unwrap();
    assert_eq!(count(&fixture).await, 1);
}

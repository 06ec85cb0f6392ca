//! Work behind savepoints of an engine's transaction: kept, taken back, dropped.

use std::time::Duration;

use orm_core::prelude::*;
use orm_tests::Fixture;
use orm_tests::models::{NewUser, User};

async fn fixture() -> Fixture {
    let fixture = Fixture::new(schema![User]).await;
    fixture.recorder.take();
    fixture
}

async fn names(fixture: &Fixture) -> Vec<String> {
    fixture.engine.all(select(User.name).order_by(User.id)).await.unwrap()
}

fn ann(name: &str) -> orm_core::query::Insert<User> {
    insert(NewUser::new(name))
}

#[tokio::test]
async fn an_error_takes_back_what_the_work_did_and_the_transaction_goes_on() {
    let fixture = fixture().await;
    let mut transaction = fixture.engine.begin().await.unwrap();
    transaction.execute(ann("Ann")).await.unwrap();
    let failed = transaction
        .nested(async |tx| {
            tx.execute(ann("Ben")).await?;
            tx.execute(sql!("SELECT 1 / 0")).await?;
            Ok(())
        })
        .await;
    assert!(failed.unwrap_err().to_string().contains("division by zero"));
    let name = "Cid".to_owned(); // moved into the work
    transaction.nested(async move |tx| tx.execute(insert(NewUser::new(name))).await).await.unwrap();
    // An error of the program's own.
    let own: Result<(), Box<dyn std::error::Error + Send + Sync>> = transaction
        .try_nested(async |tx| {
            tx.execute(ann("Dan")).await?;
            Err("no".into())
        })
        .await;
    assert_eq!(own.unwrap_err().to_string(), "no");
    transaction.commit().await.unwrap();
    assert_eq!(names(&fixture).await, ["Ann", "Cid"]);
}

#[tokio::test]
async fn savepoints_stand_in_each_other_and_nothing_is_sent_for_those_without_statements() {
    let fixture = fixture().await;
    let work = fixture.engine.transaction(async |tx| {
        tx.nested(async |tx| Ok(tx.nested(async |_| Ok(())).await?)).await?;
        tx.nested(async |tx| {
            tx.execute(ann("Ann")).await?;
            let inner = tx
                .nested(async |tx| {
                    tx.execute(ann("Ben")).await?;
                    tx.execute(sql!("SELECT 1 / 0")).await?;
                    Ok(())
                })
                .await;
            assert!(inner.is_err());
            tx.nested(async |tx| tx.execute(ann("Cid")).await).await
        })
        .await?;
        tx.execute(ann("Dan")).await
    });
    work.await.unwrap();
    let sent = fixture.recorder.take();
    assert_eq!(sent.statements[0], "BEGIN; SAVEPOINT orm_nested", "nothing of the first two");
    assert_eq!(
        sent.round_trips, 8,
        "five statements, a way back, the end of the first savepoint, COMMIT: {sent:#?}"
    );
    assert_eq!(names(&fixture).await, ["Ann", "Cid", "Dan"]);
}

#[tokio::test]
async fn an_error_that_the_work_swallows_takes_it_back() {
    let fixture = fixture().await;
    let mut transaction = fixture.engine.begin().await.unwrap();
    let result: Result<(), Error> = transaction
        .nested(async |tx| {
            tx.execute(ann("Ann")).await?;
            let _ = tx.execute(sql!("SELECT 1 / 0")).await;
            Ok(())
        })
        .await;
    assert!(result.unwrap_err().is_rolled_back());
    transaction.execute(ann("Ben")).await.unwrap();
    let _ = transaction.execute(sql!("SELECT 1 / 0")).await;
    // In a transaction that has failed no work is begun.
    let begun: Result<(), Error> = transaction.nested(async |_| panic!("begun")).await;
    assert!(begun.unwrap_err().is_rolled_back());
    transaction.rollback().await.unwrap();
    assert_eq!(names(&fixture).await, [""; 0]);
}

#[tokio::test]
async fn work_that_is_dropped_leaves_a_transaction_that_cannot_commit_a_part_of_it() {
    let fixture = fixture().await;
    let mut transaction = fixture.engine.begin().await.unwrap();
    transaction.execute(ann("Ann")).await.unwrap();
    let work = transaction.nested(async |tx| {
        tx.execute(ann("Ben")).await?;
        std::future::pending::<Result<(), Error>>().await
    });
    tokio::time::timeout(Duration::from_millis(300), work).await.unwrap_err();
    let error = transaction.commit().await.unwrap_err();
    assert!(error.is_rolled_back() && error.to_string().contains("was dropped before its end"), "{error}");
    assert_eq!(names(&fixture).await, [""; 0]);

    // Nothing was sent in it: nothing is lost.
    let mut transaction = fixture.engine.begin().await.unwrap();
    transaction.execute(ann("Cid")).await.unwrap();
    let work = transaction.nested(async |_| std::future::pending::<Result<(), Error>>().await);
    tokio::time::timeout(Duration::from_millis(20), work).await.unwrap_err();
    transaction.commit().await.unwrap();
    assert_eq!(names(&fixture).await, ["Cid"]);

    // A savepoint from before it is gone back to.
    let mut transaction = fixture.engine.begin().await.unwrap();
    transaction.savepoint("before");
    let work = transaction.nested(async |tx| {
        tx.execute(ann("Dan")).await?;
        std::future::pending::<Result<(), Error>>().await
    });
    tokio::time::timeout(Duration::from_millis(300), work).await.unwrap_err();
    transaction.rollback_to("before").await.unwrap();
    transaction.execute(ann("Eve")).await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(names(&fixture).await, ["Cid", "Eve"]);
}

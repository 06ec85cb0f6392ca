//! Replicas that are read from a position on: what a commit wrote is seen.

use std::time::Duration;

use orm_core::engine::Position;
use orm_core::prelude::*;
use orm_tests::models::{NewPost, NewUser, Post, User};

use crate::replica::{Pair, is_replica, names};

#[tokio::test]
async fn position_of_a_commit_shows_what_it_wrote() {
    let Some(pair) = Pair::new().await else { return };
    let engine = pair.engine().await;
    let hasty = pair.builder().replica_wait(Duration::from_millis(20)).connect().await.unwrap();
    pair.replication.pause_replay().await;
    let mut session = SessionMaker::new(engine.clone()).session();
    session.add(NewUser::new("Ann"));
    let position = session.commit_position().await.unwrap();

    assert!(names(&engine.reads()).await.is_empty(), "the replica does not have it yet");
    let after = hasty.reads().after(position);
    assert_eq!(names(&after).await, ["Ann"], "from the primary, when the wait is over");
    assert!(!is_replica(&after).await);

    let kept = position.to_string().parse().unwrap();
    let waits = tokio::spawn(async move {
        let after = engine.reads().after(Position::START).after(kept);
        (names(&after).await, is_replica(&after).await)
    });
    pair.replication.resume_replay().await;
    assert_eq!(
        waits.await.unwrap(),
        (vec!["Ann".to_owned()], true),
        "from the replica, as soon as it has it"
    );
}

#[tokio::test]
async fn position_that_a_replica_is_known_to_have_costs_no_round_trip() {
    let Some(pair) = Pair::new().await else { return };
    let engine = pair.engine().await;
    let mut transaction = engine.begin().await.unwrap();
    transaction.execute(insert(User).values([NewUser::new("Ann")])).await.unwrap();
    let position = transaction.commit_position().await.unwrap();
    let after = engine.reads().after(position);
    names(&after).await;
    pair.recorder.take();
    assert_eq!(names(&after).await, ["Ann"]);
    let sent = pair.recorder.take();
    assert_eq!((sent.round_trips, sent.statements.len()), (1, 1), "{sent:?}");
}

#[tokio::test]
async fn commit_asks_for_its_position_in_its_own_round_trip_and_only_with_replicas() {
    let Some(pair) = Pair::new().await else { return };
    let engine = pair.engine().await;
    let before = engine.position().await.unwrap();
    pair.recorder.take();
    let mut session = SessionMaker::new(engine.clone()).session();
    assert_eq!(session.commit_position().await.unwrap(), Position::START, "nothing was sent");
    session.add(NewUser::new("Ann"));
    let position = session.commit_position().await.unwrap();
    let sent = pair.recorder.take();
    assert!(before < position && position < Position::UNKNOWN);
    assert_eq!((sent.round_trips, sent.statements.len()), (1, 4), "{sent:?}");
    assert_eq!((&*sent.statements[2], sent.statements[3].contains("_lsn()")), ("COMMIT", true));

    let alone = pair.primary().connect().await.unwrap();
    let mut session = SessionMaker::new(alone.clone()).session();
    session.add(NewUser::new("Ben"));
    assert_eq!(session.commit_position().await.unwrap(), Position::UNKNOWN);
    assert_eq!(pair.statements().len(), 3, "BEGIN, INSERT, COMMIT");
    assert!(!is_replica(&alone.reads()).await, "without replicas the primary is read");
    assert!(!is_replica(&engine.reads().after(Position::UNKNOWN)).await);
}

#[tokio::test]
async fn position_holds_where_a_commit_does_not_wait_for_the_disk() {
    let Some(pair) = Pair::new().await else { return };
    let name = pair.database.name();
    pair.database.execute(&format!("ALTER DATABASE {name} SET synchronous_commit = off")).await;
    let engine = pair.engine().await;
    for number in 0..5 {
        let mut session = SessionMaker::new(engine.clone()).session();
        session.add(NewUser::new(number.to_string()));
        let position = session.commit_position().await.unwrap();
        assert_eq!(names(&engine.reads().after(position)).await.len(), number + 1);
    }
}

#[tokio::test]
async fn refused_commit_is_told_and_leaves_the_connection_in_order() {
    let Some(pair) = Pair::new().await else { return };
    let engine = pair.engine().await;
    pair.database
        .execute("ALTER TABLE posts ALTER CONSTRAINT posts_user_id_fkey DEFERRABLE INITIALLY DEFERRED")
        .await;
    let mut transaction = engine.begin().await.unwrap();
    transaction.execute(insert(Post).values([NewPost::new(5, "of nobody")])).await.unwrap();
    assert!(transaction.commit().await.unwrap_err().is_foreign_key_violation());
    assert_eq!(engine.all(select(Post)).await.unwrap(), []);
    assert_eq!(engine.status().size, engine.status().idle);
}

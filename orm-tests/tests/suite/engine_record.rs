//! Recordings of what an engine sends.

use orm_core::assert_statements;
use orm_core::prelude::*;
use orm_tests::Fixture;
use orm_tests::models::{NewUser, Post, User};

async fn users() -> Fixture {
    let fixture = Fixture::new(schema![User, Post]).await;
    fixture.engine.execute(insert(User).values(["Ann", "Bob"].map(NewUser::new))).await.unwrap();
    fixture
}

#[tokio::test]
async fn a_recording_has_what_is_sent_while_it_lives() {
    let fixture = users().await;
    let recording = fixture.engine.record();
    let mut session = fixture.session();
    session.add(NewUser::new("Cid"));
    session.commit().await.unwrap();
    fixture.engine.all(select(User).with(User.posts)).await.unwrap();
    // BEGIN and COMMIT are not among them.
    assert_eq!(recording.statements().len(), 3, "{recording:?}");
    assert!(recording.round_trips() >= 3 && recording.statements()[0].contains("INSERT INTO"));
    drop(recording);
    let other = fixture.engine.record();
    assert!(other.statements().is_empty() && other.round_trips() == 0);
}

#[tokio::test]
async fn what_is_sent_for_each_row_is_told() {
    let fixture = users().await;
    let recording = fixture.engine.record();
    for user in fixture.engine.all(select(User)).await.unwrap() {
        fixture.engine.all(select(Post).filter(Post.user_id.eq(user.id))).await.unwrap();
    }
    let repeated = recording.repeated(1);
    assert_eq!(repeated.len(), 1);
    assert!(repeated[0].0.contains("FROM \"posts\"") && repeated[0].1 == 2, "{repeated:?}");
}

#[tokio::test]
async fn the_number_of_statements_is_asserted() {
    let fixture = users().await;
    let engine = &fixture.engine;
    let rows = assert_statements!(engine, 2, engine.all(select(User).with(User.posts)).await).unwrap();
    assert_eq!(rows.len(), 2);
}

#[tokio::test]
#[should_panic(expected = "expected 1 statements, 2 were sent")]
async fn another_number_of_statements_panics() {
    let fixture = users().await;
    let engine = &fixture.engine;
    let _ = assert_statements!(engine, 1, engine.all(select(User).with(User.posts)).await);
}

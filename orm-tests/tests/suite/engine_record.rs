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
    assert!(recording.round_trips() >= 3 && recording.statements()[0].sql.contains("INSERT INTO"));
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
    assert!(repeated[0].sql.contains("FROM \"posts\"") && repeated[0].count == 2, "{repeated:?}");
    assert!(repeated[0].at.file().ends_with("engine_record.rs"), "{repeated:?}");
    let told = repeated[0].to_string();
    assert!(told.contains("engine_record.rs:") && told.contains("load the relation"), "{told}");
}

#[tokio::test]
async fn the_same_from_another_line_is_no_repetition() {
    let fixture = users().await;
    let recording = fixture.engine.record();
    fixture.engine.all(select(User)).await.unwrap();
    fixture.engine.all(select(User)).await.unwrap();
    recording.assert_not_repeated(1);
    let lines: Vec<_> = recording.statements().iter().map(|statement| statement.at.unwrap().line()).collect();
    assert_eq!(lines[1], lines[0] + 1);
}

#[tokio::test]
#[should_panic(expected = "load the relation")]
async fn a_relation_loaded_in_a_loop_is_told_with_its_line() {
    let fixture = users().await;
    let mut session = fixture.session();
    let users = session.all(select(User)).await.unwrap();
    let recording = fixture.engine.record();
    for user in users {
        session.load(user, User.posts).await.unwrap();
    }
    let repeated = recording.repeated(1);
    assert!(repeated[0].at.file().ends_with("engine_record.rs"), "{repeated:?}");
    recording.assert_not_repeated(1);
}

#[tokio::test]
async fn every_kind_of_statement_has_its_line() {
    let fixture = users().await;
    let engine = &fixture.engine;
    let recording = engine.record();
    engine.execute(insert(User).values(["Cid", "Dora"].map(NewUser::new))).await.unwrap();
    engine.execute(update(User).set(User.age, 1).filter(User.name.eq("Cid"))).await.unwrap();
    engine.execute(delete(User).filter(User.name.eq("Cid"))).await.unwrap();
    engine.all(select(User).with(User.posts.filter(Post.title.ne("")))).await.unwrap();
    let users = engine.all(select(User)).await.unwrap();
    engine.load(&users, User.posts).await.unwrap();
    let statements = recording.statements();
    assert_eq!(statements.len(), 7);
    let is_here = |at: &std::panic::Location<'_>| at.file().ends_with("engine_record.rs");
    assert!(statements.iter().all(|statement| statement.at.is_some_and(is_here)), "{statements:?}");
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

#[tokio::test]
async fn commits_of_one_new_row_each_are_no_repetition() {
    let fixture = users().await;
    let recording = fixture.engine.record();
    let mut session = fixture.session();
    for name in ["Cid", "Dora", "Eve"] {
        session.add(NewUser::new(name));
        session.commit().await.unwrap();
    }
    assert_eq!(recording.statements().len(), 3);
    recording.assert_not_repeated(1);
}

#[tokio::test]
async fn only_what_reads_rows_is_told_to_load_the_relation() {
    let fixture = users().await;
    let recording = fixture.engine.record();
    for name in ["Cid", "Dora"] {
        fixture.engine.execute(insert(User).values(NewUser::new(name))).await.unwrap();
    }
    let told = recording.repeated(1)[0].to_string();
    assert!(told.starts_with("2 times the same from ") && !told.contains("load the relation"), "{told}");
}

#[tokio::test]
async fn requests_at_the_same_time_are_recorded_each_by_itself() {
    async fn request(engine: Engine) {
        engine.all(select(User)).await.unwrap();
        let mut session = SessionMaker::new(engine).session();
        let ann = session.one(select(User).filter(User.name.eq("Ann"))).await.unwrap();
        session[ann].age = Some(30);
        session.flush().await.unwrap();
        session.rollback().await.unwrap();
    }
    let fixture = users().await;
    let of_all = fixture.engine.record();
    let ((one, of_one), (other, of_other)) = (fixture.engine.recorded(), fixture.engine.recorded());
    tokio::join!(request(one), request(other));
    for recording in [&of_one, &of_other] {
        assert_eq!(recording.statements().len(), 3, "{recording:?}");
        assert!(recording.repeated(1).is_empty(), "{recording:?}");
        assert!(recording.round_trips() >= 3);
    }
    assert_eq!((of_all.statements().len(), of_all.repeated(1).len()), (6, 2), "{of_all:?}");
}

#[tokio::test]
async fn a_clone_that_is_recorded_can_be_recorded_again() {
    let fixture = users().await;
    let (engine, outer) = fixture.engine.recorded();
    let (again, inner) = engine.recorded();
    again.all(select(User)).await.unwrap();
    engine.all(select(User)).await.unwrap();
    drop(outer);
    again.all(select(User)).await.unwrap();
    fixture.engine.all(select(User)).await.unwrap();
    assert_eq!(inner.statements().len(), 2);
}

#[tokio::test]
async fn a_session_is_recorded_by_itself() {
    let fixture = users().await;
    let (mut one, mut other) = (fixture.session(), fixture.session());
    one.all(select(User)).await.unwrap(); // it has a connection already
    let (of_one, of_other) = (one.record(), other.record());
    for _ in 0..2 {
        one.all(select(User)).await.unwrap();
        other.all(select(User)).await.unwrap();
        one.commit().await.unwrap();
    }
    assert_eq!((of_one.statements().len(), of_other.statements().len()), (2, 2));
    assert_eq!(of_one.repeated(1).len(), 1); // from one line, in one session
    drop(of_one);
    let users = assert_statements!(one, 1, one.all(select(User)).await).unwrap();
    assert_eq!(users.len(), 2);
}

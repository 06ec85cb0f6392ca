//! What objects hold after an update or delete statement, and what `Synchronize::Evaluate` refuses.

use chrono::{DateTime, Utc};
use orm_core::prelude::*;
use orm_core::query::Command;
use orm_tests::Fixture;
use orm_tests::models::{NewPost, NewUser, Post, User};
use serde_json::{Value, json};

#[derive(Model, Clone, Debug, PartialEq)]
struct Note {
    #[orm(primary_key, generated)]
    id: i64,
    a: Option<i32>,
    b: i32,
    at: DateTime<Utc>,
    content: Value,
    copy: Value,
}

async fn with_note(fixture: &Fixture) -> (Session, Handle<Note>) {
    let mut session = fixture.session();
    let at = DateTime::UNIX_EPOCH;
    let note = session.add(NewNote { a: Some(1), b: 2, at, content: json!({"a": 1e16}), copy: json!(null) });
    session.commit().await.unwrap();
    session.refresh(note).await.unwrap();
    fixture.recorder.take();
    (session, note)
}

/// Fails with `message`, before anything is sent.
async fn refused(fixture: &Fixture, session: &mut Session, statement: impl Command, message: &str) {
    let error = session.execute(statement).await.unwrap_err();
    assert!(error.is_invalid_statement() && error.to_string().contains(message), "{error}");
    assert_eq!(fixture.recorder.take().statements, Vec::<String>::new());
}

#[tokio::test]
async fn what_is_set_sees_the_old_row_as_a_whole() {
    let fixture = Fixture::new(schema![Note]).await;
    let (mut session, note) = with_note(&fixture).await;
    for synchronize in [Synchronize::Auto, Synchronize::Fetch, Synchronize::Evaluate] {
        let (a, b) = (session[note].a, session[note].b);
        let swap = update(Note).set(Note.a, Note.b).set(Note.b, func::coalesce(Note.a, 0)).all_rows();
        session.execute(swap.synchronize(synchronize)).await.unwrap();
        assert_eq!((session[note].a, Some(session[note].b)), (Some(b), a), "{synchronize:?}");
    }
}

#[tokio::test]
async fn a_count_that_a_trigger_keeps_in_the_parent_is_seen() {
    let fixture = Fixture::new(schema![User, Post]).await;
    fixture
        .database
        .execute(
            "CREATE FUNCTION counted() RETURNS trigger LANGUAGE plpgsql AS
             $$ BEGIN UPDATE users SET age = (SELECT count(*) FROM posts WHERE user_id = OLD.user_id)
             WHERE id = OLD.user_id; RETURN NULL; END $$;
             CREATE TRIGGER counted AFTER DELETE ON posts FOR EACH ROW EXECUTE FUNCTION counted()",
        )
        .await;
    let mut session = fixture.session();
    let ann = session.add(NewUser::new("Ann"));
    let posts = session.add_all([NewPost::new(ann, "a"), NewPost::new(ann, "b")]);
    session.commit().await.unwrap();
    fixture.recorder.take();
    session.execute(delete(Post).filter(Post.title.eq("a"))).await.unwrap();
    assert_eq!(fixture.recorder.take().round_trips, 1);
    assert_eq!(
        (session[ann].age, session.contains(posts[0]), session.contains(posts[1])),
        (Some(1), false, true)
    );
}

#[tokio::test]
async fn evaluate_stores_what_postgresql_keeps() {
    let fixture = Fixture::new(schema![Note]).await;
    let (mut session, note) = with_note(&fixture).await;
    let at = DateTime::from_timestamp_nanos(1_234_567_891);
    session
        .execute(update(Note).set(Note.at, at).all_rows().synchronize(Synchronize::Evaluate))
        .await
        .unwrap();
    assert_eq!(session[note].at, DateTime::from_timestamp_nanos(1_234_567_000));
    let copy = update(Note).set(Note.copy, Note.content).all_rows().synchronize(Synchronize::Evaluate);
    session.execute(copy).await.unwrap();
    assert_eq!(session[note].copy, json!({"a": 10_000_000_000_000_000_i64}));
    fixture.recorder.take();
    let statement = update(Note).set(Note.content, json!(1e16)).all_rows().synchronize(Synchronize::Evaluate);
    refused(&fixture, &mut session, statement, "what `Note.content` keeps of a JSON document").await;
}

#[tokio::test]
async fn evaluate_refuses_what_a_column_cannot_hold() {
    let fixture = Fixture::new(schema![Note]).await;
    let (mut session, note) = with_note(&fixture).await;
    let statement =
        update(Note).set(Note.b, Note.a.never_null()).all_rows().synchronize(Synchronize::Evaluate);
    session.execute(statement.clone()).await.unwrap();
    assert_eq!(session[note].b, 1);
    session.execute(update(Note).set(Note.a, None).all_rows()).await.unwrap();
    fixture.recorder.take();
    refused(&fixture, &mut session, statement, "`Note.b` cannot take NULL").await;
}

#[tokio::test]
async fn evaluate_refuses_keys_and_what_goes_along_by_foreign_keys() {
    let fixture = Fixture::new(schema![User, Post]).await;
    let mut session = fixture.session();
    let ann = session.add(NewUser::new("Ann"));
    session.commit().await.unwrap();
    fixture.recorder.take();
    let statement = update(User).set(User.id, 7).all_rows().synchronize(Synchronize::Evaluate);
    refused(&fixture, &mut session, statement, "`User.id` is part of the key").await;
    session.add(NewPost::new(ann, "a"));
    session.commit().await.unwrap();
    fixture.recorder.take();
    let statement = delete(User).filter(User.name.eq("Zoe")).synchronize(Synchronize::Evaluate);
    refused(
        &fixture,
        &mut session,
        statement,
        "rows of objects of `Post` may be changed or deleted by ON DELETE CASCADE",
    )
    .await;
    let statement = delete(Post).all_rows().synchronize(Synchronize::Evaluate);
    assert_eq!(session.execute(statement).await.unwrap(), 1);
    let statement = delete(User).all_rows().synchronize(Synchronize::Evaluate);
    session.execute(statement).await.unwrap();
    assert!(!session.contains(ann), "no object of a post is left to go along");
}

#[tokio::test]
async fn evaluate_is_not_held_up_by_a_condition_that_another_decides() {
    let fixture = Fixture::new(schema![User]).await;
    let mut session = fixture.session();
    let ann = session.add(NewUser { name: "Ann".into(), age: Some(30) });
    session.commit().await.unwrap();
    let statement = update(User).set(User.age, 1).filter(func::lower(User.name).eq("ann"));
    let statement = statement.filter(User.age.lt(20)).synchronize(Synchronize::Evaluate);
    assert_eq!(session.execute(statement).await.unwrap(), 0);
    assert_eq!(session[ann].age, Some(30));
}

#[tokio::test]
async fn what_a_trigger_of_an_insert_writes_is_seen_however_many_objects_there_are() {
    let fixture = Fixture::new(schema![User, Post]).await;
    fixture
        .database
        .execute(
            "CREATE FUNCTION counted() RETURNS trigger LANGUAGE plpgsql AS
             $$ BEGIN UPDATE users SET age = coalesce(age, 0) + 1 WHERE id = NEW.user_id; RETURN NULL; END $$;
             CREATE TRIGGER counted AFTER INSERT ON posts FOR EACH ROW EXECUTE FUNCTION counted();
             INSERT INTO users (name) SELECT 'u' || n FROM generate_series(1, 40) AS n",
        )
        .await;
    for objects in [2, 40] {
        let mut session = fixture.session();
        let users = session.all(select(User).order_by(User.id).limit(objects)).await.unwrap();
        let (before, id) = (session[users[1]].age.unwrap_or_default(), session[users[1]].id);
        session.execute(insert(Post).values(NewPost::new(id, "a"))).await.unwrap();
        assert_eq!((session[users[0]].age, session[users[1]].age), (None, Some(before + 1)), "{objects}");
        let post = session.one(insert(Post).values(NewPost::new(id, "b")).returning(Post)).await.unwrap();
        assert_eq!((session[users[1]].age, &*session[post].title), (Some(before + 2), "b"));
        let none = insert(Post).values(Vec::<NewPost>::new());
        assert_eq!(session.execute(none).await.unwrap(), 0);
        session.commit().await.unwrap();
    }
}

#[tokio::test]
async fn an_insert_reads_nothing_again_where_no_trigger_is() {
    let fixture = Fixture::new(schema![User, Post]).await;
    fixture
        .database
        .execute("INSERT INTO users (name) SELECT 'u' || n FROM generate_series(1, 40) AS n")
        .await;
    let mut session = fixture.session();
    let users = session.all(select(User)).await.unwrap();
    let id = session[users[0]].id;
    for round_trips in [2, 1] {
        fixture.recorder.take();
        session.execute(insert(Post).values(["a", "b"].map(|title| NewPost::new(id, title)))).await.unwrap();
        let recorded = fixture.recorder.take();
        let own = recorded.statements.iter().filter(|sql| sql.contains("INSERT")).count();
        assert_eq!((recorded.round_trips, own), (round_trips, 1), "{recorded:?}");
    }
    session.commit().await.unwrap();
    fixture.recorder.take();
    let mut nothing_tracked = fixture.session();
    nothing_tracked.execute(insert(Post).values(NewPost::new(id, "c"))).await.unwrap();
    assert_eq!(fixture.recorder.take().statements.len(), 2, "BEGIN and the plain INSERT");
}

//! One row, one object.

use orm_core::prelude::*;
use orm_tests::models::{Mood, NewPet, NewPost, NewUser, Pet, Post, User};
use orm_tests::{Fixture, with_ann};

#[tokio::test]
async fn the_first_statement_pays_nothing_for_begin() {
    let fixture = Fixture::new(schema![User]).await;
    let mut session = fixture.session();
    let users: Vec<Handle<User>> = session.all(select(User)).await.unwrap();
    assert_eq!(users, []);
    let recorded = fixture.recorder.take();
    assert_eq!((recorded.statements.len(), recorded.round_trips), (2, 1), "{recorded:?}");
    assert!(session.in_transaction());
    session.commit().await.unwrap();
    assert!(!session.in_transaction());
}

#[tokio::test]
async fn a_session_that_did_nothing_sends_nothing() {
    let fixture = Fixture::new(schema![User]).await;
    let mut session = fixture.session();
    session.commit().await.unwrap();
    session.rollback().await.unwrap();
    session.flush().await.unwrap();
    assert_eq!(fixture.recorder.take().statements, Vec::<String>::new());
}

#[tokio::test]
async fn a_row_read_again_is_the_same_object() {
    let fixture = Fixture::new(schema![User, Post]).await;
    let (mut session, ann) = with_ann(&fixture).await;
    session.add(NewPost::new(ann, "a"));
    session.add(NewPost::new(ann, "b"));
    let rows = session
        .all(select((User, Post.title)).join(Post, Post.user_id.eq(User.id)).order_by(Post.id))
        .await
        .unwrap();
    assert_eq!(rows, [(ann, "a".to_owned()), (ann, "b".to_owned())]);
    let with_posts = session.one(select(User).with(User.posts)).await.unwrap();
    assert_eq!((with_posts.0, with_posts.1.len()), (ann, 2));
}

#[tokio::test]
async fn within_a_transaction_a_row_does_not_overwrite_what_is_loaded() {
    let fixture = Fixture::new(schema![User]).await;
    let (mut session, ann) = with_ann(&fixture).await;
    session.one(select(User)).await.unwrap();
    fixture.database.execute("UPDATE users SET age = 99").await;
    session.one(select(User)).await.unwrap();
    assert_eq!(session[ann].age, Some(30));
    session.one(select(User).populate_existing()).await.unwrap();
    assert_eq!(session[ann].age, Some(99));
}

#[tokio::test]
async fn in_a_later_transaction_an_object_takes_the_new_row() {
    let fixture = Fixture::new(schema![User]).await;
    let (mut session, ann) = with_ann(&fixture).await;
    fixture.database.execute("UPDATE users SET age = 99").await;
    assert_eq!(session[ann].age, Some(30), "reading an object does no I/O");
    session.one(select(User)).await.unwrap();
    assert_eq!(session[ann].age, Some(99));
}

#[tokio::test]
async fn a_row_never_overwrites_a_change_that_is_not_flushed() {
    let fixture = Fixture::new(schema![User]).await;
    let (_, _) = with_ann(&fixture).await;
    let mut session = SessionMaker::new(fixture.engine.clone()).autoflush(false).session();
    let ann = session.one(select(User)).await.unwrap();
    session.commit().await.unwrap();
    session[ann].name = "Anna".into();
    fixture.database.execute("UPDATE users SET age = 99").await;
    session.one(select(User)).await.unwrap();
    assert_eq!(session[ann].name, "Anna");
    session.commit().await.unwrap();
    assert_eq!(session[ann], User { id: 1, name: "Anna".into(), age: Some(99) });
}

#[tokio::test]
async fn a_query_sees_what_is_pending() {
    let fixture = Fixture::new(schema![User]).await;
    let (mut session, ann) = with_ann(&fixture).await;
    session[ann].age = Some(31);
    session.add(NewUser::new("Ben"));
    let n: i64 =
        session.one(select(func::count_star()).filter(User.age.eq(31)).select_from(User)).await.unwrap();
    assert_eq!(n, 1);
    let n: i64 = session.one(select(func::count(User.id))).await.unwrap();
    assert_eq!(n, 2);
    let unseen = fixture.database.query_text("SELECT * FROM users").await;
    assert_eq!(unseen.len(), 1, "flushed, not committed");
}

#[tokio::test]
async fn without_autoflush_a_query_does_not_see_what_is_pending() {
    let fixture = Fixture::new(schema![User]).await;
    let mut session = SessionMaker::new(fixture.engine.clone()).autoflush(false).session();
    session.add(NewUser::new("Ann"));
    let n: i64 = session.one(select(func::count(User.id))).await.unwrap();
    assert_eq!(n, 0);
    session.commit().await.unwrap();
    assert_eq!(fixture.database.query_text("SELECT * FROM users").await.len(), 1);
}

#[tokio::test]
async fn find_reads_a_row_once() {
    let fixture = Fixture::new(schema![User]).await;
    with_ann(&fixture).await;
    let mut session = fixture.session();
    let ann = session.find::<User>(1).await.unwrap().unwrap();
    fixture.recorder.take();
    assert_eq!(session.find::<User>(1).await.unwrap(), Some(ann));
    assert_eq!(fixture.recorder.take().statements, Vec::<String>::new());
    assert_eq!(session.find::<User>(2).await.unwrap(), None);
}

#[tokio::test]
async fn find_takes_what_becomes_the_key() {
    let fixture = Fixture::new(schema![User, Pet]).await;
    let (mut session, ann) = with_ann(&fixture).await;
    let tim = session.add(NewPet::new("Tim", Mood::Happy));
    session.commit().await.unwrap();
    let (short, int, name) = (1_i16, 1_i32, String::from("Tim"));
    assert_eq!(session.find::<User>(short).await.unwrap(), Some(ann));
    assert_eq!(session.find::<User>(int).await.unwrap(), Some(ann));
    assert_eq!(session.find::<Pet>(&name).await.unwrap(), Some(tim));
    assert_eq!(session.find::<Pet>(name).await.unwrap(), Some(tim));
}

#[tokio::test]
async fn a_key_of_two_columns_finds_its_row() {
    #[derive(Model, Clone, Debug, PartialEq)]
    #[orm(table = "seats")]
    struct Seat {
        #[orm(primary_key)]
        row: i32,
        #[orm(primary_key)]
        place: String,
        taken: bool,
    }
    let fixture = Fixture::new(schema![Seat]).await;
    let mut session = fixture.session();
    let seats =
        session.add_all([(1, "a"), (1, "b"), (2, "a")].map(|(row, place)| NewSeat::new(row, place, false)));
    session.commit().await.unwrap();
    for seat in &seats {
        session[*seat].taken = true;
    }
    session.commit().await.unwrap();
    let mut other = fixture.session();
    let found = other.find::<Seat>((1, "b".to_owned())).await.unwrap().unwrap();
    assert_eq!(other[found], Seat { row: 1, place: "b".into(), taken: true });
    other.execute(update(Seat).set(Seat.taken, false).all_rows()).await.unwrap();
    assert!(!other[found].taken, "objects with such keys are kept in step too");
    other.delete(found).unwrap();
    other.commit().await.unwrap();
    assert_eq!(fixture.database.query_text("SELECT * FROM seats").await.len(), 2);
}

#[tokio::test]
async fn with_expire_on_commit_find_reads_again() {
    let fixture = Fixture::new(schema![User]).await;
    let mut session = SessionMaker::new(fixture.engine.clone()).expire_on_commit(true).session();
    let ann = session.add(NewUser { name: "Ann".into(), age: Some(30) });
    assert!(!session.is_expired(ann));
    session.commit().await.unwrap();
    assert!(session.is_expired(ann));
    fixture.database.execute("UPDATE users SET age = 99").await;
    assert_eq!(session[ann].age, Some(30), "an expired object keeps its last values");
    assert_eq!(session.find::<User>(1).await.unwrap(), Some(ann));
    assert_eq!(session[ann].age, Some(99));
    assert!(!session.is_expired(ann));
}

#[tokio::test]
async fn refresh_reads_the_row_again() {
    let fixture = Fixture::new(schema![User]).await;
    let (mut session, ann) = with_ann(&fixture).await;
    fixture.database.execute("UPDATE users SET age = 99").await;
    session.refresh(ann).await.unwrap();
    assert_eq!(session[ann].age, Some(99));
    fixture.database.execute("DELETE FROM users").await;
    let error = session.refresh(ann).await.unwrap_err();
    assert!(error.is_no_row() && error.to_string().contains("`User` with the key 1"), "{error}");
}

#[tokio::test]
async fn refresh_all_reads_many_rows_in_one_statement() {
    let fixture = Fixture::new(schema![User]).await;
    let mut session = fixture.session();
    let users = session.add_all(["Ann", "Ben", "Cid"].map(NewUser::new));
    session.commit().await.unwrap();
    fixture.recorder.take();
    session.refresh_all::<User>(&[]).await.unwrap();
    assert_eq!(fixture.recorder.take().round_trips, 0, "nothing is to be read");
    fixture.database.execute("UPDATE users SET age = id; DELETE FROM users WHERE id = 2").await;
    session.refresh_all(&[users[0], users[2], users[0]]).await.unwrap();
    assert_eq!(fixture.recorder.take().round_trips, 1);
    assert_eq!(session.values(&users).map(|user| user.age).collect::<Vec<_>>(), [Some(1), None, Some(3)]);
    fixture.database.execute("UPDATE users SET age = 9").await;
    let error = session.refresh_all(&users).await.unwrap_err();
    assert!(error.is_no_row() && error.to_string().contains("`User` for each of the keys 2,"), "{error}");
    assert_eq!(session.values(&users).map(|user| user.age).collect::<Vec<_>>(), [Some(9), None, Some(9)]);
}

#[tokio::test]
async fn an_object_that_a_row_replaced_before_it_was_changed_is_updated_once() {
    let fixture = Fixture::new(schema![User]).await;
    with_ann(&fixture).await;
    let mut session = SessionMaker::new(fixture.engine.clone()).autoflush(false).session();
    let ann = session.one(select(User)).await.unwrap();
    session[ann].age = Some(30);
    session.one(select(User).populate_existing()).await.unwrap();
    session[ann].age = Some(31);
    session.commit().await.unwrap();
    assert_eq!(fixture.engine.all(select(User.age)).await.unwrap(), [Some(31)]);
}

#[tokio::test]
async fn a_stream_gives_handles() {
    let fixture = Fixture::new(schema![User]).await;
    let mut session = fixture.session();
    let users = session.add_all((0..100).map(|n| NewUser::new(format!("{n}"))));
    let mut streamed = Vec::new();
    {
        let mut rows = session.stream(select(User).order_by(User.id)).await.unwrap();
        while let Some(user) = rows.next().await {
            streamed.push(user.unwrap());
        }
    }
    assert_eq!(streamed, users);
    let n: i64 = session.one(select(func::count(User.id))).await.unwrap();
    assert_eq!(n, 100);
}

#[tokio::test]
async fn a_session_can_be_sent_to_another_task() {
    fn assert_send<T: Send>(value: T) -> T {
        value
    }
    let fixture = Fixture::new(schema![User]).await;
    let mut session = assert_send(fixture.session());
    let task = tokio::spawn(async move {
        let ann = session.add(NewUser::new("Ann"));
        session.commit().await.unwrap();
        session.refresh(ann).await.unwrap();
        session.execute(update(User).set(User.age, 1).all_rows()).await.unwrap();
        session[ann].age
    });
    assert_eq!(task.await.unwrap(), Some(1));
}

#[tokio::test]
async fn sessions_that_are_swapped_flush_again_when_no_autoflush_ends() {
    let fixture = Fixture::new(schema![User]).await;
    let (mut one, mut other) = (fixture.session(), fixture.session());
    one.add(NewUser::new("Ann"));
    other.add(NewUser::new("Bob"));
    let count = || select(func::count(User.id));
    {
        let mut quiet = one.no_autoflush();
        let _ = quiet.no_autoflush(); // one that ends leaves the other
        assert_eq!(quiet.one(count()).await.unwrap(), 0);
        std::mem::swap(&mut *quiet, &mut other);
        // It is the session that does not flush, and not its place.
        assert_eq!(quiet.one(count()).await.unwrap(), 1);
        assert_eq!(other.one(count()).await.unwrap(), 0);
    }
    assert_eq!(other.one(count()).await.unwrap(), 1);
    one.rollback().await.unwrap();
    one.add(NewUser::new("Bob"));
    assert_eq!(one.one(count()).await.unwrap(), 1);
}

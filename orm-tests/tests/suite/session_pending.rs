//! What waits for the next flush: taken back, kept after all, added again, and seen.

use orm_core::prelude::*;
use orm_core::session::ChangeKind;
use orm_tests::models::{NewPost, NewUser, Post, User};
use orm_tests::{Fixture, with_ann};

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "settings")]
struct Setting {
    #[orm(primary_key)]
    name: String,
    value: String,
    note: Option<String>,
    #[orm(version)]
    version: i32,
}

async fn names(fixture: &Fixture) -> Vec<String> {
    fixture.engine.all(select(User.name).order_by(User.id)).await.unwrap()
}

#[tokio::test]
async fn what_a_failed_commit_was_to_add_is_in_hand_after_rollback_and_is_added_again() {
    let fixture = Fixture::new(schema![User, Post]).await;
    fixture.database.execute("ALTER TABLE users ADD UNIQUE (name)").await;
    with_ann(&fixture).await;
    for flushed in [false, true] {
        let mut session = fixture.session();
        let ben = session.add(NewUser { name: format!("Ben {flushed}"), age: Some(4) });
        let post = session.add(NewPost::new(ben, "of Ben"));
        if flushed {
            session.flush().await.unwrap();
        }
        let ann = session.add(NewUser::new("Ann"));
        assert!(session.commit().await.unwrap_err().is_unique_violation());
        session.rollback().await.unwrap();
        for (handle, name) in [(ben, format!("Ben {flushed}")), (ann, "Ann".to_owned())] {
            assert!(!session.contains(handle) && !session.is_new(handle) && session.get(handle).is_err());
            assert_eq!(session.pending(handle).unwrap().name, name, "flushed: {flushed}");
        }
        session.pending_mut(ann).unwrap().name = format!("Ann {flushed}");
        for handle in [ben, ann] {
            session.add_again(handle).unwrap();
            assert!(session.is_new(handle));
            assert!(session.add_again(handle).unwrap_err().to_string().contains("is in the session"));
        }
        session.add_again(post).unwrap();
        session.commit().await.unwrap();
        assert_eq!((session[post].user_id, session[ben].age), (session[ben].id, Some(4)));
        assert!(session.add_again(ben).unwrap_err().is_session());
        assert!(session.pending(ben).unwrap_err().to_string().contains("inserted already"));
    }
    assert_eq!(names(&fixture).await, ["Ann", "Ben false", "Ann false", "Ben true", "Ann true"]);
}

#[tokio::test]
async fn what_a_savepoint_was_to_add_can_be_added_again() {
    let fixture = Fixture::new(schema![User]).await;
    let mut session = fixture.session();
    let mut nested = session.begin_nested().await.unwrap();
    let ben = nested.add(NewUser::new("Ben"));
    nested.flush().await.unwrap();
    nested.rollback().await.unwrap();
    assert!(!session.contains(ben));
    session.add_again(ben).unwrap();
    session.commit().await.unwrap();
    assert_eq!(names(&fixture).await, ["Ben"]);
    session.rollback().await.unwrap();
    assert!(session.contains(ben), "what is committed stays");
}

#[tokio::test]
async fn what_was_expunged_cannot_be_added_again() {
    let fixture = Fixture::new(schema![User]).await;
    let (mut session, ann) = with_ann(&fixture).await;
    let ben = session.add(NewUser::new("Ben"));
    session.expunge(ben).unwrap();
    let cid = session.add(NewUser::new("Cid"));
    session.expunge_all();
    for gone in [ann, ben, cid] {
        let error = session.add_again(gone).unwrap_err();
        assert!(error.to_string().contains("taken out of the session"), "{error}");
    }
}

#[tokio::test]
async fn undelete_keeps_an_object_after_all_with_its_changes() {
    let fixture = Fixture::new(schema![User]).await;
    let (mut session, ann) = with_ann(&fixture).await;
    session[ann].age = Some(31);
    session.delete(ann).unwrap();
    session.undelete(ann).unwrap();
    session.undelete(ann).unwrap();
    assert!(!session.is_deleted(ann) && session.is_modified(ann));
    session.commit().await.unwrap();
    assert_eq!(fixture.engine.all(select(User.age)).await.unwrap(), [Some(31)]);
    for _ in 0..2 {
        session.delete(ann).unwrap();
        session.undelete(ann).unwrap();
    }
    assert!(!session.is_dirty());
    session.delete(ann).unwrap();
    session.flush().await.unwrap();
    let error = session.undelete(ann).unwrap_err();
    assert!(error.to_string().contains("was deleted"), "{error}");
}

#[tokio::test]
async fn objects_deleted_and_kept_several_times_are_written_once() {
    let fixture = Fixture::new(schema![User]).await;
    let mut session = fixture.session();
    let users = session.add_all(["Ann", "Ben", "Cid"].map(NewUser::new));
    for _ in 0..2 {
        session.delete(users[0]).unwrap();
        session.undelete(users[0]).unwrap();
    }
    assert!(session.is_new(users[0]));
    session.commit().await.unwrap();
    assert_eq!(names(&fixture).await.len(), 3);
    for handle in [users[0], users[1]] {
        session.delete(handle).unwrap();
    }
    session.undelete(users[0]).unwrap();
    session.delete(users[0]).unwrap();
    assert_eq!(session.changes_of::<User>().deleted.len(), 2);
    session.commit().await.unwrap();
    assert_eq!(names(&fixture).await, ["Cid"]);
}

#[tokio::test]
async fn changing_an_object_that_is_marked_deleted_is_an_error() {
    let fixture = Fixture::new(schema![User]).await;
    let (mut session, ann) = with_ann(&fixture).await;
    session.delete(ann).unwrap();
    for error in [session.get_mut(ann).unwrap_err(), session.set(ann, User.age, 1).unwrap_err()] {
        assert!(error.is_session() && error.to_string().contains("`undelete` it first"), "{error}");
    }
    assert_eq!(session[ann].age, Some(30), "it can be read");
    session.undelete(ann).unwrap();
    session[ann].age = Some(31);
    session.commit().await.unwrap();
}

#[tokio::test]
#[should_panic(
    expected = "marked to be deleted with the next flush, and a change would be lost: `undelete` it first"
)]
async fn changing_a_deleted_object_by_index_panics_in_words() {
    let fixture = Fixture::new(schema![User]).await;
    let (mut session, ann) = with_ann(&fixture).await;
    session.delete(ann).unwrap();
    session[ann].age = Some(31);
}

#[tokio::test]
async fn expire_all_forgets_changes_and_lets_every_object_be_read_anew() {
    let fixture = Fixture::new(schema![User]).await;
    let (mut session, ann) = with_ann(&fixture).await;
    session.find::<User>(1).await.unwrap();
    session[ann].age = Some(31);
    let ben = session.add(NewUser::new("Ben"));
    session.expire_all();
    assert!(session.is_expired(ann) && !session.is_modified(ann) && session.is_new(ben));
    assert_eq!(session[ann].age, Some(30));
    fixture.database.execute("UPDATE users SET age = 99").await;
    session.find::<User>(1).await.unwrap();
    assert_eq!((session[ann].age, session.is_expired(ann)), (Some(99), false));
    fixture.recorder.take();
    session.find::<User>(1).await.unwrap();
    assert_eq!(fixture.recorder.take().round_trips, 0, "read once, in the same transaction");
    session.commit().await.unwrap();
    assert_eq!(names(&fixture).await, ["Ann", "Ben"]);
}

#[tokio::test]
async fn no_autoflush_is_for_a_statement_or_a_block() {
    let fixture = Fixture::new(schema![User]).await;
    let mut session = fixture.session();
    session.add(NewUser::new("Ann"));
    let count = || select(func::count(User.id));
    assert_eq!(session.no_autoflush().one(count()).await.unwrap(), 0);
    {
        let mut quiet = session.no_autoflush();
        quiet.add(NewUser::new("Ben"));
        assert_eq!(quiet.one(count()).await.unwrap(), 0);
        assert_eq!(quiet.no_autoflush().one(count()).await.unwrap(), 0);
        assert_eq!(quiet.one(count()).await.unwrap(), 0);
    }
    assert_eq!(session.one(count()).await.unwrap(), 2);
}

#[tokio::test]
async fn changes_say_what_the_next_flush_does() {
    let fixture = Fixture::new(schema![User, Post]).await;
    let (mut session, ann) = with_ann(&fixture).await;
    let post = session.add(NewPost::new(ann, "old"));
    session.commit().await.unwrap();
    assert!(session.changes().is_empty());
    session[ann].name = "Anna".into();
    session.delete(post).unwrap();
    let ben = session.add(NewUser::new("Ben"));
    let new = session.add(NewPost::new(ann, "new"));

    let changes = session.changes();
    let said: Vec<String> = changes.iter().map(|change| format!("{change:?}")).collect();
    assert_eq!(
        said,
        [
            r#"new `User` ?: `User.name` "Ben", `User.age` NULL"#,
            r#"modified `User` 1: `User.name` "Ann" -> "Anna""#,
            r#"new `Post` ?: `Post.user_id` 1, `Post.title` "new""#,
            r#"deleted `Post` 1: `Post.id` 1, `Post.user_id` 1, `Post.title` "old""#,
        ]
    );
    let modified = &changes[1];
    assert_eq!((modified.kind(), modified.handle::<User>()), (ChangeKind::Modified, Some(ann)));
    assert_eq!(modified.handle::<Post>(), None);
    assert_eq!(modified.before(User.name), Some("Ann".to_owned()));
    assert_eq!(modified.after(User.name), Some("Anna".to_owned()));
    assert_eq!(modified.after(User.age), None, "not changed");
    assert_eq!(modified.table().entity, "User");

    let users = session.changes_of::<User>();
    assert_eq!((users.new, users.modified, users.deleted), (vec![ben], vec![ann], vec![]));
    let posts = session.changes_of::<Post>();
    assert_eq!((posts.new, posts.modified, posts.deleted), (vec![new], vec![], vec![post]));
    assert_eq!(session.stored(ann).unwrap().name, "Ann");
    session.commit().await.unwrap();
    assert!(session.changes().is_empty() && session.changes_of::<User>().modified.is_empty());
}

#[tokio::test]
async fn a_new_row_can_have_an_explicit_key() {
    let fixture = Fixture::new(schema![User, Post, Setting]).await;
    let mut session = fixture.session();
    let first = session.add_with_key(NewUser::new("Ann"), 70_i64).unwrap();
    let second = session.add_with_key(NewUser::new("Ben"), 80_i64).unwrap();
    let third = session.add(NewUser::new("Cid"));
    let post = session.add(NewPost::new(second, "of Ben"));
    session.commit().await.unwrap();
    assert_eq!([first, second, third].map(|user| session[user].id), [70, 80, 1]);
    assert_eq!(session[post].user_id, 80);
    assert_eq!(session.find::<User>(70).await.unwrap(), Some(first));

    let dora = session.add_with_key(NewUser::new("Dora"), 70_i64).unwrap();
    assert!(session.commit().await.unwrap_err().is_unique_violation());
    session.rollback().await.unwrap();
    session.expunge(first).unwrap();
    fixture.database.execute("DELETE FROM users WHERE id = 70").await;
    session.add_again(dora).unwrap();
    session.commit().await.unwrap();
    assert_eq!(session[dora].id, 70, "it keeps the key");
    let error = session.add_with_key(NewSetting::new("a", "x"), "b").unwrap_err();
    assert!(error.to_string().contains("`Setting.name`"), "{error}");
    session.add_with_key(NewSetting::new("a", "x"), "a").unwrap();
    session.commit().await.unwrap();
}

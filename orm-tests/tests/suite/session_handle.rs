//! What a handle names: a new object, one with a row, nothing any more.

use orm_core::prelude::*;
use orm_tests::models::{NewPost, NewUser, Post, User};
use orm_tests::{Fixture, with_ann};

#[tokio::test]
async fn expunge_all_forgets_every_object_and_keeps_the_transaction() {
    let fixture = Fixture::new(schema![User, Post]).await;
    let (mut session, ann) = with_ann(&fixture).await;
    let post = session.add(NewPost::new(ann, "flushed"));
    session.flush().await.unwrap();
    session[ann].age = Some(1);
    let pending = session.add(NewUser::new("Ben"));
    session.expunge_all();
    assert!(
        !session.contains(ann)
            && !session.contains(post)
            && !session.contains(pending)
            && !session.is_dirty()
    );
    assert!(session.get(ann).unwrap_err().to_string().contains("taken out of the session"));
    assert_ne!(session.one(select(User)).await.unwrap(), ann);
    session.commit().await.unwrap();
    assert_eq!(fixture.engine.all(select(Post.title)).await.unwrap(), ["flushed"]);
    assert_eq!(
        fixture.engine.all(select((User.name, User.age))).await.unwrap(),
        [("Ann".to_owned(), Some(30))]
    );
}

#[tokio::test]
async fn expire_forgets_a_change() {
    let fixture = Fixture::new(schema![User]).await;
    let (mut session, ann) = with_ann(&fixture).await;
    session[ann].age = Some(1);
    session.expire(ann).unwrap();
    assert_eq!(
        (session[ann].age, session.is_modified(ann), session.is_expired(ann)),
        (Some(30), false, true)
    );
    fixture.database.execute("UPDATE users SET age = 99").await;
    session.all(select(User)).await.unwrap();
    assert_eq!(session[ann].age, Some(99));
}

#[tokio::test]
async fn expunge_and_detach_take_an_object_out() {
    let fixture = Fixture::new(schema![User]).await;
    let (mut session, ann) = with_ann(&fixture).await;
    session[ann].age = Some(1);
    let value = session.detach(ann).unwrap();
    assert_eq!(value.age, Some(1));
    let pending = session.add(NewUser::new("Ben"));
    session.expunge(pending).unwrap();
    session.commit().await.unwrap();
    assert!(!session.contains(ann) && !session.contains(pending));
    assert_eq!(fixture.recorder.take().statements, Vec::<String>::new(), "nothing was pending any more");
    let again = session.one(select(User)).await.unwrap();
    assert_ne!(again, ann, "a handle names one object for ever");
    assert!(session.get(ann).unwrap_err().to_string().contains("taken out of the session"));
}

#[tokio::test]
async fn a_new_object_is_read_and_changed_as_what_it_is_made_of() {
    let fixture = Fixture::new(schema![User]).await;
    let mut session = fixture.session();
    let ann = session.add(NewUser::new("Ann"));
    assert!(session.is_new(ann) && session.contains(ann) && !session.is_modified(ann));
    let error = session.get(ann).unwrap_err();
    assert!(error.is_session() && error.to_string().contains("not inserted yet"), "{error}");
    session.pending_mut(ann).unwrap().age = Some(5);
    session.flush().await.unwrap();
    assert_eq!(session[ann].age, Some(5));
    let error = session.pending_mut(ann).unwrap_err();
    assert!(error.to_string().contains("inserted already"), "{error}");
}

#[tokio::test]
async fn a_new_object_can_be_deleted_before_it_is_inserted() {
    let fixture = Fixture::new(schema![User]).await;
    let mut session = fixture.session();
    let ann = session.add(NewUser::new("Ann"));
    session.delete(ann).unwrap();
    session.commit().await.unwrap();
    assert_eq!(fixture.recorder.take().statements, Vec::<String>::new());
}

#[tokio::test]
#[should_panic(expected = "not inserted yet: call `session.flush().await?` before reading it")]
async fn indexing_an_object_without_a_row_panics_in_words() {
    let fixture = Fixture::new(schema![User]).await;
    let mut session = fixture.session();
    let ann = session.add(NewUser::new("Ann"));
    let _ = &session[ann];
}

#[tokio::test]
async fn a_handle_from_before_expunge_all_names_nothing_again() {
    let fixture = Fixture::new(schema![User]).await;
    let (mut session, ann) = with_ann(&fixture).await;
    let mut pages = vec![ann];
    for _ in 0..3 {
        session.expunge_all();
        assert!(pages.iter().all(|old| !session.contains(*old)));
        let error = session.get(ann).unwrap_err();
        assert!(error.to_string().contains("taken out of the session"), "{error}");
        assert!(session.delete(ann).is_err() && session.expire(ann).is_err());
        let again = session.one(select(User)).await.unwrap();
        assert!(!pages.contains(&again));
        pages.push(again);
    }
    let last = pages[3];
    session[last].age = Some(31);
    session.commit().await.unwrap();
    assert_eq!(fixture.engine.all(select(User.age)).await.unwrap(), [Some(31)]);
}

#[tokio::test]
async fn expunging_many_new_objects_is_linear_and_leaves_nothing_pending() {
    let fixture = Fixture::new(schema![User]).await;
    let mut session = fixture.session();
    for reverse in [false, true] {
        let mut users = session.add_all((0..100_000).map(|n| NewUser::new(n.to_string())));
        if reverse {
            users.reverse();
        }
        let start = std::time::Instant::now();
        for &user in &users[..users.len() - 1] {
            session.expunge(user).unwrap();
        }
        let took = start.elapsed();
        assert!(took.as_secs() < 3, "a list looked through for each takes minutes: {took:?}");
        assert!(session.is_dirty());
        session.expunge(users[users.len() - 1]).unwrap();
        assert!(!session.is_dirty());
    }
    session.commit().await.unwrap();
    assert_eq!(fixture.recorder.take().statements, Vec::<String>::new());
}

//! What objects are after a savepoint was kept or taken back.

use orm_core::prelude::*;
use orm_tests::models::{NewUser, Post, User};
use orm_tests::{Fixture, with_ann};

async fn ages(fixture: &Fixture) -> Vec<(String, Option<i32>)> {
    fixture.engine.all(select((User.name, User.age)).order_by(User.id)).await.unwrap()
}

#[tokio::test]
async fn rollback_to_savepoint_puts_back_what_objects_were_when_it_began() {
    let fixture = Fixture::new(schema![User]).await;
    let (mut session, ann) = with_ann(&fixture).await;
    session[ann].age = Some(31);
    let mut nested = session.begin_nested().await.unwrap();
    nested[ann].age = Some(32);
    nested.flush().await.unwrap();
    nested[ann].name = "Anna".into();
    nested.rollback().await.unwrap();
    assert_eq!(session[ann], User { id: 1, name: "Ann".into(), age: Some(31) });
    assert!(!session.is_modified(ann));
    session.commit().await.unwrap();
    assert_eq!(ages(&fixture).await, [("Ann".to_owned(), Some(31))]);
}

#[tokio::test]
async fn rollback_to_savepoint_forgets_objects_added_since() {
    let fixture = Fixture::new(schema![User]).await;
    let mut session = fixture.session();
    let before = session.add(NewUser::new("before"));
    let mut nested = session.begin_nested().await.unwrap();
    assert!(!nested.is_new(before), "what was pending is flushed");
    let flushed = nested.add(NewUser::new("flushed"));
    nested.flush().await.unwrap();
    let pending = nested.add(NewUser::new("pending"));
    nested.rollback().await.unwrap();
    assert!(session.contains(before) && !session.contains(flushed) && !session.contains(pending));
    assert!(session.get(flushed).unwrap_err().to_string().contains("rolled back"));
    session.commit().await.unwrap();
    assert_eq!(ages(&fixture).await, [("before".to_owned(), None)]);
}

#[tokio::test]
async fn rollback_to_savepoint_brings_back_what_was_deleted_since() {
    let fixture = Fixture::new(schema![User]).await;
    let (mut session, ann) = with_ann(&fixture).await;
    let before = session.add(NewUser::new("deleted before"));
    session.flush().await.unwrap();
    session.delete(before).unwrap();
    let mut nested = session.begin_nested().await.unwrap();
    nested.delete(ann).unwrap();
    nested.flush().await.unwrap();
    assert!(!nested.contains(ann));
    nested.rollback().await.unwrap();
    assert!(session.contains(ann) && !session.is_deleted(ann) && session[ann].age == Some(30));
    assert!(!session.contains(before), "that was before the savepoint");
    assert_eq!(session.find::<User>(1).await.unwrap(), Some(ann), "and it is the row's object again");
    session.commit().await.unwrap();
    assert_eq!(ages(&fixture).await, [("Ann".to_owned(), Some(30))]);
}

#[tokio::test]
async fn committed_savepoint_is_part_of_the_transaction() {
    let fixture = Fixture::new(schema![User]).await;
    let (mut session, ann) = with_ann(&fixture).await;
    let mut nested = session.begin_nested().await.unwrap();
    nested[ann].age = Some(32);
    let ben = nested.add(NewUser::new("Ben"));
    nested.commit().await.unwrap();
    assert!(session.contains(ben) && session[ann].age == Some(32));
    assert_eq!(ages(&fixture).await.len(), 1, "not committed yet");
    session.rollback().await.unwrap();
    assert!(!session.contains(ben) && session[ann].age == Some(30));

    let mut nested = session.begin_nested().await.unwrap();
    nested[ann].age = Some(33);
    nested.commit().await.unwrap();
    session.commit().await.unwrap();
    assert_eq!(ages(&fixture).await, [("Ann".to_owned(), Some(33))]);
}

#[tokio::test]
async fn each_depth_has_a_snapshot_of_its_own() {
    let fixture = Fixture::new(schema![User]).await;
    let (mut session, ann) = with_ann(&fixture).await;
    session[ann].age = Some(1);
    let mut one = session.begin_nested().await.unwrap();
    one[ann].age = Some(2);
    let mut two = one.begin_nested().await.unwrap();
    two[ann].age = Some(3);
    let mut three = two.begin_nested().await.unwrap();
    three[ann].age = Some(4);
    three.commit().await.unwrap();
    assert_eq!(two[ann].age, Some(4));
    two.rollback().await.unwrap();
    assert_eq!(one[ann].age, Some(2), "what was released inside is taken back with what is around it");
    let mut again = one.begin_nested().await.unwrap();
    again[ann].age = Some(5);
    again.commit().await.unwrap();
    one.rollback().await.unwrap();
    assert_eq!(session[ann].age, Some(1));
    session.flush().await.unwrap();
    let age: Option<i32> = session.one(select(User.age)).await.unwrap();
    assert_eq!(age, Some(1), "the server is where the objects are");
    session.rollback().await.unwrap();
    assert_eq!(session[ann].age, Some(30));
}

#[tokio::test]
async fn object_loaded_inside_a_savepoint_goes_back_to_what_it_was_loaded_with() {
    let fixture = Fixture::new(schema![User, Post]).await;
    with_ann(&fixture).await;
    let mut session = fixture.session();
    let mut nested = session.begin_nested().await.unwrap();
    let ann = nested.one(select(User)).await.unwrap();
    nested[ann].age = Some(32);
    nested.flush().await.unwrap();
    nested.rollback().await.unwrap();
    assert_eq!(session[ann].age, Some(30));
}

#[tokio::test]
async fn object_loaded_after_a_write_leaves_only_with_that_write() {
    let fixture = Fixture::new(schema![User]).await;
    with_ann(&fixture).await;
    let mut session = fixture.session();
    session.execute(update(User).set(User.age, 1).all_rows()).await.unwrap();
    let mut nested = session.begin_nested().await.unwrap();
    let ann = nested.one(select(User)).await.unwrap();
    nested.rollback().await.unwrap();
    assert_eq!(session[ann].age, Some(1), "the write is older than the savepoint, and stays");

    let mut nested = session.begin_nested().await.unwrap();
    nested.execute(insert(User).values(NewUser::new("Ben"))).await.unwrap();
    let ben = nested.one(select(User).filter(User.name.eq("Ben"))).await.unwrap();
    nested.rollback().await.unwrap();
    assert!(session.contains(ann) && !session.contains(ben));
    assert!(session.get(ben).unwrap_err().to_string().contains("rolled back"));
    session.rollback().await.unwrap();
    assert!(!session.contains(ann), "its values were those of the transaction");
}

#[tokio::test]
async fn object_read_again_after_an_older_write_keeps_the_row_past_the_savepoint() {
    let fixture = Fixture::new(schema![User]).await;
    let (mut session, ann) = with_ann(&fixture).await;
    session.execute(update(User).set(User.age, 1).all_rows().synchronize(Synchronize::Off)).await.unwrap();
    assert_eq!(session[ann].age, Some(30));
    let mut nested = session.begin_nested().await.unwrap();
    nested.refresh(ann).await.unwrap();
    nested.rollback().await.unwrap();
    assert_eq!(session[ann].age, Some(1), "what was read inside was written before");
    session.rollback().await.unwrap();
    assert_eq!(session[ann].age, Some(30));
}

#[tokio::test]
async fn statement_of_the_user_inside_a_savepoint_is_taken_back_in_objects_too() {
    let fixture = Fixture::new(schema![User]).await;
    let (mut session, ann) = with_ann(&fixture).await;
    for synchronize in [Synchronize::Auto, Synchronize::Fetch, Synchronize::Evaluate] {
        // What a rollback expires, `Evaluate` leaves to the next read.
        session.refresh(ann).await.unwrap();
        session.execute(update(User).set(User.age, 1).all_rows().synchronize(synchronize)).await.unwrap();
        let mut nested = session.begin_nested().await.unwrap();
        nested.execute(update(User).set(User.age, 2).all_rows().synchronize(synchronize)).await.unwrap();
        assert_eq!(nested[ann].age, Some(2));
        nested.rollback().await.unwrap();
        assert_eq!(session[ann].age, Some(1), "{synchronize:?}");
        session.refresh(ann).await.unwrap();
        let mut nested = session.begin_nested().await.unwrap();
        nested.execute(delete(User).all_rows().synchronize(synchronize)).await.unwrap();
        assert!(!nested.contains(ann));
        nested.rollback().await.unwrap();
        assert_eq!(session.get(ann).unwrap().age, Some(1), "{synchronize:?}");
        session.rollback().await.unwrap();
        assert_eq!(session[ann].age, Some(30), "{synchronize:?}");
    }
}

#[tokio::test]
async fn key_changed_inside_a_savepoint_is_put_back() {
    let fixture = Fixture::new(schema![User]).await;
    let (mut session, ann) = with_ann(&fixture).await;
    let mut nested = session.begin_nested().await.unwrap();
    nested[ann].id = 77;
    nested.flush().await.unwrap();
    nested.rollback().await.unwrap();
    assert_eq!(session[ann].id, 1);
    assert_eq!(session.one(select(User)).await.unwrap(), ann);
}

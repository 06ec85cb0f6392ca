//! New rows that refer to objects of the session.

use orm_core::prelude::*;
use orm_tests::Fixture;
use orm_tests::models::{Employee, NewEmployee, NewPost, NewUser, Post, User};

#[tokio::test]
async fn children_come_after_parents_that_have_no_key_yet() {
    let fixture = Fixture::new(schema![User, Post]).await;
    let mut session = fixture.session();
    let users = session.add_all(["Ann", "Ben"].map(NewUser::new));
    // Added crosswise, so that an order by luck would not do.
    let posts = session.add_all([1, 0, 1, 0].map(|n| NewPost::new(users[n], format!("by {n}"))));
    session.commit().await.unwrap();
    let recorded = fixture.recorder.take();
    assert_eq!(recorded.round_trips, 2, "keys with BEGIN, then all rows with COMMIT: {recorded:?}");
    for (n, post) in [1, 0, 1, 0].into_iter().zip(posts) {
        assert_eq!(session[post].user_id, session[users[n]].id);
        assert_eq!(session[post].title, format!("by {n}"));
    }
}

#[tokio::test]
async fn rows_of_one_table_come_after_those_they_refer_to() {
    let fixture = Fixture::new(schema![Employee]).await;
    let mut session = fixture.session();
    let boss = session.add(NewEmployee::new("Boss"));
    let lead = session.add(NewEmployee { manager_id: Some(boss.into()), ..NewEmployee::new("Lead") });
    let hand = session.add(NewEmployee { manager_id: Some(lead.into()), ..NewEmployee::new("Hand") });
    session.commit().await.unwrap();
    assert_eq!(session[boss].manager_id, None);
    assert_eq!(session[lead].manager_id, Some(session[boss].id));
    assert_eq!(session[hand].manager_id, Some(session[lead].id));
}

#[tokio::test]
async fn a_chain_of_new_rows_takes_two_round_trips_however_long_it_is() {
    let fixture = Fixture::new(schema![Employee]).await;
    let mut session = fixture.session();
    let mut chain = vec![session.add(NewEmployee::new("0"))];
    for depth in 1..20 {
        let manager_id = Some(chain[depth - 1].into());
        chain.push(session.add(NewEmployee { manager_id, ..NewEmployee::new(depth.to_string()) }));
    }
    session.commit().await.unwrap();
    assert_eq!(fixture.recorder.take().round_trips, 2);
    for (depth, &employee) in chain.iter().enumerate().skip(1) {
        assert_eq!(session[employee].name, depth.to_string());
        assert_eq!(session[employee].manager_id, Some(session[chain[depth - 1]].id));
    }
}

#[derive(Model, Clone, Debug)]
struct Folder {
    #[orm(primary_key, default = "gen_random_uuid()")]
    id: uuid::Uuid,
    #[orm(references = Folder.id, relation = parent)]
    parent_id: Option<uuid::Uuid>,
}

#[tokio::test]
async fn keys_made_by_another_default_are_fetched_too() {
    let fixture = Fixture::new(schema![Folder]).await;
    let mut session = fixture.session();
    let root = session.add(NewFolder::new());
    let inner = session.add(NewFolder { parent_id: Some(root.into()), ..NewFolder::new() });
    let deep =
        session.add_all((0..3).map(|_| NewFolder { parent_id: Some(inner.into()), ..NewFolder::new() }));
    session.commit().await.unwrap();
    assert_eq!(fixture.recorder.take().round_trips, 2);
    assert_eq!(session[inner].parent_id, Some(session[root].id));
    assert!(session.values(&deep).all(|folder| folder.parent_id == Some(session[inner].id)));
}

#[tokio::test]
async fn a_reference_to_an_object_of_another_session_is_refused() {
    let fixture = Fixture::new(schema![User, Post]).await;
    let (mut here, mut there) = (fixture.session(), fixture.session());
    let ann = there.add(NewUser::new("Ann"));
    here.add(NewPost::new(ann, "x"));
    let error = here.commit().await.unwrap_err();
    assert!(error.is_session() && error.to_string().contains("another session"), "{error}");
}

#[tokio::test]
async fn a_reference_to_an_object_that_left_is_refused() {
    let fixture = Fixture::new(schema![User, Post]).await;
    for flushed in [false, true] {
        let mut session = fixture.session();
        let ann = session.add(NewUser::new("Ann"));
        session.flush().await.unwrap();
        session.delete(ann).unwrap();
        if flushed {
            session.flush().await.unwrap();
        } else {
            session.expunge(ann).unwrap();
        }
        session.add(NewPost::new(ann, "x"));
        let error = session.commit().await.unwrap_err();
        assert!(
            error.is_session() && error.to_string().contains("refers to an object of `User` that was"),
            "{error}"
        );
    }
}

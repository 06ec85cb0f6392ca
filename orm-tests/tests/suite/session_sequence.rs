//! Many rows of a table whose sequence the role may not use: an identity needs no right to it.

use orm_core::prelude::*;
use orm_tests::Fixture;
use orm_tests::models::{Employee, NewEmployee, NewPost, NewUser, Post, User};

/// A fixture whose role has taken its own right away; `None` where a superuser runs the tests, who may do anything.
async fn without_right() -> Option<Fixture> {
    let fixture = Fixture::new(schema![User, Post, Employee]).await;
    let revoke = "DO $$ BEGIN \
        EXECUTE 'REVOKE ALL ON users_id_seq, posts_id_seq, employees_id_seq FROM ' || quote_ident(current_user); END $$";
    fixture.database.execute(revoke).await;
    let right = fixture.database.query_text("SELECT has_sequence_privilege('users_id_seq', 'USAGE')").await;
    (right == [[Some("f".to_owned())]]).then_some(fixture)
}

fn assert_rows(session: &Session, users: &[Handle<User>]) {
    let mut ids: Vec<i64> = session.values(users).map(|user| user.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), users.len());
    assert!(session.values(users).enumerate().all(|(n, user)| user.name == n.to_string()));
}

#[tokio::test]
async fn the_first_commit_begins_again_with_single_rows() {
    let Some(fixture) = without_right().await else {
        return println!("skipped: a superuser has every right");
    };
    let mut session = fixture.session();
    let users = session.add_all((0..10).map(|n: i32| NewUser::new(n.to_string())));
    session.commit().await.unwrap();
    assert_rows(&session, &users);
    assert_eq!(fixture.engine.one(select(func::count(User.id))).await.unwrap(), 10);

    fixture.recorder.take();
    let more = session.add_all((0..10).map(|n: i32| NewUser::new(n.to_string())));
    session.commit().await.unwrap();
    assert_rows(&session, &more);
    let recorded = fixture.recorder.take();
    assert_eq!((recorded.round_trips, recorded.statements.len()), (1, 12), "from then on one round trip");
}

#[tokio::test]
async fn inside_a_transaction_the_question_comes_first() {
    let Some(fixture) = without_right().await else {
        return println!("skipped: a superuser has every right");
    };
    let mut session = fixture.session();
    session.execute(insert(User).values(NewUser::new("before"))).await.unwrap();
    let users = session.add_all((0..10).map(|n: i32| NewUser::new(n.to_string())));
    session.flush().await.unwrap();
    assert_rows(&session, &users);
    session.commit().await.unwrap();
    assert_eq!(fixture.engine.one(select(func::count(User.id))).await.unwrap(), 11);
}

#[tokio::test]
async fn children_still_find_their_parents() {
    let Some(fixture) = without_right().await else {
        return println!("skipped: a superuser has every right");
    };
    let mut session = fixture.session();
    let users = session.add_all((0..3).map(|n: i32| NewUser::new(n.to_string())));
    let posts = session.add_all(users.iter().rev().map(|&user| NewPost::new(user, "x")).collect::<Vec<_>>());
    session.commit().await.unwrap();
    assert_rows(&session, &users);
    for (&user, &post) in users.iter().rev().zip(&posts) {
        assert_eq!(session[post].user_id, session[user].id);
    }
}

#[tokio::test]
async fn rows_that_refer_to_each_other_cannot_have_their_keys() {
    let Some(fixture) = without_right().await else {
        return println!("skipped: a superuser has every right");
    };
    let mut session = fixture.session();
    let ann = session.add(NewEmployee::new("Ann"));
    let ben = session.add(NewEmployee { manager_id: Some(ann.into()), ..NewEmployee::new("Ben") });
    session.pending_mut(ann).unwrap().manager_id = Some(ben.into());
    let error = session.commit().await.unwrap_err();
    assert!(
        error.to_string().starts_with("new rows refer to each other in a circle, one of `Employee`"),
        "{error}"
    );
}

#[tokio::test]
async fn another_right_that_lacks_is_told() {
    let fixture = Fixture::new(schema![User]).await;
    let revoke = "DO $$ BEGIN EXECUTE 'REVOKE INSERT ON users FROM ' || quote_ident(current_user); END $$";
    fixture.database.execute(revoke).await;
    let right = fixture.database.query_text("SELECT has_table_privilege('users', 'INSERT')").await;
    if right == [[Some("t".to_owned())]] {
        return println!("skipped: a superuser has every right");
    }
    let mut session = fixture.session();
    session.add_all(["Ann", "Ben"].map(NewUser::new));
    let error = session.commit().await.unwrap_err();
    assert!(error.is_insufficient_privilege(), "{error:?}");
    assert!(error.to_string().starts_with("permission denied for table users"), "{error}");
}

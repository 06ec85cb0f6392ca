//! What a rollback puts back, and what a failure leaves.

use orm_core::prelude::*;
use orm_tests::models::{NewPost, NewUser, Post, User};
use orm_tests::{Fixture, poll_times, with_ann};

#[tokio::test]
async fn rollback_puts_back_the_values_from_before_the_transaction() {
    let fixture = Fixture::new(schema![User]).await;
    let (mut session, ann) = with_ann(&fixture).await;
    session[ann].age = Some(31);
    session.flush().await.unwrap();
    session[ann].age = Some(32);
    session.flush().await.unwrap();
    session[ann].name = "Anna".into();
    session.rollback().await.unwrap();
    assert_eq!(session[ann], User { id: 1, name: "Ann".into(), age: Some(30) });
    assert!(!session.is_modified(ann));
    session[ann].age = Some(40);
    session.commit().await.unwrap();
    assert_eq!(fixture.database.query_text("SELECT age FROM users").await, [[Some("40".to_owned())]]);
}

#[tokio::test]
async fn rollback_after_a_statement_puts_back_what_it_changed() {
    let fixture = Fixture::new(schema![User]).await;
    let (mut session, ann) = with_ann(&fixture).await;
    for synchronize in [Synchronize::Auto, Synchronize::Fetch, Synchronize::Evaluate] {
        session.execute(update(User).set(User.age, 1).all_rows().synchronize(synchronize)).await.unwrap();
        assert_eq!(session[ann].age, Some(1));
        session.rollback().await.unwrap();
        assert_eq!(session[ann].age, Some(30), "{synchronize:?}");
        session.refresh(ann).await.unwrap();
        session.execute(delete(User).all_rows().synchronize(synchronize)).await.unwrap();
        assert!(!session.contains(ann));
        session.rollback().await.unwrap();
        assert!(session.contains(ann) && session[ann].age == Some(30), "{synchronize:?}");
        assert_eq!(session.one(select(User)).await.unwrap(), ann, "and it is the row's object again");
        session.commit().await.unwrap();
    }
}

#[tokio::test]
async fn rollback_forgets_objects_added_in_the_transaction() {
    let fixture = Fixture::new(schema![User]).await;
    let (mut session, ann) = with_ann(&fixture).await;
    let flushed = session.add(NewUser::new("Ben"));
    session.flush().await.unwrap();
    let pending = session.add(NewUser::new("Cid"));
    session.rollback().await.unwrap();
    assert!(session.contains(ann) && !session.contains(flushed) && !session.contains(pending));
    assert!(session.get(flushed).unwrap_err().to_string().contains("rolled back"));
    session.commit().await.unwrap();
    assert_eq!(fixture.database.query_text("SELECT * FROM users").await.len(), 1);
}

#[tokio::test]
async fn rollback_takes_deletions_back() {
    let fixture = Fixture::new(schema![User]).await;
    let (mut session, ann) = with_ann(&fixture).await;
    session.delete(ann).unwrap();
    session.flush().await.unwrap();
    assert!(!session.contains(ann));
    session.rollback().await.unwrap();
    assert!(session.contains(ann) && !session.is_deleted(ann));
    session.delete(ann).unwrap();
    session.rollback().await.unwrap();
    session.commit().await.unwrap();
    assert_eq!(fixture.database.query_text("SELECT * FROM users").await.len(), 1);
}

#[tokio::test]
async fn rollback_keeps_what_was_loaded_before_the_transaction_wrote() {
    let fixture = Fixture::new(schema![User, Post]).await;
    with_ann(&fixture).await;
    fixture.database.execute("INSERT INTO posts (user_id, title) VALUES (1, 'a')").await;
    let mut session = fixture.session();
    let ann = session.one(select(User)).await.unwrap();
    session.execute(update(User).set(User.age, 1).all_rows()).await.unwrap();
    let post = session.one(select(Post)).await.unwrap();
    session.rollback().await.unwrap();
    assert_eq!(session[ann].age, Some(30), "loaded before the write");
    assert!(session.contains(post), "of a table the transaction did not write to");
}

#[tokio::test]
async fn rollback_forgets_what_was_loaded_after_the_transaction_wrote_its_table() {
    let fixture = Fixture::new(schema![User]).await;
    with_ann(&fixture).await;
    let mut session = fixture.session();
    session.execute(update(User).set(User.age, 1).all_rows()).await.unwrap();
    let ann = session.one(select(User)).await.unwrap();
    assert_eq!(session[ann].age, Some(1));
    session.rollback().await.unwrap();
    assert!(!session.contains(ann), "its values may be of the transaction that is no more");
    let ann = session.one(select(User)).await.unwrap();
    assert_eq!(session[ann].age, Some(30));
}

#[tokio::test]
async fn after_a_commit_that_failed_an_object_has_the_values_it_was_loaded_with() {
    let fixture = Fixture::new(schema![User]).await;
    fixture.database.execute("ALTER TABLE users ADD UNIQUE (name)").await;
    with_ann(&fixture).await;
    fixture.engine.execute(insert(User).values(NewUser::new("Ben"))).await.unwrap();
    let mut session = fixture.session();
    let ann = session.one(select(User).filter(User.name.eq("Ann"))).await.unwrap();
    for wanted in ["Ben", "Anna"] {
        session[ann].age = Some(31);
        session.flush().await.unwrap();
        session[ann].name = wanted.into();
        match session.commit().await {
            Err(error) => {
                assert!(error.is_unique_violation() && wanted == "Ben", "{error}");
                session.rollback().await.unwrap();
                assert_eq!(
                    session[ann],
                    User { id: 1, name: "Ann".into(), age: Some(30) },
                    "the form is shown again"
                );
            }
            Ok(()) => assert_eq!(wanted, "Anna"),
        }
    }
    let ages = fixture.engine.all(select((User.name, User.age)).order_by(User.id)).await.unwrap();
    assert_eq!(ages, [("Anna".to_owned(), Some(31)), ("Ben".to_owned(), None)]);
}

#[tokio::test]
async fn a_changed_key_is_put_back() {
    let fixture = Fixture::new(schema![User]).await;
    let (mut session, ann) = with_ann(&fixture).await;
    session[ann].id = 77;
    session.flush().await.unwrap();
    assert_eq!(session.find::<User>(77).await.unwrap(), Some(ann));
    session.rollback().await.unwrap();
    assert_eq!(session[ann].id, 1);
    assert_eq!(session.one(select(User)).await.unwrap(), ann);
}

#[tokio::test]
async fn after_a_failed_flush_every_use_says_so_until_rollback() {
    let fixture = Fixture::new(schema![User, Post]).await;
    let (mut session, ann) = with_ann(&fixture).await;
    session[ann].age = Some(31);
    session.add(NewPost { user_id: 99.into(), title: "of nobody".into() });
    let error = session.flush().await.unwrap_err();
    assert!(error.is_foreign_key_violation(), "{error}");
    assert_eq!(error.constraint(), Some("posts_user_id_fkey"));
    for error in [
        session.all(select(User)).await.unwrap_err(),
        session.execute(delete(User).all_rows()).await.unwrap_err(),
        session.commit().await.unwrap_err(),
        session.flush().await.unwrap_err(),
        session.find::<User>(1).await.unwrap_err(),
        session.refresh(ann).await.unwrap_err(),
    ] {
        assert!(error.is_session() && error.is_foreign_key_violation(), "the first cause is kept: {error}");
        assert!(error.to_string().contains("call `rollback`"), "{error}");
    }
    session.rollback().await.unwrap();
    assert_eq!(session[ann].age, Some(30));
    session.commit().await.unwrap();
}

#[tokio::test]
async fn a_failed_commit_leaves_nothing_in_the_database() {
    let fixture = Fixture::new(schema![User, Post]).await;
    let mut session = fixture.session();
    session.add(NewUser::new("Ann"));
    session.add(NewPost { user_id: 99.into(), title: "of nobody".into() });
    let error = session.commit().await.unwrap_err();
    assert!(error.is_foreign_key_violation(), "{error}");
    assert_eq!(fixture.database.query_text("SELECT * FROM users").await.len(), 0);
    session.rollback().await.unwrap();
    session.add(NewUser::new("Ben"));
    session.commit().await.unwrap();
    assert_eq!(fixture.database.query_text("SELECT * FROM users").await.len(), 1);
}

#[tokio::test]
async fn a_swallowed_error_fails_the_commit_with_the_first_cause() {
    let fixture = Fixture::new(schema![User]).await;
    let (mut session, ann) = with_ann(&fixture).await;
    session[ann].age = Some(31);
    session.flush().await.unwrap();
    let _ = session.all(select(User.age / 0)).await.unwrap_err();
    let error = session.commit().await.unwrap_err();
    assert_eq!(error.code(), Some("22012"), "division by zero: {error}");
    session.rollback().await.unwrap();
    assert_eq!(session[ann].age, Some(30));
    assert_eq!(fixture.database.query_text("SELECT age FROM users").await, [[Some("30".to_owned())]]);
}

#[tokio::test]
async fn a_dropped_session_rolls_back_and_leaks_nothing() {
    let fixture = Fixture::new(schema![User]).await;
    let (mut session, ann) = with_ann(&fixture).await;
    session[ann].age = Some(31);
    session.flush().await.unwrap();
    drop(session);
    let age: Option<i32> = fixture.engine.one(select(User.age)).await.unwrap();
    assert_eq!(age, Some(30));
    let open =
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'";
    assert_eq!(fixture.database.query_text(open).await, [[Some("0".to_owned())]]);
}

#[tokio::test]
async fn a_commit_dropped_at_any_point_commits_whole_or_not_at_all_and_the_session_says_so() {
    let fixture = Fixture::new(schema![User, Post]).await;
    let (mut whole, mut told) = (0, 0);
    for polls in 0.. {
        let mut session = fixture.session();
        let ann = session.add(NewUser::new("Ann"));
        session.add(NewPost::new(ann, "a"));
        session.add(NewPost::new(ann, "b"));
        let finished = match poll_times(polls, session.commit()).await {
            Some(result) => result.map(|()| true).unwrap(),
            None => false,
        };
        if !finished && polls > 0 {
            let error = session.all(select(User)).await.unwrap_err();
            assert!(error.to_string().contains("interrupted"), "{error}");
            if let Err(error) = session.rollback().await {
                assert!(error.is_committed(), "{error}");
                told += 1;
            }
            assert!(!session.contains(ann));
            session.all(select(User)).await.unwrap();
        }
        told += i64::from(finished);
        drop(session);
        let counts: (i64, i64) = fixture
            .engine
            .one(
                select((func::count(User.id), func::count(Post.id)))
                    .select_from(User)
                    .outer_join(Post, Post.user_id.eq(User.id)),
            )
            .await
            .unwrap();
        assert!(counts.1 % 2 == 0 && counts.0 == counts.1, "all of a commit or nothing: {counts:?}");
        whole = counts.1 / 2;
        assert_eq!(whole, told, "rollback says what became of it");
        if finished {
            break;
        }
    }
    assert!(whole >= 1);
}

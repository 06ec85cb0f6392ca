//! Sessions and their handles used where they cannot work.

use orm_core::prelude::*;
use orm_tests::Fixture;
use orm_tests::models::{NewPost, NewUser, Post, User};

fn says(error: &orm_core::Error, parts: &[&str]) {
    for part in parts {
        assert!(error.to_string().contains(part), "{part} in {error}");
    }
}

#[tokio::test]
async fn a_handle_of_another_session_is_refused_by_every_verb_that_takes_one() {
    let fixture = Fixture::new(schema![User]).await;
    let mut mine = fixture.session();
    let ann = mine.add(NewUser::new("Ann"));
    mine.commit().await.unwrap();
    let mut other = fixture.session();
    let ben = other.one(select(User)).await.unwrap();
    assert!(ann != ben && !other.contains(ann) && other.contains(ben));
    for error in [
        other.get(ann).unwrap_err(),
        other.get_mut(ann).map(|_| ()).unwrap_err(),
        other.pending_mut(ann).map(|_| ()).unwrap_err(),
        other.delete(ann).unwrap_err(),
        other.detach(ann).map(|_| ()).unwrap_err(),
        other.expunge(ann).unwrap_err(),
        other.expire(ann).unwrap_err(),
        other.refresh(ann).await.unwrap_err(),
    ] {
        assert!(error.is_session(), "{error:?}");
        says(&error, &["Handle<User>", "belongs to another session", "read the row in this session"]);
    }
}

#[tokio::test]
async fn a_session_after_a_failed_flush_says_why_it_failed_and_to_roll_back() {
    let fixture = Fixture::new(schema![User, Post]).await;
    let mut session = fixture.session();
    session.add(NewPost::new(99, "of nobody"));
    let failed = session.flush().await.unwrap_err();
    for error in [
        session.one(select(User)).await.unwrap_err(),
        session.stream(select(User)).await.map(|_| ()).unwrap_err(),
        session.execute(delete(User).all_rows()).await.unwrap_err(),
        session.commit().await.unwrap_err(),
    ] {
        assert!(error.is_session() && error.is_foreign_key_violation());
        says(&error, &["call `rollback` before anything else", &failed.to_string()]);
        assert_eq!(error.constraint(), Some("posts_user_id_fkey"));
    }
    session.rollback().await.unwrap();
    assert_eq!(session.all(select(User)).await.unwrap(), []);
}

#[tokio::test]
async fn an_insert_by_engine_or_transaction_of_a_reference_to_a_pending_object_is_refused() {
    let fixture = Fixture::new(schema![User, Post]).await;
    let user = fixture.session().add(NewUser::new("Ann"));
    let mut transaction = fixture.engine.begin().await.unwrap();
    let post = || insert(Post).values(NewPost::new(user, "Hello"));
    for error in [
        fixture.engine.execute(post()).await.unwrap_err(),
        fixture.engine.one(post().returning(Post)).await.unwrap_err(),
        transaction.execute(post()).await.unwrap_err(),
        fixture.session().execute(post()).await.unwrap_err(),
    ] {
        assert!(error.is_invalid_statement() && error.location().is_some());
        let parts = [
            "mistake_session.rs:",
            "`Post.user_id` refers to an object of a session by its handle",
            "only a flush of that session can resolve: `session.add(..)` the row, or give the key itself",
        ];
        says(&error, &parts);
    }
    assert_eq!(fixture.recorder.take().statements, Vec::<String>::new(), "nothing was sent");
}

#[tokio::test]
async fn a_statement_whose_table_is_not_in_from_is_refused_before_it_is_sent() {
    let fixture = Fixture::new(schema![User, Post]).await;
    let mut session = fixture.session();
    let statement = || select(lit(1)).filter(Post.id.eq(1)).select_from(User);
    for error in [
        fixture.engine.all(statement()).await.unwrap_err(),
        session.all(statement()).await.unwrap_err(),
        fixture.engine.execute(update(User).set(User.age, 1).filter(Post.id.eq(1))).await.unwrap_err(),
    ] {
        assert!(error.is_invalid_statement() && error.location().is_some(), "{error:?}");
        says(&error, &["mistake_session.rs:", "`Post`", "WHERE"]);
    }
    assert_eq!(fixture.recorder.take().statements, Vec::<String>::new(), "nothing was sent");
}

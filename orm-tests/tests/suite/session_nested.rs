//! Savepoints in a session.

use orm_core::prelude::*;
use orm_tests::models::{NewPost, NewUser, Post, User};
use orm_tests::{Fixture, poll_times, with_ann};

async fn ages(fixture: &Fixture) -> Vec<(String, Option<i32>)> {
    fixture.engine.all(select((User.name, User.age)).order_by(User.id)).await.unwrap()
}

#[tokio::test]
async fn session_rollback_ends_open_savepoints() {
    let fixture = Fixture::new(schema![User]).await;
    let (mut session, ann) = with_ann(&fixture).await;
    {
        let mut nested = session.begin_nested().await.unwrap();
        nested[ann].age = Some(32);
        let mut inner = nested.begin_nested().await.unwrap();
        inner.flush().await.unwrap();
        let whole: &mut Session = &mut inner;
        whole.rollback().await.unwrap();
        whole[ann].age = Some(40);
        let error = inner.commit().await.unwrap_err();
        assert!(error.to_string().contains("the transaction of this savepoint has ended"), "{error}");
        nested.rollback().await.unwrap();
    }
    assert_eq!(session[ann].age, Some(40), "that is of the transaction that follows");
    session.commit().await.unwrap();
    assert_eq!(ages(&fixture).await, [("Ann".to_owned(), Some(40))]);
}

#[tokio::test]
async fn session_inside_a_savepoint_cannot_be_committed() {
    let fixture = Fixture::new(schema![User]).await;
    let (mut session, ann) = with_ann(&fixture).await;
    let mut nested = session.begin_nested().await.unwrap();
    nested[ann].age = Some(32);
    let whole: &mut Session = &mut nested;
    let error = whole.commit().await.unwrap_err();
    assert!(error.is_session() && error.to_string().contains("inside a savepoint (1 open)"), "{error}");
    nested.commit().await.unwrap();
    session.commit().await.unwrap();
    assert_eq!(ages(&fixture).await, [("Ann".to_owned(), Some(32))]);
}

#[tokio::test]
async fn after_an_error_of_the_server_the_session_goes_on_from_the_savepoint() {
    let fixture = Fixture::new(schema![User]).await;
    fixture.database.execute("ALTER TABLE users ADD UNIQUE (name)").await;
    let (mut session, ann) = with_ann(&fixture).await;
    session[ann].age = Some(31);
    let mut nested = session.begin_nested().await.unwrap();
    nested.add(NewUser::new("Ann"));
    let error = nested.commit().await.unwrap_err();
    assert!(error.is_unique_violation(), "{error}");

    let mut nested = session.begin_nested().await.unwrap();
    let error = nested.all(select(User.id / 0)).await.unwrap_err();
    assert_eq!(error.code(), Some("22012"), "{error}");
    nested.rollback().await.unwrap();

    let mut nested = session.begin_nested().await.unwrap();
    let _ = nested.all(select(User.id / 0)).await.unwrap_err();
    let error = nested.commit().await.unwrap_err();
    assert!(error.is_rolled_back() && error.code() == Some("22012"), "a swallowed error is told: {error}");

    session.add(NewUser::new("Ben"));
    session.commit().await.unwrap();
    assert_eq!(ages(&fixture).await, [("Ann".to_owned(), Some(31)), ("Ben".to_owned(), None)]);
}

#[tokio::test]
async fn savepoint_is_refused_in_a_transaction_that_has_failed() {
    let fixture = Fixture::new(schema![User]).await;
    let (mut session, _) = with_ann(&fixture).await;
    session.all(select(User.id / 0)).await.unwrap_err();
    let error = session.begin_nested().await.unwrap_err();
    assert!(error.is_rolled_back() && error.code() == Some("22012"), "{error}");
    session.rollback().await.unwrap();
    session.begin_nested().await.unwrap().commit().await.unwrap();
}

#[tokio::test]
async fn dropped_savepoint_is_rolled_back_before_the_next_statement() {
    let fixture = Fixture::new(schema![User]).await;
    let (mut session, ann) = with_ann(&fixture).await;
    session[ann].age = Some(31);
    {
        let mut nested = session.begin_nested().await.unwrap();
        nested[ann].age = Some(32);
        nested.flush().await.unwrap();
        let mut inner = nested.begin_nested().await.unwrap();
        inner[ann].age = Some(33);
        inner.flush().await.unwrap();
    }
    assert_eq!(session[ann].age, Some(31), "objects are put back at once");
    let age: Option<i32> = session.one(select(User.age)).await.unwrap();
    assert_eq!(age, Some(31));
    {
        let mut nested = session.begin_nested().await.unwrap();
        nested.execute(delete(User).all_rows()).await.unwrap();
    }
    session.commit().await.unwrap();
    assert_eq!(ages(&fixture).await, [("Ann".to_owned(), Some(31))], "before COMMIT too");
}

#[tokio::test]
async fn savepoint_dropped_after_an_error_is_rolled_back() {
    let fixture = Fixture::new(schema![User]).await;
    let (mut session, ann) = with_ann(&fixture).await;
    let attempt = async |session: &mut Session| -> Result<(), Error> {
        let mut nested = session.begin_nested().await?;
        nested[ann].age = Some(32);
        nested.all(select(User.id / 0)).await?;
        nested.commit().await
    };
    assert_eq!(attempt(&mut session).await.unwrap_err().code(), Some("22012"));
    assert_eq!(session[ann].age, Some(30));
    session.add(NewUser::new("Ben"));
    session.commit().await.unwrap();
    assert_eq!(ages(&fixture).await, [("Ann".to_owned(), Some(30)), ("Ben".to_owned(), None)]);
}

#[tokio::test]
async fn savepoint_costs_no_round_trip_of_its_own() {
    let fixture = Fixture::new(schema![User]).await;
    let (mut session, ann) = with_ann(&fixture).await;
    let mut nested = session.begin_nested().await.unwrap();
    nested[ann].age = Some(32);
    nested.commit().await.unwrap();
    session[ann].age = Some(33);
    session.commit().await.unwrap();
    let recorded = fixture.recorder.take();
    assert_eq!(recorded.round_trips, 2, "{recorded:?}");
    let control = |text: &&String| !text.starts_with("UPDATE") && !text.starts_with("WITH");
    let control: Vec<_> = recorded.statements.iter().filter(control).collect();
    assert_eq!(control, ["BEGIN; SAVEPOINT orm_1", "RELEASE SAVEPOINT orm_1", "COMMIT"]);

    session.begin_nested().await.unwrap().commit().await.unwrap();
    session.begin_nested().await.unwrap().rollback().await.unwrap();
    session.commit().await.unwrap();
    assert_eq!(fixture.recorder.take().round_trips, 0, "in an empty one nothing is sent at all");
}

#[tokio::test]
async fn nested_work_is_kept_on_ok_and_taken_back_on_err() {
    #[derive(Debug)]
    enum Refused {
        Budget,
        Database(Error),
    }
    impl From<Error> for Refused {
        fn from(error: Error) -> Refused {
            Refused::Database(error)
        }
    }
    let fixture = Fixture::new(schema![User, Post]).await;
    fixture.database.execute("ALTER TABLE users ADD UNIQUE (name)").await;
    let (mut session, ann) = with_ann(&fixture).await;
    let title = String::from("borrowed");
    let post = session.nested(async |session| Ok(session.add(NewPost::new(ann, &*title)))).await;
    assert_eq!(session[post.unwrap()].title, "borrowed");

    let refused: Result<(), Refused> = session
        .try_nested(async |session| {
            session[ann].age = Some(99);
            session.flush().await?;
            Err(Refused::Budget)
        })
        .await;
    assert!(matches!(refused, Err(Refused::Budget)));
    assert_eq!(session[ann].age, Some(30));

    let refused: Result<Handle<User>, Refused> =
        session.try_nested(async move |session| Ok(session.add(NewUser::new("Ann")))).await;
    assert!(matches!(refused, Err(Refused::Database(error)) if error.is_unique_violation()));
    session.commit().await.unwrap();
    assert_eq!(ages(&fixture).await, [("Ann".to_owned(), Some(30))]);
    assert_eq!(fixture.engine.all(select(Post.title)).await.unwrap(), ["borrowed"]);
}

#[tokio::test]
async fn nested_work_can_run_on_another_task() {
    let fixture = Fixture::new(schema![User]).await;
    let (mut session, ann) = with_ann(&fixture).await;
    let task = tokio::spawn(async move {
        let age = 5;
        let inner = async |session: &mut Session| {
            session.begin_nested().await?.commit().await?;
            session
                .nested(async |session| {
                    session[ann].age = Some(age);
                    Ok(())
                })
                .await
        };
        session.nested(inner).await?;
        session.commit().await
    });
    task.await.unwrap().unwrap();
    assert_eq!(ages(&fixture).await, [("Ann".to_owned(), Some(5))]);
}

#[tokio::test]
async fn future_dropped_inside_a_savepoint_is_taken_back_with_it() {
    let fixture = Fixture::new(schema![User]).await;
    let (mut session, ann) = with_ann(&fixture).await;
    session[ann].age = Some(31);
    let mut nested = session.begin_nested().await.unwrap();
    nested.add(NewUser::new("Ben"));
    assert!(poll_times(1, nested.flush()).await.is_none());
    let error = nested.all(select(User)).await.unwrap_err();
    assert!(error.to_string().contains("interrupted"), "{error}");
    nested.rollback().await.unwrap();
    session.add(NewUser::new("Cid"));
    session.commit().await.unwrap();
    assert_eq!(ages(&fixture).await, [("Ann".to_owned(), Some(31)), ("Cid".to_owned(), None)]);
}

#[tokio::test]
async fn connection_lost_inside_a_savepoint_ends_the_transaction() {
    let fixture = Fixture::new(schema![User]).await;
    let (mut session, ann) = with_ann(&fixture).await;
    session[ann].age = Some(31);
    let mut nested = session.begin_nested().await.unwrap();
    nested[ann].age = Some(32);
    nested.flush().await.unwrap();
    fixture.database.end_connections().await;
    let error = nested.rollback().await.unwrap_err();
    assert!(error.is_connection_lost(), "{error}");
    let error = session.commit().await.unwrap_err();
    assert!(error.is_session() && error.to_string().contains("call `rollback`"), "{error}");
    session.rollback().await.unwrap();
    assert_eq!(session[ann].age, Some(30));
    session.commit().await.unwrap();
    assert_eq!(ages(&fixture).await, [("Ann".to_owned(), Some(30))]);
}

#[tokio::test]
async fn a_savepoint_whose_session_was_swapped_for_another_does_nothing_to_that() {
    let fixture = Fixture::new(schema![User]).await;
    let (mut one, ann) = with_ann(&fixture).await;
    let mut other = fixture.session();
    let bob = other.add(NewUser::new("Bob"));
    {
        // Both are inside a savepoint of the same depth.
        let mut nested = one.begin_nested().await.unwrap();
        let mut of_other = other.begin_nested().await.unwrap();
        nested[ann].age = Some(32);
        of_other[bob].age = Some(50);
        std::mem::swap(&mut *nested, &mut *of_other);
        let error = nested.commit().await.unwrap_err();
        assert!(error.is_session() && error.to_string().contains("another session"), "{error}");
        drop(of_other);
    }
    // Each is in the other's place, inside its savepoint still, with what was done there.
    assert_eq!((one[bob].age, other[ann].age), (Some(50), Some(32)));
    let error = one.commit().await.unwrap_err();
    assert!(error.to_string().contains("inside a savepoint (1 open)"), "{error}");
    one.rollback().await.unwrap();
    other.rollback().await.unwrap();
    other[ann].age = Some(33);
    other.commit().await.unwrap();
    assert_eq!(ages(&fixture).await, [("Ann".to_owned(), Some(33))]);
}

#[tokio::test]
async fn a_savepoint_whose_session_is_swapped_back_is_as_it_was() {
    let fixture = Fixture::new(schema![User]).await;
    let (mut session, ann) = with_ann(&fixture).await;
    let mut other = fixture.session();
    let mut nested = session.begin_nested().await.unwrap();
    nested[ann].age = Some(32);
    std::mem::swap(&mut *nested, &mut other);
    std::mem::swap(&mut *nested, &mut other);
    nested.commit().await.unwrap();
    session.commit().await.unwrap();
    assert_eq!(ages(&fixture).await, [("Ann".to_owned(), Some(32))]);
}

//! What is called before and after a flush.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use orm_core::prelude::*;
use orm_core::session::ChangeKind;
use orm_tests::models::{NewUser, User};
use orm_tests::{Fixture, with_ann};

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "audit")]
struct Audit {
    #[orm(primary_key, generated)]
    id: i64,
    what: String,
}

#[tokio::test]
async fn a_hook_that_refuses_stops_the_flush_and_what_is_pending_stays_so() {
    let fixture = Fixture::new(schema![User]).await;
    let sessions = SessionMaker::new(fixture.engine.clone()).before_flush(|session| {
        let users = session.changes_of::<User>();
        if users.new.iter().any(|&user| session.pending(user).is_ok_and(|user| user.name.is_empty())) {
            return Err("a user has a name".into());
        }
        Ok(())
    });
    let mut session = sessions.session();
    let nobody = session.add(NewUser::new(""));
    for error in [
        session.flush().await.unwrap_err(),
        session.commit().await.unwrap_err(),
        session.all(select(User)).await.unwrap_err(),
    ] {
        assert!(error.is_session() && error.to_string().contains("a user has a name"), "{error}");
    }
    assert_eq!(fixture.recorder.take().statements, Vec::<String>::new());
    assert!(session.is_new(nobody));
    session.pending_mut(nobody).unwrap().name = "Ann".into();
    session.commit().await.unwrap();
    assert_eq!(fixture.engine.all(select(User.name)).await.unwrap(), ["Ann"]);
}

#[tokio::test]
async fn a_hook_changes_and_adds_objects_with_the_same_flush_and_commit_stays_one_round_trip() {
    let fixture = Fixture::new(schema![User, Audit]).await;
    let (mut session, ann) = with_ann(&fixture).await;
    session.before_flush(|session| {
        for user in session.changes_of::<User>().modified {
            let name = session[user].name.trim().to_owned();
            session[user].name = name;
        }
        for change in session.changes() {
            if change.handle::<User>().is_some() {
                session.add(NewAudit::new(format!("{change:?}")));
            }
        }
        Ok(())
    });
    session[ann].name = " Anna ".into();
    session.commit().await.unwrap();
    assert_eq!(fixture.recorder.take().round_trips, 1);
    assert_eq!(session[ann].name, "Anna");
    let said: Vec<String> = fixture.engine.all(select(Audit.what)).await.unwrap();
    assert_eq!(said, [r#"modified `User` 1: `User.name` "Ann" -> "Anna""#]);
    session.commit().await.unwrap();
    assert_eq!(fixture.engine.all(select(Audit.what)).await.unwrap().len(), 1, "nothing to flush, no call");
}

#[tokio::test]
async fn a_hook_after_the_flush_sees_keys_and_what_it_adds_is_of_the_same_transaction() {
    let fixture = Fixture::new(schema![User, Audit]).await;
    let (mut session, ann) = with_ann(&fixture).await;
    session.after_flush(|session, changes| {
        for change in changes.iter().filter(|change| change.handle::<Audit>().is_none()) {
            session.add(NewAudit::new(format!("{change:?}")));
        }
        Ok(())
    });
    session[ann].age = Some(31);
    let ben = session.add(NewUser::new("Ben"));
    session.commit().await.unwrap();
    session.delete(ben).unwrap();
    session.commit().await.unwrap();
    let said: Vec<String> = fixture.engine.all(select(Audit.what).order_by(Audit.id)).await.unwrap();
    assert_eq!(
        said,
        [
            r#"new `User` 2: `User.id` 2, `User.name` "Ben", `User.age` NULL"#,
            "modified `User` 1: `User.age` 30 -> 31",
            r#"deleted `User` 2: `User.id` 2, `User.name` "Ben", `User.age` NULL"#,
        ]
    );
    session[ann].age = Some(32);
    session.flush().await.unwrap();
    session.rollback().await.unwrap();
    assert_eq!(fixture.engine.all(select(Audit.what)).await.unwrap().len(), 3);
}

#[tokio::test]
async fn a_hook_after_the_flush_that_refuses_leaves_nothing_committed() {
    let fixture = Fixture::new(schema![User]).await;
    let mut session = fixture.session();
    session.after_flush(|_, changes| match changes[0].kind() {
        ChangeKind::New => Err("no more users".into()),
        _ => Ok(()),
    });
    let ann = session.add(NewUser::new("Ann"));
    let error = session.commit().await.unwrap_err();
    assert!(error.is_session() && error.to_string().contains("no more users"), "{error}");
    assert!(session.commit().await.unwrap_err().to_string().contains("call `rollback`"));
    session.rollback().await.unwrap();
    assert_eq!(fixture.engine.all(select(User)).await.unwrap(), []);
    assert_eq!(session.pending(ann).unwrap().name, "Ann");
}

#[tokio::test]
async fn a_hook_that_changes_objects_each_time_is_told_so() {
    let fixture = Fixture::new(schema![User]).await;
    let mut session = fixture.session();
    let calls = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&calls);
    session.after_flush(move |session, _| {
        counted.fetch_add(1, Ordering::Relaxed);
        session.add(NewUser::new("again"));
        Ok(())
    });
    session.add(NewUser::new("Ann"));
    let error = session.commit().await.unwrap_err();
    assert!(error.to_string().contains("`after_flush` hook changes objects each time"), "{error}");
    assert_eq!(calls.load(Ordering::Relaxed), 100);
    session.rollback().await.unwrap();
    assert_eq!(fixture.engine.all(select(User)).await.unwrap(), []);
}

#[tokio::test]
async fn hooks_of_the_maker_are_called_in_each_session_in_their_order() {
    let fixture = Fixture::new(schema![User]).await;
    let called = Arc::new(Mutex::new(Vec::new()));
    let note = |what: &'static str| {
        let called = Arc::clone(&called);
        move || called.lock().unwrap().push(what)
    };
    let (first, second, after) = (note("first"), note("second"), note("after"));
    let sessions = SessionMaker::new(fixture.engine.clone())
        .before_flush(move |_| {
            first();
            Ok(())
        })
        .after_flush(move |_, _| {
            after();
            Ok(())
        })
        .before_flush(move |_| {
            second();
            Ok(())
        });
    for _ in 0..2 {
        sessions
            .run(async |session| {
                session.add(NewUser::new("Ann"));
                Ok::<_, Error>(())
            })
            .await
            .unwrap();
    }
    assert_eq!(*called.lock().unwrap(), ["first", "second", "after", "first", "second", "after"]);
}

#[tokio::test]
async fn a_hook_after_the_flush_that_panics_and_is_caught_leaves_nothing_committed() {
    let fixture = Fixture::new(schema![User]).await;
    let mut session = fixture.session();
    session.after_flush(|_, _| panic!("no audit"));
    let ann = session.add(NewUser::new("Ann"));
    let caught = futures_util::FutureExt::catch_unwind(std::panic::AssertUnwindSafe(session.commit())).await;
    assert!(caught.is_err());
    let error = session.commit().await.unwrap_err();
    assert!(
        error.to_string().contains("call `rollback`") && error.to_string().contains("panicked"),
        "{error}"
    );
    session.rollback().await.unwrap();
    assert_eq!(fixture.engine.all(select(User)).await.unwrap(), []);
    assert_eq!(session.pending(ann).unwrap().name, "Ann");
}

#[tokio::test]
async fn a_hook_before_the_flush_that_panics_and_is_caught_leaves_all_pending() {
    let fixture = Fixture::new(schema![User]).await;
    let mut session = fixture.session();
    let panics = Arc::new(AtomicU32::new(1));
    session.before_flush(move |_| {
        assert_eq!(panics.swap(0, Ordering::Relaxed), 0, "not yet");
        Ok(())
    });
    let ann = session.add(NewUser::new("Ann"));
    let caught = futures_util::FutureExt::catch_unwind(std::panic::AssertUnwindSafe(session.commit())).await;
    assert!(caught.is_err() && session.is_new(ann));
    session.commit().await.unwrap();
    assert_eq!(session[ann].name, "Ann");
}

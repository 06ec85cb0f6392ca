//! What a session calls after a commit that is certain.

use std::sync::{Arc, Mutex};

use orm_core::prelude::*;
use orm_tests::models::{NewUser, User};
use orm_tests::{Fixture, Proxy, poll_times};

/// Remembers what was called.
#[derive(Clone, Default)]
struct Calls(Arc<Mutex<Vec<&'static str>>>);

impl Calls {
    fn on_commit(&self, session: &mut Session, name: &'static str) {
        let calls = self.0.clone();
        session.on_commit(move || calls.lock().unwrap().push(name));
    }

    fn take(&self) -> Vec<&'static str> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

#[tokio::test]
async fn it_is_called_once_after_the_commit_in_the_order_given() {
    let fixture = Fixture::new(schema![User]).await;
    let (mut session, calls) = (fixture.session(), Calls::default());
    calls.on_commit(&mut session, "one");
    session.add(NewUser::new("Ann"));
    session.flush().await.unwrap();
    calls.on_commit(&mut session, "two");
    assert_eq!(calls.take(), [""; 0]);
    session.commit().await.unwrap();
    assert_eq!(calls.take(), ["one", "two"]);
    session.add(NewUser::new("Ben"));
    session.commit().await.unwrap();
    assert_eq!(calls.take(), [""; 0]);
}

#[tokio::test]
async fn it_is_forgotten_where_the_transaction_is_taken_back() {
    let fixture = Fixture::new(schema![User]).await;
    fixture.database.execute("ALTER TABLE users ADD CHECK (name <> '')").await;
    let (mut session, calls) = (fixture.session(), Calls::default());
    calls.on_commit(&mut session, "rolled back");
    session.add(NewUser::new("Ann"));
    session.flush().await.unwrap();
    session.rollback().await.unwrap();
    calls.on_commit(&mut session, "refused");
    session.add(NewUser::new(""));
    session.commit().await.unwrap_err();
    session.rollback().await.unwrap();
    session.add(NewUser::new("Ann"));
    session.commit().await.unwrap();
    let mut dropped = fixture.session();
    calls.on_commit(&mut dropped, "dropped");
    drop(dropped);
    assert_eq!(calls.take(), [""; 0]);
}

#[tokio::test]
async fn a_savepoint_keeps_or_takes_back_its_own() {
    let fixture = Fixture::new(schema![User]).await;
    let (mut session, calls) = (fixture.session(), Calls::default());
    calls.on_commit(&mut session, "around");
    for (keeps, name) in [(true, "kept"), (false, "taken back")] {
        let mut nested = session.begin_nested().await.unwrap();
        let mut inner = nested.begin_nested().await.unwrap();
        calls.on_commit(&mut inner, name);
        inner.commit().await.unwrap();
        match keeps {
            true => nested.commit().await.unwrap(),
            false => drop(nested),
        }
    }
    assert_eq!(calls.take(), [""; 0]);
    session.commit().await.unwrap();
    assert_eq!(calls.take(), ["around", "kept"]);
}

#[tokio::test]
async fn work_that_is_run_again_calls_that_of_its_last_time() {
    let fixture = Fixture::new(schema![User]).await;
    let (calls, tries) = (Calls::default(), Calls::default());
    let sql = "CREATE SEQUENCE tries; CREATE FUNCTION collide() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF \
               nextval('tries') < 3 THEN RAISE serialization_failure; END IF; RETURN NEW; END $$; CREATE TRIGGER collide \
               BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION collide()";
    fixture.database.execute(sql).await;
    let sessions = SessionMaker::new(fixture.engine.clone());
    let sessions = sessions.backoff(std::time::Duration::from_millis(1), std::time::Duration::from_millis(1));
    sessions
        .run(async |session| {
            tries.0.lock().unwrap().push("try");
            calls.on_commit(session, "called");
            session.add(NewUser::new("Ann"));
            session.flush().await
        })
        .await
        .unwrap();
    assert_eq!((tries.take().len(), calls.take()), (3, vec!["called"]));
}

#[tokio::test]
async fn only_a_commit_that_is_certain_calls() {
    let fixture = Fixture::new(schema![User]).await;
    let proxy = Proxy::start(fixture.database.url()).await;
    let engine = Engine::builder(proxy.url()).connect().await.unwrap();
    let (mut session, calls) = (SessionMaker::new(engine).session(), Calls::default());
    session.add(NewUser::new("Ann"));
    session.flush().await.unwrap();
    calls.on_commit(&mut session, "unknown");
    proxy.stall();
    assert!(poll_times(3, session.commit()).await.is_none());
    proxy.cut();
    proxy.resume();
    let error = session.rollback().await.unwrap_err();
    assert!(error.is_outcome_unknown(), "{error}");
    assert_eq!(calls.take(), [""; 0]);

    // Dropped, and then found to be committed.
    session.add(NewUser::new("Ben"));
    session.flush().await.unwrap();
    calls.on_commit(&mut session, "committed");
    assert!(poll_times(1, session.commit()).await.is_none());
    fixture.database.wait_until_idle().await;
    match session.rollback().await {
        Err(error) => {
            assert!(error.is_committed(), "{error}");
            assert_eq!(calls.take(), ["committed"]);
        }
        Ok(()) => assert_eq!(calls.take(), [""; 0]),
    }
}

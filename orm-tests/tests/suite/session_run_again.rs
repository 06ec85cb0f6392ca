//! What else is a reason to run work again: a collision behind a savepoint, and a stale row where that is wanted.

use std::sync::Arc;
use std::time::Duration;

use orm_core::prelude::*;
use orm_tests::models::{NewUser, User};
use orm_tests::{Fixture, Proxy};
use tokio::sync::Barrier;

use crate::session_run::{Attempts, Refused, accounts, names, sessions};

/// Another transaction changes Ann, so that one that keeps its snapshot can never change her again.
async fn interfere(fixture: &Fixture) {
    fixture.engine.execute(update(User).set(User.age, 50).filter(User.name.eq("Ann"))).await.unwrap();
}

/// Ann is made a year older behind a savepoint, in the first attempt behind the back of a snapshot.
async fn grow(fixture: &Fixture, session: &mut Session, attempt: u32) -> Result<(), Error> {
    session.one(select(func::count(User.id))).await?;
    if attempt == 1 {
        interfere(fixture).await;
    }
    let nested = async |session: &mut Session| {
        let older = update(User).set(User.age, User.age + 1).filter(User.name.eq("Ann"));
        session.execute(older).await.map(drop)
    };
    session.nested(nested).await
}

#[tokio::test]
async fn a_collision_behind_a_savepoint_begins_anew_where_the_transaction_keeps_its_snapshot() {
    let fixture = Fixture::new(schema![User]).await;
    accounts(&fixture).await;
    let modes = [Some(Isolation::RepeatableRead), Some(Isolation::Serializable), None];
    for mode in modes {
        let engine = match mode {
            Some(_) => fixture.engine.clone(),
            None => {
                let name = fixture.database.name();
                let set = "SET default_transaction_isolation = 'repeatable read'";
                fixture.database.execute(&format!("ALTER DATABASE \"{name}\" {set}")).await;
                Engine::builder(fixture.database.url()).connect().await.unwrap()
            }
        };
        let sessions = mode.into_iter().fold(sessions(&engine), SessionMaker::transaction_mode);
        let attempts = Attempts::default();
        let result: Result<(), Refused> = sessions
            .try_run(async |session| grow(&fixture, session, attempts.next()).await.map_err(Refused::from))
            .await;
        assert_eq!((result, attempts.made()), (Ok(()), 2), "{mode:?}");
    }
}

#[tokio::test]
async fn a_collision_behind_a_savepoint_that_the_work_gets_over_is_no_reason_to_begin_anew() {
    let fixture = Fixture::new(schema![User]).await;
    accounts(&fixture).await;
    let attempts = Attempts::default();
    let result: Result<bool, Refused> = sessions(&fixture.engine)
        .transaction_mode(Isolation::RepeatableRead)
        .try_run(async |session| Ok(grow(&fixture, session, attempts.next()).await.is_ok()))
        .await;
    assert_eq!((result, attempts.made()), (Ok(false), 1));
}

#[tokio::test]
async fn a_deadlock_behind_a_savepoint_that_the_work_gives_up_at_begins_anew() {
    let fixture = Fixture::new(schema![User]).await;
    accounts(&fixture).await;
    let sessions = sessions(&fixture.engine);
    let (barrier, attempts) = (Arc::new(Barrier::new(2)), Arc::new(Attempts::default()));
    let tasks = [[1, 2], [2, 1]].map(|[first, second]: [i64; 2]| {
        let (sessions, barrier, attempts) = (sessions.clone(), barrier.clone(), attempts.clone());
        tokio::spawn(async move {
            sessions
                .try_run(async |session| {
                    let attempt = attempts.next();
                    session.one(select(User).filter(User.id.eq(first)).for_update()).await?;
                    if attempt <= 2 {
                        barrier.wait().await;
                    }
                    let mut nested = session.begin_nested().await?;
                    nested.one(select(User).filter(User.id.eq(second)).for_update()).await?;
                    nested.commit().await?;
                    Ok::<_, Refused>(())
                })
                .await
        })
    });
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    assert_eq!(attempts.made(), 3);
}

#[tokio::test]
async fn a_stale_row_is_a_reason_to_begin_anew_only_where_that_is_wanted() {
    let fixture = Fixture::new(schema![User]).await;
    for (wanted, nested) in [(false, false), (true, false), (false, true), (true, true)] {
        fixture.database.execute("TRUNCATE users").await;
        accounts(&fixture).await;
        let attempts = Attempts::default();
        let result = sessions(&fixture.engine)
            .retry_stale(wanted)
            .try_run(async |session| {
                let ann = session.one_or_none(select(User).filter(User.name.eq("Ann"))).await?;
                let Some(ann) = ann else { return Ok(attempts.next()) };
                if attempts.next() == 1 {
                    fixture.engine.execute(delete(User).filter(User.name.eq("Ann"))).await?;
                }
                if nested {
                    let change = async |session: &mut Session| {
                        session[ann].age = Some(11);
                        session.flush().await
                    };
                    session.nested(change).await?;
                }
                session[ann].age = Some(11);
                Ok::<_, Error>(0)
            })
            .await;
        match result {
            Ok(attempt) => assert!(wanted && attempt == 2, "{wanted} {nested}"),
            Err(error) => assert!(!wanted && error.is_stale(), "{wanted} {nested} {error}"),
        }
    }
}

#[tokio::test]
async fn work_whose_own_commit_was_interrupted_is_not_done_twice() {
    let fixture = Fixture::new(schema![User]).await;
    let proxy = Proxy::start(fixture.database.url()).await;
    let engine = Engine::builder(proxy.url()).pool_size(2).connect().await.unwrap();
    let attempts = Attempts::default();
    let result: Result<(), Refused> = sessions(&engine)
        .try_run(async |session| {
            attempts.next();
            session.add(NewUser::new("Ann"));
            session.flush().await?;
            proxy.delay(Duration::from_millis(100));
            let answer = tokio::time::timeout(Duration::from_millis(150), session.commit()).await;
            assert!(answer.is_err(), "it is on its way");
            Err(Refused)
        })
        .await;
    assert_eq!((result, attempts.made()), (Err(Refused), 1));
    assert_eq!(names(&fixture).await, ["Ann"]);
}

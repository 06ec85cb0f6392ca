//! Work that is run again where the server could not do it beside that of others.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use orm_core::prelude::*;
use orm_tests::models::{NewUser, User};
use orm_tests::{Fixture, Proxy};
use tokio::sync::Barrier;

/// An error of the caller's own, which tells nothing of the server's.
#[derive(Debug, PartialEq)]
pub(crate) struct Refused;

impl From<Error> for Refused {
    fn from(_: Error) -> Refused {
        Refused
    }
}

/// Counts how often work is begun.
#[derive(Default)]
pub(crate) struct Attempts(AtomicU32);

impl Attempts {
    /// Which attempt this is, from 1 on.
    pub(crate) fn next(&self) -> u32 {
        self.0.fetch_add(1, Ordering::Relaxed) + 1
    }

    pub(crate) fn made(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }
}

pub(crate) fn sessions(engine: &Engine) -> SessionMaker {
    SessionMaker::new(engine.clone()).backoff(Duration::from_millis(2), Duration::from_millis(20))
}

pub(crate) async fn names(fixture: &Fixture) -> Vec<String> {
    fixture.engine.all(select(User.name).order_by(User.id)).await.unwrap()
}

pub(crate) async fn accounts(fixture: &Fixture) {
    let accounts = ["Ann", "Ben"].map(|name| NewUser { name: name.into(), age: Some(10) });
    fixture.engine.execute(insert(User).values(Vec::from(accounts))).await.unwrap();
}

/// A row with this name is refused as an error that says to try again, or ends the connection, so many times.
async fn trouble(fixture: &Fixture, times: u32, what: &str) {
    fixture
        .database
        .execute(&format!(
            "CREATE SEQUENCE troubles; CREATE FUNCTION trouble() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.name \
             = 'trouble' AND nextval('troubles') <= {times} THEN {what} END IF; RETURN NEW; END $$; CREATE TRIGGER \
             trouble BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION trouble()"
        ))
        .await;
}

const COLLISION: &str = "RAISE EXCEPTION 'collision' USING ERRCODE = '40001';";

#[tokio::test]
async fn two_serializable_transactions_that_collide_are_both_done() {
    let fixture = Fixture::new(schema![User]).await;
    accounts(&fixture).await;
    let sessions = sessions(&fixture.engine).transaction_mode(Isolation::Serializable);
    let (barrier, attempts) = (Arc::new(Barrier::new(2)), Arc::new(Attempts::default()));
    let tasks = [1, 2].map(|id: i64| {
        let (sessions, barrier, attempts) = (sessions.clone(), barrier.clone(), attempts.clone());
        tokio::spawn(async move {
            sessions
                .try_run(async |session| {
                    let sum: Option<i64> = session.one(select(func::sum(User.age))).await?;
                    if attempts.next() <= 2 {
                        barrier.wait().await;
                    }
                    let user = session.one(select(User).filter(User.id.eq(id))).await?;
                    session[user].age = sum.and_then(|sum| i32::try_from(sum).ok());
                    Ok::<_, Error>(())
                })
                .await
        })
    });
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    assert_eq!(attempts.made(), 3);
    let mut ages = fixture.engine.all(select(User.age)).await.unwrap();
    ages.sort();
    assert_eq!(ages, [Some(20), Some(30)], "as if one had come after the other");
}

#[tokio::test]
async fn a_deadlock_is_resolved_also_behind_an_error_of_the_callers_own() {
    let fixture = Fixture::new(schema![User]).await;
    accounts(&fixture).await;
    let sessions = sessions(&fixture.engine);
    let (barrier, attempts) = (Arc::new(Barrier::new(2)), Arc::new(Attempts::default()));
    let tasks = [[1, 2], [2, 1]].map(|order: [i64; 2]| {
        let (sessions, barrier, attempts) = (sessions.clone(), barrier.clone(), attempts.clone());
        tokio::spawn(async move {
            sessions
                .try_run(async |session| {
                    let attempt = attempts.next();
                    for (nth, id) in order.into_iter().enumerate() {
                        let user = session.one(select(User).filter(User.id.eq(id)).for_update()).await?;
                        session[user].age = session[user].age.map(|age| age + 1);
                        session.flush().await?;
                        if nth == 0 && attempt <= 2 {
                            barrier.wait().await;
                        }
                    }
                    Ok::<_, Refused>(())
                })
                .await
        })
    });
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    assert_eq!(attempts.made(), 3);
    assert_eq!(fixture.engine.all(select(User.age)).await.unwrap(), [Some(12), Some(12)]);
}

#[tokio::test]
async fn a_connection_lost_before_commit_is_sent_is_no_matter() {
    let fixture = Fixture::new(schema![User]).await;
    let proxy = Proxy::start(fixture.database.url()).await;
    let engine = Engine::builder(proxy.url()).pool_size(2).connect().await.unwrap();
    let attempts = Attempts::default();
    let done: Result<u32, Refused> = sessions(&engine)
        .try_run(async |session| {
            session.add(NewUser::new("Ann"));
            session.flush().await?;
            let attempt = attempts.next();
            if attempt == 1 {
                proxy.cut();
            }
            session.add(NewUser::new("Ben"));
            session.flush().await?;
            Ok(attempt)
        })
        .await;
    assert_eq!(done, Ok(2));
    assert_eq!(names(&fixture).await, ["Ann", "Ben"]);
}

#[tokio::test]
async fn a_connection_the_server_ends_with_the_statements_beside_commit_is_no_matter() {
    let fixture = Fixture::new(schema![User]).await;
    trouble(&fixture, 1, "PERFORM pg_terminate_backend(pg_backend_pid());").await;
    let attempts = Attempts::default();
    let done = sessions(&fixture.engine)
        .try_run(async |session| {
            session.add(NewUser::new("trouble"));
            Ok::<_, Error>(attempts.next())
        })
        .await;
    assert_eq!(done.unwrap(), 2);
    assert_eq!(names(&fixture).await, ["trouble"]);
}

#[tokio::test]
async fn a_connection_lost_after_commit_was_sent_leaves_an_unknown_outcome() {
    let fixture = Fixture::new(schema![User]).await;
    let proxy = Proxy::start(fixture.database.url()).await;
    let engine = Engine::builder(proxy.url()).pool_size(2).connect().await.unwrap();
    for flushed in [true, false] {
        let attempts = Attempts::default();
        let cut = async {
            while attempts.made() == 0 {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            tokio::time::sleep(Duration::from_millis(30)).await;
            proxy.cut();
            proxy.resume();
        };
        let sessions = sessions(&engine);
        let work = sessions.try_run(async |session| {
            session.all(select(User)).await?;
            session.add(NewUser::new("Ann"));
            if flushed {
                session.flush().await?;
            }
            proxy.stall();
            attempts.next();
            Ok::<_, Error>(())
        });
        let (result, ()) = tokio::join!(work, cut);
        let error = result.unwrap_err();
        assert!(error.is_outcome_unknown() && error.is_connection_lost(), "{error}");
        assert!(error.to_string().contains("unknown whether the transaction was committed"), "{error}");
        assert_eq!(attempts.made(), 1, "it may be done");
    }
    fixture.database.wait_until_idle().await;
}

#[tokio::test]
async fn work_is_given_up_after_so_many_attempts() {
    let fixture = Fixture::new(schema![User]).await;
    trouble(&fixture, 99, COLLISION).await;
    for limit in [1, 3] {
        let attempts = Attempts::default();
        let result: Result<(), Error> = sessions(&fixture.engine)
            .attempts(limit)
            .try_run(async |session| {
                attempts.next();
                session.add(NewUser::new("trouble"));
                Ok(())
            })
            .await;
        let error = result.unwrap_err();
        assert!(error.is_retryable() && error.to_string().contains("collision"), "{error}");
        assert_eq!(attempts.made(), limit);
    }
}

#[tokio::test]
async fn a_server_that_does_not_come_back_is_asked_again_until_the_acquire_timeout() {
    let fixture = Fixture::new(schema![User]).await;
    let proxy = std::sync::Mutex::new(Some(Proxy::start(fixture.database.url()).await));
    let url = proxy.lock().unwrap().as_ref().unwrap().url().to_owned();
    let limit = std::time::Duration::from_millis(200);
    let engine = Engine::builder(url).acquire_timeout(limit).connect().await.unwrap();
    let attempts = Attempts::default();
    let result = sessions(&engine)
        .attempts(4)
        .try_run(async |session| {
            attempts.next();
            session.all(select(User)).await?;
            drop(proxy.lock().unwrap().take());
            session.all(select(User)).await
        })
        .await;
    assert!(result.as_ref().unwrap_err().is_pool_timeout(), "{result:?}");
    assert_eq!(attempts.made(), 2, "the second one waits for a connection in vain");
}

#[tokio::test]
async fn what_another_attempt_does_not_help_is_not_attempted() {
    let fixture = Fixture::new(schema![User]).await;
    fixture.database.execute("ALTER TABLE users ADD UNIQUE (name)").await;
    fixture.engine.execute(insert(User).values(NewUser::new("Ann"))).await.unwrap();
    let attempts = Attempts::default();
    let sessions = sessions(&fixture.engine);
    let result: Result<(), Error> = sessions
        .try_run(async |session| {
            attempts.next();
            session.add(NewUser::new("Ann"));
            Ok(())
        })
        .await;
    assert!(result.unwrap_err().is_unique_violation());
    let result: Result<(), Refused> = sessions
        .try_run(async |session| {
            attempts.next();
            session.add(NewUser::new("Ben"));
            session.flush().await?;
            Err(Refused)
        })
        .await;
    assert_eq!(result, Err(Refused));
    assert_eq!(attempts.made(), 2);
    assert_eq!(names(&fixture).await, ["Ann"], "what the work did before it gave up is rolled back");
}

#[tokio::test]
async fn a_collision_is_recognised_though_the_work_swallowed_it_or_rolled_back_itself() {
    let fixture = Fixture::new(schema![User]).await;
    trouble(&fixture, 2, COLLISION).await;
    let attempts = Attempts::default();
    let result: Result<(), Refused> = sessions(&fixture.engine)
        .try_run(async |session| {
            session.add(NewUser::new("trouble"));
            match (session.flush().await, attempts.next()) {
                (Ok(()), _) => Ok(()),
                (Err(_), 1) => {
                    session.rollback().await?;
                    Err(Refused)
                }
                (Err(_), _) => Ok(()),
            }
        })
        .await;
    assert_eq!((result, attempts.made()), (Ok(()), 3));
    assert_eq!(names(&fixture).await, ["trouble"]);
}

#[tokio::test]
async fn a_collision_taken_back_with_a_savepoint_is_no_reason_to_begin_anew() {
    let fixture = Fixture::new(schema![User]).await;
    trouble(&fixture, 1, COLLISION).await;
    let attempts = Attempts::default();
    let result: Result<(), Refused> = sessions(&fixture.engine)
        .try_run(async |session| {
            attempts.next();
            let nested = session.nested(async |session| {
                session.add(NewUser::new("trouble"));
                Ok::<_, Error>(())
            });
            assert!(nested.await.unwrap_err().is_retryable());
            Err(Refused)
        })
        .await;
    assert_eq!((result, attempts.made()), (Err(Refused), 1));
}

#[tokio::test]
async fn work_that_committed_a_part_by_itself_is_not_done_twice() {
    let fixture = Fixture::new(schema![User]).await;
    trouble(&fixture, 1, COLLISION).await;
    let attempts = Attempts::default();
    let result: Result<(), Error> = sessions(&fixture.engine)
        .try_run(async |session| {
            attempts.next();
            session.add(NewUser::new("Ann"));
            session.commit().await?;
            session.add(NewUser::new("trouble"));
            Ok(())
        })
        .await;
    assert!(result.unwrap_err().is_retryable());
    assert_eq!((names(&fixture).await, attempts.made()), (vec!["Ann".to_owned()], 1));
}

#[tokio::test]
async fn work_gives_its_value_and_borrows_what_it_needs_on_any_task() {
    let fixture = Fixture::new(schema![User]).await;
    let sessions = sessions(&fixture.engine);
    let task = tokio::spawn(async move {
        let name = String::from("Ann");
        let age = 30;
        let borrowed = &name;
        sessions
            .try_run(async |session| {
                let ann = session.add(NewUser { name: borrowed.clone(), age: Some(age) });
                session.flush().await?;
                Ok::<_, Error>(session[ann].id)
            })
            .await
    });
    assert_eq!(task.await.unwrap().unwrap(), 1);
    assert_eq!(fixture.recorder.take().round_trips, 2, "the flush, and COMMIT");
}

#[tokio::test]
async fn a_panic_inside_work_is_rolled_back() {
    let fixture = Fixture::new(schema![User]).await;
    let sessions = sessions(&fixture.engine);
    let task = tokio::spawn(async move {
        sessions
            .try_run(async |session| {
                session.add(NewUser::new("Ann"));
                session.flush().await?;
                if session.in_transaction() {
                    panic!("on purpose");
                }
                Ok::<_, Error>(())
            })
            .await
    });
    assert!(task.await.unwrap_err().is_panic());
    fixture.database.wait_until_idle().await;
    assert_eq!(names(&fixture).await, Vec::<String>::new());
}

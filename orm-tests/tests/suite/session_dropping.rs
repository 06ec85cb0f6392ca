//! Whatever becomes of a session, its future or its connection, nothing is half done and nothing stays open.

use std::time::Duration;

use orm_core::prelude::*;
use orm_tests::models::{NewPost, NewUser, Post, User};
use orm_tests::{Database, poll_awake};

/// A database with one user, and an engine that always uses the same connection.
async fn single() -> (Database, Engine) {
    let database = Database::create().await;
    let engine = Engine::builder(database.url()).pool_size(1).connect().await.unwrap();
    engine.create_all(schema![User, Post]).await.unwrap();
    let (before, gone) = (NewUser::new("before"), NewUser::new("gone"));
    engine.execute(insert(User).values(vec![before, gone])).await.unwrap();
    (database, engine)
}

/// The users with their ages, and the posts.
type Found = (Vec<(String, Option<i32>)>, Vec<String>);

/// What is in the database, as the next user of the connection sees it.
async fn found(engine: &Engine) -> Found {
    let users = engine.all(select((User.name, User.age)).order_by(User.id)).await.unwrap();
    (users, engine.all(select(Post.title).order_by(Post.id)).await.unwrap())
}

fn before() -> Found {
    (vec![("before".to_owned(), None), ("gone".to_owned(), None)], Vec::new())
}

/// A session with a new graph, a change and a deletion pending.
async fn pending(engine: &Engine) -> Session {
    let mut session = SessionMaker::new(engine.clone()).session();
    let old = session.all(select(User).order_by(User.id)).await.unwrap();
    let new = session.add(NewUser::new("new"));
    session.add(NewPost::new(new, "a"));
    session.add(NewPost::new(old[0], "b"));
    session[old[0]].age = Some(1);
    session.delete(old[1]).unwrap();
    session
}

/// Every kind of await a session has, on one connection.
async fn work(engine: Engine) -> Result<(), Error> {
    let mut session = SessionMaker::new(engine).session();
    let old = session.one(select(User).filter(User.name.eq("before")).for_update()).await?;
    let ann = session.add(NewUser::new("Ann"));
    session.advisory_lock(1).await?;
    let mut nested = session.begin_nested().await?;
    nested[old].age = Some(5);
    nested.commit().await?;
    let mut nested = session.begin_nested().await?;
    nested.add(NewPost::new(ann, "taken back"));
    nested.flush().await?;
    nested.rollback().await?;
    session.execute(update(User).set(User.age, 6).filter(User.name.eq("Ann"))).await?;
    session.connection().await?.all(select(User).with(User.posts)).await?;
    session.nested(async |session| session.refresh_all(&[old, ann]).await).await?;
    let mut rows = session.stream(select(User)).await?;
    while let Some(row) = rows.next().await {
        row?;
    }
    drop(rows);
    session.add(NewPost::new(old, "kept"));
    session.commit().await?;
    Ok(())
}

fn after_work() -> Found {
    let users = [("before", Some(5)), ("gone", None), ("Ann", Some(6))];
    (users.map(|(name, age)| (name.to_owned(), age)).to_vec(), vec!["kept".to_owned()])
}

/// Calls with 0, 1, 2, .. polls until the work was done in so many.
async fn at_every_await_point(mut check: impl AsyncFnMut(usize) -> bool) {
    for polls in 0..1000 {
        if check(polls).await {
            assert!(polls >= 3, "it was done in {polls} polls: nothing was walked");
            return;
        }
    }
    panic!("it was never done");
}

#[tokio::test]
async fn a_flush_dropped_at_any_point_leaves_nothing() {
    let (database, engine) = single().await;
    at_every_await_point(async |polls| {
        let mut session = pending(&engine).await;
        let done = poll_awake(polls, session.flush()).await;
        if done.is_none() && polls > 0 {
            let error = session.all(select(User)).await.unwrap_err();
            assert!(error.is_session() && error.to_string().contains("interrupted"), "{error}");
        }
        drop(session);
        assert_eq!(found(&engine).await, before(), "after {polls} polls");
        database.wait_until_idle().await;
        done.map(Result::unwrap).is_some()
    })
    .await;
}

#[tokio::test]
async fn after_a_flush_dropped_at_any_point_rollback_makes_the_session_usable() {
    let (database, engine) = single().await;
    at_every_await_point(async |polls| {
        let mut session = pending(&engine).await;
        let done = poll_awake(polls, session.flush()).await;
        session.rollback().await.unwrap();
        let all = session.all(select(User).order_by(User.id)).await.unwrap();
        let seen: Vec<_> = session.values(&all).map(|user| (user.name.clone(), user.age)).collect();
        assert_eq!(seen, before().0, "after {polls} polls");
        session.commit().await.unwrap();
        database.wait_until_idle().await;
        done.map(Result::unwrap).is_some()
    })
    .await;
}

#[tokio::test]
async fn work_dropped_at_any_point_is_done_whole_or_not_at_all() {
    let (database, engine) = single().await;
    at_every_await_point(async |polls| {
        let done = poll_awake(polls, work(engine.clone())).await;
        let found = found(&engine).await;
        database.wait_until_idle().await;
        assert!(found == before() || found == after_work(), "after {polls} polls: {found:?}");
        if let Some(done) = done {
            done.unwrap();
            assert_eq!(found, after_work());
            return true;
        }
        if found == after_work() {
            database
                .execute(
                    "DELETE FROM posts; DELETE FROM users WHERE name = 'Ann'; UPDATE users SET age = NULL",
                )
                .await;
        }
        false
    })
    .await;
}

#[tokio::test]
async fn a_connection_that_ends_at_any_point_is_a_clear_error_and_nothing_half_done() {
    let (database, engine) = single().await;
    at_every_await_point(async |polls| {
        let mut working = Box::pin(work(engine.clone()));
        let mut done = poll_awake(polls, &mut working).await;
        let finished = done.is_some();
        database.end_connections().await;
        if done.is_none() {
            done = Some(working.await);
        }
        database.wait_until_idle().await;
        let found = found(&engine).await;
        match done {
            Some(Err(error)) => {
                assert!(error.is_connection_lost(), "after {polls} polls: {error}");
                assert!(
                    found == before() || error.is_outcome_unknown(),
                    "after {polls} polls: {error}: {found:?}"
                );
            }
            // It was done, or not yet sent: then another connection was as good.
            _ => assert_eq!(found, after_work(), "after {polls} polls"),
        }
        if !finished && found != before() {
            database
                .execute(
                    "DELETE FROM posts; DELETE FROM users WHERE name = 'Ann'; UPDATE users SET age = NULL",
                )
                .await;
        }
        finished
    })
    .await;
}

#[tokio::test]
async fn a_session_whose_connection_has_ended_says_so_until_rollback() {
    let (database, engine) = single().await;
    let mut session = pending(&engine).await;
    session.flush().await.unwrap();
    database.end_connections().await;
    let error = session.all(select(User)).await.unwrap_err();
    assert!(error.is_connection_lost(), "{error}");
    let error = session.commit().await.unwrap_err();
    assert!(
        error.is_rolled_back() && error.to_string().contains("connection to PostgreSQL was lost"),
        "{error}"
    );
    session.rollback().await.unwrap();
    session.all(select(User)).await.expect("another connection");
    session.commit().await.unwrap();
    assert_eq!(found(&engine).await, before());
}

#[test]
fn a_session_dropped_outside_a_runtime_leaves_nothing() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (database, engine) = runtime.block_on(single());
    for in_flight in [false, true] {
        let session = runtime.block_on(async {
            let mut session = pending(&engine).await;
            if in_flight {
                assert!(poll_awake(1, session.flush()).await.is_none());
            } else {
                session.flush().await.unwrap();
            }
            session
        });
        drop(session);
        assert_eq!(runtime.block_on(found(&engine)), before(), "in flight: {in_flight}");
        runtime.block_on(database.wait_until_idle());
    }
}

#[test]
fn a_runtime_that_ends_takes_the_transactions_of_its_tasks_along() {
    let outer = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (database, _) = outer.block_on(single());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let engine = runtime.block_on(Engine::builder(database.url()).connect()).unwrap();
    let (tell, told) = std::sync::mpsc::channel();
    for sleeping in [false, true] {
        let (engine, tell) = (engine.clone(), tell.clone());
        runtime.spawn(async move {
            let mut session = pending(&engine).await;
            session.flush().await.unwrap();
            tell.send(()).unwrap();
            if sleeping {
                let sleep = func::call::<String>("pg_sleep", lit(60.0)).cast::<String>();
                let _ = session.all(select(sleep.optional())).await;
            }
            std::future::pending::<()>().await;
        });
        if !sleeping {
            told.recv().unwrap();
        }
    }
    drop((runtime, engine));
    outer.block_on(database.wait_until_idle());
}

#[tokio::test]
async fn a_panic_or_an_aborted_task_leaves_nothing() {
    let (database, engine) = single().await;
    let task = tokio::spawn({
        let engine = engine.clone();
        async move {
            let mut session = pending(&engine).await;
            session.flush().await.unwrap();
            assert!(!session.in_transaction(), "on purpose");
        }
    });
    assert!(task.await.unwrap_err().is_panic());
    assert_eq!(found(&engine).await, before());

    let (tell, told) = tokio::sync::oneshot::channel();
    let task = tokio::spawn({
        let engine = engine.clone();
        async move {
            let mut session = pending(&engine).await;
            session.flush().await.unwrap();
            tell.send(()).unwrap();
            let sleep = func::call::<String>("pg_sleep", lit(60.0)).cast::<String>();
            let _ = session.all(select(sleep.optional())).await;
        }
    });
    told.await.unwrap();
    tokio::time::sleep(Duration::from_millis(20)).await;
    task.abort();
    assert!(task.await.unwrap_err().is_cancelled());
    assert_eq!(found(&engine).await, before());
    database.wait_until_idle().await;
}

//! A failover under load: the primary dies while rows are written, and its standby takes its place.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use orm_core::prelude::*;
use orm_tests::Failover;
use orm_tests::models::{NewUser, User};
use tokio::time::{sleep, timeout};

/// Long enough for whatever happens soon.
const LONG: Duration = Duration::from_secs(30);
const WRITERS: usize = 8;

/// What one task has written, and what it could not.
#[derive(Default)]
struct Written {
    done: Vec<String>,
    failed: Vec<(String, Instant, Error)>,
}

#[derive(Default)]
struct Progress {
    rows: [AtomicUsize; WRITERS],
    ends: AtomicBool,
}

impl Progress {
    /// Waits until each task has written so many rows more.
    async fn more(&self, rows: usize) {
        let now = || self.rows.each_ref().map(|rows| rows.load(Ordering::Relaxed));
        let before = now();
        while now().iter().zip(before).any(|(now, before)| now - before < rows) {
            sleep(Duration::from_millis(2)).await;
        }
    }
}

/// Adds a user in one of the ways there are.
async fn write(engine: &Engine, way: usize, name: &str) -> Result<(), Error> {
    let user = NewUser::new(name);
    match way % 4 {
        0 => engine.execute(insert(User).values(user)).await.map(drop),
        1 => {
            let mut session = SessionMaker::new(engine.clone()).session();
            session.add(user);
            session.commit().await
        }
        2 => engine.begin().await?.commit_with((insert(User).values(user),)).await.map(drop),
        _ => {
            let mut transaction = engine.begin().await?;
            transaction.all(select(User.id).limit(1)).await?;
            transaction.execute(insert(User).values(user)).await?;
            transaction.commit().await
        }
    }
}

async fn write_all(engine: Engine, writer: usize, progress: Arc<Progress>) -> Written {
    let mut written = Written::default();
    for number in 0.. {
        if progress.ends.load(Ordering::Relaxed) {
            break;
        }
        let name = format!("{writer} {number}");
        match write(&engine, writer, &name).await {
            Ok(()) => {
                written.done.push(name);
                progress.rows[writer].fetch_add(1, Ordering::Relaxed);
            }
            Err(error) => written.failed.push((name, Instant::now(), error)),
        }
    }
    written
}

#[tokio::test]
async fn no_committed_row_is_lost_and_no_write_fails_for_longer_than_the_promotion_takes() {
    let Some(servers) = Failover::start().await.unwrap() else {
        return println!("skipped: PostgreSQL's programs are not installed");
    };
    let url = servers.url("target_session_attrs=read-write");
    let engine = Engine::builder(url).pool_size(WRITERS).acquire_timeout(LONG).connect().await.unwrap();
    engine.create_all(schema![User]).await.unwrap();
    let progress = Arc::new(Progress::default());
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| tokio::spawn(write_all(engine.clone(), writer, Arc::clone(&progress))))
        .collect();
    timeout(LONG, progress.more(5)).await.unwrap();

    servers.kill_primary().unwrap();
    sleep(Duration::from_millis(200)).await;
    servers.promote().await.unwrap();
    let promoted = Instant::now();
    timeout(LONG, progress.more(5)).await.unwrap();
    progress.ends.store(true, Ordering::Relaxed);

    let names = engine.all(select((User.name, func::count_star())).group_by(User.name)).await.unwrap();
    let mut there: HashMap<String, i64> = names.into_iter().collect();
    for writer in writers {
        let Written { done, failed } = timeout(LONG, writer).await.unwrap().unwrap();
        for name in done {
            let count: i64 = match there.remove(&name) {
                Some(count) => count,
                None => engine.one(select(func::count_star()).filter(User.name.eq(&name))).await.unwrap(),
            };
            assert_eq!(count, 1, "the row {name:?} was committed");
        }
        // What was on its way when the primary died. Whatever came then has waited.
        assert!(failed.len() <= 1, "{failed:?}");
        for (name, at, error) in failed {
            assert!(at < promoted, "{error}");
            assert!(error.is_outcome_unknown() || error.is_connection_lost(), "{error:?}");
            if error.is_outcome_unknown() {
                there.remove(&name);
            }
        }
    }
    assert!(there.is_empty(), "nobody was told that these were written: {there:?}");
}

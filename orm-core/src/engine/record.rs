//! Records what an engine sends, for tests of programs.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Engine, StatementEvent};

/// The recordings of an engine that are going on.
#[derive(Default)]
pub(super) struct Recordings {
    /// How many there are, so that nothing is locked where there is none.
    count: AtomicUsize,
    list: Mutex<Vec<Arc<Recorded>>>,
}

/// What was sent since a recording began.
#[derive(Default)]
pub(super) struct Recorded {
    statements: Mutex<Vec<String>>,
    round_trips: AtomicUsize,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Recordings {
    pub(super) fn is_empty(&self) -> bool {
        self.count.load(Ordering::Relaxed) == 0
    }

    pub(super) fn each(&self, tell: impl Fn(&Recorded)) {
        if !self.is_empty() {
            locked(&self.list).iter().for_each(|recorded| tell(recorded));
        }
    }
}

impl Recorded {
    pub(super) fn statement(&self, event: &StatementEvent<'_>) {
        if !is_control(event.sql) {
            locked(&self.statements).push(event.sql.to_owned());
        }
    }

    pub(super) fn round_trip(&self) {
        self.round_trips.fetch_add(1, Ordering::Relaxed);
    }
}

/// Whether it only begins or ends a transaction, or a part of one.
fn is_control(sql: &str) -> bool {
    const WORDS: [&str; 7] = ["BEGIN", "START", "COMMIT", "END", "ROLLBACK", "SAVEPOINT", "RELEASE"];
    let word = sql.trim_start().split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    WORDS.iter().any(|known| word.eq_ignore_ascii_case(known))
}

/// What an engine has sent since [`Engine::record`]; it ends when this is dropped.
///
/// BEGIN, COMMIT, ROLLBACK and savepoints are not counted among the statements.
#[must_use = "a recording ends when it is dropped"]
pub struct Recording {
    recordings: Arc<Recordings>,
    recorded: Arc<Recorded>,
}

impl Recording {
    pub(super) fn begin(recordings: &Arc<Recordings>) -> Recording {
        let recorded = Arc::new(Recorded::default());
        let mut list = locked(&recordings.list);
        list.push(Arc::clone(&recorded));
        recordings.count.store(list.len(), Ordering::Relaxed);
        Recording { recordings: Arc::clone(recordings), recorded }
    }

    /// The texts of the statements sent so far, in their order.
    pub fn statements(&self) -> Vec<String> {
        locked(&self.recorded.statements).clone()
    }

    /// How often the engine has waited for the server.
    pub fn round_trips(&self) -> usize {
        self.recorded.round_trips.load(Ordering::Relaxed)
    }

    /// The texts that were sent more than so many times, with how often: most often a query in a loop over the rows of
    /// another, where a relation would be one statement for all.
    pub fn repeated(&self, times: usize) -> Vec<(String, usize)> {
        let mut counts = BTreeMap::new();
        for sql in locked(&self.recorded.statements).iter() {
            *counts.entry(sql.clone()).or_insert(0) += 1;
        }
        counts.into_iter().filter(|(_, count)| *count > times).collect()
    }

    /// Holds the number of statements sent so far; [`assert_statements!`](crate::assert_statements) is shorter.
    ///
    /// # Panics
    /// If it is another one; the message lists the statements, and says which repeat.
    #[track_caller]
    pub fn assert_count(&self, expected: usize) {
        let statements = self.statements();
        if statements.len() == expected {
            return;
        }
        let list = statements.iter().map(|sql| format!("\n  {sql}")).collect::<String>();
        let repeated = self.repeated(1).into_iter().map(|(sql, count)| {
            format!(
                "\n{count} times the same: {sql}\n  rows related to others are one statement with `.with(..)`"
            )
        });
        let repeated: String = repeated.collect();
        panic!("expected {expected} statements, {} were sent:{list}{repeated}", statements.len());
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        let mut list = locked(&self.recordings.list);
        list.retain(|other| !Arc::ptr_eq(other, &self.recorded));
        self.recordings.count.store(list.len(), Ordering::Relaxed);
    }
}

impl std::fmt::Debug for Recording {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Recording").field(&*locked(&self.recorded.statements)).finish()
    }
}

impl Engine {
    /// Records what the engine and its clones send to the primary from now on, until the recording is dropped: for tests that
    /// hold how many statements something takes.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # #[derive(Model, Clone, Debug)]
    /// # pub struct User {
    /// #     #[orm(primary_key, generated)]
    /// #     id: i64,
    /// # }
    /// # async fn example(engine: Engine) -> Result<(), orm_core::Error> {
    /// let recording = engine.record();
    /// engine.all(select(User)).await?;
    /// assert_eq!(recording.statements().len(), 1);
    /// assert!(recording.repeated(1).is_empty());
    ///
    /// let users = orm_core::assert_statements!(engine, 1, engine.all(select(User)).await)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn record(&self) -> Recording {
        self.owner.shared.observers.record()
    }
}

/// The value of an expression, while which an engine sends just so many statements: `assert_statements!(engine, 2,
/// page(&engine).await)`. BEGIN, COMMIT and the like are not counted; see [`Engine::record`](crate::Engine::record).
///
/// # Panics
/// If it is another number; the message lists the statements.
#[macro_export]
macro_rules! assert_statements {
    ($engine:expr, $count:expr, $run:expr $(,)?) => {{
        let recording = $crate::Engine::record(&$engine);
        let value = $run;
        recording.assert_count($count);
        value
    }};
}

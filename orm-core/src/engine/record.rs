//! Records what an engine sends, for tests of programs.

use std::collections::HashMap;
use std::fmt;
use std::panic::Location;
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
    statements: Mutex<Vec<RecordedStatement>>,
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
            let statement = RecordedStatement { sql: event.sql.to_owned(), at: event.at };
            locked(&self.statements).push(statement);
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
    /// Those of the primary, and of each replica.
    servers: Vec<Arc<Recordings>>,
    recorded: Arc<Recorded>,
}

/// A statement that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordedStatement {
    /// The text.
    pub sql: String,
    /// Where the program built it, as `select(..)` or `.with(..)`; `None` for what is sent by the engine itself, by a flush,
    /// or as SQL of the program.
    pub at: Option<&'static Location<'static>>,
}

/// A statement of one line of the program that was sent again and again.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RepeatedStatement {
    /// The text, which does not depend on values.
    pub sql: String,
    /// Where the program built it; as in [`RecordedStatement`].
    pub at: Option<&'static Location<'static>>,
    /// How often it was sent.
    pub count: usize,
}

impl fmt::Display for RecordedStatement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.at.map_or(Ok(()), |at| write!(f, "{at}: "))?;
        f.write_str(&self.sql)
    }
}

impl fmt::Display for RepeatedStatement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let RepeatedStatement { sql, at, count } = self;
        write!(f, "{count} times the same")?;
        at.map_or(Ok(()), |at| write!(f, " from {at}"))?;
        write!(
            f,
            ": {sql}\n  load the relation: `.with(..)`, `load_all` and `load_peers` are one statement for all rows"
        )
    }
}

impl Recording {
    fn begin(servers: Vec<Arc<Recordings>>) -> Recording {
        let recorded = Arc::new(Recorded::default());
        for recordings in &servers {
            let mut list = locked(&recordings.list);
            list.push(Arc::clone(&recorded));
            recordings.count.store(list.len(), Ordering::Relaxed);
        }
        Recording { servers, recorded }
    }

    /// The statements sent so far, in their order.
    pub fn statements(&self) -> Vec<RecordedStatement> {
        locked(&self.recorded.statements).clone()
    }

    /// How often the engine has waited for the server.
    pub fn round_trips(&self) -> usize {
        self.recorded.round_trips.load(Ordering::Relaxed)
    }

    /// The statements that were sent more than so many times from one line, the first that was sent first: most often a query in a
    /// loop over the rows of another, where a relation would be one statement for all.
    pub fn repeated(&self, times: usize) -> Vec<RepeatedStatement> {
        let mut repeated: Vec<RepeatedStatement> = Vec::new();
        let mut places: HashMap<(String, Option<&Location<'_>>), usize> = HashMap::new();
        for RecordedStatement { sql, at } in self.statements() {
            match places.get(&(sql.clone(), at)) {
                Some(&place) => repeated[place].count += 1,
                None => {
                    places.insert((sql.clone(), at), repeated.len());
                    repeated.push(RepeatedStatement { sql, at, count: 1 });
                }
            }
        }
        repeated.retain(|statement| statement.count > times);
        repeated
    }

    /// Holds that no statement was sent more than so many times from one line.
    ///
    /// # Panics
    /// If one was; the message says which, from where and what to do.
    #[track_caller]
    pub fn assert_not_repeated(&self, times: usize) {
        let repeated: String =
            self.repeated(times).iter().map(|statement| format!("\n{statement}")).collect();
        assert!(repeated.is_empty(), "statements were sent more than {times} times:{repeated}");
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
        let list = statements.iter().map(|statement| format!("\n  {statement}")).collect::<String>();
        let repeated: String = self.repeated(1).iter().map(|statement| format!("\n{statement}")).collect();
        panic!("expected {expected} statements, {} were sent:{list}{repeated}", statements.len());
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        for recordings in &self.servers {
            let mut list = locked(&recordings.list);
            list.retain(|other| !Arc::ptr_eq(other, &self.recorded));
            recordings.count.store(list.len(), Ordering::Relaxed);
        }
    }
}

impl std::fmt::Debug for Recording {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Recording").field(&*locked(&self.recorded.statements)).finish()
    }
}

impl Engine {
    /// Records what the engine and its clones send from now on, to the primary and to replicas, until the recording is dropped: for tests that
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
    /// recording.assert_not_repeated(1); // from one line: a query in a loop
    ///
    /// let users = orm_core::assert_statements!(engine, 1, engine.all(select(User)).await)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn record(&self) -> Recording {
        let replicas = self.owner.replicas.iter().flat_map(|replicas| replicas.engines());
        let engines = std::iter::once(self).chain(replicas);
        Recording::begin(engines.map(|engine| engine.owner.shared.observers.recordings()).collect())
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

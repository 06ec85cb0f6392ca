//! Records what an engine or a session sends, for tests of programs.

use std::collections::HashMap;
use std::fmt;
use std::panic::Location;
use std::sync::Arc;

use super::recorder::{Recorded, RecordedStatement, Recordings, first_word};
use super::{Connection, Engine};

/// What an engine has sent since [`Engine::record`], or one clone of it or one session
/// ([`Engine::recorded`], [`Session::record`](crate::Session::record)); it ends when this is dropped.
///
/// BEGIN, COMMIT, ROLLBACK and savepoints are not counted among the statements.
#[must_use = "a recording ends when it is dropped"]
pub struct Recording {
    /// Those of the primary, and of each replica; none where it is of one clone or session.
    servers: Vec<Arc<Recordings>>,
    recorded: Arc<Recorded>,
}

/// A statement of one line of the program that was sent again and again.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RepeatedStatement {
    /// The text, which does not depend on values.
    pub sql: String,
    /// Where the program built it; as in [`RecordedStatement`].
    pub at: &'static Location<'static>,
    /// How often it was sent.
    pub count: usize,
}

impl fmt::Display for RepeatedStatement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let RepeatedStatement { sql, at, count } = self;
        write!(f, "{count} times the same from {at}: {sql}")?;
        if !reads_rows(sql) {
            return Ok(());
        }
        f.write_str(
            "\n  load the relation: `.with(..)`, `load_all` and `load_peers` are one statement for all rows; `find_all` is one for \
             many keys",
        )
    }
}

/// Whether another statement could read the same for many rows at once.
fn reads_rows(sql: &str) -> bool {
    first_word(sql).eq_ignore_ascii_case("select") && sql.to_ascii_lowercase().contains(" from ")
}

impl Recording {
    fn begin(servers: Vec<Arc<Recordings>>) -> Recording {
        let recorded = Arc::new(Recorded::default());
        servers.iter().for_each(|recordings| recordings.begin(&recorded));
        Recording { servers, recorded }
    }

    /// The statements sent so far, in their order.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let recording = engine.record();
    /// engine.all(select(User)).await?;
    /// assert!(recording.statements()[0].sql.starts_with("SELECT"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn statements(&self) -> Vec<RecordedStatement> {
        self.recorded.statements()
    }

    /// How often the engine has waited for the server.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let recording = engine.record();
    /// engine.all(select(User)).await?;
    /// println!("{} round trips", recording.round_trips());
    /// # Ok(())
    /// # }
    /// ```
    pub fn round_trips(&self) -> usize {
        self.recorded.round_trips()
    }

    /// The statements that were sent more than so many times from one line, the first that was sent first: most often a query in a
    /// loop over the rows of another, where a relation would be one statement for all. What has no line of the program, as the
    /// statements of a flush, is left out.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let recording = engine.record();
    /// for id in 1..100 {
    ///     engine.first(select(User).filter(User.id.eq(id))).await?;
    /// }
    /// assert_eq!(recording.repeated(10).len(), 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn repeated(&self, times: usize) -> Vec<RepeatedStatement> {
        let mut repeated: Vec<RepeatedStatement> = Vec::new();
        let mut places: HashMap<(String, &Location<'_>), usize> = HashMap::new();
        for RecordedStatement { sql, at } in self.statements() {
            let Some(at) = at else { continue };
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
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let recording = engine.record();
    /// let users = engine.all(select(User).with(User.posts)).await?;
    /// recording.assert_not_repeated(2);
    /// # Ok(())
    /// # }
    /// ```
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
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let recording = engine.record();
    /// engine.all(select(User)).await?;
    /// recording.assert_count(1);
    /// # Ok(())
    /// # }
    /// ```
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
        self.servers.iter().for_each(|recordings| recordings.end(&self.recorded));
    }
}

impl std::fmt::Debug for Recording {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Recording").field(&self.statements()).finish()
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

    /// The same engine, with the same pool, and a recording of what this one alone sends, with its clones, transactions and
    /// sessions: of one request of a program, whatever others do at the same time.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # async fn answer(engine: Engine) -> Result<(), orm_core::Error> { Ok(()) }
    /// # async fn example(engine: Engine) -> Result<(), orm_core::Error> {
    /// let (of_request, recording) = engine.recorded();
    /// answer(of_request).await?;
    /// for repeated in recording.repeated(3) {
    ///     eprintln!("{repeated}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn recorded(&self) -> (Engine, Recording) {
        let mut engine = self.clone();
        let recording = engine.record_own();
        (engine, recording)
    }

    /// Records what this value of the engine sends from now on, and clones made of it from now on.
    pub(crate) fn record_own(&mut self) -> Recording {
        let recording = Recording::begin(Vec::new());
        self.recordings = self.recordings.and(&recording.recorded);
        recording
    }
}

impl Connection {
    /// Is recorded from now on where this engine is.
    pub(crate) fn record_as(&mut self, engine: &Engine) {
        self.recordings = engine.recordings.clone();
    }
}

/// The value of an expression, while which an engine sends just so many statements: `assert_statements!(engine, 2,
/// page(&engine).await)`; or a session, `assert_statements!(session, 1, session.all(..).await)`. BEGIN, COMMIT and the like are
/// not counted; see [`Engine::record`](crate::Engine::record).
///
/// # Panics
/// If it is another number; the message lists the statements.
#[macro_export]
macro_rules! assert_statements {
    ($engine:expr, $count:expr, $run:expr $(,)?) => {{
        let recording = $engine.record();
        let value = $run;
        recording.assert_count($count);
        value
    }};
}

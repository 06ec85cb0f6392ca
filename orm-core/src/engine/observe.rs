//! What can be observed: every statement, and every time the engine waits for the server.

use std::fmt;
use std::panic::Location;
use std::time::Duration;

use crate::error::Error;
use crate::types::Parameter;

/// Sees what an engine sends; given to it with [`EngineBuilder::observe`](super::EngineBuilder::observe).
///
/// It is called in the task that runs the statement, after the answer has come: keep it short, and do not block.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no observer of statements",
    label = "expected a type with an `impl Observer`"
)]
pub trait Observer: Send + Sync + 'static {
    /// A statement was answered. `BEGIN`, `COMMIT`, `ROLLBACK` and savepoints are statements too.
    fn statement(&self, event: &StatementEvent<'_>);

    /// The engine has waited once for the server, for the answers of so many statements.
    ///
    /// Statements that are sent together are one round trip. Zero is a statement that had to be prepared before it
    /// could run; the driver's own questions about unknown types are not seen.
    fn round_trip(&self, statements: usize) {
        let _ = statements;
    }
}

/// One statement and what became of it.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct StatementEvent<'a> {
    /// The text, as it was sent.
    pub sql: &'a str,
    /// The parameters, from `$1` on.
    pub parameters: &'a [Parameter],
    /// From sending to the end of the answer; zero for the `ROLLBACK` of a dropped transaction, which is not waited for.
    pub elapsed: Duration,
    /// How many rows came back, or were changed; zero if it failed.
    pub rows: u64,
    /// Why it failed.
    pub error: Option<&'a Error>,
    /// Where the program built it, as `select(..)`, `.with(..)` or `sql!(..)`, or called what builds it, as `find`, `refresh` or
    /// `save`; `None` for what is sent by the engine itself or by a flush.
    pub at: Option<&'static Location<'static>>,
}

/// Shows how many parameters there are and not their values; `parameters` has those.
impl fmt::Debug for StatementEvent<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StatementEvent")
            .field("sql", &self.sql)
            .field("parameters", &self.parameters.len())
            .field("elapsed", &self.elapsed)
            .field("rows", &self.rows)
            .field("error", &self.error.map(ToString::to_string))
            .finish()
    }
}

/// Shows statements to a person who develops: through tracing, or on stderr where no subscriber is installed.
pub(super) struct Echo;

impl Observer for Echo {
    fn statement(&self, event: &StatementEvent<'_>) {
        let StatementEvent { sql, parameters, elapsed, rows, error, .. } = *event;
        if tracing::dispatcher::has_been_set() {
            match error {
                None => tracing::info!(target: "orm::sql", ?parameters, ?elapsed, rows, "{sql}"),
                Some(error) => tracing::info!(target: "orm::sql", ?parameters, ?elapsed, %error, "{sql}"),
            }
            return;
        }
        match error {
            None => eprintln!("{sql}  {parameters:?}  {rows} rows in {elapsed:?}"),
            Some(error) => eprintln!("{sql}  {parameters:?}  failed in {elapsed:?}: {error}"),
        }
    }
}

//! What can go wrong: one opaque error with predicates.

mod advice;
mod construct;
mod database;
mod note;
mod secret;

use std::error::Error as StdError;
use std::fmt;
use std::panic::Location;
use std::sync::Arc;

use tokio_postgres::error::DbError;

pub(crate) use construct::Kind;
pub(crate) use secret::hide_values_of;

/// How many characters of a statement its error shows to a person; an insert of many rows can have a million.
const SHOWN: usize = 2000;

/// How many characters of a statement that a flush wrote are shown: a line. Longer ones have checks around what they do.
const SHOWN_OF_FLUSH: usize = 160;

/// The cause of an error, as it is kept.
pub type Cause = Box<dyn StdError + Send + Sync>;

/// What went wrong, with its cause and the statement it happened in.
///
/// The text says what was expected, what was found and what to do. Use the predicates (such as
/// [`is_unique_violation`](Error::is_unique_violation)) to decide what to do in code, and
/// [`source`](StdError::source) for the cause. Cloning is cheap: clones share the cause.
///
/// A text holds no value of a row or a filter, so that it can be logged. [`values`](Error::values) gives those it is about,
/// and [`EngineBuilder::show_values`](crate::engine::EngineBuilder::show_values) puts them into the text. Names of rows are
/// no values: keys that are integers or UUIDs are shown. What a column type of your own says is shown as it is.
///
/// `{}` is one line; `{:?}`, which `fn main() -> Result<(), Error>` prints, has the statement too; of a long one that a flush wrote
/// it says what that does.
///
/// ```no_run
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// # async fn example(engine: Engine) -> Result<(), Error> {
/// match engine.execute(insert(User).values(NewUser::new("Ann"))).await {
///     Ok(_) => println!("added"),
///     Err(error) if error.is_unique_violation() => println!("taken: {:?}", error.constraint()),
///     Err(error) => return Err(error),
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Error(Arc<Inner>);

#[derive(Clone, Debug)]
struct Inner {
    kind: Kind,
    outcome: KnownOutcome,
    message: String,
    /// The values it is about.
    values: Option<String>,
    /// Whether no value is to be had, not even for code.
    is_secret: bool,
    /// Whether the text has these values too.
    shows_values: bool,
    statement: Option<String>,
    /// What the statement does, where a flush wrote it.
    flushed: Option<String>,
    at: Option<&'static Location<'static>>,
    /// The table and the column in it that this is about, as the database calls them.
    column: Option<(String, String)>,
    /// The number of the parameter that could not be sent.
    parameter: Option<usize>,
    /// Which of the statements sent together it is about, counted from zero.
    place: Option<usize>,
    /// A server refused to write where one was wanted that does.
    is_of_demoted_server: bool,
    /// A time limit has run out.
    timed_out: bool,
    /// What the server said.
    server: Option<Arc<DbError>>,
    cause: Option<Arc<dyn StdError + Send + Sync>>,
}

/// What became of what was to be written, as far as it is known beside the error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum KnownOutcome {
    /// The error says it all: the server refused, or was asked nothing.
    Untold,
    /// The server had done the statement.
    Answered,
    /// The statement was sent, and its answer was not seen.
    Unanswered,
    Committed,
    Unknown,
}

impl Error {
    /// The SQL text of the statement that failed, where there was one.
    pub fn statement(&self) -> Option<&str> {
        self.0.statement.as_deref()
    }

    /// The values that the error is about, and that its text does not show: those of the filter that found no row, a key, or
    /// the server's DETAIL of the row it refused. `None` where there are none.
    pub fn values(&self) -> Option<&str> {
        self.errors().find_map(|error| error.0.values.as_deref())
    }

    /// Where in the caller's source the failing statement was built, for mistakes found before anything was sent.
    pub fn location(&self) -> Option<&'static Location<'static>> {
        self.0.at
    }

    /// A setting of an engine is wrong, or two contradict each other.
    pub fn is_configuration(&self) -> bool {
        self.0.kind == Kind::Configuration
    }

    /// A statement was refused before it was sent, because it cannot be what was meant.
    pub fn is_invalid_statement(&self) -> bool {
        self.0.kind == Kind::Statement
    }

    /// `one` found no row.
    pub fn is_no_row(&self) -> bool {
        self.0.kind == Kind::NoRow
    }

    /// `one` or `one_or_none` found more than one row.
    pub fn is_many_rows(&self) -> bool {
        self.0.kind == Kind::ManyRows
    }

    /// A value of the database does not fit the Rust type it was read into.
    pub fn is_decode(&self) -> bool {
        self.0.kind == Kind::Decode
    }

    /// A value cannot be sent, because PostgreSQL has no place for it.
    pub fn is_encode(&self) -> bool {
        self.0.kind == Kind::Encode
    }

    /// The server could not be reached, or refused the login.
    pub fn is_connect(&self) -> bool {
        matches!(self.0.kind, Kind::Connect | Kind::Unreachable)
    }

    /// The server could not be reached: its name is not known, nobody listens there, or nothing came in time. One that
    /// refuses the login is reached, and that is [`is_connect`](Error::is_connect) alone.
    pub fn is_unreachable(&self) -> bool {
        self.errors().any(|error| error.0.kind == Kind::Unreachable)
    }

    /// The connection broke while it was in use, or the server ended it.
    pub fn is_connection_lost(&self) -> bool {
        matches!(self.0.kind, Kind::ConnectionLost | Kind::OutcomeUnknown)
    }

    /// Nobody knows whether what was to be written is committed: the connection broke after COMMIT, or a statement of an
    /// engine that writes, was sent and before its answer came. Look for what would have been written before doing it again.
    pub fn is_outcome_unknown(&self) -> bool {
        self.0.kind == Kind::OutcomeUnknown || self.0.outcome == KnownOutcome::Unknown
    }

    /// What was to be written is committed all the same, and what went wrong is something else: a row that the statement
    /// gave back does not fit its Rust type, most of all (a default of `'infinity'`, a new label of an enum). Doing it again
    /// would do it twice: read what is there. Of the statements of [`batch`](crate::Engine::batch) this is about the one
    /// that the error names.
    ///
    /// Where this and [`is_outcome_unknown`](Error::is_outcome_unknown) are false, the error means that nothing is
    /// committed.
    pub fn is_committed(&self) -> bool {
        self.0.outcome == KnownOutcome::Committed
    }

    /// The connection broke, here or in a cause, and nothing can have been committed.
    pub(crate) fn is_uncommitted_loss(&self) -> bool {
        let mut lost = false;
        let mut next: Option<&(dyn StdError + 'static)> = Some(self);
        while let Some(cause) = next {
            if let Some(error) = cause.downcast_ref::<Error>() {
                if error.is_outcome_unknown() || error.is_committed() {
                    return false;
                }
                lost |= error.0.kind == Kind::ConnectionLost;
            }
            next = cause.source();
        }
        lost
    }

    /// A time limit was over: one of `timeout`, `statement_timeout`, `cancel_timeout`, `connect_timeout`, `acquire_timeout`
    /// or `liveness_timeout`, or one of the server that ends a statement or a transaction; here or in a cause.
    ///
    /// An administrator who cancels a statement (`pg_cancel_backend`) is told by the same code, and counts as one.
    /// [`is_lock_not_available`](Error::is_lock_not_available) tells of `lock_timeout`.
    pub fn is_timeout(&self) -> bool {
        let is_own = self.errors().any(|error| error.0.timed_out || error.0.kind == Kind::PoolTimeout);
        is_own || self.is_canceled() || self.code() == Some("25P04")
    }

    /// No connection of the pool became free in time.
    pub fn is_pool_timeout(&self) -> bool {
        self.0.kind == Kind::PoolTimeout
    }

    /// The engine is closed: it was dropped, or [`close`](crate::Engine::close) was called.
    pub fn is_closed(&self) -> bool {
        self.0.kind == Kind::Closed
    }

    /// The transaction did not commit: an earlier error inside it, kept as the cause, made the server roll it back.
    pub fn is_rolled_back(&self) -> bool {
        self.0.kind == Kind::RolledBack
    }

    /// A session, or a handle of it, was used in a way its state does not allow.
    pub fn is_session(&self) -> bool {
        self.0.kind == Kind::Session
    }

    /// A row that a flush meant to change or delete was no longer there.
    pub fn is_stale(&self) -> bool {
        self.0.kind == Kind::Stale
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(at) = self.0.at {
            write!(f, "{}:{}:{}: ", at.file(), at.line(), at.column())?;
        }
        f.write_str(&self.0.message)?;
        match &self.0.values {
            Some(values) if self.0.shows_values => write!(f, " ({values})"),
            _ => Ok(()),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")?;
        if let Some(statement) = &self.0.statement {
            if let Some(flushed) = &self.0.flushed
                && statement.len() > SHOWN_OF_FLUSH
            {
                return write!(
                    f,
                    "\n  in a statement of the flush: {flushed} (`error.statement()` has its SQL)"
                );
            }
            match statement.char_indices().nth(SHOWN) {
                None => write!(f, "\n  in the statement: {statement}")?,
                Some((end, _)) => write!(f, "\n  in the statement: {}..", &statement[..end])?,
            }
        }
        Ok(())
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.cause.as_deref().map(|cause| cause as &(dyn StdError + 'static))
    }
}

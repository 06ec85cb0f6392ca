//! Named constructors of the error: one for each way things go wrong.

use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;

use tokio_postgres::error::{DbError, SqlState};

use super::{Cause, Error, Inner, KnownOutcome};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ErrorKind {
    Configuration,
    Connect,
    Unreachable,
    ConnectionLost,
    OutcomeUnknown,
    Committed,
    Interrupted,
    Timeout,
    PoolTimeout,
    Closed,
    Statement,
    Database,
    Encode,
    Decode,
    NoRow,
    ManyRows,
    RolledBack,
    Session,
    Stale,
    Schema,
}

impl Error {
    fn new(kind: ErrorKind, message: impl Into<String>) -> Error {
        Error(Arc::new(Inner {
            kind,
            outcome: KnownOutcome::Untold,
            message: message.into(),
            values: None,
            is_secret: false,
            shows_values: false,
            statement: None,
            flushed: None,
            at: None,
            column: None,
            parameter: None,
            place: None,
            is_of_demoted_server: false,
            timed_out: false,
            server: None,
            cause: None,
        }))
    }

    pub(super) fn change(mut self, change: impl FnOnce(&mut Inner)) -> Error {
        change(Arc::make_mut(&mut self.0));
        self
    }

    pub(crate) fn configuration(message: impl Into<String>) -> Error {
        Error::new(ErrorKind::Configuration, message)
    }

    pub(crate) fn connect(target: impl Display, message: impl Display) -> Error {
        Error::new(ErrorKind::Connect, format!("cannot connect to {target}: {message}"))
    }

    /// Notes that nobody was there to connect to.
    pub(crate) fn unreachable(self) -> Error {
        self.change(|inner| inner.kind = ErrorKind::Unreachable)
    }

    pub(crate) fn connection_lost(what: impl Display) -> Error {
        Error::new(ErrorKind::ConnectionLost, format!("the connection to PostgreSQL was lost: {what}"))
    }

    /// The server said why it ended the connection.
    pub(crate) fn ended_by_server(why: &DbError) -> Error {
        Error::connection_lost(Error::database_text(why))
    }

    pub(crate) fn timeout(message: impl Into<String>) -> Error {
        Error::new(ErrorKind::Timeout, message).timed_out()
    }

    /// Notes that a time limit has run out.
    pub(crate) fn timed_out(self) -> Error {
        self.change(|inner| inner.timed_out = true)
    }

    /// An error that ended the connection, and so the transaction.
    pub(crate) fn with_rollback(self) -> Error {
        self.change(|inner| inner.message.push_str("; the transaction is rolled back with it"))
    }

    /// The same error, with this as its cause and in its text.
    pub(crate) fn after(self, cause: Error) -> Error {
        self.change(|inner| inner.message.push_str(&format!(" ({cause})"))).because(cause)
    }

    /// The connection broke while COMMIT was on its way.
    pub(crate) fn outcome_unknown() -> Error {
        Error::new(
            ErrorKind::OutcomeUnknown,
            "the connection to PostgreSQL was lost before the answer to COMMIT came; it is unknown whether the transaction \
             was committed: look for what it would have written before doing it again",
        )
    }

    /// A transaction was to be rolled back, and had been committed.
    pub(crate) fn committed_before_rollback() -> Error {
        Error::new(
            ErrorKind::Committed,
            "expected to roll the transaction back; its COMMIT had been sent, and the server committed it before it could \
             be cancelled: what was written is there, read it",
        )
        .change(|inner| inner.outcome = KnownOutcome::Committed)
    }

    /// A transaction is used whose end was interrupted.
    pub(crate) fn interrupted_end() -> Error {
        Error::new(
            ErrorKind::Interrupted,
            "the end of the transaction was interrupted: its future was dropped before the answer came; call `rollback`",
        )
    }

    pub(crate) fn pool_timeout(size: usize, waited: Duration) -> Error {
        Error::new(
            ErrorKind::PoolTimeout,
            format!(
                "no connection became free within {waited:?}: all {size} of the pool are in use; finish or drop \
                 the transactions, sessions and streams that hold them, or raise `pool_size` or `acquire_timeout`"
            ),
        )
    }

    /// No connection could be opened for so long, the last time because of `cause`.
    pub(crate) fn open_timeout(cause: Error, tried: Duration) -> Error {
        let message =
            format!("no connection could be opened within {tried:?}, nor was one given back: {cause}");
        Error::new(ErrorKind::PoolTimeout, message).because(cause)
    }

    /// A connection was being opened for so long.
    pub(crate) fn unanswered_open(waited: Duration) -> Error {
        Error::new(
            ErrorKind::PoolTimeout,
            format!(
                "no connection was opened or given back within {waited:?}: the server has not answered yet; check the \
                 network between, or raise `acquire_timeout`"
            ),
        )
    }

    pub(crate) fn closed() -> Error {
        Error::new(ErrorKind::Closed, "the engine is closed: it was dropped, or `close` was called")
    }

    pub(crate) fn statement_invalid(message: impl Into<String>) -> Error {
        Error::new(ErrorKind::Statement, message)
    }

    /// What the driver says of a statement: the server's refusal, or a lost connection.
    pub(crate) fn driver(error: tokio_postgres::Error) -> Error {
        if let Some(database) = error.as_db_error() {
            let message = Error::database_text(database);
            // After such an error the server closes the connection.
            if Error::is_fatal(database) {
                return Error::ended_by_server(database).because_of_driver(error);
            }
            return Error::new(ErrorKind::Database, message).because_of_driver(error);
        }
        if error.is_closed() {
            return Error::connection_lost("it is closed");
        }
        Error::connection_lost(&error).because_of_driver(error)
    }

    /// A parameter, counted from one, whose value PostgreSQL cannot hold.
    pub(crate) fn unsendable(parameter: usize, cause: Cause) -> Error {
        let message = format!("the value of ${parameter} cannot be sent to PostgreSQL: {cause}");
        Error::new(ErrorKind::Encode, message)
            .because(cause)
            .change(|inner| inner.parameter = Some(parameter))
    }

    pub(crate) fn encode(message: impl Into<String>) -> Error {
        Error::new(ErrorKind::Encode, message)
    }

    /// BEGIN was refused while statements were on their way behind it.
    pub(crate) fn begin_refused(error: tokio_postgres::Error, sent: usize) -> Error {
        let why = error.as_db_error().map_or_else(|| error.to_string(), Error::database_text);
        let behind = match sent {
            0 => String::new(),
            1 => "; the statement sent with it may have run and committed on its own".to_owned(),
            _ => format!("; the {sent} statements sent with it may have run and committed, each on its own"),
        };
        let refused =
            Error::new(ErrorKind::Database, format!("the transaction could not begin: {why}{behind}"));
        refused.because_of_driver(error).change(|inner| {
            if sent > 0 {
                inner.outcome = KnownOutcome::Unknown;
            }
        })
    }

    /// A transaction has begun, and what it was to set at first was refused.
    pub(crate) fn context_refused(error: tokio_postgres::Error) -> Error {
        let code = error.code().map(SqlState::code);
        let advice = match code {
            Some("42501") => {
                ": grant the login membership in the role (GRANT role TO login), or the right to the setting"
            }
            Some("42704") => ": a setting of your own has a dot in its name, such as `app.tenant`",
            Some("22023") => ": check that the role exists, and what the setting can be",
            _ => "",
        };
        let why = error.as_db_error().map_or_else(|| error.to_string(), Error::database_text);
        let message = format!("the engine's context was refused, and nothing was run: {why}{advice}");
        Error::new(ErrorKind::Database, message).because_of_driver(error)
    }

    pub(crate) fn decode(message: impl Into<String>) -> Error {
        Error::new(ErrorKind::Decode, message)
    }

    pub(crate) fn no_row(what: impl Display) -> Error {
        Error::new(
            ErrorKind::NoRow,
            format!(
                "expected exactly one row of {what}, found none; use `one_or_none` where that is no mistake"
            ),
        )
    }

    /// A row that was to be found or made is neither; the message says why that can be.
    pub(crate) fn row_not_made(message: String) -> Error {
        Error::new(ErrorKind::NoRow, message)
    }

    pub(crate) fn many_rows(what: impl Display) -> Error {
        Error::new(
            ErrorKind::ManyRows,
            format!(
                "expected one row of {what}, found more than one; use `first` or `all`, or narrow the filter"
            ),
        )
    }

    pub(crate) fn rolled_back(message: impl Into<String>) -> Error {
        Error::new(ErrorKind::RolledBack, message)
    }

    pub(crate) fn session(message: impl Into<String>) -> Error {
        Error::new(ErrorKind::Session, message)
    }

    pub(crate) fn stale(message: impl Into<String>) -> Error {
        Error::new(ErrorKind::Stale, message)
    }

    pub(crate) fn schema(message: impl Into<String>) -> Error {
        Error::new(ErrorKind::Schema, message)
    }
}

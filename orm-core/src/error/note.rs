//! What is noted in an error on its way to the caller.

use std::panic::Location;
use std::sync::Arc;

use tokio_postgres::error::DbError;

use super::construct::ErrorKind;
use super::database::{data_exception, detail_of_row};
use super::secret::is_hidden;
use super::{Cause, Error, KnownOutcome};

impl Error {
    pub(crate) fn because(self, cause: impl Into<Cause>) -> Error {
        let cause = cause.into();
        self.change(|inner| inner.cause = Some(cause.into()))
    }

    pub(crate) fn in_statement(self, sql: &str) -> Error {
        self.change(|inner| {
            inner.statement.get_or_insert_with(|| sql.to_owned());
        })
    }

    /// Notes what the statement of a flush does.
    pub(crate) fn flushed(self, what: impl Into<String>) -> Error {
        self.change(|inner| inner.flushed = Some(what.into()))
    }

    /// Notes the values that this is about, which belong into no log.
    pub(crate) fn with_values(self, values: impl Into<String>) -> Error {
        self.change(|inner| inner.values = Some(values.into()))
    }

    /// Notes that this is about values that are never shown.
    pub(crate) fn without_values(self) -> Error {
        self.change(|inner| {
            inner.values = None;
            inner.is_secret = true;
        })
    }

    /// Whether the text shows values.
    pub(crate) fn shows_values(&self) -> bool {
        self.0.shows_values
    }

    /// Whether the text is to show values.
    pub(crate) fn showing_values(self, shows: bool) -> Error {
        if self.0.shows_values == shows { self } else { self.change(|inner| inner.shows_values = shows) }
    }

    /// What the driver says as the cause: what the server says is kept as such, anything else as it was before the driver.
    pub(super) fn because_of_driver(self, error: tokio_postgres::Error) -> Error {
        match error.into_source() {
            None => self,
            Some(source) => match source.downcast::<DbError>() {
                Ok(server) => self.because_of_server(*server),
                Err(source) => self.because(source),
            },
        }
    }

    fn because_of_server(self, server: DbError) -> Error {
        let detail =
            server.detail().filter(|_| detail_of_row(&server)).map(|detail| format!("detail: {detail}"));
        let values = detail.or_else(|| data_exception(&server).then(|| server.message().to_owned()));
        let is_secret = server.table().is_some_and(is_hidden);
        let error = self.change(|inner| {
            inner.values = values;
            inner.server = Some(Arc::new(server));
        });
        if is_secret { error.without_values() } else { error }
    }

    /// Notes the column that the error is about, as the database calls it.
    pub(crate) fn of_column(self, table: &str, column: &str) -> Error {
        self.change(|inner| inner.column = Some((table.to_owned(), column.to_owned())))
    }

    /// The same error in words of somebody who knows more.
    pub(crate) fn reworded(self, message: String) -> Error {
        self.change(|inner| inner.message = message)
    }

    /// Notes which of the statements sent together this is about, counted from zero.
    pub(crate) fn at_place(self, place: usize) -> Error {
        self.change(|inner| inner.place = Some(place))
    }

    /// Which of the statements sent together this is about, counted from zero.
    pub(crate) fn place(&self) -> Option<usize> {
        self.0.place
    }

    /// Says which statement of a batch this is about, counted from one.
    pub(crate) fn in_batch(self, number: usize) -> Error {
        self.change(|inner| inner.message = format!("statement {number} of the batch: {}", inner.message))
    }

    /// An error met when what was written had been committed already.
    pub(crate) fn although_committed(self) -> Error {
        if self.is_committed() {
            return self;
        }
        self.change(|inner| {
            inner.outcome = KnownOutcome::Committed;
            inner
                .message
                .push_str("; what was written is committed all the same: do not do it again, read it");
        })
    }

    /// An error after which nobody knows whether what was to be written is committed.
    pub(crate) fn with_unknown_outcome(self) -> Error {
        if self.is_outcome_unknown() {
            return self;
        }
        self.change(|inner| {
            inner.outcome = KnownOutcome::Unknown;
            inner.message.push_str(
                "; it is unknown whether what was to be written is committed: look for it before doing it again",
            );
        })
    }

    /// Notes that the server had done the statement when this went wrong.
    pub(crate) fn answered(self) -> Error {
        self.change(|inner| inner.outcome = KnownOutcome::Answered)
    }

    /// Notes that a server refused to write where one was wanted that does: another one may take it.
    pub(crate) fn of_demoted_server(self) -> Error {
        self.change(|inner| inner.is_of_demoted_server = true)
    }

    /// Notes that the statement was sent and nobody has seen its answer.
    pub(crate) fn unanswered(self) -> Error {
        self.change(|inner| inner.outcome = KnownOutcome::Unanswered)
    }

    /// An error of a statement that writes, which was sent outside a transaction.
    pub(crate) fn of_autocommit(self) -> Error {
        match self.0.outcome {
            KnownOutcome::Answered => self.although_committed(),
            KnownOutcome::Unanswered => self.with_unknown_outcome(),
            KnownOutcome::Untold | KnownOutcome::Committed | KnownOutcome::Unknown => self,
        }
    }

    /// An error of a statement that was sent with a BEGIN and a COMMIT around it, as it would be without them.
    pub(crate) fn of_statement_alone(self, sql: &str) -> Error {
        if self.0.kind != ErrorKind::OutcomeUnknown {
            return self;
        }
        self.change(|inner| {
            inner.kind = ErrorKind::ConnectionLost;
            inner.outcome = KnownOutcome::Unanswered;
            inner.statement = Some(sql.to_owned());
            "the connection to PostgreSQL was lost before the answer came".clone_into(&mut inner.message);
        })
    }

    /// The number of the parameter that could not be sent, if it is that.
    pub(crate) fn parameter(&self) -> Option<usize> {
        self.0.parameter
    }

    pub(crate) fn located(self, at: &'static Location<'static>) -> Error {
        self.change(|inner| inner.at = Some(at))
    }
}

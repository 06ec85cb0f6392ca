//! What went wrong with a statement: what that means for the transaction and the connection, and whether to try again.

use tokio_postgres::Error as DriverError;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::ToSql;

use super::{Connection, Request};
use crate::error::Error;
use crate::types::BytesMut;

/// An error, and whether the same call may be made again.
pub(super) struct Failure {
    pub(super) error: Error,
    pub(super) again: Again,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Again {
    No,
    /// The server no longer has the prepared statement, or its columns have changed; all are forgotten by now.
    Stale,
    /// The connection had ended before the server ran anything of it.
    Elsewhere,
    /// The server does not write, and another one is wanted.
    NotWritable,
}

/// How a statement was sent, and how far it came.
#[derive(Clone, Copy, Debug)]
pub(super) struct SentRequest {
    pub(super) is_named: bool,
    pub(super) progress: Progress,
    /// How many bytes had been written before.
    pub(super) written: u64,
}

/// How far the server was with a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    /// It had not begun to run it: what it says first of each has not come.
    NotRun,
    Running,
    /// It had run it to its end, and had yet to commit.
    Done,
}

impl Progress {
    /// Of a statement whose rows are being read; the number of rows comes at its end.
    pub(super) fn of_rows(affected: Option<u64>) -> Progress {
        if affected.is_some() { Progress::Done } else { Progress::Running }
    }
}

impl Failure {
    /// The same failure of a statement that has so many more before it.
    pub(super) fn offset_by(mut self, places: usize) -> Failure {
        if let Some(place) = self.error.place() {
            self.error = self.error.at_place(place + places);
        }
        self
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure { error, again: Again::No }
    }
}

impl Connection {
    /// Takes in the failure of a statement: where it leaves the transaction and the connection.
    pub(super) fn failed(&mut self, request: &Request<'_>, error: DriverError, sent: SentRequest) -> Failure {
        let not_run = sent.progress == Progress::NotRun;
        let misled = self.object.as_ref().is_some_and(|object| object.is_misled(&error));
        let stale = sent.is_named && not_run && is_stale(&error) && !misled;
        if stale && let Some(object) = &mut self.object {
            // What made one stale has most likely done so to others.
            object.forget_statements();
            if let Some(pool) = self.shared.pool.upgrade() {
                pool.manager().tables_changed();
            }
        }
        let unsendable = unsendable(request, &error);
        let lost = unsendable.is_none() && is_lost(&error);
        let refused = error.as_db_error().is_some();
        let not_writable = error.code() == Some(&SqlState::READ_ONLY_SQL_TRANSACTION) && self.wants_writes();
        let never_sent =
            error.is_closed() && self.object.as_ref().is_some_and(|o| o.written() == sent.written);
        // The server said why it ends the connection, and nothing of the statement before that.
        let elsewhere = never_sent || lost && refused && not_run;
        let error = match unsendable {
            Some(unsendable) => unsendable,
            None => self.told(error),
        };
        let error = if request.has_secrets { error.without_values() } else { error };
        let error = error.in_statement(request.sql);
        let error = if not_writable { error.of_demoted_server() } else { error };
        let error = if lost && self.transaction.can_fail() { error.with_rollback() } else { error };
        if lost {
            self.lose();
        }
        if self.in_transaction() && (lost || refused) {
            self.transaction.fail(&error);
        }
        let known = elsewhere || refused && sent.progress != Progress::Done;
        let error = if lost && !known && !self.in_transaction() { error.unanswered() } else { error };
        let again = match () {
            () if stale => Again::Stale,
            () if elsewhere => Again::Elsewhere,
            () if not_writable => Again::NotWritable,
            () => Again::No,
        };
        Failure { error, again }
    }

    /// What the driver says, or whoever knows more: the task that has ended the connection, or cancelled the statement.
    pub(super) fn told(&self, error: DriverError) -> Error {
        self.explained(error).showing_values(self.shared.shows_values)
    }

    /// The same of a COMMIT, which fails by constraints that are deferred: those of whatever table triggers have written to.
    pub(super) fn told_of_commit(&self, error: DriverError) -> Error {
        let error = self.told(error);
        if self.has_secrets { error.without_values() } else { error }
    }

    fn explained(&self, error: DriverError) -> Error {
        let Some(wire) = self.object.as_ref().map(|object| &object.wire) else { return Error::driver(error) };
        match wire.end() {
            Some(end) if error.as_db_error().is_none() => end.error_of(error),
            None if error.code() == Some(&SqlState::QUERY_CANCELED) && wire.was_overdue() => {
                let why = match self.limits.first() {
                    Some(limit) => limit.explain(),
                    None => "the statement was cancelled, because no answer came within `statement_timeout`: make it \
                             faster, or raise that"
                        .to_owned(),
                };
                Error::driver(error).reworded(why).timed_out()
            }
            _ => Error::driver(error),
        }
    }
}

/// Whether the connection cannot be used after an error.
pub(super) fn is_lost(error: &DriverError) -> bool {
    match error.as_db_error() {
        Some(error) => Error::is_fatal(error),
        None => true,
    }
}

/// How many bytes of values a statement can have at most: PostgreSQL takes no longer message.
const LONGEST: usize = 1 << 30;

/// What is wrong with a value that could not be written, so that nothing of its statement was sent.
fn unsendable(request: &Request<'_>, error: &DriverError) -> Option<Error> {
    if error.is_closed() || error.as_db_error().is_some() {
        return None;
    }
    // The driver knows why, and says only in words for which value, or that it is about values at all.
    let mut scratch = BytesMut::new();
    let mut bytes = request.sql.len();
    for (nth, parameter) in (1..).zip(request.parameters) {
        scratch.clear();
        if let Err(cause) = parameter.to_sql(parameter.wire(), &mut scratch) {
            return Some(Error::unsendable(nth, cause));
        }
        bytes += scratch.len();
        if bytes > LONGEST {
            return Some(Error::encode(format!(
                "the values of the statement up to ${nth} have {bytes} bytes, PostgreSQL takes {LONGEST}: send fewer rows \
                 at a time, or a large value in pieces"
            )));
        }
    }
    None
}

fn is_stale(error: &DriverError) -> bool {
    error.as_db_error().is_some_and(Error::is_stale_statement)
}

pub(super) fn is_aborted(error: &DriverError) -> bool {
    error.code() == Some(&SqlState::IN_FAILED_SQL_TRANSACTION)
}

//! The state of a transaction, and the methods that change it.

use tokio::time::error::Elapsed;
use tokio::time::timeout;
use tokio_postgres::Error as DriverError;

use super::{Answer, Connection, Request, TransactionMode, is_lost};
use crate::engine::Position;
use crate::engine::commit::CommitOutcome;
use crate::error::Error;

/// The transaction of a connection. The states between two others (`Beginning`, `Copying`, `Ending`) are seen only after a
/// future was dropped.
#[derive(Clone, Debug)]
pub(super) enum TransactionStatus {
    None,
    /// BEGIN is to be sent with the first statement.
    Pending(TransactionMode),
    /// BEGIN was sent and is not answered yet.
    Beginning,
    Open,
    /// COPY was sent and is not answered yet; unless it completes, it has no effect.
    Copying,
    /// COMMIT or ROLLBACK was sent and is not answered yet.
    Ending,
    /// The server has aborted it, or it must be treated as aborted; with the first error.
    Failed(Error),
}

impl TransactionStatus {
    /// Marks a transaction that has begun as failed, unless it is already: the first error stays.
    pub(super) fn fail(&mut self, cause: &Error) {
        if self.can_fail() {
            *self = TransactionStatus::Failed(cause.clone());
        }
    }

    /// Whether it has begun and not ended, so that the loss of the connection rolls it back.
    pub(super) fn can_fail(&self) -> bool {
        matches!(self, TransactionStatus::Beginning | TransactionStatus::Open | TransactionStatus::Copying)
    }

    pub(super) fn has_begun(&mut self) {
        if matches!(self, TransactionStatus::Beginning) {
            *self = TransactionStatus::Open;
        }
    }

    /// If a future was dropped while BEGIN or COPY was not answered, its outcome is not known: the transaction has failed.
    pub(super) fn settle_dropped(&mut self) {
        let dropped = match self {
            TransactionStatus::Beginning => {
                "the first statement of the transaction was dropped before its answer came"
            }
            TransactionStatus::Copying => "an insert of many rows was dropped before all of them were sent",
            _ => return,
        };
        *self = TransactionStatus::Failed(Error::rolled_back(dropped));
    }
}

/// What follows the last statement of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Open,
    Commit,
}

/// The state in which a call began, to be restored.
pub(super) struct Mark {
    transaction: TransactionStatus,
    savepoints: Vec<String>,
    used: bool,
}

/// A [`Mark`] without savepoints that are still to be sent: cheap, since it is made for each statement and seldom used.
#[derive(Clone, Copy)]
pub(super) struct Rest {
    transaction: AtRest,
    used: bool,
}

#[derive(Clone, Copy)]
enum AtRest {
    None,
    Pending(TransactionMode),
    Open,
}

impl From<Rest> for Mark {
    fn from(Rest { transaction, used }: Rest) -> Mark {
        let transaction = match transaction {
            AtRest::None => TransactionStatus::None,
            AtRest::Pending(mode) => TransactionStatus::Pending(mode),
            AtRest::Open => TransactionStatus::Open,
        };
        Mark { transaction, savepoints: Vec::new(), used }
    }
}

impl Mark {
    /// Whether nothing had been sent on this connection, so that another one can take its place.
    pub(super) fn is_unused(&self) -> bool {
        !self.used && !matches!(self.transaction, TransactionStatus::Open)
    }

    pub(super) fn began_here(&self) -> bool {
        matches!(self.transaction, TransactionStatus::Pending(_))
    }

    pub(super) fn is_autocommit(&self) -> bool {
        matches!(self.transaction, TransactionStatus::None)
    }
}

impl Connection {
    /// Begins a transaction. Sends nothing: BEGIN goes with the first statement.
    pub(crate) fn begin(&mut self, mode: TransactionMode) {
        debug_assert!(!self.in_transaction(), "a transaction is begun inside another");
        self.transaction = TransactionStatus::Pending(mode);
        self.is_read_only = mode.read_only;
        self.commit_outcome = None;
        self.position = Position::START;
        self.savepoints.clear();
        self.has_secrets = false;
        self.found.clear();
    }

    /// The position of the log when the last transaction committed; the start of the log if nothing was sent.
    pub(crate) fn position(&self) -> Position {
        self.position
    }

    /// Whether the server reported that the last transaction committed.
    pub(crate) fn has_committed(&self) -> bool {
        self.commit_outcome == Some(CommitOutcome::Committed)
    }

    /// The error of a statement in a transaction whose end was interrupted.
    pub(super) fn interrupted_end(&self) -> Error {
        let commits = self.object.as_ref().is_some_and(|object| object.commit.is_sent());
        if commits { Error::interrupted_end().with_unknown_outcome() } else { Error::interrupted_end() }
    }

    /// Commits. Sends nothing if the transaction never sent anything.
    ///
    /// If a statement had failed, the transaction is rolled back and the error says so, with the first failure as its
    /// cause. If the connection breaks meanwhile, the error says that the outcome is unknown. Afterwards there is no
    /// transaction, whatever the outcome.
    pub(crate) async fn commit(&mut self) -> Result<(), Error> {
        self.commit_with(&[]).await.map(|_| ())
    }

    /// Runs statements and commits, in one round trip; the server commits only if every statement succeeds.
    ///
    /// Afterwards there is no transaction, whatever the outcome. While a stream is open it is an error, and nothing is sent.
    pub(crate) async fn commit_with(&mut self, requests: &[Request<'_>]) -> Result<Vec<Answer>, Error> {
        self.check_stream()?;
        if let Err(error) = self.enter(requests) {
            return Err(self.refuse_commit(error).await);
        }
        if let Err(error) = self.check_moments(requests).await {
            return Err(self.refuse_commit(error).await);
        }
        if requests.is_empty() && !matches!(self.transaction, TransactionStatus::Open) {
            self.transaction = TransactionStatus::None;
            self.savepoints.clear();
            return Ok(Vec::new());
        }
        if requests.is_empty() {
            // A savepoint right before COMMIT has no use.
            self.savepoints.clear();
        }
        debug_assert!(self.in_transaction(), "there is no transaction to commit");
        match self.exchange(requests, End::Commit).await {
            Err(error) if self.in_transaction() => Err(match self.end_by_rollback().await {
                None => error,
                Some(CommitOutcome::Committed) => error.although_committed(),
                Some(_) => error.with_unknown_outcome(),
            }),
            result => result,
        }
    }

    async fn refuse_commit(&mut self, error: Error) -> Error {
        let cause = match &self.transaction {
            TransactionStatus::Failed(cause) => Some(cause.clone()),
            _ => None,
        };
        match self.end_by_rollback().await {
            None => {}
            Some(CommitOutcome::Committed) => return Error::interrupted_end().although_committed(),
            Some(_) => return Error::interrupted_end().with_unknown_outcome(),
        }
        match cause {
            None => error,
            Some(cause) if cause.is_rolled_back() => cause,
            Some(cause) => Error::rolled_back(format!(
                "the transaction was rolled back, because a statement in it had failed: {cause}"
            ))
            .because(cause),
        }
    }

    /// Rolls back. Sends nothing if the transaction never sent anything; cancels a statement that a dropped future left
    /// running.
    ///
    /// If the dropped future had sent COMMIT, the answer of the server counts: it is an error, which says so, if the
    /// transaction was committed, or if the outcome is unknown. The same holds where the last COMMIT was not answered.
    pub(crate) async fn rollback(&mut self) -> Result<(), Error> {
        self.savepoints.clear();
        if self.stream.strong_count() > 0 {
            // Rows that nobody reads would block the answer; closing the connection rolls back as well.
            self.lose();
        }
        let unknown = self.commit_outcome.filter(|outcome| *outcome == CommitOutcome::Unknown);
        match self.settle_commit().await.or(unknown) {
            None | Some(CommitOutcome::Refused) => self.send_rollback().await,
            Some(CommitOutcome::Committed) => {
                self.transaction = TransactionStatus::None;
                Err(Error::committed_before_rollback())
            }
            Some(CommitOutcome::Unknown) => {
                self.transaction = TransactionStatus::None;
                Err(Error::outcome_unknown())
            }
        }
    }

    async fn send_rollback(&mut self) -> Result<(), Error> {
        let sent = match self.transaction {
            TransactionStatus::None | TransactionStatus::Pending(_) => false,
            _ => {
                self.cancel_dropped().await;
                true
            }
        };
        // The server rolls a transaction back when its connection is lost.
        let Some(object) = self.object.as_ref().filter(|_| sent) else {
            self.transaction = TransactionStatus::None;
            return Ok(());
        };
        self.in_flight = true;
        self.transaction = TransactionStatus::Ending;
        let since = self.clock();
        let answer = timeout(object.side.patience, object.client.batch_execute(object.rollback())).await;
        self.arrived();
        self.transaction = TransactionStatus::None;
        // Without an answer, closing the connection rolls back.
        let lost = answer.as_ref().map_or(Some(true), |answer| answer.as_ref().err().map(is_lost));
        let result = self.answered("ROLLBACK", answer);
        if let Some(since) = since {
            self.observe_wait(1);
            self.observe_after("ROLLBACK", since.elapsed(), result.as_ref().map(|()| 0));
        }
        match lost {
            None => Ok(()),
            Some(lost) => {
                self.lose();
                if lost { Ok(()) } else { result }
            }
        }
    }

    /// Waits for the answer to a ROLLBACK, with a time limit of its own: the limit of the work may have run out.
    pub(super) fn answered(
        &self,
        sql: &str,
        answer: Result<Result<(), DriverError>, Elapsed>,
    ) -> Result<(), Error> {
        let answer = match answer {
            Ok(answer) => answer.map_err(|error| self.told(error)),
            Err(_) => Err(Error::connection_lost(
                "the server did not answer within `cancel_timeout`, so that it was given up: check the network and the server",
            )
            .timed_out()),
        };
        answer.map_err(|error| error.in_statement(sql))
    }

    /// Ends a transaction that cannot commit. If COMMIT was sent, gives what is known of its outcome, unless it was refused.
    /// An error of ROLLBACK is left out: it would hide the one that is already reported.
    pub(super) async fn end_by_rollback(&mut self) -> Option<CommitOutcome> {
        match self.rollback().await {
            Err(error) if error.is_committed() => Some(CommitOutcome::Committed),
            Err(error) if error.is_outcome_unknown() => Some(CommitOutcome::Unknown),
            // `rollback` closes a connection on which ROLLBACK fails.
            Ok(()) | Err(_) => None,
        }
    }

    /// The error because of which the transaction can only be rolled back, if there is one.
    pub(crate) fn failure(&self) -> Option<&Error> {
        match &self.transaction {
            TransactionStatus::Failed(cause) => Some(cause),
            _ => None,
        }
    }

    pub(super) fn mark(&self) -> Mark {
        Mark { transaction: self.transaction.clone(), savepoints: self.savepoints.clone(), used: self.used }
    }

    /// The mark of a connection that is ready for a statement, with nothing but BEGIN to be sent before it.
    pub(super) fn rest(&self) -> Option<Rest> {
        let transaction = match &self.transaction {
            TransactionStatus::None if self.scope.is_none() => AtRest::None,
            TransactionStatus::Pending(mode) => AtRest::Pending(*mode),
            TransactionStatus::Open => AtRest::Open,
            _ => return None,
        };
        self.savepoints.is_empty().then_some(Rest { transaction, used: self.used })
    }

    pub(super) fn restore(&mut self, mark: Mark) {
        self.transaction = mark.transaction;
        self.commit_outcome = None;
        self.savepoints = mark.savepoints;
    }
}

//! COMMIT on its way, or what the server said to it.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::{Context, Poll, ready};

use tokio_postgres::{Client, Error as DriverError};

use super::pending_control::PendingControl;
use crate::error::Error;

/// Refused with 25P02 in an aborted transaction; a plain COMMIT rolls back there and says that all is well.
pub(super) const COMMIT: &str = "SELECT; COMMIT";

/// Also closes what was prepared in the transaction and stays.
const COMMIT_TIDILY: &str = "SELECT; DEALLOCATE ALL; COMMIT";

/// What is known of a COMMIT that was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CommitOutcome {
    Committed,
    /// The server refused: nothing is committed.
    Refused,
    /// The connection broke before the answer came.
    Unknown,
}

/// The COMMIT of a transaction.
///
/// It belongs to the connection and not to the future that waits for it: where that is dropped, the answer is still to be
/// had, and nothing else tells whether the transaction was committed.
#[derive(Default)]
pub(super) enum Commit {
    #[default]
    NotSent,
    Sent(PendingControl),
    Answered(CommitOutcome),
}

impl Commit {
    pub(super) fn is_sent(&self) -> bool {
        !matches!(self, Commit::NotSent)
    }

    /// Sends it, and gives the answer. The driver sends at the first poll.
    pub(super) fn poll(
        &mut self,
        client: &Client,
        tidily: bool,
        cx: &mut Context<'_>,
    ) -> Poll<Result<(), DriverError>> {
        if let Commit::NotSent = self {
            let mut pending_control = PendingControl::default();
            let text = if tidily { COMMIT_TIDILY } else { COMMIT };
            ready!(pin!(pending_control.send(client, text)).poll(cx))?;
            *self = Commit::Sent(pending_control);
        }
        self.poll_answer(cx)
    }

    fn poll_answer(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), DriverError>> {
        let Commit::Sent(pending_control) = self else { return Poll::Pending };
        let result = ready!(pending_control.poll(cx));
        let has_come = pending_control.has_come();
        *self = Commit::Answered(match &result {
            Ok(()) => CommitOutcome::Committed,
            // What ends the connection is no answer to COMMIT, unless that before it was answered.
            Err(error) if error.as_db_error().is_some_and(|error| !has_come || !Error::is_fatal(error)) => {
                CommitOutcome::Refused
            }
            Err(_) => CommitOutcome::Unknown,
        });
        Poll::Ready(result)
    }

    /// What became of it, as soon as that is known; at once if it was not sent.
    pub(super) async fn settle(&mut self) -> Option<CommitOutcome> {
        if let Commit::Sent(_) = self {
            // The outcome says the same.
            let _ = poll_fn(|cx| self.poll_answer(cx)).await;
        }
        match self {
            Commit::Answered(outcome) => Some(*outcome),
            Commit::NotSent | Commit::Sent(_) => None,
        }
    }
}

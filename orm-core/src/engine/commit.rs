//! COMMIT on its way, or what the server said to it.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::{Context, Poll, ready};

use tokio_postgres::{Client, Error as DriverError};

use super::unanswered::Unanswered;
use crate::error::Error;

/// Refused with 25P02 in an aborted transaction; a plain COMMIT rolls back there and says that all is well.
pub(super) const COMMIT: &str = "SELECT; COMMIT";

/// Also closes what was prepared in the transaction and stays.
const COMMIT_TIDILY: &str = "SELECT; DEALLOCATE ALL; COMMIT";

/// What is known of a COMMIT that was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
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
    Sent(Unanswered),
    Answered(Word),
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
            let mut unanswered = Unanswered::default();
            let text = if tidily { COMMIT_TIDILY } else { COMMIT };
            ready!(pin!(unanswered.send(client, text)).poll(cx))?;
            *self = Commit::Sent(unanswered);
        }
        self.poll_answer(cx)
    }

    fn poll_answer(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), DriverError>> {
        let Commit::Sent(unanswered) = self else { return Poll::Pending };
        let result = ready!(unanswered.poll(cx));
        let has_come = unanswered.has_come();
        *self = Commit::Answered(match &result {
            Ok(()) => Word::Committed,
            // What ends the connection is no answer to COMMIT, unless that before it was answered.
            Err(error) if error.as_db_error().is_some_and(|error| !has_come || !Error::is_fatal(error)) => {
                Word::Refused
            }
            Err(_) => Word::Unknown,
        });
        Poll::Ready(result)
    }

    /// What became of it, as soon as that is known; at once if it was not sent.
    pub(super) async fn settle(&mut self) -> Option<Word> {
        if let Commit::Sent(_) = self {
            // The word says the same.
            let _ = poll_fn(|cx| self.poll_answer(cx)).await;
        }
        match self {
            Commit::Answered(word) => Some(*word),
            Commit::NotSent | Commit::Sent(_) => None,
        }
    }
}

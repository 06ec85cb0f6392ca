//! Cancels statements that still run at the server after their future was dropped.

use std::time::Duration;

use futures_util::future::{join_all, maybe_done};
use tokio::time::timeout;

use super::Connection;
use crate::engine::commit::{Commit, CommitOutcome};
use crate::engine::connect::Link;
use crate::engine::pool::{Object, discard, release};

/// How long to wait at first before cancelling again: a cancel request that arrives before its query has no effect.
const RETRY: Duration = Duration::from_millis(10);

/// What was left unfinished on a connection, and must end before the next user gets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unfinished {
    /// A statement runs outside a transaction.
    Statement,
    /// A statement runs inside a transaction.
    Transaction,
}

/// A connection that is closed when this is dropped, unless it was found to be idle.
pub(super) struct Quarantine(Option<Object>);

impl Quarantine {
    pub(super) fn new(object: Object) -> Quarantine {
        Quarantine(Some(object))
    }

    /// Waits until nothing runs any more, and returns the connection to the pool; closes it if that takes too long.
    pub(super) async fn release(mut self, unfinished: Unfinished) {
        let Some(object) = &mut self.0 else { return };
        // The time limit of the dropped statement does not apply to the next user.
        object.wire.arrived();
        let quiet = timeout(object.side.patience, quiet(object, unfinished)).await;
        if matches!(quiet, Ok(Ok(()))) && object.is_tidy() {
            self.0.take().into_iter().for_each(release);
        }
    }
}

impl Drop for Quarantine {
    fn drop(&mut self) {
        // A runtime that shuts down drops its tasks half way, too.
        if let Some(object) = self.0.take() {
            discard(object);
        }
    }
}

type Failed = Box<dyn std::error::Error + Send + Sync>;

async fn quiet(link: &mut Link, unfinished: Unfinished) -> Result<(), Failed> {
    // BEGIN must not be cancelled, because the statements after it would then commit one by one; nor the savepoint to
    // roll back to.
    link.pending_control.settle().await;
    // The answer to any statement proves that everything before it has ended. Outside a transaction an empty statement
    // is enough; ROLLBACK would leave a warning in the server's log.
    let barrier = if unfinished == Unfinished::Statement { "" } else { link.rollback() };
    if link.commit.is_sent() {
        let committed = outcome(link).await? == CommitOutcome::Committed;
        return Ok(link.client.batch_execute(if committed { "" } else { barrier }).await?);
    }
    let mut patience = RETRY;
    let mut barriers = Vec::new();
    loop {
        link.side.cancel().await?;
        // Sent after each cancel request has ended, so that none arrives late and hits the next user's statement.
        barriers.push(Box::pin(maybe_done(link.client.simple_query(barrier))));
        if timeout(patience, join_all(&mut barriers)).await.is_ok() {
            break;
        }
        patience *= 2;
    }
    for barrier in &mut barriers {
        // An abandoned COPY that cannot begin is answered twice, so that later requests get the answer of the one before.
        let answer = barrier.as_mut().take_output().transpose()?;
        if answer.is_none_or(|messages| messages.is_empty()) {
            return Err("an answer came to what was not asked".into());
        }
    }
    Ok(())
}

/// The outcome of a COMMIT that was sent. What runs before it is cancelled; that may hit COMMIT itself, whose answer then
/// says so.
async fn outcome(link: &mut Link) -> Result<CommitOutcome, Failed> {
    // BEGIN may still be running before it, and must not be cancelled.
    link.pending_control.settle().await;
    let mut patience = Duration::ZERO;
    loop {
        if let Ok(outcome) = timeout(patience, link.commit.settle()).await {
            link.commit = Commit::NotSent;
            return outcome.ok_or_else(|| "no COMMIT was sent".into());
        }
        link.side.cancel().await?;
        patience = (patience * 2).max(RETRY);
    }
}

impl Connection {
    /// Waits for the outcome of a COMMIT whose future was dropped, if there is one.
    pub(super) async fn settle_commit(&mut self) -> Option<CommitOutcome> {
        let object = self.object.as_mut().filter(|object| object.commit.is_sent())?;
        let outcome = match timeout(object.side.patience, outcome(object)).await {
            Ok(Ok(outcome)) => outcome,
            _ => CommitOutcome::Unknown,
        };
        self.commit_outcome = (outcome != CommitOutcome::Refused).then_some(outcome);
        if outcome == CommitOutcome::Unknown {
            self.lose();
        }
        // Answers to what was sent after COMMIT are not needed; they come before those to anything sent from here on.
        self.arrived();
        Some(outcome)
    }

    /// Cancels the statement that a dropped future left running, if there is one.
    pub(super) async fn cancel_dropped(&mut self) {
        let Some(object) = self.object.as_mut().filter(|_| self.in_flight) else { return };
        object.wire.arrived();
        if !matches!(timeout(object.side.patience, quiet(object, Unfinished::Statement)).await, Ok(Ok(()))) {
            self.lose();
        }
    }
}

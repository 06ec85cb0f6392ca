//! Ends what runs at the server and nobody waits for.

use std::time::Duration;

use futures_util::future::{join_all, maybe_done};
use tokio::time::timeout;

use super::Connection;
use crate::engine::commit::{Commit, CommitOutcome};
use crate::engine::connect::Link;
use crate::engine::pool::{Object, discard, release};

/// How long to wait before cancelling again, at first; a cancel that comes before its query does nothing.
const RETRY: Duration = Duration::from_millis(10);

/// What a connection needs before the next user may have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unfinished {
    /// A statement runs outside a transaction.
    Statement,
    /// A statement runs inside a transaction.
    Transaction,
}

/// A connection that is closed unless it was found to be clean.
pub(super) struct Quarantine(Option<Object>);

impl Quarantine {
    pub(super) fn new(object: Object) -> Quarantine {
        Quarantine(Some(object))
    }

    /// Waits until nothing runs any more, then gives the connection back to the pool; or closes it.
    pub(super) async fn release(mut self, unfinished: Unfinished) {
        let Some(object) = &mut self.0 else { return };
        // A limit of what was dropped is none of the next user's.
        object.wire.arrived();
        let quiet = timeout(object.side.patience, quiet(object, unfinished)).await;
        if matches!(quiet, Ok(Ok(()))) && object.is_tidy() {
            self.0.take().into_iter().for_each(release);
        }
    }
}

impl Drop for Quarantine {
    fn drop(&mut self) {
        // Also where a runtime ends and drops its tasks half way.
        if let Some(object) = self.0.take() {
            discard(object);
        }
    }
}

type Failed = Box<dyn std::error::Error + Send + Sync>;

async fn quiet(link: &mut Link, unfinished: Unfinished) -> Result<(), Failed> {
    // BEGIN must not be cancelled, for what stands behind it would commit by itself; nor a savepoint to go back to.
    link.pending_control.settle().await;
    // An answer to any text proves that all before it is over. ROLLBACK outside a transaction would only make the
    // server's log complain.
    let barrier = if unfinished == Unfinished::Statement { "" } else { link.rollback() };
    if link.commit.is_sent() {
        let committed = outcome(link).await? == CommitOutcome::Committed;
        return Ok(link.client.batch_execute(if committed { "" } else { barrier }).await?);
    }
    let mut patience = RETRY;
    let mut barriers = Vec::new();
    loop {
        link.side.cancel().await?;
        // SentRequest after the end of every cancel, so that none can come late and hit the next user.
        barriers.push(Box::pin(maybe_done(link.client.simple_query(barrier))));
        if timeout(patience, join_all(&mut barriers)).await.is_ok() {
            break;
        }
        patience *= 2;
    }
    for barrier in &mut barriers {
        // A COPY that was given up and cannot begin is answered twice; what is sent later gets the answer before it.
        let answer = barrier.as_mut().take_output().transpose()?;
        if answer.is_none_or(|messages| messages.is_empty()) {
            return Err("an answer came to what was not asked".into());
        }
    }
    Ok(())
}

/// What became of a COMMIT that was sent. What holds it up is cancelled, and so may COMMIT itself be: its answer says what
/// came of that.
async fn outcome(link: &mut Link) -> Result<CommitOutcome, Failed> {
    // BEGIN is on its way before it, perhaps, and must not be cancelled.
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
    /// Takes the server's outcome on a COMMIT whose future was dropped, if there is one.
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
        // What is behind COMMIT is of no use, and answered before anything sent from here on.
        self.arrived();
        Some(outcome)
    }

    /// Ends the statement that a dropped future left running, if there is one.
    pub(super) async fn cancel_dropped(&mut self) {
        let Some(object) = self.object.as_mut().filter(|_| self.in_flight) else { return };
        object.wire.arrived();
        if !matches!(timeout(object.side.patience, quiet(object, Unfinished::Statement)).await, Ok(Ok(()))) {
            self.lose();
        }
    }
}

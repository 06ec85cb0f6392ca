//! The servers that a statement is tried on, and how often.

use std::sync::Arc;

use tokio::time::{Instant, sleep, timeout};

use super::{ANSWER, Health, Replica, Replicas};
use crate::engine::limit::{Limit, Limits};
use crate::engine::{Backoff, Connection, Engine, Position, Reads};
use crate::error::Error;

/// The servers left to try: healthy replicas first, then the primary.
pub(crate) struct Route<'e> {
    engine: &'e Engine,
    /// `None` when only the primary is left.
    replicas: Option<ReplicaRoute<'e>>,
    /// How often the statement was sent to the primary.
    attempts: u32,
    /// How often it may be sent there.
    most: u32,
    limits: Limits,
}

struct ReplicaRoute<'e> {
    replicas: &'e Arc<Replicas>,
    after: Position,
    tried: Vec<usize>,
    /// When to stop waiting for the position; set with the first wait.
    deadline: Option<Instant>,
}

impl Engine {
    /// The servers for work that only reads, or that may write.
    #[inline]
    pub(crate) fn route(&self, only_reads: bool) -> Route<'_> {
        let replicas = match self.reads {
            Reads::Replicas { after } if only_reads && after != Position::UNKNOWN => {
                let replicas = self.owner.replicas.as_ref();
                replicas.map(|replicas| ReplicaRoute { replicas, after, tried: Vec::new(), deadline: None })
            }
            _ => None,
        };
        let most = self.owner.shared.compatible.attempts;
        Route { engine: self, replicas, attempts: 0, most, limits: self.limits() }
    }
}

impl<'e> Route<'e> {
    /// Sends to the primary at most once.
    pub(crate) fn once(mut self) -> Self {
        self.most = 1;
        self
    }

    /// Applies the time limit of a part of the work.
    pub(crate) fn within(mut self, part: Option<Limit>) -> Route<'e> {
        self.limits = self.limits.with_part(part);
        self
    }

    /// A connection to the next server; to the primary again after a pause.
    pub(crate) async fn acquire(&mut self) -> Result<Connection, Error> {
        if let Some(replicas) = &mut self.replicas {
            // In a box, so that the way that is taken most moves less about.
            if let Some(mut connection) = Box::pin(replicas.acquire(self.limits)).await {
                connection.enter_scope(self.engine)?;
                return Ok(connection);
            }
            self.replicas = None;
        }
        self.attempts += 1;
        if self.attempts > 1 {
            sleep(Backoff::default().pause(self.attempts - 1)).await;
        }
        self.engine.acquire_within(self.limits).await
    }

    /// Whether to send a failed statement again: a read to the next server, or to the primary again if it did nothing.
    pub(crate) fn goes_on(&mut self, error: &Error) -> bool {
        let Some(replicas) = &mut self.replicas else {
            return error.is_retryable() && self.attempts < self.most;
        };
        let Some(&last) = replicas.tried.last() else { return false };
        if error.is_connect() || error.is_connection_lost() {
            replicas.replicas.list[last].failed(error);
            return true;
        }
        if error.code().is_some() && !error.is_canceled() {
            // A function that writes, a conflict with what is replayed, a table that has not arrived: the primary's
            // answer counts.
            self.replicas = None;
            return true;
        }
        false
    }
}

impl ReplicaRoute<'_> {
    async fn acquire(&mut self, limits: Limits) -> Option<Connection> {
        self.replicas.watch();
        while let Some(at) = self.replicas.choose(&self.tried, self.after) {
            self.tried.push(at);
            let replica = &self.replicas.list[at];
            match self.try_replica(replica, limits).await {
                Ok(Some(connection)) => return Some(connection),
                Ok(None) => {}
                Err(error) => replica.failed(&error),
            }
        }
        None
    }

    /// A connection to the replica, once it has reached the position.
    async fn try_replica(&mut self, replica: &Replica, limits: Limits) -> Result<Option<Connection>, Error> {
        // Of one that is only busy, the next question finds nothing wrong.
        let Ok(acquired) = timeout(ANSWER, replica.engine.acquire_within(limits)).await else {
            return Ok(None);
        };
        let mut connection = acquired?;
        if replica.has_reached(self.after) {
            return Ok(Some(connection));
        }
        let wait = self.replicas.position_timeout;
        let deadline = *self.deadline.get_or_insert_with(|| Instant::now() + wait);
        let reaches = replica.reaches(&mut connection, self.after, deadline).await?;
        Ok(reaches.then_some(connection))
    }
}

impl Replica {
    /// Sends nothing to the replica until it answers again.
    fn failed(&self, error: &Error) {
        self.is_now(Health::Unwell { lag: None, why: error.to_string() });
    }
}

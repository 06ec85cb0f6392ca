//! One connection to the server with what belongs to it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use deadpool_postgres::ClientWrapper;
use tokio::task::AbortHandle;
use tokio_postgres::Error as DriverError;

use super::{Recipient, Server, SideChannel};
use crate::engine::cache::Cache;
use crate::engine::commit::Commit;
use crate::engine::pending_control::PendingControl;
use crate::engine::wire::Wire;
use crate::error::Error;

/// One connection to the server with what belongs to it.
pub(in crate::engine) struct Link {
    pub(in crate::engine) client: ClientWrapper,
    /// The task that reads and writes; the connection ends with it.
    pub(in crate::engine) task: AbortHandle,
    pub(in crate::engine) side: Arc<SideChannel>,
    pub(in crate::engine) server: Server,
    /// Who is told what the server sends unasked.
    pub(in crate::engine) unasked: Recipient,
    /// Settings that go behind each BEGIN.
    pub(in crate::engine) local: Option<Arc<str>>,
    pub(in crate::engine) cache: Cache,
    pub(in crate::engine) pending_control: PendingControl,
    pub(in crate::engine) commit: Commit,
    pub(in crate::engine) wire: Arc<Wire>,
    /// How often the driver asked about a type.
    pub(in crate::engine) asked: Arc<AtomicU64>,
    /// How many named statements may be at the server that nobody knows: their making was dropped half way.
    pub(in crate::engine) stray: usize,
}

/// How many unknown statements a connection may collect; a new connection costs more than a few of them.
const STRAY: usize = 16;

impl Link {
    /// How many bytes the server was sent. A request that ends without changing this never left.
    pub(in crate::engine) fn written(&self) -> u64 {
        self.wire.written()
    }

    /// Drops all prepared statements: what the server has of them is closed.
    pub(in crate::engine) fn forget_statements(&mut self) {
        self.cache = Cache::new(self.cache.capacity());
    }

    /// Whether statements have names. Else nothing has one outside a transaction, which alone is of one process.
    pub(in crate::engine) fn has_names(&self) -> bool {
        self.cache.capacity() > 0
    }

    /// Whether the driver has asked about types. It keeps the statements it asks with, by their names.
    pub(in crate::engine) fn has_asked(&self) -> bool {
        self.asked.load(Ordering::Acquire) > 0
    }

    /// Whether the connection may be kept. Without names, a statement left behind is one left to others.
    pub(in crate::engine) fn is_tidy(&self) -> bool {
        if self.has_names() { self.stray <= STRAY } else { self.stray == 0 && !self.has_asked() }
    }

    /// Whether the end of a transaction has to close what was prepared in it and stays.
    pub(in crate::engine) fn ends_tidily(&self) -> bool {
        !self.has_names() && !self.is_tidy()
    }

    pub(in crate::engine) fn rollback(&self) -> &'static str {
        if self.ends_tidily() { "ROLLBACK; DEALLOCATE ALL" } else { "ROLLBACK" }
    }

    /// Whether an error means that a pooler has given a statement another connection of the server.
    pub(in crate::engine) fn is_misled(&self, error: &DriverError) -> bool {
        self.server.is_pooled && error.as_db_error().is_some_and(Error::is_missing_statement)
    }
}

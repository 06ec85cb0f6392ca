//! One connection to the server with what belongs to it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use deadpool_postgres::ClientWrapper;
use tokio::task::AbortHandle;

use super::{Address, Server};
use crate::engine::cache::Cache;
use crate::engine::commit::Commit;
use crate::engine::unanswered::Unanswered;

/// One connection to the server with what belongs to it.
pub(in crate::engine) struct Link {
    pub(in crate::engine) client: ClientWrapper,
    /// The task that reads and writes; the connection ends with it.
    pub(in crate::engine) task: AbortHandle,
    pub(in crate::engine) address: Address,
    pub(in crate::engine) server: Server,
    pub(in crate::engine) cache: Cache,
    pub(in crate::engine) unanswered: Unanswered,
    pub(in crate::engine) commit: Commit,
    pub(in crate::engine) written: Arc<AtomicU64>,
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
        self.written.load(Ordering::Acquire)
    }

    /// Drops all prepared statements: what the server has of them is closed.
    pub(in crate::engine) fn forget_statements(&mut self) {
        self.cache = Cache::new(self.cache.capacity());
    }

    /// Whether the connection may be kept. Behind a pooler a statement left behind is one left to others.
    pub(in crate::engine) fn is_tidy(&self) -> bool {
        self.stray <= if self.cache.capacity() == 0 { 0 } else { STRAY }
    }
}

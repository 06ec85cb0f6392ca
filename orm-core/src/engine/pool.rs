//! The pool: what is kept in it, how it is made and looked at again.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use deadpool::managed::{self, Metrics, PoolError, RecycleError, RecycleResult, TimeoutType};
use deadpool_postgres::ClientWrapper;
use std::time::Duration;

use super::cache::Cache;
use super::connect::{Address, Connector};
use crate::error::Error;

pub(super) type Pool = managed::Pool<Connector>;
pub(super) type Object = managed::Object<Connector>;
pub(super) type WeakPool = managed::WeakPool<Connector>;

/// One connection to the server with all that belongs to it, in the pool or out of it.
pub(super) struct Link {
    pub(super) client: ClientWrapper,
    pub(super) address: Address,
    pub(super) cache: Cache,
    pub(super) written: Arc<AtomicU64>,
    /// How often the driver asked about a type.
    pub(super) asked: Arc<AtomicU64>,
    /// How many named statements may be at the server that nobody knows: their making was dropped half way.
    pub(super) stray: usize,
}

/// How many unknown statements a connection may collect; a new connection costs more than a few of them.
const STRAY: usize = 16;

impl Link {
    /// How many bytes the server was sent. A request that ends without changing this never left.
    pub(super) fn written(&self) -> u64 {
        self.written.load(Ordering::Acquire)
    }

    /// Whether the connection may be kept. Behind a pooler a statement left behind is one left to others.
    pub(super) fn is_tidy(&self) -> bool {
        self.stray <= if self.cache.capacity() == 0 { 0 } else { STRAY }
    }
}

impl managed::Manager for Connector {
    type Type = Link;
    type Error = Error;

    async fn create(&self) -> Result<Link, Error> {
        self.connect().await
    }

    async fn recycle(&self, link: &mut Link, _: &Metrics) -> RecycleResult<Error> {
        if link.client.is_closed() {
            return Err(RecycleError::message("the connection is closed"));
        }
        Ok(())
    }
}

/// Closes a connection and frees its place in the pool.
pub(super) fn discard(object: Object) {
    drop(Object::take(object));
}

/// A free connection of the pool, or a new one.
pub(super) async fn get(pool: &Pool, acquire_timeout: Duration) -> Result<Object, Error> {
    pool.get().await.map_err(|error| match error {
        PoolError::Backend(error) => error,
        PoolError::Timeout(TimeoutType::Wait) => Error::pool_timeout(pool.status().max_size, acquire_timeout),
        PoolError::Closed => closed(),
        other => Error::connection_lost(other),
    })
}

pub(super) fn closed() -> Error {
    Error::configuration("the engine is closed: it was dropped, or `close` was called")
}

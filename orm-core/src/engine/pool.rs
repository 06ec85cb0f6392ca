//! The pool: what is kept in it, how it is made and looked at again.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use deadpool::managed::{self, Metrics, PoolError, RecycleError, RecycleResult, TimeoutType, Timeouts};
use deadpool_postgres::ClientWrapper;

use super::cache::Cache;
use super::connect::{Address, Connector};
use super::keeper::Free;
use super::status::Closed;
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
    /// How often a prepared statement had been found stale, on any connection, when this one was last in order.
    pub(super) stale: u64,
    /// How often the keeper had looked when a user was given it.
    pub(super) looks: u64,
    /// When it has to end.
    pub(super) expires: Option<Instant>,
    /// What the keeper saw of it.
    pub(super) free: Mutex<Option<Free>>,
}

/// To take what is free, or open a connection, or be told that all are in use.
pub(super) const AT_ONCE: Timeouts = Timeouts { wait: Some(Duration::ZERO), create: None, recycle: None };

/// How many unknown statements a connection may collect; a new connection costs more than a few of them.
const STRAY: usize = 16;

impl Link {
    /// How many bytes the server was sent. A request that ends without changing this never left.
    pub(super) fn written(&self) -> u64 {
        self.written.load(Ordering::Acquire)
    }

    /// Drops all prepared statements: what the server has of them is closed.
    pub(super) fn forget_statements(&mut self) {
        self.cache = Cache::new(self.cache.capacity());
    }

    /// Whether the connection may be kept. Behind a pooler a statement left behind is one left to others.
    pub(super) fn is_tidy(&self) -> bool {
        self.stray <= if self.cache.capacity() == 0 { 0 } else { STRAY }
    }
}

impl managed::Manager for Connector {
    /// In a box, because it is large and the pool moves it about.
    type Type = Box<Link>;
    type Error = Error;

    async fn create(&self) -> Result<Box<Link>, Error> {
        let link = self.connect().await?;
        self.totals.opened();
        Ok(Box::new(link))
    }

    async fn recycle(&self, link: &mut Box<Link>, _: &Metrics) -> RecycleResult<Error> {
        if link.client.is_closed() {
            self.totals.closed(Closed::Lost);
            return Err(RecycleError::message("the connection is closed"));
        }
        self.refresh(link);
        Ok(())
    }
}

impl Connector {
    /// Forgets prepared statements that may be stale.
    fn refresh(&self, link: &mut Link) {
        let stale = self.stale.load(Ordering::Relaxed);
        if link.stale != stale {
            link.stale = stale;
            link.forget_statements();
        }
    }
}

/// Closes a connection that is not fit for another user, and frees its place in the pool.
pub(super) fn discard(object: Object) {
    close(object, Closed::Lost);
}

fn close(object: Object, why: Closed) {
    if let Some(pool) = Object::pool(&object) {
        pool.manager().totals.closed(why);
    }
    drop(Object::take(object));
}

/// A free connection, or a new one.
pub(super) async fn get(pool: &Pool, acquire_timeout: Duration) -> Result<Object, Error> {
    let connector = pool.manager();
    loop {
        let _wanted = match connector.shelf.take() {
            Ok(object) if object.client.is_closed() => {
                discard(object);
                continue;
            }
            Ok(mut object) => {
                connector.refresh(&mut object);
                return Ok(object);
            }
            Err(wanted) => wanted,
        };
        // In a box, so that the way that is nearly always taken moves less about.
        let mut object = Box::pin(open(pool, acquire_timeout)).await?;
        connector.shelf.given(&mut object);
        return Ok(object);
    }
}

/// Gives a connection back that is fit for anybody.
pub(super) fn put(pool: &WeakPool, object: Object) {
    match pool.upgrade() {
        Some(pool) => pool.manager().shelf.put(object),
        None => drop(object),
    }
}

/// A connection that the pool has, or a new one.
///
/// What costs a look at the clock is done only where there is something to wait for: a timer, most of all.
pub(super) async fn open(pool: &Pool, acquire_timeout: Duration) -> Result<Object, Error> {
    let connector = pool.manager();
    let mut since: Option<Instant> = None;
    let found = loop {
        let found = match pool.timeout_get(&AT_ONCE).await {
            Err(PoolError::Timeout(TimeoutType::Wait)) => {
                wait(pool, acquire_timeout, *since.get_or_insert_with(Instant::now)).await
            }
            found => found,
        };
        let Ok(object) = found else { break found };
        match Object::metrics(&object).recycled {
            // The pool has just looked at the clock.
            Some(now) if object.has_expired(now) => close(object, Closed::Expired),
            Some(_) => break Ok(object),
            None => {
                connector.keeper.watch(pool);
                break Ok(object);
            }
        }
    };
    if let Some(since) = since {
        connector.totals.waited(since.elapsed());
    }
    match found {
        Ok(object) => Ok(object),
        Err(PoolError::Backend(error)) => Err(error),
        Err(PoolError::Timeout(TimeoutType::Wait)) => {
            connector.totals.timed_out();
            Err(Error::pool_timeout(pool.status().max_size, acquire_timeout))
        }
        Err(PoolError::Closed) => Err(closed()),
        Err(other) => Err(Error::connection_lost(other)),
    }
}

#[cold]
async fn wait(pool: &Pool, limit: Duration, since: Instant) -> Result<Object, PoolError<Error>> {
    let left = limit.saturating_sub(since.elapsed());
    pool.timeout_get(&Timeouts { wait: Some(left), ..AT_ONCE }).await
}

pub(super) fn closed() -> Error {
    Error::configuration("the engine is closed: it was dropped, or `close` was called")
}

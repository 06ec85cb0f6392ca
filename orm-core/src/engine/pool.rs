//! The pool: what is kept in it, how it is made and looked at again.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use deadpool::managed::{self, Metrics, PoolError, RecycleError, RecycleResult, TimeoutType, Timeouts};
use deadpool_postgres::ClientWrapper;
use tokio::time::timeout;
use tokio_postgres::Error as DriverError;

use super::cache::Cache;
use super::commit::Commit;
use super::connect::{Address, Connector, Server};
use super::keeper::Free;
use super::pooler::Pooler;
use super::queue::Call;
use super::shelf::Glance;
use super::status::Closed;
use super::unanswered::Unanswered;
use crate::error::Error;

pub(super) type Pool = managed::Pool<Connector>;
pub(super) type Object = managed::Object<Connector>;
pub(super) type WeakPool = managed::WeakPool<Connector>;

/// One connection to the server with all that belongs to it, in the pool or out of it.
pub(super) struct Link {
    pub(super) client: ClientWrapper,
    pub(super) address: Address,
    pub(super) server: Server,
    /// Settings that go behind each BEGIN.
    pub(super) local: Option<Arc<str>>,
    pub(super) cache: Cache,
    pub(super) unanswered: Unanswered,
    pub(super) commit: Commit,
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

    /// Whether statements have names. Else nothing has one outside a transaction, which alone is of one process.
    pub(super) fn has_names(&self) -> bool {
        self.cache.capacity() > 0
    }

    /// Whether the driver has asked about types. It keeps the statements it asks with, by their names.
    pub(super) fn has_asked(&self) -> bool {
        self.asked.load(Ordering::Acquire) > 0
    }

    /// Whether the connection may be kept. Without names, a statement left behind is one left to others.
    pub(super) fn is_tidy(&self) -> bool {
        if self.has_names() { self.stray <= STRAY } else { self.stray == 0 && !self.has_asked() }
    }

    /// Whether the end of a transaction has to close what was prepared in it and stays.
    pub(super) fn ends_tidily(&self) -> bool {
        !self.has_names() && !self.is_tidy()
    }

    pub(super) fn rollback(&self) -> &'static str {
        if self.ends_tidily() { "ROLLBACK; DEALLOCATE ALL" } else { "ROLLBACK" }
    }

    /// Whether an error means that a pooler has given a statement another connection of the server.
    pub(super) fn is_misled(&self, error: &DriverError) -> bool {
        self.server.is_pooled && error.as_db_error().is_some_and(Error::is_missing_statement)
    }
}

impl managed::Manager for Connector {
    /// In a box, because it is large and the pool moves it about.
    type Type = Box<Link>;
    type Error = Error;

    async fn create(&self) -> Result<Box<Link>, Error> {
        let link = self.connect().await?;
        let Server { is_pooled, is_in_recovery, is_read_only, version } = link.server;
        tracing::debug!(
            target: "orm::engine", is_pooled, is_in_recovery, is_read_only, version, "a connection was opened"
        );
        self.totals.opened();
        self.found(&link);
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
    /// Notes what a new connection is, and tells once of a pooler.
    fn found(&self, link: &Link) {
        let names = link.has_names();
        if !self.totals.found(link.server.is_pooled, names) {
            return;
        }
        if self.pooler == Pooler::Detect {
            tracing::warn!(
                target: "orm::engine",
                "a pooler stands before the server: statements are not named and no setting outlives a transaction; say \
                 what it keeps by `pooler(..)`"
            );
        } else {
            tracing::info!(target: "orm::engine", pooler = ?self.pooler, names, "a pooler stands before the server");
        }
    }

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
    let pool = Object::pool(&object);
    drop(Object::take(object));
    if let Some(pool) = pool {
        pool.manager().totals.closed(why);
        pool.manager().shelf.released();
    }
}

/// A free connection, or a new one.
#[inline]
pub(super) async fn get(pool: &Pool, acquire_timeout: Duration) -> Result<Object, Error> {
    match pool.manager().free() {
        Ok(object) => Ok(object),
        // In a box, so that the way that is taken most moves less about.
        Err(glance) => Box::pin(find(pool, acquire_timeout, glance)).await,
    }
}

/// Gives a connection back that is fit for anybody.
#[inline]
pub(super) fn put(object: Object) {
    match Object::pool(&object) {
        Some(pool) => pool.manager().shelf.put(object),
        None => drop(object),
    }
}

impl Connector {
    /// A free connection, in order for the next user.
    #[inline]
    fn free(&self) -> Result<Object, Glance> {
        loop {
            if let Some(object) = self.fit(self.shelf.take()?) {
                return Ok(object);
            }
        }
    }

    /// A connection that was free, in order for the next user, if it still is one.
    fn fit(&self, mut object: Object) -> Option<Object> {
        if object.client.is_closed() {
            discard(object);
            return None;
        }
        self.refresh(&mut object);
        Some(object)
    }
}

/// A connection that the pool has, or a new one, or the first that is given back.
///
/// What costs a look at the clock is done only where there is something to wait for: a timer, most of all.
async fn find(pool: &Pool, acquire_timeout: Duration, mut glance: Glance) -> Result<Object, Error> {
    let connector = pool.manager();
    let mut since: Option<Instant> = None;
    let found = loop {
        if since.is_some() || !glance.is_waited_for {
            match open(pool).await {
                Ok(None) => {}
                Ok(Some(object)) => break Ok(object),
                Err(error) => break Err(error),
            }
        }
        let again = since.is_some();
        let since = *since.get_or_insert_with(Instant::now);
        if let Some(ticket) = connector.shelf.wait(glance, again) {
            let left = acquire_timeout.saturating_sub(since.elapsed());
            match timeout(left, ticket).await {
                Ok(Call::Take(object)) => {
                    if let Some(object) = connector.fit(object) {
                        break Ok(object);
                    }
                }
                Ok(Call::Ask) => {}
                Err(_) => {
                    connector.totals.timed_out();
                    break Err(Error::pool_timeout(pool.status().max_size, acquire_timeout));
                }
            }
        } else if connector.shelf.is_closed() {
            break Err(closed());
        }
        match connector.free() {
            Ok(object) => break Ok(object),
            Err(now) => glance = now,
        }
    };
    if let Some(since) = since {
        connector.totals.waited(since.elapsed());
    }
    found
}

/// A connection that the pool has, or a new one; `None` if all are in use.
pub(super) async fn open(pool: &Pool) -> Result<Option<Object>, Error> {
    let connector = pool.manager();
    loop {
        let asking = connector.shelf.asking();
        let mut object = match pool.timeout_get(&AT_ONCE).await {
            Ok(object) => object,
            Err(PoolError::Timeout(TimeoutType::Wait)) => {
                asking.end();
                return Ok(None);
            }
            Err(PoolError::Backend(error)) => return Err(error),
            Err(PoolError::Closed) => return Err(closed()),
            Err(other) => return Err(Error::connection_lost(other)),
        };
        match Object::metrics(&object).recycled {
            // The pool has just looked at the clock.
            Some(now) if object.has_expired(now) => {
                close(object, Closed::Expired);
                continue;
            }
            Some(_) => {}
            None => connector.keeper.watch(pool),
        }
        connector.shelf.given(&mut object);
        asking.end();
        return Ok(Some(object));
    }
}

pub(super) fn closed() -> Error {
    Error::configuration("the engine is closed: it was dropped, or `close` was called")
}

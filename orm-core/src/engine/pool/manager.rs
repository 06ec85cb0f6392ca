//! What deadpool asks: a connection where none is idle, and whether an idle one is fit for use.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

use deadpool::Runtime;
use deadpool::managed::{self, Metrics, QueueMode, RecycleError, RecycleResult};
use tokio::task::AbortHandle;
use tokio::time::timeout;

use super::opener::{Asked, Opener};
use super::pooled::Pooled;
use super::settings::PoolSettings;
use crate::engine::connect::{Connector, Link};
use crate::engine::status::{Closed, EngineStatus};
use crate::error::Error;

pub(in crate::engine) type Pool = managed::Pool<Manager>;
pub(in crate::engine) type Object = managed::Object<Manager>;
pub(in crate::engine) type WeakPool = managed::WeakPool<Manager>;

/// How long an idle connection may take to give a sign of life; less where opening one may take less.
const PING_TIMEOUT: Duration = Duration::from_secs(2);

pub(in crate::engine) struct Manager {
    pub(in crate::engine) opener: Arc<Opener>,
    /// The pool that this belongs to.
    pool: OnceLock<WeakPool>,
    /// The task that looks after idle connections; none where nothing needs it.
    pub(super) maintenance: Mutex<Option<AbortHandle>>,
}

impl Manager {
    pub(in crate::engine) fn pool(connector: Connector, settings: PoolSettings) -> Result<Pool, Error> {
        let opener = Arc::new(Opener::new(connector, settings));
        let manager = Manager { opener, pool: OnceLock::new(), maintenance: Mutex::new(None) };
        let pool = Pool::builder(manager)
            .max_size(settings.max_size)
            .queue_mode(QueueMode::Lifo)
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|error| Error::configuration(error.to_string()))?;
        let _ = pool.manager().pool.set(pool.weak());
        Ok(pool)
    }

    /// Notes that prepared statements may be stale, on all connections.
    pub(in crate::engine) fn tables_changed(&self) {
        self.opener.stale.fetch_add(1, Ordering::Relaxed);
    }

    /// Notes that a connection was lost, or refused to write: the others are asked before their next use.
    pub(in crate::engine) fn doubt(&self) {
        self.opener.doubts.fetch_add(1, Ordering::Relaxed);
    }

    /// Whether a statement that is refused because it writes is to be sent to another server.
    pub(in crate::engine) fn wants_writes(&self) -> bool {
        self.opener.connector.hosts.target.wants_writes()
    }

    pub(in crate::engine) fn status(&self, pool: &Pool) -> EngineStatus {
        self.opener.totals.with(&pool.status(), self.opener.now())
    }

    /// One that is opened, or that was given back: whichever comes first.
    async fn next(&self) -> Result<Box<Pooled>, Error> {
        loop {
            let idle = match self.opener.ask() {
                Asked::Closed => return Err(Error::closed()),
                Asked::Connection(pooled) => pooled,
                // What was given back before this began to wait lies idle.
                Asked::Waiter(waiter) => match self.upgrade().and_then(|pool| take_idle(&pool)) {
                    Some(pooled) => pooled,
                    None => {
                        self.opener.open_for_waiting();
                        match waiter.await {
                            Some(handover) => return handover,
                            None => continue,
                        }
                    }
                },
            };
            if let Some(pooled) = self.fit(idle).await {
                return Ok(pooled);
            }
        }
    }

    async fn fit(&self, mut pooled: Box<Pooled>) -> Option<Box<Pooled>> {
        match self.check(&mut pooled).await {
            Ok(()) => Some(pooled),
            Err(why) => {
                self.opener.totals.closed(why);
                None
            }
        }
    }

    fn upgrade(&self) -> Option<Pool> {
        self.pool.get().and_then(WeakPool::upgrade)
    }

    /// Whether a connection can be given to its next user; else why it has to be closed.
    async fn check(&self, pooled: &mut Pooled) -> Result<(), Closed> {
        if pooled.client.is_closed() {
            return Err(Closed::Lost);
        }
        let now = Instant::now();
        if pooled.has_expired(now) {
            return Err(Closed::Expired);
        }
        self.refresh(pooled);
        let doubts = self.opener.doubts.load(Ordering::Relaxed);
        if self.is_doubtful(pooled, now, doubts) {
            Box::pin(self.ask(pooled, now, doubts)).await
        } else {
            Ok(())
        }
    }

    /// Whether a connection has to be asked before its next use.
    fn is_doubtful(&self, pooled: &Pooled, now: Instant, doubts: u64) -> bool {
        let after = self.opener.settings.pre_ping_after;
        pooled.counted.doubts != doubts || after.is_some_and(|after| pooled.idle_for(now) >= after)
    }

    /// Forgets prepared statements that may be stale.
    fn refresh(&self, pooled: &mut Pooled) {
        let stale = self.opener.stale.load(Ordering::Relaxed);
        if pooled.counted.stale != stale {
            pooled.counted.stale = stale;
            pooled.forget_statements();
        }
    }

    /// Asks for a sign of life. Where none comes, none is waited for on the others that would have to be asked.
    async fn ask(&self, pooled: &mut Pooled, now: Instant, doubts: u64) -> Result<(), Closed> {
        let connector = &self.opener.connector;
        let limit = PING_TIMEOUT.min(connector.connect_timeout);
        let Link { client, server, .. } = &mut **pooled;
        match timeout(limit, connector.hosts.target.still_fits(client, server)).await {
            Ok(Ok(true)) => {
                pooled.counted.doubts = doubts;
                return Ok(());
            }
            Ok(_) => {}
            Err(_) => {
                let keep = |pooled: &Pooled| {
                    let keep = !self.is_doubtful(pooled, now, doubts);
                    if !keep {
                        self.opener.totals.closed(Closed::Lost);
                    }
                    keep
                };
                self.opener.retain_ready(keep);
                if let Some(pool) = self.upgrade() {
                    pool.retain(|pooled, _| keep(pooled));
                }
            }
        }
        Err(Closed::Lost)
    }
}

impl managed::Manager for Manager {
    /// In a box, because it is large and the pool moves it about.
    type Type = Box<Pooled>;
    type Error = Error;

    async fn create(&self) -> Result<Box<Pooled>, Error> {
        // In a box, so that the way that is taken most moves less about.
        Box::pin(async {
            loop {
                let mut pooled = self.next().await?;
                self.refresh(&mut pooled);
                // One that was in use when the others became doubtful.
                let doubts = self.opener.doubts.load(Ordering::Relaxed);
                if pooled.counted.doubts == doubts {
                    return Ok(pooled);
                }
                match self.ask(&mut pooled, Instant::now(), doubts).await {
                    Ok(()) => return Ok(pooled),
                    Err(why) => self.opener.totals.closed(why),
                }
            }
        })
        .await
    }

    async fn recycle(&self, pooled: &mut Box<Pooled>, _: &Metrics) -> RecycleResult<Error> {
        self.check(pooled).await.map_err(|why| {
            self.opener.totals.closed(why);
            RecycleError::message("it is closed")
        })
    }
}

/// Takes an idle connection out of the pool.
pub(super) fn take_idle(pool: &Pool) -> Option<Box<Pooled>> {
    let mut found = false;
    let mut taken = pool.retain(|_, _| std::mem::replace(&mut found, true));
    taken.removed.pop()
}

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
use crate::engine::connect::Connector;
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

    pub(in crate::engine) fn status(&self, pool: &Pool) -> EngineStatus {
        self.opener.totals.with(&pool.status(), self.opener.now())
    }

    /// One that is opened, or that was given back: whichever comes first.
    async fn next(&self) -> Result<Box<Pooled>, Error> {
        loop {
            let idle = match self.opener.ask() {
                Asked::Closed => return Err(Error::closed()),
                Asked::Connection(pooled) => pooled,
                // What was given back before the turn was taken lies idle.
                Asked::Turn(turn) => match self.upgrade().and_then(|pool| take_idle(&pool)) {
                    Some(pooled) => pooled,
                    None => {
                        self.opener.open_for_waiting();
                        match turn.await {
                            Some(given) => return given,
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
        match self.opener.settings.pre_ping_after {
            Some(after) if pooled.idle_for(now) >= after => Box::pin(self.ping(pooled, now, after)).await,
            _ => Ok(()),
        }
    }

    /// Forgets prepared statements that may be stale.
    fn refresh(&self, pooled: &mut Pooled) {
        let stale = self.opener.stale.load(Ordering::Relaxed);
        if pooled.stale != stale {
            pooled.stale = stale;
            pooled.forget_statements();
        }
    }

    /// Asks for a sign of life. What forgets one connection, forgets others that were idle as long: they are closed too.
    async fn ping(&self, pooled: &Pooled, now: Instant, after: Duration) -> Result<(), Closed> {
        let limit = PING_TIMEOUT.min(self.opener.connector.connect_timeout);
        match timeout(limit, pooled.client.batch_execute("")).await {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(_)) => {}
            Err(_) => {
                let was_used = |pooled: &Pooled| {
                    let fit = pooled.idle_for(now) < after;
                    if !fit {
                        self.opener.totals.closed(Closed::Lost);
                    }
                    fit
                };
                self.opener.retain_ready(was_used);
                if let Some(pool) = self.upgrade() {
                    pool.retain(|pooled, _| was_used(pooled));
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
        let mut pooled = Box::pin(self.next()).await?;
        self.refresh(&mut pooled);
        Ok(pooled)
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

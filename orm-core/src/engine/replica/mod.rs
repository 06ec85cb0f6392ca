//! Replicas beside a primary: which of them are well, and which one a statement goes to.
//!
//! - `status`: what can be watched
//! - `route`: the servers a statement may go to, one after another
//! - `ask`: how far a server is; `watch`: asked again and again; `lag`: how far behind that is

mod ask;
mod lag;
mod route;
mod status;
mod watch;

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::join_all;
use tokio::task::AbortHandle;

use super::{Engine, Position};
use lag::Samples;
pub(crate) use route::Route;
pub use status::ReplicaStatus;

/// How long a server may take to answer how far it is, and a replica to give a connection for a statement.
const ANSWER: Duration = Duration::from_secs(2);

/// The replicas of one engine.
pub(super) struct Replicas {
    list: Vec<Replica>,
    /// The replica to begin with, so that those equally busy take turns.
    next: AtomicUsize,
    /// Where the primary was, and when.
    samples: Mutex<Samples>,
    /// The primary, to be asked where it is.
    primary: Engine,
    max_lag: Option<Duration>,
    position_timeout: Duration,
    watch: Mutex<Option<AbortHandle>>,
}

/// A replica, with a pool of its own.
pub(super) struct Replica {
    engine: Engine,
    /// The same server, to be asked how far it is: also while the pool is in use.
    asked: Engine,
    health: Mutex<Health>,
    /// How far it is at least.
    reached: AtomicU64,
}

/// Whether statements go to a replica.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Health {
    Well {
        lag: Option<Duration>,
    },
    /// With the reason.
    Unwell {
        lag: Option<Duration>,
        why: String,
    },
}

impl Replicas {
    pub(super) fn new(
        list: Vec<Replica>,
        primary: Engine,
        max_lag: Option<Duration>,
        position_timeout: Duration,
    ) -> Replicas {
        Replicas {
            list,
            next: AtomicUsize::new(0),
            samples: Mutex::new(Samples::new(max_lag)),
            primary,
            max_lag,
            position_timeout,
            watch: Mutex::new(None),
        }
    }

    /// Ends what goes on by itself.
    pub(super) fn stop(&self) {
        if let Some(watch) = lock(&self.watch).take() {
            watch.abort();
        }
    }

    pub(super) async fn close(&self) {
        self.stop();
        let engines = self.list.iter().flat_map(|replica| [&replica.engine, &replica.asked]);
        join_all(engines.chain([&self.primary]).map(Engine::close)).await;
    }

    /// The replica to ask next: one that is known to have reached the position, then the one with the least to do.
    fn choose(&self, tried: &[usize], after: Position) -> Option<usize> {
        let count = self.list.len();
        let first = self.next.fetch_add(1, Ordering::Relaxed);
        (0..count)
            .map(|at| first.wrapping_add(at) % count)
            .filter(|at| !tried.contains(at) && self.list[*at].is_well())
            .min_by_key(|at| (!self.list[*at].has_reached(after), self.list[*at].in_use()))
    }
}

impl Replica {
    pub(super) fn new(engine: Engine, asked: Engine) -> Replica {
        let why = "it has not been asked yet".to_owned();
        let health = Mutex::new(Health::Unwell { lag: None, why });
        Replica { engine, asked, health, reached: AtomicU64::new(0) }
    }

    fn is_well(&self) -> bool {
        matches!(*lock(&self.health), Health::Well { .. })
    }

    fn has_reached(&self, position: Position) -> bool {
        self.reached.load(Ordering::Relaxed) >= position.number()
    }

    fn reached(&self, position: Position) {
        self.reached.fetch_max(position.number(), Ordering::Relaxed);
    }

    /// How many connections are in use or wanted.
    fn in_use(&self) -> usize {
        let status = self.engine.status();
        status.size.saturating_sub(status.idle) + status.waiting
    }

    fn is_now(&self, now: Health) {
        let mut health = lock(&self.health);
        let (was, is) = (matches!(*health, Health::Well { .. }), matches!(now, Health::Well { .. }));
        let server = || self.engine.servers().join(", ");
        match &now {
            Health::Unwell { why, .. } if was => {
                tracing::warn!(target: "orm::engine", replica = server(), %why, "a replica is left out");
            }
            Health::Well { .. } if was != is => {
                tracing::info!(target: "orm::engine", replica = server(), "a replica is used");
            }
            _ => {}
        }
        *health = now;
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

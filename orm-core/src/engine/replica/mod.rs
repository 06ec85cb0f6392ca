//! Replicas of a primary: which of them are healthy, and which one a statement is sent to.
//!
//! - `status`: what the program can see
//! - `route`: the servers a statement is tried on, in order
//! - `ask`: the log position of a server; `watch`: polls it; `lag`: turns positions into a delay

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

/// The time a server has to tell its position, and a replica's pool to give a connection.
const ANSWER: Duration = Duration::from_secs(2);

/// The replicas of one engine.
pub(super) struct Replicas {
    list: Vec<Replica>,
    /// The replica to start with, so that equally busy replicas are used in turn.
    next: AtomicUsize,
    /// Past positions of the primary.
    samples: Mutex<Samples>,
    /// A connection to the primary, for asking its position.
    primary: Engine,
    max_lag: Option<Duration>,
    position_timeout: Duration,
    watch: Mutex<Option<AbortHandle>>,
}

/// A replica, with a pool of its own.
pub(super) struct Replica {
    engine: Engine,
    /// A connection to the same server beside the pool, for asking its position while the pool is busy.
    asked: Engine,
    health: Mutex<Health>,
    /// The latest position it is known to have replayed.
    reached: AtomicU64,
}

/// Whether statements are sent to a replica.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Health {
    Well {
        lag: Option<Duration>,
    },
    /// It gets no statements, for this reason.
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

    /// The engines of the replicas.
    pub(super) fn engines(&self) -> impl Iterator<Item = &Engine> {
        self.list.iter().map(|replica| &replica.engine)
    }

    /// Stops the background task.
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

    /// The replica to try next: first those known to have reached the position, then the least busy.
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

    /// How many connections are in use or waited for.
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

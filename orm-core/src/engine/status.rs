//! How an engine's pool does, now and since the engine was made.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

/// How the pool of an engine does: numbers of now, and totals since the engine was made.
///
/// Each number is right by itself; they are not read at the same moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EngineStatus {
    /// How many connections there may be; zero when the engine is closed.
    pub max_size: usize,
    /// How many are open: idle, in use, or about to be idle again because their statement is being cancelled.
    pub size: usize,
    /// How many of those are idle.
    pub idle: usize,
    /// How many are being opened.
    pub opening: usize,
    /// How many tasks wait for one, those for which one is being opened among them.
    pub waiting: usize,
    /// How often a connection was taken from the pool.
    pub acquired: u64,
    /// How often a task had to wait: all connections were in use, or one had to be opened.
    pub waits: u64,
    /// How long such tasks waited, all together.
    pub wait_total: Duration,
    /// How long the one waited that waited longest.
    pub wait_longest: Duration,
    /// How often one waited in vain, for all of `acquire_timeout`.
    pub timeouts: u64,
    /// How many connections were opened.
    pub opened: u64,
    /// How many were closed because they had reached `max_lifetime`.
    pub closed_expired: u64,
    /// How many were closed because nobody had used them for `idle_timeout`.
    pub closed_idle: u64,
    /// How many were closed because they were broken, or could not be brought into order for the next user.
    pub closed_lost: u64,
    /// Whether a pooler stands before the server: one that was found, whatever
    /// [`EngineBuilder::pooler`](crate::engine::EngineBuilder::pooler) says of it.
    pub is_pooled: bool,
    /// Whether statements that are used again are prepared under a name, on each connection opened so far.
    pub has_named_statements: bool,
}

/// Connections of now that deadpool does not know, or not all of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Now {
    /// All of them.
    pub(super) open: usize,
    /// Opened, and not taken by anybody yet.
    pub(super) ready: usize,
    pub(super) opening: usize,
}

/// Why a connection of the pool is closed.
#[derive(Clone, Copy, Debug)]
pub(super) enum Closed {
    Expired,
    Idle,
    Lost,
}

/// What is counted from the beginning.
#[derive(Debug, Default)]
pub(super) struct Totals {
    acquired: AtomicU64,
    waits: AtomicU64,
    wait_total: AtomicU64,
    wait_longest: AtomicU64,
    timeouts: AtomicU64,
    opened: AtomicU64,
    closed: [AtomicU64; 3],
    pooled: AtomicBool,
    unnamed: AtomicBool,
}

impl Totals {
    pub(super) fn acquired(&self) {
        self.acquired.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn waited(&self, time: Duration) {
        let time = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        self.waits.fetch_add(1, Ordering::Relaxed);
        self.wait_total.fetch_add(time, Ordering::Relaxed);
        self.wait_longest.fetch_max(time, Ordering::Relaxed);
    }

    pub(super) fn timed_out(&self) {
        self.timeouts.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn opened(&self) {
        self.opened.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn closed(&self, why: Closed) {
        self.closed[why as usize].fetch_add(1, Ordering::Relaxed);
    }

    /// What a new connection is; whether it is the first one behind a pooler.
    pub(super) fn found(&self, is_pooled: bool, has_names: bool) -> bool {
        self.unnamed.fetch_or(!has_names, Ordering::Relaxed);
        is_pooled && !self.pooled.swap(true, Ordering::Relaxed)
    }

    /// With what is so now.
    pub(super) fn with(&self, pool: &deadpool::Status, now: Now) -> EngineStatus {
        let read = |total: &AtomicU64| total.load(Ordering::Relaxed);
        EngineStatus {
            max_size: pool.max_size,
            size: now.open,
            idle: pool.available + now.ready,
            opening: now.opening,
            waiting: pool.waiting,
            acquired: read(&self.acquired),
            waits: read(&self.waits),
            wait_total: Duration::from_nanos(read(&self.wait_total)),
            wait_longest: Duration::from_nanos(read(&self.wait_longest)),
            timeouts: read(&self.timeouts),
            opened: read(&self.opened),
            closed_expired: read(&self.closed[Closed::Expired as usize]),
            closed_idle: read(&self.closed[Closed::Idle as usize]),
            closed_lost: read(&self.closed[Closed::Lost as usize]),
            is_pooled: self.pooled.load(Ordering::Relaxed),
            has_named_statements: !self.unnamed.load(Ordering::Relaxed),
        }
    }
}

//! A connection as the pool keeps it.

use std::ops::{Deref, DerefMut};
use std::time::{Duration, Instant};

use super::registry::Registration;
use crate::engine::connect::Link;

/// A connection with what the pool has to know of it.
pub(in crate::engine) struct Pooled {
    link: Link,
    /// When it has to end.
    expires: Option<Instant>,
    /// When it was opened or given back.
    pub(super) idle_since: Instant,
    pub(super) counted: Counted,
    _registration: Registration,
}

/// How far the counters of the pool were when this connection last took them into account.
#[derive(Clone, Copy, Debug)]
pub(super) struct Counted {
    /// How often a prepared statement was found stale.
    pub(super) stale: u64,
    /// How often a connection turned out to be lost, or of a server that is not wanted.
    pub(super) doubts: u64,
}

impl Pooled {
    pub(super) fn new(
        link: Link,
        expires: Option<Instant>,
        counted: Counted,
        registration: Registration,
    ) -> Pooled {
        Pooled { link, expires, idle_since: Instant::now(), counted, _registration: registration }
    }

    pub(super) fn has_expired(&self, now: Instant) -> bool {
        self.expires.is_some_and(|expires| expires <= now)
    }

    pub(super) fn idle_for(&self, now: Instant) -> Duration {
        now.saturating_duration_since(self.idle_since)
    }
}

impl Deref for Pooled {
    type Target = Link;

    fn deref(&self) -> &Link {
        &self.link
    }
}

impl DerefMut for Pooled {
    fn deref_mut(&mut self) -> &mut Link {
        &mut self.link
    }
}

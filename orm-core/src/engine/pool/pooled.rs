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
    /// How often a prepared statement had been found stale, on any connection, when this one last forgot its own.
    pub(super) stale: u64,
    _registration: Registration,
}

impl Pooled {
    pub(super) fn new(
        link: Link,
        expires: Option<Instant>,
        stale: u64,
        registration: Registration,
    ) -> Pooled {
        Pooled { link, expires, idle_since: Instant::now(), stale, _registration: registration }
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

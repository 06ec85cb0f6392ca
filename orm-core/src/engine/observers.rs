//! Who sees what an engine sends: the observers it was given, and recordings.

use std::sync::Arc;
use std::time::Instant;

use super::observe::{Observer, StatementEvent};
use super::record::{Recorded, Recordings};

/// All who observe an engine.
#[derive(Clone, Default)]
pub(super) struct Observers {
    settled: Arc<[Arc<dyn Observer>]>,
    recordings: Arc<Recordings>,
}

impl Observers {
    pub(super) fn new(observers: Vec<Arc<dyn Observer>>) -> Observers {
        Observers { settled: observers.into(), recordings: Arc::default() }
    }

    /// The time, if anybody wants to know.
    pub(super) fn clock(&self) -> Option<Instant> {
        (!self.is_empty()).then(Instant::now)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.settled.is_empty() && self.recordings.is_empty()
    }

    pub(super) fn statement(&self, event: &StatementEvent<'_>) {
        self.settled.iter().for_each(|observer| observer.statement(event));
        self.recordings.each(|recorded| recorded.statement(event));
    }

    pub(super) fn round_trip(&self, statements: usize) {
        self.settled.iter().for_each(|observer| observer.round_trip(statements));
        self.recordings.each(Recorded::round_trip);
    }

    /// Those who record.
    pub(super) fn recordings(&self) -> Arc<Recordings> {
        Arc::clone(&self.recordings)
    }
}

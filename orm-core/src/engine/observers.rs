//! Who sees what an engine sends: the observers it was given, and recordings.

use std::sync::Arc;
use std::time::Instant;

use super::connection::Connection;
use super::observe::{Observer, StatementEvent};
use super::recorder::{Recorded, Recordings};

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

    fn is_empty(&self) -> bool {
        self.settled.is_empty() && self.recordings.is_empty()
    }

    /// Those who record all.
    pub(super) fn recordings(&self) -> Arc<Recordings> {
        Arc::clone(&self.recordings)
    }
}

impl Connection {
    /// The time, if anybody wants to know.
    pub(super) fn clock(&self) -> Option<Instant> {
        self.is_observed().then(Instant::now)
    }

    pub(super) fn is_observed(&self) -> bool {
        !self.shared.observers.is_empty() || !self.recordings.is_empty()
    }

    pub(super) fn observe_statement(&self, event: &StatementEvent<'_>) {
        let Observers { settled, recordings } = &self.shared.observers;
        settled.iter().for_each(|observer| observer.statement(event));
        recordings.each(|recorded| recorded.statement(event));
        self.recordings.each(|recorded| recorded.statement(event));
    }

    /// The server was waited for once, for so many statements.
    pub(super) fn observe_wait(&self, statements: usize) {
        let Observers { settled, recordings } = &self.shared.observers;
        settled.iter().for_each(|observer| observer.round_trip(statements));
        recordings.each(Recorded::round_trip);
        self.recordings.each(Recorded::round_trip);
    }
}

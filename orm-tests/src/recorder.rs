//! Records what an engine sends.

use std::sync::{Arc, Mutex, PoisonError};

use orm_core::engine::{Observer, StatementEvent};

/// What was sent since the last [`take`](Recorder::take). Clones record together.
#[derive(Clone, Debug, Default)]
pub struct Recorder(Arc<Mutex<Recorded>>);

/// What was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recorded {
    /// The texts, in order; BEGIN, COMMIT and ROLLBACK among them.
    pub statements: Vec<String>,
    /// How many rows came back, or were written by what gives none.
    pub rows: u64,
    /// How often the engine waited for the server.
    pub round_trips: usize,
}

impl Recorder {
    /// What was sent, and forgets it.
    pub fn take(&self) -> Recorded {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Observer for Recorder {
    fn statement(&self, event: &StatementEvent<'_>) {
        let mut recorded = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        recorded.statements.push(event.sql.to_owned());
        recorded.rows += event.rows;
    }

    fn round_trip(&self, _statements: usize) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).round_trips += 1;
    }
}

//! What servers that speak PostgreSQL's protocol may do in another way.

use super::Engine;

/// What the server has, and how often a statement is tried.
#[derive(Clone, Copy, Debug)]
pub(super) struct Compatible {
    pub(super) row_locks: bool,
    pub(super) advisory_locks: bool,
    pub(super) attempts: u32,
}

impl Default for Compatible {
    fn default() -> Compatible {
        Compatible { row_locks: true, advisory_locks: true, attempts: 5 }
    }
}

impl Engine {
    /// Whether a flush locks rows before it writes them.
    pub(crate) fn locks_rows(&self) -> bool {
        self.owner.shared.compatible.row_locks
    }

    /// Whether there are advisory locks.
    pub(crate) fn has_advisory_locks(&self) -> bool {
        self.owner.shared.compatible.advisory_locks
    }
}

//! Remembers what an engine has found out about its database.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// What is true or false of a database, by an address that stands for a table or a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Fact {
    /// The role may use the sequence of this column.
    UsesSequence(usize),
    /// The role may lock rows of this table.
    LocksRows(usize),
    /// This table has triggers, which may write to others.
    HasTriggers(usize),
}

/// Found out once, for as long as the engine lives.
#[derive(Debug, Default)]
pub(crate) struct Facts(Mutex<HashMap<Fact, bool>>);

impl Facts {
    /// Whether it is so; `None` while nobody has asked.
    pub(crate) fn is_true(&self, fact: Fact) -> Option<bool> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&fact).copied()
    }

    pub(crate) fn learn(&self, fact: Fact, is_true: bool) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(fact, is_true);
    }
}

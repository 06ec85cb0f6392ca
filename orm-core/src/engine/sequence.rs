//! Remembers which sequences the role of an engine may use.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// By an address that stands for the column a sequence belongs to.
#[derive(Debug, Default)]
pub(crate) struct Sequences(Mutex<HashMap<usize, bool>>);

impl Sequences {
    /// Whether the role may use it; `None` while nobody has asked.
    pub(crate) fn is_usable(&self, column: usize) -> Option<bool> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&column).copied()
    }

    pub(crate) fn learn(&self, column: usize, is_usable: bool) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(column, is_usable);
    }
}

//! The tables of which no value is shown.

use std::collections::BTreeSet;
use std::sync::{PoisonError, RwLock};

static TABLES: RwLock<BTreeSet<String>> = RwLock::new(BTreeSet::new());

/// Lets no error show what the server says of rows of a table: some of their values are secret.
pub(crate) fn hide_values_of(table: &str) {
    let mut tables = TABLES.write().unwrap_or_else(PoisonError::into_inner);
    if !tables.contains(table) {
        tables.insert(table.to_owned());
    }
}

pub(super) fn is_hidden(table: &str) -> bool {
    TABLES.read().unwrap_or_else(PoisonError::into_inner).contains(table)
}

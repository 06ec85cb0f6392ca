//! The columns of keys that rows get along with other rows of a flush.

use std::collections::HashMap;
use std::sync::Arc;

use crate::schema::TableMeta;
use crate::types::Value;

/// A column of a key that a row gets along with another row.
#[derive(Clone)]
pub(super) struct KeyChange {
    pub(super) table: &'static TableMeta,
    pub(super) slot: u32,
    pub(super) place: usize,
    pub(super) value: Arc<dyn Value>,
}

/// Those of a flush, by the address of the table and the slot of the row that they come from.
#[derive(Clone, Default)]
pub(super) struct KeyChanges(pub(super) HashMap<(usize, u32), Vec<KeyChange>>);

impl KeyChanges {
    pub(super) fn note(&mut self, (table, slot): (&'static TableMeta, u32), change: KeyChange) {
        self.0.entry((std::ptr::from_ref(table).addr(), slot)).or_default().push(change);
    }
}

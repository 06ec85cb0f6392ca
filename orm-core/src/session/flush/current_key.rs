//! The keys by which rows are found behind statements of the same flush that change them along.

use std::collections::HashMap;
use std::sync::Arc;

use super::key_change::KeyChanges;
use super::step::Step;
use crate::schema::TableMeta;
use crate::types::Value;

/// The columns of keys that differ by now from what the objects know, by the address of the table, slot and place.
#[derive(Default)]
pub(super) struct CurrentKeys(HashMap<(usize, u32, usize), Arc<dyn Value>>);

impl CurrentKeys {
    /// Takes in what differs behind a step.
    pub(super) fn pass(&mut self, changes: &KeyChanges, step: &Step) {
        if changes.0.is_empty() {
            return;
        }
        for batch in step.batches() {
            let table = std::ptr::from_ref(batch.table).addr();
            let found =
                batch.slots.iter().chain(&batch.replaced).filter_map(|&slot| changes.0.get(&(table, slot)));
            for change in found.flatten() {
                let place = (std::ptr::from_ref(change.table).addr(), change.slot, change.place);
                self.0.insert(place, Arc::clone(&change.value));
            }
        }
    }

    pub(super) fn get(&self, table: &TableMeta, slot: u32, place: usize) -> Option<&dyn Value> {
        if self.0.is_empty() {
            return None;
        }
        self.0.get(&(std::ptr::from_ref(table).addr(), slot, place)).map(|value| &**value)
    }
}

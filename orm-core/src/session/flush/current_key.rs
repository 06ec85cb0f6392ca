//! The keys by which rows are found behind statements of the same flush that change them along, and by which others refer to
//! them before that.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::key_change::KeyChanges;
use super::row_batch::Operation;
use super::step::Step;
use crate::schema::TableMeta;
use crate::types::Value;

/// The columns of keys that differ by now from what the objects know, by the address of the table, slot and place.
#[derive(Default)]
pub(super) struct CurrentKeys {
    changed: HashMap<(usize, u32, usize), Arc<dyn Value>>,
    /// The objects that new rows refer to before these get their new keys, by the address of the table and slot.
    old: HashSet<(usize, u32)>,
}

impl CurrentKeys {
    /// Those at the beginning of a flush in which new rows refer to these objects before they get their new keys.
    pub(super) fn before(old: &[(&'static TableMeta, u32)]) -> CurrentKeys {
        let old = old.iter().map(|(table, slot)| (std::ptr::from_ref(*table).addr(), *slot)).collect();
        CurrentKeys { changed: HashMap::new(), old }
    }

    /// Takes in what differs behind a step.
    pub(super) fn pass(&mut self, changes: &KeyChanges, step: &Step) {
        if !self.old.is_empty() {
            for batch in step.batches().filter(|batch| batch.operation == Operation::Update) {
                let table = std::ptr::from_ref(batch.table).addr();
                self.old.retain(|(changed, slot)| *changed != table || !batch.slots.contains(slot));
            }
        }
        if changes.0.is_empty() {
            return;
        }
        for batch in step.batches() {
            let table = std::ptr::from_ref(batch.table).addr();
            let found =
                batch.slots.iter().chain(&batch.replaced).filter_map(|&slot| changes.0.get(&(table, slot)));
            for change in found.flatten() {
                let place = (std::ptr::from_ref(change.table).addr(), change.slot, change.place);
                self.changed.insert(place, Arc::clone(&change.value));
            }
        }
    }

    pub(super) fn get(&self, table: &TableMeta, slot: u32, place: usize) -> Option<&dyn Value> {
        if self.changed.is_empty() {
            return None;
        }
        self.changed.get(&(std::ptr::from_ref(table).addr(), slot, place)).map(|value| &**value)
    }

    /// Whether an object still has the key from before the flush, and new rows refer to it by that.
    pub(super) fn is_old(&self, table: &TableMeta, slot: u32) -> bool {
        self.old.contains(&(std::ptr::from_ref(table).addr(), slot))
    }
}

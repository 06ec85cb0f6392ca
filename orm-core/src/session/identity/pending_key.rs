//! The keys of new objects: those they were given, and those they say themselves.

use std::collections::HashMap;

use bytes::BytesMut;

use super::{AnyArena, Arena, Slot};
use crate::model::{Key, Model, NewValue};
use crate::types::Value;

/// New objects by their keys, filled when one is looked for: most sessions never do.
#[derive(Default)]
pub(super) struct PendingKeys {
    by_key: HashMap<Vec<u8>, u32>,
    /// The slots below this one are in, as their objects were then.
    seen: u32,
    /// Slots whose objects may have changed since.
    changed: Vec<u32>,
}

impl PendingKeys {
    /// The new object of this slot may have another key from here on.
    pub(super) fn forget(&mut self, slot: u32) {
        if slot < self.seen {
            self.changed.push(slot);
        }
    }

    pub(super) fn clear(&mut self) {
        self.by_key.clear();
    }
}

/// The values of a key in a form in which equal values are equal bytes; `None` if one is NULL, or cannot be sent.
fn bytes<'a>(parts: impl Iterator<Item = Option<&'a dyn Value>>) -> Option<Vec<u8>> {
    let mut key = Vec::new();
    for part in parts {
        let part = part.filter(|part| !part.is_null())?;
        let mut bytes = BytesMut::new();
        part.write_canonical(&mut bytes).ok()?;
        key.extend_from_slice(&bytes.len().to_be_bytes());
        key.extend_from_slice(&bytes);
    }
    Some(key)
}

impl<M: Model> Arena<M> {
    /// The new object that has this key; of several, the last.
    pub(in crate::session) fn pending_with(&mut self, key: &M::Key) -> Option<u32> {
        let mut slots = std::mem::take(&mut self.pending_keys.changed);
        let here = self.slots.numbers();
        slots.extend(self.pending_keys.seen.max(here.start)..here.end);
        self.pending_keys.seen = here.end;
        for slot in slots {
            if let Some(key) = self.key_of_new(slot) {
                self.pending_keys.by_key.insert(key, slot);
            }
        }
        let key = bytes((0..M::Key::COLUMNS).map(|place| Some(key.part(place))))?;
        let slot = *self.pending_keys.by_key.get(&key)?;
        (self.key_of_new(slot)? == key).then_some(slot)
    }

    fn key_of_new(&self, slot: u32) -> Option<Vec<u8>> {
        if !matches!(self.slot(slot), Some(Slot::New(_))) {
            return None;
        }
        bytes(M::META.primary_key.iter().map(|&place| match self.new_value(slot, place) {
            NewValue::Value(value) => Some(value),
            _ => None,
        }))
    }
}

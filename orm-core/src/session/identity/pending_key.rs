//! The keys of new objects: those they were given, and those they say themselves.

use std::collections::HashMap;
use std::ops::Range;

use bytes::BytesMut;

use crate::model::Key;
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

    /// The new object that has a key; of several, the last. `here` are the slots there are, `key_of` gives the key that the
    /// new object of a slot has now.
    pub(super) fn find(
        &mut self,
        key: &impl Key,
        here: Range<u32>,
        key_of: impl Fn(u32) -> Option<Vec<u8>>,
    ) -> Option<u32> {
        let mut slots = std::mem::take(&mut self.changed);
        slots.extend(self.seen.max(here.start)..here.end);
        self.seen = here.end;
        for slot in slots {
            if let Some(key) = key_of(slot) {
                self.by_key.insert(key, slot);
            }
        }
        let key = key_bytes(key)?;
        let slot = *self.by_key.get(&key)?;
        (key_of(slot)? == key).then_some(slot)
    }

    pub(super) fn clear(&mut self) {
        self.by_key.clear();
    }
}

fn key_bytes<K: Key>(key: &K) -> Option<Vec<u8>> {
    bytes((0..K::COLUMNS).map(|place| Some(key.part(place))))
}

/// The values of a key in a form in which equal values are equal bytes; `None` if one is NULL, or cannot be sent.
pub(super) fn bytes<'a>(parts: impl Iterator<Item = Option<&'a dyn Value>>) -> Option<Vec<u8>> {
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

//! Objects that are not inserted yet.

use std::sync::Arc;

use super::pending_key::bytes;
use super::{Absence, Arena, Slot};
use crate::error::Error;
use crate::model::{Model, NewModel, NewValue};
use crate::types::Value;

impl<M: Model> Arena<M> {
    /// Reserves capacity for so many new objects.
    pub(in crate::session) fn expect_new(&mut self, rows: usize) {
        self.slots.reserve(rows);
        self.new.reserve(rows);
    }

    pub(in crate::session) fn add(&mut self, new: M::New) -> u32 {
        let slot = self.slots.push(Slot::New(new));
        self.new.push(slot);
        slot
    }

    pub(in crate::session) fn pending_mut(&mut self, slot: u32) -> Option<&mut M::New> {
        self.pending_keys.forget(slot);
        match self.slots.get_mut(slot) {
            Some(Slot::New(new) | Slot::Withdrawn(new, _)) => Some(new),
            _ => None,
        }
    }

    /// A new object gets a key that the database would make.
    pub(in crate::session) fn give(&mut self, slot: u32, place: usize, value: Arc<dyn Value>) {
        self.pending_keys.forget(slot);
        self.explicit.insert((slot, place), value);
    }

    /// The new object that has this key; of several, the last.
    pub(in crate::session) fn pending_with(&mut self, key: &M::Key) -> Option<u32> {
        let mut pending = std::mem::take(&mut self.pending_keys);
        let key_of = |slot| match self.slot(slot)? {
            Slot::New(_) => {
                bytes(M::META.primary_key.iter().map(|&place| match self.value_of_new(slot, place) {
                    NewValue::Value(value) => Some(value),
                    _ => None,
                }))
            }
            _ => None,
        };
        let found = pending.find(key, self.slots.numbers(), key_of);
        self.pending_keys = pending;
        found
    }

    /// A new object becomes another one, and keeps what that says nothing of.
    pub(in crate::session) fn merge_new(&mut self, slot: u32, new: M::New) -> Result<(), Error> {
        let Some(Slot::New(before)) = self.slots.get_mut(slot) else { return Err(Self::left()) };
        for column in M::META.columns {
            if !matches!(new.value(column.place), NewValue::Default) {
                continue;
            }
            let value = match before.value(column.place) {
                NewValue::Default => continue,
                NewValue::Null => (&None::<bool> as &dyn Value).share(),
                NewValue::Value(value) => value.share(),
                NewValue::Pending(_) => {
                    return Err(Error::session(format!(
                        "`{column:?}` refers to an object that is not inserted yet, and what is merged says nothing of it: \
                         flush before it is merged"
                    )));
                }
            };
            self.explicit.insert((slot, column.place), value);
        }
        *before = new;
        Ok(())
    }

    /// What was added and taken back is new again; says whether there is such a thing.
    pub(in crate::session) fn add_again(&mut self, slot: u32) -> bool {
        let Some(place) = self.slots.get_mut(slot) else { return false };
        match std::mem::replace(place, Slot::Absent(Absence::Expunged)) {
            Slot::Withdrawn(new, _) => {
                *place = Slot::New(new);
                self.new.push(slot);
                self.pending_keys.forget(slot);
                self.is_repeated = true;
                true
            }
            other => {
                *place = other;
                false
            }
        }
    }

    /// What a new object says of a column.
    #[inline]
    pub(super) fn value_of_new(&self, slot: u32, place: usize) -> NewValue<'_> {
        match self.slot(slot) {
            Some(Slot::New(_))
                if !self.references.is_empty() && self.references.contains_key(&(slot, place)) =>
            {
                self.referenced_by_new(slot, place).unwrap_or(NewValue::Default)
            }
            Some(Slot::New(new)) => match new.value(place) {
                NewValue::Default if !(self.made.is_empty() && self.explicit.is_empty()) => {
                    let explicit = self.explicit.get(&(slot, place)).map(|explicit| &**explicit);
                    let made = explicit.or_else(|| self.made.get(&(slot, place)).map(|made| &**made));
                    made.map_or(NewValue::Default, NewValue::Value)
                }
                said => said,
            },
            _ => NewValue::Default,
        }
    }
}

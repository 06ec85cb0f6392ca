//! The objects of one model.

use std::collections::HashMap;
use std::sync::Arc;

use super::object::Deletion;
use super::{Clock, Gone, Object, Populate, Slot};
use crate::error::Error;
use crate::model::Model;
use crate::types::{Keyed, Value};

/// The objects of one model: by slot, and by key.
pub(in crate::session) struct Arena<M: Model> {
    /// Never reused, so that a handle names one object for ever.
    pub(super) slots: Vec<Slot<M>>,
    pub(super) by_key: HashMap<M::Key, u32, Keyed>,
    /// Slots of objects that are not inserted yet, in the order they were added.
    pub(super) new: Vec<u32>,
    /// What the database made for new objects ahead of their rows, or takes along in others, by slot and place.
    pub(super) made: HashMap<(u32, usize), Arc<dyn Value>>,
    /// Slots of objects that may have changed since the last flush.
    pub(super) touched: Vec<u32>,
    /// Slots of objects whose deletion was asked for.
    pub(super) doomed: Vec<u32>,
}

impl<M: Model> Default for Arena<M> {
    fn default() -> Self {
        Arena {
            slots: Vec::new(),
            by_key: HashMap::default(),
            new: Vec::new(),
            made: HashMap::new(),
            touched: Vec::new(),
            doomed: Vec::new(),
        }
    }
}

impl<M: Model> Arena<M> {
    pub(in crate::session) fn slot(&self, slot: u32) -> Option<&Slot<M>> {
        self.slots.get(slot as usize)
    }

    pub(in crate::session) fn find(&self, key: &M::Key) -> Option<(u32, &Object<M>)> {
        let slot = *self.by_key.get(key)?;
        match self.slot(slot)? {
            Slot::Object(object) => Some((slot, object)),
            _ => None,
        }
    }

    /// Makes room for the objects of so many rows; those that are here already may be among them.
    pub(in crate::session) fn expect(&mut self, rows: usize) {
        let more = rows.saturating_sub(self.by_key.len());
        self.slots.reserve(more);
        self.by_key.reserve(more);
    }

    /// Makes room for so many new objects.
    pub(in crate::session) fn expect_new(&mut self, rows: usize) {
        self.slots.reserve(rows);
        self.new.reserve(rows);
    }

    fn push(&mut self, slot: Slot<M>) -> u32 {
        let number = u32::try_from(self.slots.len()).unwrap_or(u32::MAX);
        assert!(number != u32::MAX, "a session holds at most {} objects of one model", u32::MAX);
        self.slots.push(slot);
        number
    }

    pub(in crate::session) fn add(&mut self, new: M::New) -> u32 {
        let slot = self.push(Slot::New(new));
        self.new.push(slot);
        slot
    }

    pub(in crate::session) fn pending_mut(&mut self, slot: u32) -> Option<&mut M::New> {
        match self.slots.get_mut(slot as usize) {
            Some(Slot::New(new)) => Some(new),
            _ => None,
        }
    }

    /// A row just read as an object: the one that is there, with the row's values where they are newer.
    pub(in crate::session) fn take_in(&mut self, row: M, clock: &Clock, populate: Populate) -> u32 {
        let key = row.key();
        let written = clock.last_write(M::META);
        if let Some(&slot) = self.by_key.get(&key)
            && let Some(Slot::Object(object)) = self.slots.get_mut(slot as usize)
            && !object.is_deleted()
        {
            let takes = populate != Populate::Older || object.is_older(clock);
            if takes && let Some(written) = written {
                // Only with this write are the values of the row taken back.
                object.keep_for_undo(written, clock);
            }
            match populate {
                Populate::Unchanged => object.merge(row, clock.now),
                _ if takes => object.replace(row, clock.now),
                _ => {}
            }
            return slot;
        }
        let slot = self.push(Slot::Object(Object::read(row, clock.now, written)));
        self.by_key.insert(key, slot);
        slot
    }

    /// An object, to be changed: from here on what the database has is kept beside it.
    pub(in crate::session) fn change(&mut self, slot: u32) -> Option<&mut M> {
        let Some(Slot::Object(object)) = self.slots.get_mut(slot as usize) else { return None };
        if object.was.is_none() {
            object.was = Some(Box::new(object.now.clone()));
            self.touched.push(slot);
        }
        Some(&mut object.now)
    }

    /// Asks for a deletion; an object that is not inserted yet just leaves.
    pub(in crate::session) fn delete(&mut self, slot: u32) {
        match self.slots.get_mut(slot as usize) {
            Some(Slot::New(_)) => self.leave(slot, Gone::Deleted),
            Some(Slot::Object(object)) if object.deletion == Deletion::No => {
                object.deletion = Deletion::Asked;
                self.doomed.push(slot);
            }
            _ => {}
        }
    }

    /// Forgets what an object was changed to, and lets the next row that is read replace it.
    pub(in crate::session) fn expire(&mut self, slot: u32) {
        if let Some(Slot::Object(object)) = self.slots.get_mut(slot as usize) {
            if let Some(was) = object.was.take() {
                object.now = *was;
            }
            object.expired = true;
            self.touched.retain(|touched| *touched != slot);
        }
    }

    /// Takes an object out of the session.
    pub(in crate::session) fn leave(&mut self, slot: u32, why: Gone) {
        let Some(place) = self.slots.get_mut(slot as usize) else { return };
        if let Slot::Object(object) = std::mem::replace(place, Slot::Gone(why)) {
            self.forget_key(&object.stored().key(), slot);
        }
        for list in [&mut self.new, &mut self.touched, &mut self.doomed] {
            list.retain(|listed| *listed != slot);
        }
    }

    pub(super) fn forget_key(&mut self, key: &M::Key, slot: u32) {
        if self.by_key.get(key) == Some(&slot) {
            self.by_key.remove(key);
        }
    }

    /// An object the database has, or why there is none.
    pub(super) fn object(&self, slot: u32) -> Result<&Object<M>, Error> {
        match self.slot(slot) {
            Some(Slot::Object(object)) => Ok(object),
            _ => Err(Self::left()),
        }
    }

    #[cold]
    pub(super) fn left() -> Error {
        Error::session(format!("an object of `{}` left the session half way", M::META.entity))
    }
}

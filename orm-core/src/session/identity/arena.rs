//! The objects of one model.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::object::{Came, Deletion};
use super::pending_key::PendingKeys;
use super::reference::Reference;
use super::{Absence, Clock, Object, Populate, Slot, Slots};
use crate::error::Error;
use crate::model::Model;
use crate::types::{Keyed, Value};

/// The objects of one model: by slot, and by key.
pub(in crate::session) struct Arena<M: Model> {
    pub(super) slots: Slots<M>,
    pub(super) by_key: HashMap<M::Key, u32, Keyed>,
    /// Slots of objects that are not inserted yet, in the order they were added. Here as in the next two, one that is not
    /// so any more may stand before others, never as the last.
    pub(super) new: Vec<u32>,
    /// What the database made for new objects ahead of their rows, or changes in others by a cascade, by slot and place.
    pub(super) made: HashMap<(u32, usize), Arc<dyn Value>>,
    /// What the program gave new objects beside what they say themselves, such as keys that the database would make, by slot
    /// and place.
    pub(super) explicit: HashMap<(u32, usize), Arc<dyn Value>>,
    /// What columns are to refer to, by slot and place.
    pub(super) references: HashMap<(u32, usize), Reference>,
    pub(super) pending_keys: PendingKeys,
    /// What the objects were made of that the transaction has inserted.
    pub(super) added: Vec<(u32, M::New)>,
    /// Whether a slot may be listed twice: it came back to a list that it had not left.
    pub(super) is_repeated: bool,
    /// Slots of objects that may have changed since the last flush.
    pub(super) touched: Vec<u32>,
    /// Slots of objects whose deletion was asked for.
    pub(super) to_delete: Vec<u32>,
    /// Slots of objects whose keys others have come to: two of them, or a row that is not there any more.
    pub(super) displaced: Vec<u32>,
}

impl<M: Model> Default for Arena<M> {
    fn default() -> Self {
        Arena {
            slots: Slots::default(),
            by_key: HashMap::default(),
            new: Vec::new(),
            made: HashMap::new(),
            explicit: HashMap::new(),
            references: HashMap::new(),
            pending_keys: PendingKeys::default(),
            added: Vec::new(),
            is_repeated: false,
            touched: Vec::new(),
            to_delete: Vec::new(),
            displaced: Vec::new(),
        }
    }
}

impl<M: Model> Arena<M> {
    pub(in crate::session) fn slot(&self, slot: u32) -> Option<&Slot<M>> {
        self.slots.get(slot)
    }

    pub(in crate::session) fn find(&self, key: &M::Key) -> Option<(u32, &Object<M>)> {
        let slot = *self.by_key.get(key)?;
        match self.slot(slot)? {
            Slot::Object(object) => Some((slot, object)),
            _ => None,
        }
    }

    /// Reserves capacity for the objects of so many rows; those that are here already may be among them.
    pub(in crate::session) fn expect(&mut self, rows: usize) {
        let more = rows.saturating_sub(self.by_key.len());
        self.slots.reserve(more);
        self.by_key.reserve(more);
    }

    /// A row just read as an object: the one that is there, with the row's values where they are newer.
    pub(in crate::session) fn take_in(
        &mut self,
        row: M,
        clock: &Clock,
        populate: Populate,
        came: Came,
    ) -> u32 {
        let key = row.key();
        let written = clock.last_write(M::META);
        if let Some(&slot) = self.by_key.get(&key)
            && let Some(Slot::Object(object)) = self.slots.get_mut(slot)
            && !object.is_deleted()
        {
            object.came = came;
            if populate == Populate::Older && !object.is_older(clock) {
                return slot;
            }
            if let Some(wrote) = clock.last_write_anywhere() {
                // Only with this write are the values of the row taken back.
                object.keep_for_undo(wrote, clock);
            }
            match populate {
                Populate::All => object.replace(row, clock.now),
                Populate::Older | Populate::Unchanged => {
                    let row = object.with_own_version(row);
                    object.merge(row, clock.now);
                }
            }
            return slot;
        }
        let object = Object { came, ..Object::read(row, clock.now, written) };
        let slot = self.slots.push(Slot::Object(object));
        self.by_key.insert(key, slot);
        slot
    }

    /// The objects that came with one from one query, in the order in which they came; that alone if it came from none.
    pub(in crate::session) fn peers(&self, slot: u32) -> Vec<u32> {
        let query = self.object(slot).map_or(0, |object| object.came.query);
        if query == 0 {
            return vec![slot];
        }
        let came = |(number, slot): (u32, &Slot<M>)| match slot {
            Slot::Object(object) if object.came.query == query && !object.is_deleted() => {
                Some((object.came, number))
            }
            _ => None,
        };
        let mut peers: Vec<_> = self.slots.iter().filter_map(came).collect();
        peers.sort_unstable();
        peers.into_iter().map(|(_, number)| number).collect()
    }

    /// An object, to be changed: from here on what the database has is kept beside it.
    pub(in crate::session) fn change(&mut self, slot: u32, clock: &Clock) -> Option<&mut M> {
        let Some(Slot::Object(object)) = self.slots.get_mut(slot) else { return None };
        if object.was.is_none() {
            object.was = Some(Box::new(object.now.clone()));
            self.touched.push(slot);
            if object.is_expired(clock.expired) {
                object.uncertainty.get_or_insert_default().lent = true;
            }
        }
        Some(&mut object.now)
    }

    /// Stores a value in a column, which counts as changed whatever it held; says whether the column can hold it.
    pub(in crate::session) fn set(&mut self, slot: u32, place: usize, value: &dyn Value) -> bool {
        self.refer_no_more(slot, place);
        self.mark_assigned(slot, place);
        let Some(Slot::Object(object)) = self.slots.get_mut(slot) else { return false };
        object.now.value_at_mut(place).assign(value)
    }

    /// Asks for a deletion, by a mark where the model has a column for that; an object that is not inserted yet just leaves.
    pub(in crate::session) fn delete(&mut self, slot: u32) {
        if self.set_deletion_mark(slot) {
            return;
        }
        match self.slots.get_mut(slot) {
            Some(place @ Slot::New(_)) => {
                if let Slot::New(new) = std::mem::replace(place, Slot::Absent(Absence::Deleted)) {
                    *place = Slot::Withdrawn(new, Absence::Deleted);
                }
                self.tidy();
            }
            Some(Slot::Object(object)) if object.deletion == Deletion::No => {
                object.deletion = Deletion::Asked;
                self.to_delete.push(slot);
            }
            _ => {}
        }
    }

    /// Takes a deletion that was asked for back, or that of an object that was new; says whether it could.
    pub(in crate::session) fn undelete(&mut self, slot: u32) -> bool {
        self.clear_deletion_mark(slot);
        match self.slots.get_mut(slot) {
            Some(Slot::Withdrawn(_, Absence::Deleted)) => self.add_again(slot),
            Some(Slot::Object(object)) if !object.is_deleted() => {
                object.deletion = Deletion::No;
                self.is_repeated = true;
                self.tidy();
                true
            }
            other => matches!(other, Some(Slot::New(_))),
        }
    }

    /// Forgets what objects were changed to.
    pub(super) fn forget_changes(&mut self) {
        self.forget_references();
        for slot in std::mem::take(&mut self.touched) {
            if let Some(Slot::Object(object)) = self.slots.get_mut(slot) {
                object.expire();
            }
        }
    }

    /// Forgets what an object was changed to, and lets the next row that is read replace it.
    pub(in crate::session) fn expire(&mut self, slot: u32) {
        if let Some(Slot::Object(object)) = self.slots.get_mut(slot) {
            object.expire();
            self.references.retain(|(referring, _), _| *referring != slot);
            self.tidy();
        }
    }

    /// Takes an object out of the session.
    pub(in crate::session) fn leave(&mut self, slot: u32, why: Absence) {
        let Some(place) = self.slots.get_mut(slot) else { return };
        if let Slot::Object(object) = std::mem::replace(place, Slot::Absent(why)) {
            self.forget_key(&object.stored().key(), slot);
        }
        self.tidy();
    }

    /// The slots of a list, each once.
    pub(super) fn each_once(&self, mut listed: Vec<u32>) -> Vec<u32> {
        if self.is_repeated {
            let mut seen = HashSet::with_capacity(listed.len());
            listed.retain(|slot| seen.insert(*slot));
        }
        listed
    }

    /// Takes what is not pending any more off the ends of the lists, so that what is pending is told by their being empty.
    fn tidy(&mut self) {
        let slots = &self.slots;
        let drop_last = |list: &mut Vec<u32>, is_pending: fn(&Slot<M>) -> bool| {
            while list.pop_if(|last| !slots.get(*last).is_some_and(is_pending)).is_some() {}
        };
        drop_last(&mut self.new, |slot| matches!(slot, Slot::New(_)));
        drop_last(&mut self.touched, |slot| matches!(slot, Slot::Object(object) if object.was.is_some()));
        drop_last(
            &mut self.to_delete,
            |slot| matches!(slot, Slot::Object(object) if object.deletion == Deletion::Asked),
        );
    }

    /// An object has a key from here on; another one that had it may have another by the time all is settled.
    pub(super) fn take_key(&mut self, key: M::Key, slot: u32) {
        if let Some(other) = self.by_key.insert(key, slot)
            && other != slot
        {
            self.displaced.push(other);
        }
    }

    /// Objects whose keys are others' by now have lost their rows: one row is one object.
    pub(super) fn settle_keys(&mut self, clock: &Clock) {
        for slot in std::mem::take(&mut self.displaced) {
            let lost = self.object(slot).is_ok_and(|object| {
                !object.is_deleted() && self.by_key.get(&object.stored().key()) != Some(&slot)
            });
            if lost {
                self.mark_deleted(slot, clock);
            }
        }
    }

    /// The row of an object is gone.
    pub(super) fn mark_deleted(&mut self, slot: u32, clock: &Clock) {
        let Some(Slot::Object(object)) = self.slots.get_mut(slot) else { return };
        object.keep_for_undo(clock.now, clock);
        object.deletion = Deletion::Done(clock.now);
        // The key may have been changed and not flushed.
        let key = object.stored().key();
        object.was = None;
        self.forget_key(&key, slot);
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

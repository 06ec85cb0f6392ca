//! What becomes of objects when a transaction or a savepoint ends.

use super::{Absence, Arena, Certainty, Slot};
use crate::model::Model;

/// Commit, rollback, and forgetting everything.
pub(in crate::session) trait TransactionEnd {
    /// What was inserted is not taken back any more.
    fn committed(&mut self);
    /// Lets every object be read again; what was pending is in the database, and leaves.
    fn committed_unread(&mut self);
    /// Puts every object back to what it was before a transaction or a savepoint began.
    fn roll_back(&mut self, began: u64, certainty: Certainty);
    /// Forgets what objects were changed to.
    fn expire_all(&mut self);
    /// Takes every object out of the session.
    fn expunge_all(&mut self);
}

impl<M: Model> TransactionEnd for Arena<M> {
    fn committed(&mut self) {
        self.added = Vec::new();
        self.explicit.clear();
        self.references.clear();
        self.pending_keys.clear();
    }

    fn committed_unread(&mut self) {
        for list in [&mut self.new, &mut self.touched, &mut self.to_delete, &mut self.displaced] {
            list.clear();
        }
        self.made.clear();
        self.explicit.clear();
        self.references.clear();
        self.pending_keys.clear();
        self.added.clear();
        self.is_repeated = false;
        self.by_key.clear();
        for (number, slot) in self.slots.iter_mut() {
            match slot {
                Slot::New(_) => *slot = Slot::Absent(Absence::Unread),
                Slot::Object(object) if object.is_being_deleted() => *slot = Slot::Absent(Absence::Unread),
                Slot::Object(object) => {
                    object.committed_unread();
                    self.by_key.insert(object.now.key(), number);
                }
                Slot::Withdrawn(..) | Slot::Absent(_) => {}
            }
        }
    }

    fn roll_back(&mut self, began: u64, certainty: Certainty) {
        self.forget_references();
        self.made.clear();
        self.new.clear();
        self.is_repeated = false;
        self.touched.clear();
        self.to_delete.clear();
        self.displaced.clear();
        self.by_key.clear();
        for (number, slot) in self.slots.iter_mut() {
            match slot {
                Slot::New(_) => {
                    if let Slot::New(new) = std::mem::replace(slot, Slot::Absent(Absence::RolledBack)) {
                        *slot = Slot::Withdrawn(new, Absence::RolledBack);
                    }
                }
                Slot::Object(object) if object.born_in.is_some_and(|born| born >= began) => {
                    *slot = Slot::Absent(Absence::RolledBack);
                }
                Slot::Object(object) => {
                    object.roll_back(began, certainty);
                    if !object.is_deleted() {
                        self.by_key.insert(object.now.key(), number);
                    }
                }
                Slot::Withdrawn(..) | Slot::Absent(_) => {}
            }
        }
        for (slot, new) in std::mem::take(&mut self.added) {
            match self.slots.get_mut(slot) {
                Some(place @ Slot::Absent(Absence::RolledBack)) => {
                    *place = Slot::Withdrawn(new, Absence::RolledBack);
                }
                Some(Slot::Object(_)) => self.added.push((slot, new)),
                _ => {}
            }
        }
    }

    fn expire_all(&mut self) {
        self.forget_changes();
    }

    fn expunge_all(&mut self) {
        self.slots.expunge();
        let slots = std::mem::take(&mut self.slots);
        *self = Arena { slots, ..Arena::default() };
    }
}

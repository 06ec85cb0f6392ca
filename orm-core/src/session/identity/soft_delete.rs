//! Objects whose rows count as deleted by a column.

use super::{Arena, Slot};
use crate::model::Model;
use crate::schema::SoftDelete;
use crate::types::Value;

impl<M: Model> Arena<M> {
    /// Marks the row of an object as deleted; says whether its model has a column for that, and it has a row.
    pub(super) fn set_deletion_mark(&mut self, slot: u32) -> bool {
        let Some(soft) = M::META.soft_delete else { return false };
        let Some(Slot::Object(object)) = self.slots.get_mut(slot) else { return false };
        if !soft.is_marked(object.now.value_at(soft.place)) {
            self.set(slot, soft.place, &*(soft.value)());
        }
        true
    }

    /// Whether an object is to be there, and not marked as deleted.
    pub(super) fn is_to_count(&self, slot: u32) -> bool {
        match self.slot(slot) {
            Some(Slot::New(_)) => true,
            Some(Slot::Object(object)) => {
                let is_marked = |soft: SoftDelete| soft.is_marked(object.now.value_at(soft.place));
                !object.is_being_deleted() && !M::META.soft_delete.is_some_and(is_marked)
            }
            _ => false,
        }
    }

    /// Takes the mark away: as a change that was not flushed, or as a change of the row.
    pub(super) fn clear_deletion_mark(&mut self, slot: u32) {
        let Some(soft) = M::META.soft_delete else { return };
        let place = soft.place;
        let Some(Slot::Object(object)) = self.slots.get_mut(slot) else { return };
        if !soft.is_marked(object.now.value_at(place)) {
            return;
        }
        let stored = object.stored().value_at(place);
        if soft.is_marked(stored) {
            let null: &dyn Value = &None::<bool>;
            self.set(slot, place, if M::META.columns[place].nullable { null } else { &false });
            return;
        }
        let stored = stored.share();
        object.now.value_at_mut(place).assign(&*stored);
        if let Some(uncertainty) = &mut object.uncertainty {
            uncertainty.assigned.retain(|assigned| *assigned != place);
        }
    }
}

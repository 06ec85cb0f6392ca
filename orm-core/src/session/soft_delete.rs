//! Objects whose rows only count as deleted, by a column.

use super::Session;
use crate::model::{Handle, Model};

impl Session {
    /// Marks the row of an object as deleted; gives whether its model has a column for that, and it has a row.
    pub(super) fn mark_deleted<M: Model>(&mut self, handle: Handle<M>) -> bool {
        let Some(soft) = M::META.soft_delete else { return false };
        let Ok(object) = self.get(handle) else { return false };
        let column = object.column(soft.place);
        let is_there =
            if M::META.columns[soft.place].nullable { column.is_null() } else { column.same(&false) };
        if is_there {
            self.identity.arena_mut::<M>().0.set(handle.slot(), soft.place, &*(soft.value)());
        }
        true
    }

    /// Takes back what [`mark_deleted`](Session::mark_deleted) did since the last flush.
    pub(super) fn unmark_deleted<M: Model>(&mut self, handle: Handle<M>) {
        if let Some(soft) = M::META.soft_delete
            && let Ok(object) = self.object(handle)
        {
            let stored = object.stored().column(soft.place).share();
            if object.now().column(soft.place).same(&*stored) {
                return;
            }
            self.identity.arena_mut::<M>().0.set(handle.slot(), soft.place, &*stored);
        }
    }
}

//! What a statement of the user changed, taken over into the objects.

use std::collections::HashSet;

use tokio_postgres::Row as DriverRow;

use super::{AnyArena, Arena, Clock, Slot};
use crate::error::Error;
use crate::model::Model;
use crate::row::Cells;
use crate::types::Value;

impl<M: Model> Arena<M> {
    /// The rows of these objects as they are now; an object without a row is deleted.
    pub(super) fn take_current(
        &mut self,
        slots: &[u32],
        rows: &[DriverRow],
        clock: &Clock,
    ) -> Result<(), Error> {
        let found = self.take_rows(rows, clock)?;
        for slot in slots {
            if !found.contains(slot) {
                self.deleted(*slot, clock);
            }
        }
        Ok(())
    }

    /// Rows that may belong to objects.
    pub(super) fn take_fetched(&mut self, rows: &[DriverRow], clock: &Clock) -> Result<(), Error> {
        self.take_rows(rows, clock).map(|_| ())
    }

    fn take_rows(&mut self, rows: &[DriverRow], clock: &Clock) -> Result<HashSet<u32>, Error> {
        let mut found = HashSet::with_capacity(rows.len());
        for row in rows {
            let row = M::decode(&mut Cells::new(row))?;
            if let Some(&slot) = self.by_key.get(&row.key()) {
                found.insert(slot);
                if let Slot::Object(object) = &mut self.slots[slot as usize] {
                    object.keep_for_undo(clock.now, clock);
                    object.merge(row, clock.now);
                }
            }
        }
        Ok(found)
    }

    /// Rows that are deleted now.
    pub(super) fn take_deleted(&mut self, rows: &[DriverRow], clock: &Clock) -> Result<(), Error> {
        for row in rows {
            let row = M::decode(&mut Cells::new(row))?;
            if let Some(&slot) = self.by_key.get(&row.key()) {
                self.deleted(slot, clock);
            }
        }
        Ok(())
    }

    /// A value the database has now; says whether the object could take it.
    pub(super) fn take_value(&mut self, slot: u32, place: usize, value: &dyn Value, clock: &Clock) -> bool {
        let Some(Slot::Object(object)) = self.slots.get_mut(slot as usize) else { return false };
        object.keep_for_undo(clock.now, clock);
        let own_change =
            object.was.as_ref().is_some_and(|was| !was.column(place).same(object.now.column(place)));
        let stored = object.was.as_mut().is_none_or(|was| was.column_mut(place).assign(value));
        stored && (own_change || object.now.column_mut(place).assign(value))
    }
}

//! What is pending in objects of one model, as a flush collects it.

use tokio_postgres::Row as DriverRow;

use super::object::Deletion;
use super::{Arena, Object, Slot};
use crate::error::Error;
use crate::model::Model;

/// Sees the slot of a changed object with the places of the changed columns.
pub(in crate::session) type SeeChanged<'a> = dyn FnMut(u32, &[usize]) -> Result<(), Error> + 'a;

/// What a flush collects.
pub(in crate::session) trait PendingChanges {
    /// Whether there may be something to flush.
    fn is_dirty(&self) -> bool;
    fn new_rows(&self) -> Vec<u32>;
    /// Shows the slots of changed objects with the places of the changed columns.
    fn changed(&self, see: &mut SeeChanged<'_>) -> Result<(), Error>;
    fn to_delete(&self) -> Vec<u32>;
    /// Objects that were assigned something while they were expired, and hold what was read last.
    fn uncertain(&self) -> Vec<u32>;
    /// Holds such objects against their rows, each beside the number of its object.
    ///
    /// # Errors
    /// If a row is gone, or differs in more columns than one.
    fn hold_against(&mut self, slots: &[u32], rows: &[DriverRow]) -> Result<(), Error>;
}

impl<M: Model> PendingChanges for Arena<M> {
    fn is_dirty(&self) -> bool {
        !(self.new.is_empty() && self.touched.is_empty() && self.to_delete.is_empty())
    }

    fn new_rows(&self) -> Vec<u32> {
        let is_new = |slot: &&u32| matches!(self.slot(**slot), Some(Slot::New(_)));
        self.each_once(self.new.iter().filter(is_new).copied().collect())
    }

    fn changed(&self, see: &mut SeeChanged<'_>) -> Result<(), Error> {
        // An object that a row replaced since it was touched, and was touched again, is listed twice.
        let mut touched = self.touched.clone();
        touched.sort_unstable();
        touched.dedup();
        let mut places = Vec::new();
        for slot in touched {
            let Some(Slot::Object(object)) = self.slot(slot) else { continue };
            if object.is_being_deleted() {
                continue;
            }
            places.clear();
            places.extend(object.changes());
            if !places.is_empty() {
                see(slot, &places)?;
            }
        }
        Ok(())
    }

    fn to_delete(&self) -> Vec<u32> {
        let is_asked =
            |slot: &&u32| self.object(**slot).is_ok_and(|object| object.deletion == Deletion::Asked);
        self.each_once(self.to_delete.iter().filter(is_asked).copied().collect())
    }

    fn uncertain(&self) -> Vec<u32> {
        let is_uncertain = |slot: &&u32| self.object(**slot).is_ok_and(Object::is_uncertain);
        self.touched.iter().filter(is_uncertain).copied().collect()
    }

    fn hold_against(&mut self, slots: &[u32], rows: &[DriverRow]) -> Result<(), Error> {
        self.hold_against_rows(slots, rows)
    }
}

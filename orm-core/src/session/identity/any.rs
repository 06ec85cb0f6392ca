//! The objects of one model, without the model's type.

use std::any::Any;

use super::{
    Arena, Clock, ColumnValues, PendingChanges, References, RefreshRows, Slot, TransactionEnd, WriteBack,
};
use crate::model::Model;
use crate::schema::TableMeta;

/// The objects of one model: what all modules of the session ask of them. What only one of them asks is a trait of its own.
pub(in crate::session) trait AnyArena:
    PendingChanges + ColumnValues + WriteBack + References + TransactionEnd + RefreshRows + Send + Sync
{
    fn as_any(&self) -> &dyn Any;
    fn as_any_mut(&mut self) -> &mut dyn Any;
    fn table(&self) -> &'static TableMeta;
    /// How many objects can be found by their keys.
    fn len(&self) -> usize;
    /// The slots of objects whose rows are in the database.
    fn tracked(&self) -> Vec<u32>;
    /// Whether the row of an object is in the database.
    fn is_tracked(&self, slot: u32) -> bool;
    /// Whether an object waits to be read again.
    fn is_expired(&self, slot: u32, clock: &Clock) -> bool;
}

impl<M: Model> AnyArena for Arena<M> {
    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }

    fn table(&self) -> &'static TableMeta {
        M::META
    }

    fn len(&self) -> usize {
        self.by_key.len()
    }

    fn tracked(&self) -> Vec<u32> {
        let live = |slot: &Slot<M>| matches!(slot, Slot::Object(object) if !object.is_deleted());
        self.slots.iter().filter(|(_, slot)| live(slot)).map(|(number, _)| number).collect()
    }

    fn is_tracked(&self, slot: u32) -> bool {
        self.object(slot).is_ok_and(|object| !object.is_deleted())
    }

    fn is_expired(&self, slot: u32, clock: &Clock) -> bool {
        self.object(slot).is_ok_and(|object| object.is_expired(clock.expired))
    }
}

//! What a flush has made of rows, taken over into their objects.

use super::{Arena, Clock, Object, Slot};
use crate::error::Error;
use crate::model::Model;
use crate::row::Cells;

/// Takes over what a flush has written.
pub(in crate::session) trait WriteBack {
    /// So many new objects will be in the database.
    fn expect_inserted(&mut self, rows: usize);
    /// A new object is in the database as this row.
    fn inserted(&mut self, slot: u32, cells: &mut Cells<'_>, clock: &Clock) -> Result<(), Error>;
    /// A changed object is in the database as this row.
    fn updated(&mut self, slot: u32, cells: &mut Cells<'_>, clock: &Clock) -> Result<(), Error>;
    fn deleted(&mut self, slot: u32, clock: &Clock);
    /// Everything is flushed: what changed nothing is no change any more.
    fn settle(&mut self, clock: &Clock);
}

impl<M: Model> WriteBack for Arena<M> {
    fn expect_inserted(&mut self, rows: usize) {
        self.by_key.reserve(rows);
        self.added.reserve(rows);
    }

    fn inserted(&mut self, slot: u32, cells: &mut Cells<'_>, clock: &Clock) -> Result<(), Error> {
        let object = M::decode(cells)?;
        self.take_key(object.key(), slot);
        let Some(place) = self.slots.get_mut(slot) else { return Err(Self::left()) };
        let object = Slot::Object(Object::read(object, clock.now, Some(clock.now)));
        if let Slot::New(new) = std::mem::replace(place, object) {
            self.added.push((slot, new));
        }
        Ok(())
    }

    fn updated(&mut self, slot: u32, cells: &mut Cells<'_>, clock: &Clock) -> Result<(), Error> {
        let Some(Slot::Object(object)) = self.slots.get_mut(slot) else { return Err(Self::left()) };
        let before = object.stored().key();
        object.written(cells, clock)?;
        let after = object.now.key();
        if before != after {
            self.forget_key(&before, slot);
            self.take_key(after, slot);
        }
        Ok(())
    }

    fn deleted(&mut self, slot: u32, clock: &Clock) {
        self.mark_deleted(slot, clock);
    }

    fn settle(&mut self, clock: &Clock) {
        self.settle_keys(clock);
        self.forget_references();
        self.made.clear();
        self.new.clear();
        self.to_delete.clear();
        self.is_repeated = false;
        for slot in std::mem::take(&mut self.touched) {
            if let Some(Slot::Object(object)) = self.slots.get_mut(slot) {
                object.was = None;
                object.uncertainty = None;
            }
        }
    }
}

//! What a statement of the user changed, taken over into the objects.

use std::collections::{HashMap, HashSet};

use tokio_postgres::Row as DriverRow;

use super::{Arena, Clock, Slot};
use crate::error::Error;
use crate::model::Model;
use crate::model::key;
use crate::row::Cells;
use crate::types::Value;

/// What tells of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    /// The statement that has changed it.
    Statement,
    /// A query behind that, which does not tell who has.
    Read,
}

/// Takes over rows as they are behind a statement of the user's.
pub(in crate::session) trait RefreshRows {
    /// The slots of the objects with these keys, where there is one.
    fn slots_of(&self, keys: &mut dyn Iterator<Item = Cells<'_>>) -> Result<Vec<Option<u32>>, Error>;
    /// Takes rows as they are now into the objects that stand for them, where there is one: each behind the key it had.
    /// Two objects may have one key until [`settle_keys`](RefreshRows::settle_keys).
    fn take_rows(&mut self, rows: &mut dyn Iterator<Item = Cells<'_>>, clock: &Clock) -> Result<(), Error>;
    /// These objects have other keys by now; as above.
    fn take_keys(
        &mut self,
        keys: &mut dyn Iterator<Item = (u32, Cells<'_>)>,
        clock: &Clock,
    ) -> Result<(), Error>;
    /// Of two objects with one key, the one that had it before has lost its row.
    fn settle_keys(&mut self, clock: &Clock);
    /// Takes the rows of these objects as they are now, each beside the number of its object; an object without a row is
    /// deleted.
    fn reread(&mut self, slots: &[u32], rows: &[DriverRow], clock: &Clock) -> Result<(), Error>;
    /// Stores a value in an object and in what is known of the database.
    fn assign(&mut self, slot: u32, place: usize, value: &dyn Value, clock: &Clock);
    /// Whether a column of an object could hold a value.
    fn holds(&self, slot: u32, place: usize, value: &dyn Value) -> bool;
}

impl<M: Model> Arena<M> {
    /// The rows of these objects as they are now, each beside the number of its object; an object without a row is
    /// deleted.
    pub(super) fn take_current(
        &mut self,
        slots: &[u32],
        rows: &[DriverRow],
        clock: &Clock,
    ) -> Result<(), Error> {
        let mut found = HashMap::with_capacity(rows.len());
        for row in rows {
            let mut cells = Cells::new(row);
            let slot = numbered(slots, cells.read()?)?;
            if !cells.all_null(M::META.columns.len()) {
                found.insert(slot, M::decode(&mut cells)?);
            }
        }
        let mut arrived = HashSet::new();
        for (&slot, row) in &found {
            let key = row.key();
            if self.object(slot)?.stored().key() != key {
                arrived.insert(key);
            }
        }
        for &slot in slots {
            let row = found.remove(&slot).filter(|row| {
                // Where two come under one key, the row is of the one that moved there.
                let stays = self.object(slot).is_ok_and(|object| object.stored().key() == row.key());
                !(stays && arrived.contains(&row.key()))
            });
            match row {
                Some(row) => self.take_row(slot, row, Source::Read, clock),
                None => self.mark_deleted(slot, clock),
            }
        }
        self.settle_keys(clock);
        Ok(())
    }

    /// The slots of the objects with these keys, where there is one.
    pub(super) fn found(&self, keys: &mut dyn Iterator<Item = Cells<'_>>) -> Result<Vec<Option<u32>>, Error> {
        let Some(mut key) = self.any_value() else { return Ok(keys.map(|_| None).collect()) };
        keys.map(|mut cells| self.slot_of(&mut key, &mut cells)).collect()
    }

    /// Rows as they are now, each behind its key, which is that of before; those without an object are passed over.
    pub(super) fn take_touched(
        &mut self,
        rows: &mut dyn Iterator<Item = Cells<'_>>,
        clock: &Clock,
    ) -> Result<(), Error> {
        let Some(mut key) = self.any_value() else { return Ok(()) };
        // Rows may change places: each is found before any is taken.
        let mut found = Vec::new();
        for mut cells in rows {
            if let Some(slot) = self.slot_of(&mut key, &mut cells)? {
                found.push((slot, M::decode(&mut cells)?));
            }
        }
        for (slot, row) in found {
            self.take_row(slot, row, Source::Statement, clock);
        }
        Ok(())
    }

    /// The keys that objects have by now.
    pub(super) fn take_new_keys(
        &mut self,
        keys: &mut dyn Iterator<Item = (u32, Cells<'_>)>,
        clock: &Clock,
    ) -> Result<(), Error> {
        let Some(mut key) = self.any_value() else { return Ok(()) };
        for (slot, mut cells) in keys {
            Self::read_key(&mut key, &mut cells)?;
            let before = self.object(slot)?.stored().key();
            if before == key.key() {
                continue;
            }
            for &place in M::META.primary_key {
                self.take_value(slot, place, key.value_at(place), clock);
            }
            self.forget_key(&before, slot);
            self.take_key(key.key(), slot);
        }
        Ok(())
    }

    /// A value to read keys into: those of an object, which are overwritten.
    fn any_value(&self) -> Option<M> {
        let slot = self.by_key.values().next()?;
        self.object(*slot).ok().map(|object| object.now.clone())
    }

    fn slot_of(&self, key: &mut M, cells: &mut Cells<'_>) -> Result<Option<u32>, Error> {
        if cells.all_null(M::META.primary_key.len()) {
            // A row that was not there before.
            return Ok(None);
        }
        Self::read_key(key, cells)?;
        Ok(self.by_key.get(&key.key()).copied())
    }

    fn read_key(key: &mut M, cells: &mut Cells<'_>) -> Result<(), Error> {
        for column in M::META.key() {
            if !cells.give(key.value_at_mut(column.place)) {
                return Err(Error::decode(format!("a key of `{column:?}` came back that it cannot hold"))
                    .of_column(M::META.name, column.name));
            }
        }
        Ok(())
    }

    fn take_row(&mut self, slot: u32, row: M, source: Source, clock: &Clock) {
        let Some(Slot::Object(object)) = self.slots.get_mut(slot) else { return };
        let (before, after) = (object.stored().key(), row.key());
        object.keep_for_undo(clock.now, clock);
        let row = match source {
            Source::Statement => object.with_version_of_statement(row),
            Source::Read => object.with_own_version(row),
        };
        object.merge(row, clock.now);
        if before != after {
            self.forget_key(&before, slot);
            self.take_key(after, slot);
        }
    }

    /// Holds uncertain objects against their rows, each beside the number of its object.
    pub(super) fn hold_against_rows(&mut self, slots: &[u32], rows: &[DriverRow]) -> Result<(), Error> {
        for row in rows {
            let mut cells = Cells::new(row);
            let slot = numbered(slots, cells.read()?)?;
            let Some(Slot::Object(object)) = self.slots.get_mut(slot) else { continue };
            let key = key::name_of(&object.stored().key());
            if cells.all_null(M::META.columns.len()) {
                return Err(Error::stale(format!(
                    "the row of `{}` with the key {key}, whose object was changed while it was expired, is not there any more",
                    M::META.entity
                )));
            }
            object.hold_against(&M::decode(&mut cells)?).map_err(|columns| {
                let columns: Vec<String> = columns.iter().map(|column| format!("`{column:?}`")).collect();
                Error::stale(format!(
                    "an object of `{}` with the key {key} was changed while it was expired, to what was read last, and others \
                     have changed its row: of {} nobody can tell which was assigned; `refresh` an object before it is changed, \
                     or say `session.set(..)`",
                    M::META.entity,
                    columns.join(", ")
                ))
            })?;
        }
        Ok(())
    }

    /// A value the database has now.
    pub(super) fn take_value(&mut self, slot: u32, place: usize, value: &dyn Value, clock: &Clock) {
        let Some(Slot::Object(object)) = self.slots.get_mut(slot) else { return };
        object.keep_for_undo(clock.now, clock);
        let own_change =
            object.was.as_ref().is_some_and(|was| !was.value_at(place).same(object.now.value_at(place)));
        if let Some(was) = &mut object.was {
            was.value_at_mut(place).assign(value);
        }
        if !own_change {
            object.now.value_at_mut(place).assign(value);
        }
    }

    /// Whether a column of the object could hold a value.
    pub(super) fn holds(&self, slot: u32, place: usize, value: &dyn Value) -> bool {
        self.object(slot).is_ok_and(|object| object.stored().clone().value_at_mut(place).assign(value))
    }
}

/// The slot of a row by its number in what was sent.
pub(in crate::session) fn numbered(slots: &[u32], number: i64) -> Result<u32, Error> {
    let slot = usize::try_from(number - 1).ok().and_then(|place| slots.get(place));
    slot.copied()
        .ok_or_else(|| Error::decode(format!("the server gave back row {number}, which was not sent")))
}

impl<M: Model> RefreshRows for Arena<M> {
    fn slots_of(&self, keys: &mut dyn Iterator<Item = Cells<'_>>) -> Result<Vec<Option<u32>>, Error> {
        self.found(keys)
    }

    fn take_rows(&mut self, rows: &mut dyn Iterator<Item = Cells<'_>>, clock: &Clock) -> Result<(), Error> {
        self.take_touched(rows, clock)
    }

    fn take_keys(
        &mut self,
        keys: &mut dyn Iterator<Item = (u32, Cells<'_>)>,
        clock: &Clock,
    ) -> Result<(), Error> {
        self.take_new_keys(keys, clock)
    }

    fn settle_keys(&mut self, clock: &Clock) {
        Arena::settle_keys(self, clock);
    }

    fn reread(&mut self, slots: &[u32], rows: &[DriverRow], clock: &Clock) -> Result<(), Error> {
        self.take_current(slots, rows, clock)
    }

    fn assign(&mut self, slot: u32, place: usize, value: &dyn Value, clock: &Clock) {
        self.take_value(slot, place, value, clock);
    }

    fn holds(&self, slot: u32, place: usize, value: &dyn Value) -> bool {
        Arena::holds(self, slot, place, value)
    }
}

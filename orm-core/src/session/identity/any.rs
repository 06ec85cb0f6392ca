//! The objects of one model, without the model's type: what a flush works with.

use std::any::Any;
use std::sync::Arc;

use tokio_postgres::Row as DriverRow;

use super::object::Deletion;
use super::{Arena, Certainty, Clock, Gone, Object, Slot};
use crate::error::Error;
use crate::model::{Model, NewModel, NewValue, Pending};
use crate::row::Cells;
use crate::schema::TableMeta;
use crate::types::{BulkColumn, Value, bulk_column};

/// What is sent for NULL, whatever the type.
const NULL: &dyn Value = &None::<bool>;

/// Which value of an object is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::session) enum Of {
    /// What a new object says.
    New,
    /// What an object has now.
    Now,
    /// What the database has.
    Stored,
}

/// Finds the key of an object that a new one refers to.
pub(in crate::session) type KeyOf<'a> = dyn Fn(Pending) -> Result<&'a dyn Value, Error> + 'a;

/// Sees the slot of a changed object with the places of the changed columns.
pub(in crate::session) type SeeChanged<'a> = dyn FnMut(u32, &[usize]) -> Result<(), Error> + 'a;

/// The objects of one model.
pub(in crate::session) trait AnyArena: Send + Sync {
    fn as_any(&self) -> &dyn Any;
    fn as_any_mut(&mut self) -> &mut dyn Any;
    fn table(&self) -> &'static TableMeta;

    /// Whether there may be something to flush.
    fn is_dirty(&self) -> bool;
    fn new_rows(&self) -> Vec<u32>;
    /// Shows the slots of changed objects with the places of the changed columns.
    fn changed(&self, see: &mut SeeChanged<'_>) -> Result<(), Error>;
    fn doomed(&self) -> Vec<u32>;
    /// Objects that were assigned something while they were expired, and hold what was read last.
    fn doubtful(&self) -> Vec<u32>;
    /// Holds such objects against their rows, each beside the number of its object.
    ///
    /// # Errors
    /// If a row is gone, or differs in more columns than one.
    fn hold_against(&mut self, slots: &[u32], rows: &[DriverRow]) -> Result<(), Error>;

    /// Adds the places of the columns that a new object says something of.
    fn given(&self, slot: u32, places: &mut Vec<usize>);
    /// What a new object says of a column.
    fn new_value(&self, slot: u32, place: usize) -> NewValue<'_>;
    /// A column's value as it is when everything is flushed, what it takes along included.
    fn value(&self, slot: u32, place: usize) -> Result<&dyn Value, Error>;
    /// A column's value as the database has it.
    fn stored_value(&self, slot: u32, place: usize) -> Result<&dyn Value, Error>;
    /// The value of a column as it is sent.
    fn cell<'a>(
        &'a self,
        slot: u32,
        place: usize,
        of: Of,
        key_of: &KeyOf<'a>,
    ) -> Result<&'a dyn Value, Error>;
    /// The values of a column of many objects as they are sent.
    fn cells<'a>(
        &'a self,
        slots: &[u32],
        place: usize,
        of: Of,
        key_of: &KeyOf<'a>,
    ) -> Result<BulkColumn, Error>;
    /// A column's value, of an object or of a new one that brings its own; `None` while it is not known.
    fn known_value(&self, slot: u32, place: usize) -> Result<Option<&dyn Value>, Error>;

    /// An object will have this value, which the database made for it or takes along.
    fn make(&mut self, slot: u32, place: usize, value: Arc<dyn Value>);

    /// So many new objects will be in the database.
    fn expect_inserted(&mut self, rows: usize);
    /// A new object is in the database as this row.
    fn inserted(&mut self, slot: u32, cells: &mut Cells<'_>, clock: &Clock) -> Result<(), Error>;
    /// A changed object is in the database as this row.
    fn updated(&mut self, slot: u32, cells: &mut Cells<'_>, clock: &Clock) -> Result<(), Error>;
    fn deleted(&mut self, slot: u32, clock: &Clock);
    /// Everything is flushed: what changed nothing is no change any more.
    fn settle(&mut self, clock: &Clock);
    /// What was inserted is not taken back any more.
    fn committed(&mut self);
    /// Forgets what objects were changed to.
    fn expire_all(&mut self);
    /// Puts every object back to what it was before a transaction or a savepoint began.
    fn roll_back(&mut self, began: u64, certainty: Certainty);

    /// Lets every object be read again; what was pending is in the database, and leaves.
    fn committed_unread(&mut self);

    /// Takes every object out of the session.
    fn expunge_all(&mut self);

    /// How many objects can be found by their keys.
    fn len(&self) -> usize;
    /// The slots of objects whose rows are in the database.
    fn tracked(&self) -> Vec<u32>;
    /// The slots of the objects with these keys, where there is one.
    fn slots_of(&self, keys: &mut dyn Iterator<Item = Cells<'_>>) -> Result<Vec<u32>, Error>;
    /// Takes rows as they are now into the objects that stand for them, where there is one: each behind its key.
    fn take_rows(&mut self, rows: &mut dyn Iterator<Item = Cells<'_>>, clock: &Clock) -> Result<(), Error>;
    /// Takes the rows of these objects as they are now, each beside the number of its object; an object without a row is
    /// deleted.
    fn reread(&mut self, slots: &[u32], rows: &[DriverRow], clock: &Clock) -> Result<(), Error>;
    /// Stores a value in an object and in what is known of the database.
    fn assign(&mut self, slot: u32, place: usize, value: &dyn Value, clock: &Clock);
    /// Whether a column of an object could hold a value.
    fn holds(&self, slot: u32, place: usize, value: &dyn Value) -> bool;
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

    fn is_dirty(&self) -> bool {
        !(self.new.is_empty() && self.touched.is_empty() && self.doomed.is_empty())
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
            if object.is_doomed() {
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

    fn doomed(&self) -> Vec<u32> {
        let is_asked =
            |slot: &&u32| self.object(**slot).is_ok_and(|object| object.deletion == Deletion::Asked);
        self.each_once(self.doomed.iter().filter(is_asked).copied().collect())
    }

    fn doubtful(&self) -> Vec<u32> {
        let is_doubtful = |slot: &&u32| self.object(**slot).is_ok_and(Object::is_doubtful);
        self.touched.iter().filter(is_doubtful).copied().collect()
    }

    fn hold_against(&mut self, slots: &[u32], rows: &[DriverRow]) -> Result<(), Error> {
        self.hold_against_rows(slots, rows)
    }

    fn given(&self, slot: u32, places: &mut Vec<usize>) {
        let says = |place: &usize| !matches!(self.new_value(slot, *place), NewValue::Default);
        places.extend((0..M::META.columns.len()).filter(says));
    }

    #[inline]
    fn new_value(&self, slot: u32, place: usize) -> NewValue<'_> {
        match self.slot(slot) {
            Some(Slot::New(new)) => match new.value(place) {
                NewValue::Default if !(self.made.is_empty() && self.given.is_empty()) => {
                    let given = self.given.get(&(slot, place)).map(|given| &**given);
                    let made = given.or_else(|| self.made.get(&(slot, place)).map(|made| &**made));
                    made.map_or(NewValue::Default, NewValue::Value)
                }
                said => said,
            },
            _ => NewValue::Default,
        }
    }

    #[inline]
    fn cell<'a>(
        &'a self,
        slot: u32,
        place: usize,
        of: Of,
        key_of: &KeyOf<'a>,
    ) -> Result<&'a dyn Value, Error> {
        match of {
            Of::New => match self.new_value(slot, place) {
                NewValue::Value(value) => Ok(value),
                NewValue::Null | NewValue::Default => Ok(NULL),
                NewValue::Pending(pending) => key_of(pending),
            },
            Of::Now => Ok(self.object(slot)?.now.column(place)),
            Of::Stored => Ok(self.object(slot)?.stored().column(place)),
        }
    }

    fn cells<'a>(
        &'a self,
        slots: &[u32],
        place: usize,
        of: Of,
        key_of: &KeyOf<'a>,
    ) -> Result<BulkColumn, Error> {
        let column = &M::META.columns[place];
        let mut unknown = None;
        let values = slots.iter().map(|&slot| match self.cell(slot, place, of, key_of) {
            Ok(value) => value,
            Err(error) => {
                unknown.get_or_insert(error);
                NULL
            }
        });
        let values = bulk_column(column.ty, values).map_err(|cause| column.refused(cause));
        unknown.map_or(values, Err)
    }

    fn value(&self, slot: u32, place: usize) -> Result<&dyn Value, Error> {
        match self.made.get(&(slot, place)) {
            Some(made) => Ok(&**made),
            None => Ok(self.object(slot)?.now.column(place)),
        }
    }

    fn stored_value(&self, slot: u32, place: usize) -> Result<&dyn Value, Error> {
        Ok(self.object(slot)?.stored().column(place))
    }

    fn known_value(&self, slot: u32, place: usize) -> Result<Option<&dyn Value>, Error> {
        let gone = match self.slot(slot) {
            Some(Slot::Object(object)) if object.is_doomed() => Gone::Deleted,
            Some(Slot::Object(object)) => {
                let made = self.made.get(&(slot, place));
                return Ok(Some(made.map_or_else(|| object.now.column(place), |made| &**made)));
            }
            Some(Slot::New(_)) => {
                return Ok(match self.new_value(slot, place) {
                    NewValue::Value(value) => Some(value),
                    _ => None,
                });
            }
            Some(Slot::Gone(gone) | Slot::Withdrawn(_, gone)) => *gone,
            None => {
                return Err(Error::session(format!(
                    "this session has no such object of `{}`",
                    M::META.entity
                )));
            }
        };
        Err(Error::session(format!(
            "a new row refers to an object of `{}` that {}",
            M::META.entity,
            gone.words()
        )))
    }

    fn make(&mut self, slot: u32, place: usize, value: Arc<dyn Value>) {
        self.made.insert((slot, place), value);
    }

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
        let Some(Slot::Object(object)) = self.slots.get_mut(slot) else { return };
        object.keep_for_undo(clock.now, clock);
        object.deletion = Deletion::Done(clock.now);
        // The key may have been changed and not flushed.
        let key = object.stored().key();
        object.was = None;
        self.forget_key(&key, slot);
    }

    fn settle(&mut self, clock: &Clock) {
        self.settle_keys(clock);
        self.made.clear();
        self.new.clear();
        self.doomed.clear();
        self.is_repeated = false;
        for slot in std::mem::take(&mut self.touched) {
            if let Some(Slot::Object(object)) = self.slots.get_mut(slot) {
                object.was = None;
                object.doubt = None;
            }
        }
    }

    fn committed(&mut self) {
        self.added = Vec::new();
        self.given.clear();
    }

    fn expire_all(&mut self) {
        self.forget_changes();
    }

    fn roll_back(&mut self, began: u64, certainty: Certainty) {
        self.made.clear();
        self.new.clear();
        self.is_repeated = false;
        self.touched.clear();
        self.doomed.clear();
        self.displaced.clear();
        self.by_key.clear();
        for (number, slot) in self.slots.iter_mut() {
            match slot {
                Slot::New(_) => {
                    if let Slot::New(new) = std::mem::replace(slot, Slot::Gone(Gone::RolledBack)) {
                        *slot = Slot::Withdrawn(new, Gone::RolledBack);
                    }
                }
                Slot::Object(object) if object.born_in.is_some_and(|born| born >= began) => {
                    *slot = Slot::Gone(Gone::RolledBack);
                }
                Slot::Object(object) => {
                    object.roll_back(began, certainty);
                    if !object.is_deleted() {
                        self.by_key.insert(object.now.key(), number);
                    }
                }
                Slot::Withdrawn(..) | Slot::Gone(_) => {}
            }
        }
        for (slot, new) in std::mem::take(&mut self.added) {
            match self.slots.get_mut(slot) {
                Some(place @ Slot::Gone(Gone::RolledBack)) => {
                    *place = Slot::Withdrawn(new, Gone::RolledBack);
                }
                Some(Slot::Object(_)) => self.added.push((slot, new)),
                _ => {}
            }
        }
    }

    fn committed_unread(&mut self) {
        for list in [&mut self.new, &mut self.touched, &mut self.doomed, &mut self.displaced] {
            list.clear();
        }
        self.made.clear();
        self.given.clear();
        self.added.clear();
        self.is_repeated = false;
        self.by_key.clear();
        for (number, slot) in self.slots.iter_mut() {
            match slot {
                Slot::New(_) => *slot = Slot::Gone(Gone::Unread),
                Slot::Object(object) if object.is_doomed() => *slot = Slot::Gone(Gone::Unread),
                Slot::Object(object) => {
                    object.committed_unread();
                    self.by_key.insert(object.now.key(), number);
                }
                Slot::Withdrawn(..) | Slot::Gone(_) => {}
            }
        }
    }

    fn expunge_all(&mut self) {
        self.slots.expunge();
        let slots = std::mem::take(&mut self.slots);
        *self = Arena { slots, ..Arena::default() };
    }

    fn len(&self) -> usize {
        self.by_key.len()
    }

    fn slots_of(&self, keys: &mut dyn Iterator<Item = Cells<'_>>) -> Result<Vec<u32>, Error> {
        self.found(keys)
    }

    fn take_rows(&mut self, rows: &mut dyn Iterator<Item = Cells<'_>>, clock: &Clock) -> Result<(), Error> {
        self.take_touched(rows, clock)
    }

    fn tracked(&self) -> Vec<u32> {
        let live = |slot: &Slot<M>| matches!(slot, Slot::Object(object) if !object.is_deleted());
        self.slots.iter().filter(|(_, slot)| live(slot)).map(|(number, _)| number).collect()
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

    fn is_expired(&self, slot: u32, clock: &Clock) -> bool {
        self.object(slot).is_ok_and(|object| object.is_expired(clock.expired))
    }
}

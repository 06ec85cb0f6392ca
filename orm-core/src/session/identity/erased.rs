//! An arena as a flush sees it, without the model's type.

use std::any::Any;
use std::sync::Arc;

use tokio_postgres::Row as DriverRow;

use super::any::{AnyArena, KeyOf, Of, SeeChanged};
use super::object::{Came, Deletion};
use super::reference::To;
use super::{Absence, Arena, Certainty, Clock, Object, Populate, Slot};
use crate::error::Error;
use crate::model::{Model, NewModel, NewValue, Pending};
use crate::row::Cells;
use crate::schema::TableMeta;
use crate::types::{BulkColumn, Value, bulk_column};

/// What is sent for NULL, whatever the type.
const NULL: &dyn Value = &None::<bool>;

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

    fn given(&self, slot: u32, places: &mut Vec<usize>) {
        let says = |place: &usize| !matches!(self.new_value(slot, *place), NewValue::Default);
        places.extend((0..M::META.columns.len()).filter(says));
    }

    fn is_made(&self, slot: u32, place: usize) -> bool {
        self.made.contains_key(&(slot, place))
    }

    #[inline]
    fn new_value(&self, slot: u32, place: usize) -> NewValue<'_> {
        match self.slot(slot) {
            Some(Slot::New(_))
                if !self.references.is_empty() && self.references.contains_key(&(slot, place)) =>
            {
                self.referenced_by_new(slot, place).unwrap_or(NewValue::Default)
            }
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
            Some(Slot::Object(object)) if object.is_being_deleted() => Absence::Deleted,
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
            Some(Slot::Absent(gone) | Slot::Withdrawn(_, gone)) => *gone,
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

    fn refer(&mut self, slot: u32, place: usize, to: Option<To>) {
        self.refer_to(slot, place, to);
    }

    fn refers_to(&self, slot: u32, place: usize) -> Option<Pending> {
        match self.new_value(slot, place) {
            NewValue::Pending(to) => Some(to),
            _ => self.waiting_reference(slot, place).map(|(to, _)| to),
        }
    }

    fn references(&self) -> Vec<(u32, usize, To)> {
        self.waiting_references()
    }

    fn resolve(&mut self, slot: u32, place: usize, value: &dyn Value) -> Result<bool, Error> {
        self.resolve_reference(slot, place, value)
    }

    fn keep(&mut self, slot: u32) -> bool {
        self.undelete(slot)
    }

    fn ask_deletion(&mut self, slot: u32) {
        self.delete(slot);
    }

    fn take_in_row(&mut self, cells: &mut Cells<'_>, clock: &Clock) -> Result<u32, Error> {
        Ok(self.take_in(M::decode(cells)?, clock, Populate::Older, Came::default()))
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

    fn committed(&mut self) {
        self.added = Vec::new();
        self.given.clear();
        self.references.clear();
        self.pending_keys.clear();
    }

    fn expire_all(&mut self) {
        self.forget_changes();
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

    fn committed_unread(&mut self) {
        for list in [&mut self.new, &mut self.touched, &mut self.to_delete, &mut self.displaced] {
            list.clear();
        }
        self.made.clear();
        self.given.clear();
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

    fn expunge_all(&mut self) {
        self.slots.expunge();
        let slots = std::mem::take(&mut self.slots);
        *self = Arena { slots, ..Arena::default() };
    }

    fn len(&self) -> usize {
        self.by_key.len()
    }

    fn is_tracked(&self, slot: u32) -> bool {
        self.object(slot).is_ok_and(|object| !object.is_deleted())
    }

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

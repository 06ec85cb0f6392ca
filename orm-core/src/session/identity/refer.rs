//! Gives columns of objects references in place of values, and the values when those are known.

use bytes::BytesMut;

use super::object::Came;
use super::reference::{Reference, To};
use super::{Arena, Clock, Populate, Slot};
use crate::error::Error;
use crate::model::{Model, NewValue, Pending};
use crate::row::Cells;
use crate::types::{Value, as_type};

/// References between objects whose keys may not be known yet, and what links ask of the rows that refer.
pub(in crate::session) trait References {
    /// A column of an object, new or not, is to refer to another one, or to nothing.
    fn refer(&mut self, slot: u32, place: usize, to: Option<To>);
    /// The object that a column was given in place of a key.
    fn refers_to(&self, slot: u32, place: usize) -> Option<Pending>;
    /// What columns of objects are to refer to, by slot and place.
    fn references(&self) -> Vec<(u32, usize, To)>;
    /// Gives such a reference its value; says whether the object had another.
    fn resolve(&mut self, slot: u32, place: usize, value: &dyn Value) -> Result<bool, Error>;
    /// Whether an object is there, or will be, and is not marked as deleted.
    fn counts(&self, slot: u32) -> bool;
    /// Takes back a deletion that was asked for, or a mark; says whether the object is there, or will be.
    fn keep(&mut self, slot: u32) -> bool;
    /// Asks for a deletion, or marks the row as deleted where the model has a column for that.
    fn ask_deletion(&mut self, slot: u32);
    /// A row just read becomes an object, if it is none.
    fn take_in_row(&mut self, cells: &mut Cells<'_>, clock: &Clock) -> Result<u32, Error>;
}

impl<M: Model> Arena<M> {
    /// A column is to have the key of an object, which may not be known yet, or nothing. An object counts as changed.
    pub(super) fn refer_to(&mut self, slot: u32, place: usize, to: Option<To>) {
        let over = match self.slots.get_mut(slot) {
            Some(Slot::Object(_)) if to.is_none() => {
                self.set(slot, place, &None::<bool>);
                return;
            }
            Some(Slot::Object(_)) => {
                self.mark_assigned(slot, place);
                self.object(slot).ok().map(|object| object.now.value_at(place).share())
            }
            Some(Slot::New(_)) => None,
            _ => return,
        };
        self.pending_keys.forget(slot);
        self.references.insert((slot, place), Reference { to, over });
    }

    /// A value was assigned to a column, which refers to no object any more.
    pub(super) fn refer_no_more(&mut self, slot: u32, place: usize) {
        self.references.remove(&(slot, place));
    }

    /// What a new object says of a column by such a reference.
    pub(super) fn referenced_by_new(&self, slot: u32, place: usize) -> Option<NewValue<'_>> {
        let Reference { to, .. } = self.references.get(&(slot, place))?;
        Some(to.map_or(NewValue::Null, |(to, _)| NewValue::Pending(to)))
    }

    /// What a column of an object is to refer to, unless it was assigned something else since.
    pub(super) fn waiting_reference(&self, slot: u32, place: usize) -> Option<To> {
        let reference = self.references.get(&(slot, place))?;
        let (to, over) = (reference.to?, reference.over.as_ref()?);
        let object = self.object(slot).ok().filter(|object| !object.is_being_deleted())?;
        let is_assigned = object.uncertainty.as_ref()?.assigned.contains(&place);
        (is_assigned && object.now.value_at(place).same(&**over)).then_some(to)
    }

    /// The references of objects whose values are still to be found, by slot and place.
    pub(super) fn waiting_references(&self) -> Vec<(u32, usize, To)> {
        let waits = |&(slot, place): &(u32, usize)| Some((slot, place, self.waiting_reference(slot, place)?));
        let mut waiting: Vec<_> = self.references.keys().filter_map(waits).collect();
        waiting.sort_unstable_by_key(|(slot, place, _)| (*slot, *place));
        waiting
    }

    /// The value of such a reference is known; says whether the object had another.
    pub(super) fn resolve_reference(
        &mut self,
        slot: u32,
        place: usize,
        value: &dyn Value,
    ) -> Result<bool, Error> {
        let column = &M::META.columns[place];
        let value = as_type(value, column.ty).map_err(|cause| column.refused(cause))?;
        let Some(Slot::Object(object)) = self.slots.get_mut(slot) else { return Err(Self::left()) };
        let own = object.now.value_at_mut(place);
        if own.same(&*value) {
            return Ok(false);
        }
        if !own.assign(&*value) {
            // A key that was made ahead of its row is kept as the server sent it.
            let mut raw = BytesMut::new();
            value.write(&mut raw).map_err(|cause| column.refused(cause))?;
            own.take_cell(&column.ty.wire, Some(&raw)).map_err(|_| {
                Error::session(format!("`{column:?}` cannot hold a key of {}", value.pg_type().name))
            })?;
        }
        if let Some(reference) = self.references.get_mut(&(slot, place)) {
            reference.over = Some(object.now.value_at(place).share());
        }
        Ok(true)
    }

    /// A column counts as changed, whatever it holds.
    pub(super) fn mark_assigned(&mut self, slot: u32, place: usize) {
        let Some(Slot::Object(object)) = self.slots.get_mut(slot) else { return };
        if object.was.is_none() {
            object.was = Some(Box::new(object.now.clone()));
            self.touched.push(slot);
        }
        let assigned = &mut object.uncertainty.get_or_insert_default().assigned;
        if !assigned.contains(&place) {
            assigned.push(place);
        }
    }

    /// Forgets the references of objects; those of new ones, which can be added again, stay.
    pub(super) fn forget_references(&mut self) {
        self.references.retain(|_, reference| reference.over.is_none());
    }
}

impl<M: Model> References for Arena<M> {
    fn refer(&mut self, slot: u32, place: usize, to: Option<To>) {
        self.refer_to(slot, place, to);
    }

    fn refers_to(&self, slot: u32, place: usize) -> Option<Pending> {
        match self.value_of_new(slot, place) {
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

    fn counts(&self, slot: u32) -> bool {
        self.is_to_count(slot)
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
}

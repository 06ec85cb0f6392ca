//! The values of columns of objects, as a flush plans with them and sends them.

use std::sync::Arc;

use super::{Absence, Arena, Slot};
use crate::error::Error;
use crate::model::{Model, NewValue, Pending};
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

/// The values that a flush plans with and sends.
pub(in crate::session) trait ColumnValues {
    /// Adds the places of the columns that a new object says something of.
    fn insert_columns(&self, slot: u32, places: &mut Vec<usize>);
    /// What a new object says of a column.
    fn new_value(&self, slot: u32, place: usize) -> NewValue<'_>;
    /// Whether the database has made a value of a new object ahead of its row.
    fn is_made(&self, slot: u32, place: usize) -> bool;
    /// A column's value as it is when everything is flushed, cascades included.
    fn value(&self, slot: u32, place: usize) -> Result<&dyn Value, Error>;
    /// A column's value as the database has it.
    fn stored_value(&self, slot: u32, place: usize) -> Result<&dyn Value, Error>;
    /// A column's value, of an object or of a new one that brings its own; `None` while it is not known.
    fn known_value(&self, slot: u32, place: usize) -> Result<Option<&dyn Value>, Error>;
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
    /// An object will have this value, which the database made for it or a cascade gives it.
    fn make(&mut self, slot: u32, place: usize, value: Arc<dyn Value>);
    /// It will not.
    fn unmake(&mut self, slot: u32, place: usize);
}

#[diagnostic::do_not_recommend]
impl<M: Model> ColumnValues for Arena<M> {
    fn insert_columns(&self, slot: u32, places: &mut Vec<usize>) {
        let says = |place: &usize| !matches!(self.new_value(slot, *place), NewValue::Default);
        places.extend((0..M::META.columns.len()).filter(says));
    }

    #[inline]
    fn new_value(&self, slot: u32, place: usize) -> NewValue<'_> {
        self.value_of_new(slot, place)
    }

    fn is_made(&self, slot: u32, place: usize) -> bool {
        self.made.contains_key(&(slot, place))
    }

    fn value(&self, slot: u32, place: usize) -> Result<&dyn Value, Error> {
        match self.made.get(&(slot, place)) {
            Some(made) => Ok(&**made),
            None => Ok(self.object(slot)?.now.value_at(place)),
        }
    }

    fn stored_value(&self, slot: u32, place: usize) -> Result<&dyn Value, Error> {
        Ok(self.object(slot)?.stored().value_at(place))
    }

    fn known_value(&self, slot: u32, place: usize) -> Result<Option<&dyn Value>, Error> {
        let absence = match self.slot(slot) {
            Some(Slot::Object(object)) if object.is_being_deleted() => Absence::Deleted,
            Some(Slot::Object(object)) => {
                let made = self.made.get(&(slot, place));
                return Ok(Some(made.map_or_else(|| object.now.value_at(place), |made| &**made)));
            }
            Some(Slot::New(_)) => {
                return Ok(match self.new_value(slot, place) {
                    NewValue::Value(value) => Some(value),
                    _ => None,
                });
            }
            Some(Slot::Absent(absence) | Slot::Withdrawn(_, absence)) => *absence,
            None => {
                return Err(Error::session(format!(
                    "this session has no such object of `{}`",
                    M::META.entity
                )));
            }
        };
        Err(Error::session(format!(
            "a row that is added, linked or changed refers to an object of `{}` that {}: let it refer to another, or keep \
             that one",
            M::META.entity,
            absence.words()
        )))
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
            Of::Now => Ok(self.object(slot)?.now.value_at(place)),
            Of::Stored => Ok(self.object(slot)?.stored().value_at(place)),
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

    fn make(&mut self, slot: u32, place: usize, value: Arc<dyn Value>) {
        self.made.insert((slot, place), value);
    }

    fn unmake(&mut self, slot: u32, place: usize) {
        self.made.remove(&(slot, place));
    }
}

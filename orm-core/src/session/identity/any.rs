//! The objects of one model, without the model's type: what a flush works with.

use std::any::Any;
use std::sync::Arc;

use tokio_postgres::Row as DriverRow;

use super::reference::To;
use super::{Certainty, Clock};
use crate::error::Error;
use crate::model::{NewValue, Pending};
use crate::row::Cells;
use crate::schema::TableMeta;
use crate::types::{BulkColumn, Value};

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
    fn to_delete(&self) -> Vec<u32>;
    /// Objects that were assigned something while they were expired, and hold what was read last.
    fn uncertain(&self) -> Vec<u32>;
    /// Holds such objects against their rows, each beside the number of its object.
    ///
    /// # Errors
    /// If a row is gone, or differs in more columns than one.
    fn hold_against(&mut self, slots: &[u32], rows: &[DriverRow]) -> Result<(), Error>;

    /// Adds the places of the columns that a new object says something of.
    fn given(&self, slot: u32, places: &mut Vec<usize>);
    /// What a new object says of a column.
    fn new_value(&self, slot: u32, place: usize) -> NewValue<'_>;
    /// Whether the database has made a value of a new object ahead of its row.
    fn is_made(&self, slot: u32, place: usize) -> bool;
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

    /// A column of an object, new or not, is to refer to another one, or to nothing.
    fn refer(&mut self, slot: u32, place: usize, to: Option<To>);
    /// The object that a column was given in place of a key.
    fn refers_to(&self, slot: u32, place: usize) -> Option<Pending>;
    /// What columns of objects are to refer to, by slot and place.
    fn references(&self) -> Vec<(u32, usize, To)>;
    /// Gives such a reference its value; says whether the object had another.
    fn resolve(&mut self, slot: u32, place: usize, value: &dyn Value) -> Result<bool, Error>;

    /// Takes a deletion that was asked for back; says whether the object is there, or will be.
    fn keep(&mut self, slot: u32) -> bool;
    /// Asks for a deletion.
    fn ask_deletion(&mut self, slot: u32);
    /// A row just read becomes an object, if it is none.
    fn take_in_row(&mut self, cells: &mut Cells<'_>, clock: &Clock) -> Result<u32, Error>;

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
    /// Whether the row of an object is in the database.
    fn is_tracked(&self, slot: u32) -> bool;
    /// The slots of the objects with these keys, where there is one.
    fn slots_of(&self, keys: &mut dyn Iterator<Item = Cells<'_>>) -> Result<Vec<Option<u32>>, Error>;
    /// Takes rows as they are now into the objects that stand for them, where there is one: each behind the key it had.
    /// Two objects may have one key until [`settle_keys`](AnyArena::settle_keys).
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
    /// Whether an object waits to be read again.
    fn is_expired(&self, slot: u32, clock: &Clock) -> bool;
}

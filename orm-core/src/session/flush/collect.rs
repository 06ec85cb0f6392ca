//! Collects what is pending in the objects of a session.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::BytesMut;

use super::conflict::{make_room, replace};
use crate::error::Error;
use crate::model::NewValue;
use crate::schema::{Default, TableMeta, Target};
use crate::session::identity::{AnyArena, Identity};
use crate::types::Value;

/// What is pending.
#[derive(Debug, Default)]
pub(super) struct Changes {
    pub(super) new: Vec<NewRow>,
    /// Rows that stay, those that a new object takes over among them.
    pub(super) changed: Vec<Row>,
    /// `places` is empty.
    pub(super) doomed: Vec<Row>,
    /// Which writes make room for others.
    pub(super) room: Vec<Room>,
}

/// An object, by table and slot, with the columns it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) table: &'static TableMeta,
    pub(super) slot: u32,
    /// The object whose row this new one takes over, if it does.
    pub(super) replaces: Option<u32>,
    /// The places of the columns that are sent; rows alike share them.
    pub(super) places: Arc<[usize]>,
}

/// An object that is to be inserted.
#[derive(Debug)]
pub(super) struct NewRow {
    pub(super) row: Row,
    /// The new rows, by their number, whose keys it refers to.
    pub(super) after: Vec<usize>,
}

/// A write, by its number among those of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Write {
    New(usize),
    Changed(usize),
    Doomed(usize),
}

/// One write has to come before another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Room {
    pub(super) first: Write,
    pub(super) then: Write,
}

/// Which number a new row has, by what others refer to it with.
#[derive(Default)]
struct Numbers {
    by_slot: HashMap<(*const TableMeta, u32), usize>,
    /// Rows that bring the values they are referred to by: the table, the places, and the bytes they are sent as.
    by_value: HashMap<(*const TableMeta, &'static [usize], Vec<u8>), usize>,
}

pub(super) fn collect(identity: &Identity) -> Result<Changes, Error> {
    let mut changes = Changes::default();
    for arena in identity.arenas() {
        let table = arena.table();
        let row = |slot, places| Row { table, slot, replaces: None, places };
        let new = arena.new_rows();
        changes.new.reserve(new.len());
        let mut shape = Shape::default();
        for slot in new {
            shape.take(|places| arena.given(slot, places));
            changes.new.push(NewRow { row: row(slot, Arc::clone(&shape.places)), after: Vec::new() });
        }
        // Columns that new rows may give are not all for a change to set, so that none of those counts as seen.
        shape.take(|_| {});
        arena.changed(&mut |slot, changed| {
            if shape.take(|places| places.extend(changed)) {
                settable(table, changed, "the flush")?;
            }
            changes.changed.push(row(slot, Arc::clone(&shape.places)));
            Ok(())
        })?;
        shape.take(|_| {});
        changes.doomed.extend(arena.doomed().into_iter().map(|slot| row(slot, Arc::clone(&shape.places))));
    }
    replace(identity, &mut changes)?;
    make_room(identity, &mut changes)?;
    refer(identity, &mut changes.new)?;
    Ok(changes)
}

/// Refuses changes of columns whose values are not the program's to give.
pub(in crate::session) fn settable(
    table: &'static TableMeta,
    places: &[usize],
    who: &str,
) -> Result<(), Error> {
    for column in places.iter().map(|&place| &table.columns[place]) {
        if let Default::Computed(sql) = column.default {
            return Err(Error::session(format!(
                "`{column:?}` was changed, and the database computes it as `{sql}`: change the columns it is made of"
            )));
        }
        if table.version_column() == Some(column) {
            return Err(Error::session(format!(
                "`{column:?}` was changed, and {who} itself counts the versions of a row: leave it as it is"
            )));
        }
    }
    Ok(())
}

/// The values as they are sent, to compare them by; a value that cannot be sent is an error when it is sent.
pub(super) fn bytes_of(values: Vec<&dyn Value>) -> Option<Vec<u8>> {
    let mut bytes = BytesMut::new();
    for value in values {
        let start = bytes.len();
        bytes.extend_from_slice(&[0; 4]);
        value.write(&mut bytes).ok()?;
        let length = u32::try_from(bytes.len() - start).ok()?;
        bytes[start..start + 4].copy_from_slice(&length.to_be_bytes());
    }
    Some(bytes.to_vec())
}

/// Finds out which new rows refer to which.
fn refer(identity: &Identity, rows: &mut [NewRow]) -> Result<(), Error> {
    if rows.is_empty() {
        return Ok(());
    }
    // Only these can be referred to.
    let mut targets: Vec<Target> = Vec::new();
    for arena in identity.arenas().filter(|arena| arena.is_dirty()) {
        for target in arena.table().foreign_keys.iter().map(|key| (key.target)()) {
            if !targets.iter().any(|other| other.table == target.table && other.places == target.places) {
                targets.push(target);
            }
        }
    }
    let mut numbers = Numbers::default();
    for target in targets {
        let referred = rows.iter().enumerate().filter(|(_, new)| new.row.table == target.table);
        for (number, new) in referred {
            if let Some(arena) = identity.any(target.table) {
                numbers.add(arena, target, new.row.slot, number)?;
            }
        }
    }
    for new in rows.iter_mut().filter(|new| !new.row.table.foreign_keys.is_empty()) {
        new.after = numbers.targets(identity, &new.row)?;
    }
    Ok(())
}

/// The columns of the row that was collected last: most rows are like the one before.
#[derive(Default)]
struct Shape {
    places: Arc<[usize]>,
    scratch: Vec<usize>,
}

impl Shape {
    /// Takes the columns of a row; says whether they are others than those of the row before.
    fn take(&mut self, fill: impl FnOnce(&mut Vec<usize>)) -> bool {
        self.scratch.clear();
        fill(&mut self.scratch);
        let differs = *self.places != *self.scratch;
        if differs {
            self.places = self.scratch.as_slice().into();
        }
        differs
    }
}

impl Numbers {
    fn add(&mut self, arena: &dyn AnyArena, target: Target, slot: u32, number: usize) -> Result<(), Error> {
        let table = std::ptr::from_ref(target.table);
        self.by_slot.insert((table, slot), number);
        let values = target.places.iter().filter_map(|&place| arena.known_value(slot, place).transpose());
        let values = values.collect::<Result<Vec<_>, Error>>()?;
        if values.len() == target.places.len()
            && let Some(bytes) = bytes_of(values)
        {
            self.by_value.insert((table, target.places, bytes), number);
        }
        Ok(())
    }

    /// The new rows that a new row's foreign keys point at.
    fn targets(&self, identity: &Identity, row: &Row) -> Result<Vec<usize>, Error> {
        let Some(arena) = identity.any(row.table) else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        for key in row.table.foreign_keys {
            let mut values = Vec::with_capacity(key.columns.len());
            for column in key.columns.iter().map(|&place| &row.table.columns[place]) {
                match arena.new_value(row.slot, column.place) {
                    NewValue::Pending(pending) => {
                        values.extend(identity.referenced(pending, column)?);
                        found.extend(self.by_slot.get(&(std::ptr::from_ref(pending.table), pending.slot)));
                    }
                    NewValue::Value(value) => values.push(value),
                    NewValue::Null | NewValue::Default => {}
                }
            }
            if values.len() == key.columns.len() && !self.by_value.is_empty() {
                let target = (key.target)();
                let number = bytes_of(values).and_then(|bytes| {
                    self.by_value.get(&(std::ptr::from_ref(target.table), target.places, bytes))
                });
                found.extend(number);
            }
        }
        Ok(found)
    }
}

//! Finds the objects whose rows the database changes along with others: by `on_delete` and `on_update` of foreign keys.

mod finish;
mod step;
mod unloaded;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::key_change::KeyChanges;
use super::link::{Link, links};
use super::row_batch::{Operation, RowBatch};
use super::value::{Claim, stored};
use crate::error::Error;
use crate::schema::{ForeignKey, TableMeta};
use crate::session::identity::{AnyArena, Identity};
use crate::types::Value;

/// An object, by its table and slot.
type TableSlot = (*const TableMeta, u32);

/// Values that cascades give columns, by the address of the table, slot and place.
type Values = HashMap<(usize, u32, usize), Arc<dyn Value>>;

/// The objects that are changed or deleted along with rows of a flush.
#[derive(Default)]
pub(super) struct Affected {
    pub(super) rows: Vec<AffectedRow>,
    /// Objects that may be changed or deleted along by way of rows that are not loaded.
    pub(super) unsure: Vec<UnsureRow>,
    /// What is read again when all is done.
    pub(super) reread: Vec<Reread>,
    /// Objects that are deleted along, and whose keys other rows of the flush take.
    pub(super) deleted: Vec<(&'static TableMeta, u32)>,
    /// The values that cascades give columns.
    pub(super) values: Vec<CascadedValue>,
    /// The columns of objects that take them, by the address of the table, slot and place.
    changed: HashSet<(usize, u32, usize)>,
    /// The columns of keys among those, and of keys of objects that are deleted, if these are so later.
    pub(super) key_changes: KeyChanges,
    /// The values that cascades give objects which the flush itself deletes, or lets point elsewhere, if it does so later.
    until_written: Values,
    /// The rows that get keys of rows which are not loaded, by the address of the table and slot.
    pub(super) held: HashSet<(usize, u32)>,
}

/// A value that a cascade gives a column of an object.
pub(super) struct CascadedValue {
    pub(super) table: &'static TableMeta,
    pub(super) slot: u32,
    pub(super) place: usize,
    pub(super) value: Arc<dyn Value>,
}

/// An object that is changed or deleted along.
pub(super) struct AffectedRow {
    pub(super) table: &'static TableMeta,
    pub(super) slot: u32,
    /// The row of the flush that cascades to it.
    pub(super) origin: (&'static TableMeta, u32),
    pub(super) is_deleted: bool,
    /// Whether the columns it is found by change.
    pub(super) changes_key: bool,
    /// Whether columns change that no two rows may have alike.
    pub(super) changes_unique: bool,
    /// Whether it is known what a cascade gives it.
    pub(super) takes_values: bool,
    /// Whether the flush lets it point elsewhere, so that it stays where that is done first.
    pub(super) leaves: bool,
    /// Whether the flush does so by a part of the reference, so that a cascade would change the other part.
    pub(super) is_partly_set: bool,
    /// Whether that may be so: unless the other part follows by another reference to the same values.
    pub(super) may_be_partly_set: bool,
}

/// An object that a cascade may reach by way of rows that are not loaded.
#[derive(Clone, Copy)]
pub(super) struct UnsureRow {
    pub(super) table: &'static TableMeta,
    pub(super) slot: u32,
    /// Whether the flush lets it point elsewhere, so that it stays where that is done first.
    pub(super) leaves: bool,
}

/// Objects of a table that are read again, with the keys they have by then.
#[derive(Clone)]
pub(super) struct Reread {
    pub(super) table: &'static TableMeta,
    pub(super) slots: Vec<u32>,
    pub(super) keys: Vec<Vec<Arc<dyn Value>>>,
    /// The slots once more.
    lookup: HashSet<u32>,
}

impl Affected {
    /// Whether cascades give an object values in some columns.
    pub(super) fn changes(&self, table: &TableMeta, slot: u32, places: &[usize]) -> bool {
        places.iter().any(|&place| self.changed.contains(&(std::ptr::from_ref(table).addr(), slot, place)))
    }

    /// Whether cascades give any object of a table a value in a column, or delete any.
    pub(super) fn changes_any(&self, table: &TableMeta, place: usize) -> bool {
        let mut rows = self.rows.iter().filter(|row| row.table == table);
        rows.any(|row| row.is_deleted || self.changes(table, row.slot, &[place]))
    }

    /// Whether a row gets the key of one that is not loaded.
    pub(super) fn is_held(&self, table: &TableMeta, slot: u32) -> bool {
        self.held.contains(&(std::ptr::from_ref(table).addr(), slot))
    }

    /// The value that a cascade gives a column of such an object.
    pub(super) fn until_written(&self, table: &TableMeta, slot: u32, place: usize) -> Option<&dyn Value> {
        self.until_written.get(&(std::ptr::from_ref(table).addr(), slot, place)).map(|value| &**value)
    }

    /// Whether an object is read again when all is done.
    pub(super) fn is_reread(&self, table: &TableMeta, slot: u32) -> bool {
        self.reread.iter().any(|reread| reread.table == table && reread.lookup.contains(&slot))
    }

    /// An object is read again when all is done, by the key it has then.
    pub(super) fn read_again(&mut self, table: &'static TableMeta, slot: u32, key: Vec<Arc<dyn Value>>) {
        match self.reread.iter_mut().find(|reread| reread.table == table) {
            Some(reread) => {
                reread.slots.push(slot);
                reread.lookup.insert(slot);
                reread.keys.push(key);
            }
            None => {
                let (slots, keys, lookup) = (vec![slot], vec![key], HashSet::from([slot]));
                self.reread.push(Reread { table, slots, keys, lookup });
            }
        }
    }

    /// The objects of a table that are deleted along.
    pub(super) fn deleted_of(&self, table: &'static TableMeta) -> impl Iterator<Item = u32> {
        let is_gone = move |row: &&AffectedRow| row.is_deleted && !row.leaves && row.table == table;
        self.rows.iter().filter(is_gone).map(|row| row.slot)
    }
}

/// An object whose row is deleted, or gets other values in columns that foreign keys point at.
struct Origin<'a> {
    table: &'static TableMeta,
    slot: u32,
    is_deleted: bool,
    /// The row of the flush it all comes from.
    root: (&'static TableMeta, u32),
    /// The object that has the new values.
    now: u32,
    changes: Changes<'a>,
}

/// Which columns of an object change.
enum Changes<'a> {
    /// Those that the flush changes.
    Own(&'a RowBatch),
    /// Those of a foreign key.
    CascadedRows(Vec<usize>),
}

impl Changes<'_> {
    fn touch(&self, places: &[usize]) -> bool {
        match self {
            Changes::Own(batch) => batch.changes(places),
            Changes::CascadedRows(columns) => columns.iter().any(|place| places.contains(place)),
        }
    }
}

/// What is found of the objects that cascades reach.
struct CascadeSearch<'a> {
    identity: &'a Identity,
    /// What the flush itself does with objects.
    written: HashMap<TableSlot, &'a RowBatch>,
    /// What was found already: the object, what cascades to it, whether it is deleted, and the number of the link.
    seen: HashSet<(TableSlot, TableSlot, bool, usize)>,
    rows: Vec<AffectedRow>,
    /// Objects that a cascade may reach by way of rows that are not loaded.
    unsure: Vec<UnsureRow>,
    /// Their places there.
    unsure_by_place: HashMap<TableSlot, usize>,
    /// The values that columns take.
    values: HashMap<(*const TableMeta, u32, usize), Arc<dyn Value>>,
    key_changes: KeyChanges,
    /// The same of objects that the flush itself deletes, or lets point elsewhere, if it does so later.
    until_written: Values,
    tables: Vec<&'static TableMeta>,
    links: Vec<Link>,
}

pub(super) fn affected(identity: &Identity, groups: &[RowBatch]) -> Result<Affected, Error> {
    let starts = |batch: &&RowBatch| match batch.operation {
        Operation::Delete => true,
        Operation::Update | Operation::Replace => is_pointed_at(identity, batch),
        Operation::Insert => false,
    };
    let starting: Vec<&RowBatch> = groups.iter().filter(starts).collect();
    if starting.is_empty()
        || !identity.arenas().any(|arena| arena.table().foreign_keys.iter().any(acts_at_all))
    {
        return Ok(Affected::default());
    }
    let mut written = HashMap::new();
    for batch in groups.iter().filter(|batch| batch.is_stored()) {
        for nth in 0..batch.slots.len() {
            written.insert((std::ptr::from_ref(batch.table), batch.stored_slot(nth)), batch);
        }
    }
    let mut search = CascadeSearch {
        identity,
        written,
        seen: HashSet::new(),
        rows: Vec::new(),
        unsure: Vec::new(),
        unsure_by_place: HashMap::new(),
        values: HashMap::new(),
        key_changes: KeyChanges::default(),
        until_written: HashMap::new(),
        tables: identity.arenas().map(AnyArena::table).collect(),
        links: identity.arenas().flat_map(|arena| links(arena.table())).collect(),
    };
    let mut origins: Vec<Origin<'_>> = Vec::new();
    for batch in &starting {
        let is_deleted = batch.operation == Operation::Delete;
        let table = batch.table;
        origins.extend((0..batch.slots.len()).map(|nth| {
            let slot = batch.stored_slot(nth);
            Origin {
                table,
                slot,
                is_deleted,
                root: (table, slot),
                now: batch.slots[nth],
                changes: Changes::Own(batch),
            }
        }));
    }
    search.look_behind_what_is_not_loaded(&starting)?;
    while !origins.is_empty() {
        origins = search.step(&origins)?;
    }
    search.look_behind_new_keys()?;
    search.finish(groups)
}

/// Whether a foreign key of a known table points at columns that a batch changes.
fn is_pointed_at(identity: &Identity, batch: &RowBatch) -> bool {
    let tables = identity.known_tables();
    let mut keys = tables.iter().flat_map(|table| table.foreign_keys);
    keys.any(|key| {
        let target = (key.target)();
        target.table == batch.table && batch.changes(target.places)
    })
}

fn acts_at_all(key: &ForeignKey) -> bool {
    key.on_delete.acts() || key.on_update.acts()
}

impl CascadeSearch<'_> {
    /// The values that loaded rows have in the columns which a key points at.
    fn loaded(&self, key: &ForeignKey) -> Result<HashSet<Claim>, Error> {
        let target = (key.target)();
        let mut loaded = HashSet::new();
        if let Some(targets) = self.identity.any(target.table) {
            for slot in targets.tracked() {
                loaded.extend(stored(targets, slot, target.places)?);
            }
        }
        Ok(loaded)
    }

    /// A value as it is when all is done.
    fn value(&self, table: &TableMeta, slot: u32, place: usize) -> Result<Arc<dyn Value>, Error> {
        if let Some(value) = self.values.get(&(std::ptr::from_ref(table), slot, place)) {
            return Ok(value.clone());
        }
        let arena = self.identity.any(table);
        let arena = arena
            .ok_or_else(|| Error::session(format!("the session has no objects of `{}`", table.entity)))?;
        let value = arena.known_value(slot, place)?;
        value
            .map(Value::share)
            .ok_or_else(|| Error::session(format!("an object of `{}` has no key yet", table.entity)))
    }
}

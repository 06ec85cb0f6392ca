//! Collects the pending changes of a session's objects, as groups of rows that are written in the same way.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::row_batch::{Operation, RowBatch};
use super::value::{Claim, inserted, stored};
use crate::error::Error;
use crate::schema::{ColumnDefault, Generated, TableMeta};
use crate::session::identity::{AnyArena, Identity};

/// All pending changes. Each row is in one group; a new row with the key of a deleted one replaces it.
pub(super) fn collect(identity: &Identity) -> Result<Vec<RowBatch>, Error> {
    let mut groups = Groups::default();
    for arena in identity.arenas().filter(|arena| arena.is_dirty()) {
        let table = arena.table();
        let mut deleted = arena.to_delete();
        let new = arena.new_rows();
        let mut over = taken_over(identity, arena, &deleted, &new)?;
        if !over.is_empty() {
            let gone: HashSet<u32> = over.values().copied().collect();
            deleted.retain(|slot| !gone.contains(slot));
        }
        groups.expect(new.len());
        for slot in new {
            match over.remove(&slot) {
                Some(old) => {
                    groups.push(table, Operation::Replace, Some(old), slot, |places| {
                        arena.insert_columns(slot, places)
                    });
                }
                None => {
                    groups.push(table, Operation::Insert, None, slot, |places| {
                        arena.insert_columns(slot, places)
                    });
                }
            }
        }
        arena.changed(&mut |slot, changed| {
            if groups.push(table, Operation::Update, None, slot, |places| places.extend(changed)) {
                settable(table, changed, "the flush")?;
            }
            Ok(())
        })?;
        for slot in deleted {
            groups.push(table, Operation::Delete, None, slot, |_| {});
        }
    }
    Ok(groups.all)
}

/// The new rows that have the key of a deleted one, each with the slot of the deleted one.
fn taken_over(
    identity: &Identity,
    arena: &dyn AnyArena,
    deleted: &[u32],
    new: &[u32],
) -> Result<HashMap<u32, u32>, Error> {
    let mut over = HashMap::new();
    if deleted.is_empty() || new.is_empty() {
        return Ok(over);
    }
    let key = arena.table().primary_key;
    let mut going: HashMap<Claim, u32> = HashMap::with_capacity(deleted.len());
    for &slot in deleted {
        going.extend(stored(arena, slot, key)?.map(|claim| (claim, slot)));
    }
    for &slot in new {
        let old = inserted(identity, arena, slot, key)?.and_then(|claim| going.remove(&claim));
        over.extend(old.map(|old| (slot, old)));
    }
    Ok(over)
}

/// Refuses changes of columns that the program may not set.
pub(in crate::session) fn settable(
    table: &'static TableMeta,
    places: &[usize],
    who: &str,
) -> Result<(), Error> {
    for column in places.iter().map(|&place| &table.columns[place]) {
        if let ColumnDefault::Computed(sql) = column.default {
            return Err(Error::session(format!(
                "`{column:?}` was changed, and the database computes it as `{sql}`: change the columns it is made of"
            )));
        }
        if let ColumnDefault::Identity(Generated::Always) = column.default {
            return Err(Error::session(format!(
                "`{column:?}` was changed, and PostgreSQL lets no UPDATE change an identity that is GENERATED ALWAYS: add a \
                 new object with the other key (`add_with_key`) and delete this one, or declare it `generated`"
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

/// Groups rows of the same shape; most rows have the shape of the one before.
#[derive(Default)]
struct Groups {
    all: Vec<RowBatch>,
    /// The number of the group of each shape; empty as long as there is one group.
    by_shape: HashMap<(*const TableMeta, Operation, Arc<[usize]>), usize>,
    last: usize,
    expected: usize,
    scratch: Vec<usize>,
}

impl Groups {
    /// Reserves capacity for so many rows.
    fn expect(&mut self, rows: usize) {
        self.expected = rows;
    }

    /// Adds a row with the columns that are sent; gives whether its shape differs from that of the row before.
    fn push(
        &mut self,
        table: &'static TableMeta,
        operation: Operation,
        replaces: Option<u32>,
        slot: u32,
        fill: impl FnOnce(&mut Vec<usize>),
    ) -> bool {
        self.scratch.clear();
        fill(&mut self.scratch);
        let alike = |group: &RowBatch, scratch: &[usize]| {
            group.table == table && group.operation == operation && *group.places == *scratch
        };
        let is_last = self.all.get(self.last).is_some_and(|group| alike(group, &self.scratch));
        if !is_last {
            self.last = self.group(table, operation);
        }
        let group = &mut self.all[self.last];
        group.slots.push(slot);
        group.replaced.extend(replaces);
        !is_last
    }

    /// The group of the current shape, made if there is none.
    fn group(&mut self, table: &'static TableMeta, operation: Operation) -> usize {
        let places: Arc<[usize]> = self.scratch.as_slice().into();
        let next = self.all.len();
        if let [only] = &self.all[..] {
            self.by_shape.insert((only.table, only.operation, Arc::clone(&only.places)), 0);
        }
        if next > 0 {
            let shape = (std::ptr::from_ref(table), operation, Arc::clone(&places));
            let number = *self.by_shape.entry(shape).or_insert(next);
            if number < next {
                return number;
            }
        }
        let slots = Vec::with_capacity(std::mem::take(&mut self.expected));
        self.all.push(RowBatch { table, operation, places, slots, replaced: Vec::new() });
        next
    }
}

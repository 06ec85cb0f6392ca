//! Which rows the actions of foreign keys may change or delete along with rows of a batch, as tables and columns say.

use super::foreign_key::{action, arrives, frees, leaves};
use crate::schema::{Action, ForeignKey, TableMeta};
use crate::session::flush::row_batch::{Operation, RowBatch};

/// Whether a change of rows of `other` may concern the rows that a batch changes or deletes.
pub(super) fn is_cascaded_to(batch: &RowBatch, other: &RowBatch, seen: &mut Vec<&'static TableMeta>) -> bool {
    batch.table.foreign_keys.iter().any(|key| {
        let target = (key.target)();
        let is_direct = target.table == other.table && frees(other, target.places);
        is_direct && (leaves(batch, key) || action(key, other).acts()) || reaches(target.table, other, seen)
    })
}

/// Whether rows of a table are deleted or changed by cascades of a batch.
pub(super) fn reaches(
    table: &'static TableMeta,
    other: &RowBatch,
    seen: &mut Vec<&'static TableMeta>,
) -> bool {
    if seen.contains(&table) || !other.is_stored() {
        return false;
    }
    seen.push(table);
    table.foreign_keys.iter().any(|key| {
        let target = (key.target)();
        action(key, other).acts()
            && (target.table == other.table && frees(other, target.places)
                || reaches(target.table, other, seen))
    })
}

/// Whether a deletion cascades to rows that may point at rows of another batch, which those would keep from going.
pub(super) fn takes_off(tables: &[&'static TableMeta], batch: &RowBatch, other: &RowBatch) -> bool {
    batch.operation == Operation::Delete
        && tables.iter().any(|table| {
            let points = |key: &ForeignKey| {
                let target = (key.target)();
                target.table == other.table && other.is_stored() && frees(other, target.places)
            };
            table.foreign_keys.iter().any(points) && cascades_delete(table, batch, &mut Vec::new())
        })
}

/// Whether rows of a table are deleted along with rows of a batch.
pub(in crate::session::flush) fn cascades_delete(
    table: &'static TableMeta,
    batch: &RowBatch,
    seen: &mut Vec<&'static TableMeta>,
) -> bool {
    if seen.contains(&table) {
        return false;
    }
    seen.push(table);
    table.foreign_keys.iter().filter(|key| key.on_delete == Action::Cascade).any(|key| {
        let target = (key.target)().table;
        target == batch.table || cascades_delete(target, batch, seen)
    })
}

/// Whether rows of a batch may come to point at rows that are deleted, or lose what is pointed at, along with rows of another.
pub(super) fn points_at_what_may_go(batch: &RowBatch, other: &RowBatch) -> bool {
    batch.table.foreign_keys.iter().any(|key| arrives(batch, key) && may_lose(key, other))
}

/// Whether rows that a key points at may be deleted, or lose the values it points at, along with rows of a batch.
pub(super) fn may_lose(key: &ForeignKey, other: &RowBatch) -> bool {
    let target = (key.target)();
    other.operation == Operation::Delete && cascades_delete(target.table, other, &mut Vec::new())
        || cascades_update(target.table, target.places, other, &mut Vec::new())
}

/// Whether rows of a table get other values in some columns along with rows of a batch.
pub(super) fn cascades_update(
    table: &'static TableMeta,
    places: &[usize],
    other: &RowBatch,
    seen: &mut Vec<&'static TableMeta>,
) -> bool {
    if seen.contains(&table) || !other.is_stored() {
        return false;
    }
    seen.push(table);
    let is_in = |key: &&ForeignKey| key.columns.iter().any(|place| places.contains(place));
    table.foreign_keys.iter().filter(is_in).any(|key| {
        let target = (key.target)();
        if other.operation == Operation::Delete
            && key.on_delete.acts()
            && (target.table == other.table || cascades_delete(target.table, other, &mut Vec::new()))
        {
            return true;
        }
        key.on_update.acts()
            && (target.table == other.table && other.changes(target.places)
                || cascades_update(target.table, target.places, other, seen))
    })
}

/// Whether the other batch can, by cascades through rows that are not loaded, delete a row of this batch before the flush
/// changes it, or overwrite a value that the flush sets.
pub(super) fn is_hurt_by(batch: &RowBatch, key: &ForeignKey, other: &RowBatch) -> bool {
    let target = (key.target)();
    let goes = other.operation == Operation::Delete
        && key.on_delete == Action::Cascade
        && cascades_delete(target.table, other, &mut Vec::new());
    let is_partly_set = || leaves(batch, key) && !batch.sets_whole(key.columns.iter().copied());
    goes || cascades_update(batch.table, batch.table.primary_key, other, &mut Vec::new()) || is_partly_set()
}

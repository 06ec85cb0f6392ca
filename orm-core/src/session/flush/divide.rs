//! Takes the deletion of a row and the insert of one with the same key apart, where one UPDATE in their place makes no order.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::affect::affected;
use super::alone::alone;
use super::describe::circle;
use super::edge::certain_keys;
use super::row_batch::{Operation, RowBatch};
use super::schedule::Stuck;
use super::value::{Claim, Form, after, now, stored};
use crate::error::Error;
use crate::schema::{ForeignKey, TableMeta};
use crate::session::identity::Identity;

/// The groups with a deletion and an insert in the place of each of these rows, told by group and place in it.
pub(super) fn divided(mut groups: Vec<RowBatch>, mut rows: Vec<(usize, usize)>) -> Vec<RowBatch> {
    rows.sort_unstable();
    for &(group, nth) in rows.iter().rev() {
        let slot = groups[group].slots.remove(nth);
        let old = groups[group].replaced.remove(nth);
        let RowBatch { table, ref places, .. } = groups[group];
        let new = (Operation::Insert, Arc::clone(places), slot);
        for (operation, places, slot) in [(Operation::Delete, Arc::default(), old), new] {
            let alike = |batch: &&mut RowBatch| {
                batch.table == table && batch.operation == operation && batch.places == places
            };
            match groups.iter_mut().find(alike) {
                Some(batch) => batch.slots.push(slot),
                None => groups.push(RowBatch {
                    table,
                    operation,
                    places,
                    slots: vec![slot],
                    replaced: Vec::new(),
                }),
            }
        }
    }
    groups.retain(|group| !group.slots.is_empty());
    groups
}

/// The rows of a circle that take others over and are to be divided: those that no object points at, if there are any.
///
/// # Errors
/// If there are no such rows.
pub(super) fn to_divide(
    identity: &Identity,
    groups: &[RowBatch],
    stuck: &Stuck,
) -> Result<Vec<(usize, usize)>, Error> {
    if stuck.is_unknown {
        return Err(super::together::circle(groups[stuck.rows[0].0].table));
    }
    let over = stuck.rows.iter().filter(|(group, _)| groups[*group].operation == Operation::Replace);
    let over: Vec<(usize, usize)> = over.copied().collect();
    if over.is_empty() {
        return Err(circle(identity, groups, stuck));
    }
    let alone: Vec<_> =
        alone(identity, groups, &over)?.iter().map(|alone| (alone.group, alone.nth)).collect();
    Ok(if alone.is_empty() { over } else { alone })
}

/// The rows that take others over, where what the deletion of those would cascade to has a value that another row takes:
/// who adds that row means the other to be gone.
pub(super) fn in_the_way(identity: &Identity, groups: &[RowBatch]) -> Result<Vec<(usize, usize)>, Error> {
    let mut over: HashMap<(*const TableMeta, u32), (usize, usize)> = HashMap::new();
    let mut deleting = groups.to_vec();
    for (group, batch) in deleting.iter_mut().enumerate() {
        if batch.operation == Operation::Replace {
            let old = std::mem::take(&mut batch.replaced);
            over.extend(
                old.iter()
                    .enumerate()
                    .map(|(nth, &slot)| ((std::ptr::from_ref(batch.table), slot), (group, nth))),
            );
            (batch.operation, batch.slots) = (Operation::Delete, old);
        }
    }
    let mut rows = Vec::new();
    // A row whose key a cascade changes, or that a cascade deletes, cannot be taken over.
    for row in affected(identity, groups)?
        .rows
        .iter()
        .filter(|row| !row.leaves && (row.is_deleted || row.changes_key))
    {
        rows.extend(over.get(&(std::ptr::from_ref(row.table), row.slot)));
    }
    stay_with_what_goes(identity, groups, &mut rows)?;
    lent(identity, groups, &mut rows)?;
    let cascaded = affected(identity, &deleting)?;
    let goes = |batch: &&RowBatch| matches!(batch.operation, Operation::Delete | Operation::Replace);
    let going: HashSet<(*const TableMeta, u32)> = groups
        .iter()
        .filter(goes)
        .flat_map(|batch| {
            (0..batch.slots.len()).map(|nth| (std::ptr::from_ref(batch.table), batch.stored_slot(nth)))
        })
        .collect();
    let mut takers = Takers { identity, groups, by_key: HashMap::new() };
    for row in cascaded.rows.iter().filter(|row| row.is_deleted && !row.leaves) {
        let Some(&place) = over.get(&(std::ptr::from_ref(row.origin.0), row.origin.1)) else { continue };
        if !going.contains(&(std::ptr::from_ref(row.table), row.slot)) && takers.want(row.table, row.slot)? {
            rows.push(place);
        }
    }
    rows.sort_unstable();
    rows.dedup();
    Ok(rows)
}

/// Rows whose keys others take before a cascade deletes them: those need the key to be free until then.
fn lent(identity: &Identity, groups: &[RowBatch], rows: &mut Vec<(usize, usize)>) -> Result<(), Error> {
    for (group, batch) in groups.iter().enumerate().filter(|(_, batch)| batch.operation == Operation::Replace)
    {
        let (key, Some(arena)) = (batch.table.primary_key, identity.any(batch.table)) else { continue };
        let mut taken: HashSet<Claim> = HashSet::new();
        for other in groups.iter().filter(|other| other.table == batch.table && other.changes(key)) {
            for nth in 0..other.slots.len() {
                taken.extend(after(identity, arena, other, nth, key, Form::Exact)?);
            }
        }
        for nth in (0..batch.slots.len()).filter(|_| !taken.is_empty()) {
            if stored(arena, batch.stored_slot(nth), key)?.is_some_and(|claim| taken.contains(&claim)) {
                rows.push((group, nth));
            }
        }
    }
    Ok(())
}

/// Rows that would go on pointing, by a part of their keys, at rows which go or get other keys.
fn stay_with_what_goes(
    identity: &Identity,
    groups: &[RowBatch],
    rows: &mut Vec<(usize, usize)>,
) -> Result<(), Error> {
    for (group, batch) in groups.iter().enumerate().filter(|(_, batch)| batch.operation == Operation::Replace)
    {
        let Some(arena) = identity.any(batch.table) else { continue };
        let is_in_key =
            |key: &&ForeignKey| key.columns.iter().any(|place| batch.table.primary_key.contains(place));
        for key in batch.table.foreign_keys.iter().filter(is_in_key) {
            let target = (key.target)();
            let Some(targets) = identity.any(target.table) else { continue };
            let mut going: HashSet<Claim> = HashSet::new();
            for other in groups.iter().filter(|other| other.table == target.table) {
                if other.operation == Operation::Delete || other.changes(target.places) {
                    for nth in 0..other.slots.len() {
                        going.extend(stored(targets, other.stored_slot(nth), target.places)?);
                    }
                }
            }
            for nth in (0..batch.slots.len()).filter(|_| !going.is_empty()) {
                if stored(arena, batch.stored_slot(nth), key.columns)?
                    .is_some_and(|claim| going.contains(&claim))
                {
                    rows.push((group, nth));
                }
            }
        }
    }
    Ok(())
}

/// A table, and the columns of a key of it.
type KeyColumns = (*const TableMeta, Vec<usize>);

/// Who takes which values of the keys of a table: objects by the values.
struct Takers<'a> {
    identity: &'a Identity,
    groups: &'a [RowBatch],
    by_key: HashMap<KeyColumns, HashMap<Claim, Vec<u32>>>,
}

impl Takers<'_> {
    /// Whether another row of the flush takes a value of an object, which keeps it.
    fn want(&mut self, table: &'static TableMeta, slot: u32) -> Result<bool, Error> {
        let Some(arena) = self.identity.any(table) else { return Ok(false) };
        for places in certain_keys(table) {
            let Some(claim) = now(arena, slot, &places)? else { continue };
            let key = (std::ptr::from_ref(table), places);
            if !self.by_key.contains_key(&key) {
                let taken = self.taken(table, &key.1)?;
                self.by_key.insert(key.clone(), taken);
            }
            let takers = self.by_key.get(&key).and_then(|taken| taken.get(&claim));
            if takers.into_iter().flatten().any(|taker| *taker != slot) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn taken(&self, table: &'static TableMeta, places: &[usize]) -> Result<HashMap<Claim, Vec<u32>>, Error> {
        let mut taken: HashMap<Claim, Vec<u32>> = HashMap::new();
        let Some(arena) = self.identity.any(table) else { return Ok(taken) };
        let takes = |batch: &&RowBatch| {
            batch.table == table && (batch.operation == Operation::Insert || batch.changes(places))
        };
        for batch in self.groups.iter().filter(takes) {
            for nth in 0..batch.slots.len() {
                if let Some(claim) = after(self.identity, arena, batch, nth, places, Form::Exact)? {
                    taken.entry(claim).or_default().push(batch.stored_slot(nth));
                }
            }
        }
        Ok(taken)
    }
}

//! Takes the deletion of a row and the insert of one with the same key apart, where one UPDATE in their place makes no order.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::affect::affected;
use super::collect::{Batch, Operation};
use super::edge::certain_keys;
use super::edge::value::{Claim, Form, after, now, stored};
use crate::error::Error;
use crate::schema::{ForeignKey, TableMeta};
use crate::session::identity::Identity;

/// The groups with a deletion and an insert in the place of each of these rows, told by group and place in it.
pub(super) fn divided(mut groups: Vec<Batch>, mut rows: Vec<(usize, usize)>) -> Vec<Batch> {
    rows.sort_unstable();
    for &(group, nth) in rows.iter().rev() {
        let slot = groups[group].slots.remove(nth);
        let old = groups[group].replaced.remove(nth);
        let Batch { table, ref places, .. } = groups[group];
        let new = (Operation::Insert, Arc::clone(places), slot);
        for (operation, places, slot) in [(Operation::Delete, Arc::default(), old), new] {
            let alike = |batch: &&mut Batch| {
                batch.table == table && batch.operation == operation && batch.places == places
            };
            match groups.iter_mut().find(alike) {
                Some(batch) => batch.slots.push(slot),
                None => {
                    groups.push(Batch { table, operation, places, slots: vec![slot], replaced: Vec::new() })
                }
            }
        }
    }
    groups.retain(|group| !group.slots.is_empty());
    groups
}

/// Those of some rows that no object points at: apart, they take nothing along.
pub(super) fn alone(
    identity: &Identity,
    groups: &[Batch],
    rows: &[(usize, usize)],
) -> Result<Vec<(usize, usize)>, Error> {
    let mut alone = Vec::new();
    for &(group, nth) in rows {
        let batch = &groups[group];
        let Some(targets) = identity.any(batch.table) else { continue };
        let mut is_alone = true;
        for arena in identity.arenas() {
            for key in arena.table().foreign_keys.iter().filter(|key| (key.target)().table == batch.table) {
                let own = stored(targets, batch.stored_slot(nth), (key.target)().places)?;
                for slot in arena.tracked() {
                    is_alone &= own.is_none() || stored(arena, slot, key.columns)? != own;
                }
            }
        }
        if is_alone {
            alone.push((group, nth));
        }
    }
    Ok(alone)
}

/// The rows that take others over, where what the deletion of those would take along has a value that another row takes:
/// who adds that row means the other to be gone.
pub(super) fn in_the_way(identity: &Identity, groups: &[Batch]) -> Result<Vec<(usize, usize)>, Error> {
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
    // A row whose key changes along, or that goes along, cannot be taken over.
    for row in affected(identity, groups)?
        .rows
        .iter()
        .filter(|row| !row.leaves && (row.is_deleted || row.changes_key))
    {
        rows.extend(over.get(&(std::ptr::from_ref(row.table), row.slot)));
    }
    stay_with_what_goes(identity, groups, &mut rows)?;
    let along = affected(identity, &deleting)?;
    for row in along.rows.iter().filter(|row| row.is_deleted && !row.leaves) {
        let Some(&place) = over.get(&(std::ptr::from_ref(row.origin.0), row.origin.1)) else { continue };
        let goes_itself = groups.iter().any(|batch| {
            batch.table == row.table
                && matches!(batch.operation, Operation::Delete | Operation::Replace)
                && (0..batch.slots.len()).any(|nth| batch.stored_slot(nth) == row.slot)
        });
        if !goes_itself && !rows.contains(&place) && is_in_the_way(identity, groups, row.table, row.slot)? {
            rows.push(place);
        }
    }
    rows.sort_unstable();
    rows.dedup();
    Ok(rows)
}

/// Rows that would go on pointing, by a part of their keys, at rows which go or get other keys.
fn stay_with_what_goes(
    identity: &Identity,
    groups: &[Batch],
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

/// Whether another row of the flush takes a value of an object, which keeps it.
fn is_in_the_way(
    identity: &Identity,
    groups: &[Batch],
    table: &'static TableMeta,
    slot: u32,
) -> Result<bool, Error> {
    let Some(arena) = identity.any(table) else { return Ok(false) };
    for places in certain_keys(table) {
        let Some(claim) = now(arena, slot, &places)? else { continue };
        let takers = groups.iter().filter(|batch| {
            batch.table == table && (batch.operation == Operation::Insert || batch.changes(&places))
        });
        for batch in takers {
            for nth in (0..batch.slots.len()).filter(|&nth| batch.stored_slot(nth) != slot) {
                let taken: Option<Claim> = after(identity, arena, batch, nth, &places, Form::Exact)?;
                if taken.is_some_and(|taken| taken == claim) {
                    return Ok(true);
                }
            }
        }
    }
    Ok(false)
}

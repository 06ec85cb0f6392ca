//! Rows that come to refer to rows which may go along with others: what is not loaded, nobody knows before the server.

use std::collections::HashSet;

use super::Reason;
use super::along::goes_along;
use super::foreign_key::{arrives, leaves};
use super::row::Rows;
use super::value::{Claim, Form, after, now};
use crate::error::Error;
use crate::schema::{Action, ForeignKey, TableMeta};
use crate::session::flush::affect::Affected;
use crate::session::flush::collect::{Batch, Operation};
use crate::session::identity::Identity;

/// Whether rows of a batch may come to point at rows that are deleted, or lose what is pointed at, along with rows of another.
pub(super) fn points_at_what_may_go(batch: &Batch, other: &Batch) -> bool {
    batch.table.foreign_keys.iter().any(|key| arrives(batch, key) && may_lose(key, other))
}

/// Whether rows that a key points at may be deleted, or lose the values it points at, along with rows of a batch.
fn may_lose(key: &ForeignKey, other: &Batch) -> bool {
    let target = (key.target)();
    other.operation == Operation::Delete && goes_along(target.table, other, &mut Vec::new())
        || changes_along(target.table, target.places, other, &mut Vec::new())
}

/// Whether rows of a table get other values in some columns along with rows of a batch.
fn changes_along(
    table: &'static TableMeta,
    places: &[usize],
    other: &Batch,
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
            && (target.table == other.table || goes_along(target.table, other, &mut Vec::new()))
        {
            return true;
        }
        key.on_update.acts()
            && (target.table == other.table && other.changes(target.places)
                || changes_along(target.table, target.places, other, seen))
    })
}

/// Whether a row of a batch that goes along with rows of another, by way of rows that are not loaded, would be missed by what
/// the flush itself does with it, or lose a part of what that sets.
pub(super) fn is_hurt_by(batch: &Batch, key: &ForeignKey, other: &Batch) -> bool {
    let target = (key.target)();
    let goes = other.operation == Operation::Delete
        && key.on_delete == Action::Cascade
        && goes_along(target.table, other, &mut Vec::new());
    let is_partly_set = || leaves(batch, key) && !key.columns.iter().all(|&place| batch.sets(place));
    goes || changes_along(batch.table, batch.table.primary_key, other, &mut Vec::new()) || is_partly_set()
}

/// A row that comes to point at one which is not loaded, or that hangs on one which is not, goes behind what may delete that
/// along: PostgreSQL refuses the reference then, and would let go of it, or delete the row, if it came before.
pub(super) fn between_rows(rows: &mut Rows<'_>) -> Result<(), Error> {
    let groups = rows.groups;
    let tables = rows.tables();
    for (group, batch) in tables.iter().flat_map(|table| rows.members_of(table)).collect::<Vec<_>>() {
        for key in batch.table.foreign_keys.iter().filter(|key| arrives(batch, key)) {
            let takers: Vec<(usize, &Batch)> =
                groups.iter().enumerate().filter(|(_, other)| may_lose(key, other)).collect();
            if takers.is_empty() {
                continue;
            }
            let arriving: Vec<usize> =
                arriving(rows, batch, key)?.into_iter().map(|nth| rows.number(group, nth)).collect();
            let (own, others): (Vec<_>, Vec<_>) = takers.into_iter().partition(|(taker, _)| *taker == group);
            let others = rows.rows_of(&others);
            rows.all_before(&others, &arriving, Reason::Caution);
            for &first in rows.rows_of(&own).iter().take(MANY) {
                arriving.iter().for_each(|&row| rows.edge(first, row, Reason::Caution));
            }
        }
    }
    Ok(())
}

/// How many rows of one group are held against each other where any of them may concern any.
const MANY: usize = 64;

/// The rows of a batch that come to point at a row of which nobody knows what it hangs on, by their places in it.
fn arriving(rows: &mut Rows<'_>, batch: &Batch, key: &ForeignKey) -> Result<Vec<usize>, Error> {
    let (target, arena) = ((key.target)(), rows.arena(batch.table)?);
    let mut known: HashSet<Claim> = HashSet::new();
    if let Some(targets) = rows.identity.any(target.table) {
        let unsure = rows.affected.unsure.iter().filter(|(table, _)| *table == target.table);
        let unsure: HashSet<u32> = unsure.map(|(_, slot)| *slot).collect();
        for slot in targets.tracked().into_iter().filter(|slot| !unsure.contains(slot)) {
            known.extend(now(targets, slot, target.places)?);
        }
        known.extend(rows.values(target.table, target.places)?.taken.keys().cloned());
    }
    let mut arriving = Vec::new();
    for nth in 0..batch.slots.len() {
        let claim = after(rows.identity, arena, batch, nth, key.columns, Form::Exact)?;
        if claim.is_some_and(|claim| !known.contains(&claim)) {
            arriving.push(nth);
        }
    }
    Ok(arriving)
}

/// References that are written before, or with, something that may take along what they refer to.
pub(in crate::session::flush) struct Unsure {
    pub(in crate::session::flush) key: &'static ForeignKey,
    /// The rows that refer.
    pub(in crate::session::flush) batch: Batch,
}

/// Those of a plan, by its steps: PostgreSQL looks at a reference when it is written, and not again.
pub(in crate::session::flush) fn unsure_references(
    identity: &Identity,
    steps: &[Vec<&Batch>],
    affected: &Affected,
) -> Result<Vec<Unsure>, Error> {
    let mut referring: Vec<(&Batch, &'static ForeignKey)> = Vec::new();
    // One batch of each shape is enough.
    let mut later: Vec<&Batch> = Vec::new();
    for step in steps.iter().rev() {
        for &batch in step.iter().filter(|batch| batch.is_stored()) {
            if !later.iter().any(|other| other.is_like(batch)) {
                later.push(batch);
            }
        }
        for &batch in step {
            let keys = batch.table.foreign_keys.iter().filter(|key| arrives(batch, key));
            let keys = keys.filter(|key| later.iter().any(|other| may_lose(key, other)));
            referring.extend(keys.map(|key| (batch, key)));
        }
    }
    if referring.is_empty() {
        return Ok(Vec::new());
    }
    let batches: Vec<Batch> = steps.iter().flatten().copied().cloned().collect();
    let mut rows = Rows::new(identity, &batches, &[], affected);
    let mut found = Vec::new();
    for (batch, key) in referring {
        let mut unsure = batch.emptied();
        arriving(&mut rows, batch, key)?.into_iter().for_each(|nth| unsure.take(batch, nth));
        if !unsure.slots.is_empty() {
            found.push(Unsure { key, batch: unsure });
        }
    }
    Ok(found)
}

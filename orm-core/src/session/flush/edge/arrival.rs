//! Rows that will refer to rows which are not loaded and which another operation of the flush may delete by a cascade.

use std::collections::HashSet;

use super::Reason;
use super::foreign_key::arrives;
use super::reach::may_lose;
use super::row::EdgeRows;
use crate::error::Error;
use crate::schema::ForeignKey;
use crate::session::flush::affect::Affected;
use crate::session::flush::row_batch::RowBatch;
use crate::session::flush::value::{Claim, Form, after, now};
use crate::session::identity::Identity;

/// A row that will refer to a row which is not loaded, or depends on one, is written after whatever may delete that row by a
/// cascade. PostgreSQL then refuses the reference; written before, the reference would be set to NULL, or the row deleted.
pub(super) fn between_rows(rows: &mut EdgeRows<'_>) -> Result<(), Error> {
    let groups = rows.groups;
    let tables = rows.tables();
    for (group, batch) in tables.iter().flat_map(|table| rows.members_of(table)).collect::<Vec<_>>() {
        for key in batch.table.foreign_keys.iter().filter(|key| arrives(batch, key)) {
            let takers: Vec<(usize, &RowBatch)> =
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

/// The rows of a batch that will refer to a row whose own references are not known, by their places in the batch.
fn arriving(rows: &mut EdgeRows<'_>, batch: &RowBatch, key: &ForeignKey) -> Result<Vec<usize>, Error> {
    let (target, arena) = ((key.target)(), rows.arena(batch.table)?);
    let mut known: HashSet<Claim> = HashSet::new();
    if let Some(targets) = rows.identity.any(target.table) {
        // What leaves is written before what may cascade to it.
        let unsure = rows.affected.unsure.iter().filter(|row| row.table == target.table && !row.leaves);
        let unsure: HashSet<u32> = unsure.map(|row| row.slot).collect();
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

/// References that are written before, or together with, an operation that may delete their targets by a cascade.
pub(in crate::session::flush) struct Unsure {
    pub(in crate::session::flush) key: &'static ForeignKey,
    /// The rows that refer.
    pub(in crate::session::flush) batch: RowBatch,
}

/// Those of a plan, by its steps: PostgreSQL looks at a reference when it is written, and not again.
pub(in crate::session::flush) fn unsure_references(
    identity: &Identity,
    steps: &[Vec<&RowBatch>],
    affected: &Affected,
) -> Result<Vec<Unsure>, Error> {
    let mut referring: Vec<(&RowBatch, &'static ForeignKey)> = Vec::new();
    // One batch of each shape is enough.
    let mut later: Vec<&RowBatch> = Vec::new();
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
    let batches: Vec<RowBatch> = steps.iter().flatten().copied().cloned().collect();
    let mut rows = EdgeRows::new(identity, &batches, &[], affected);
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

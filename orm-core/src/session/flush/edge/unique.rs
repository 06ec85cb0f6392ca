//! Who gives a unique value up goes before who takes it.

use std::collections::HashMap;

use super::Reason;
use super::row::{EdgeRows, until_written};
use super::unique_key::{UniqueKey, unique_keys};
use crate::error::Error;
use crate::schema::TableMeta;
use crate::session::flush::affect::{Affected, AffectedRow};
use crate::session::flush::row_batch::{Operation, RowBatch};
use crate::session::flush::value::{Claim, Form, after, before, between, now, stored};

/// Whether rows of a table may go, or give values up, along with rows of a batch.
fn may_free(table: &'static TableMeta, batch: &RowBatch, seen: &mut Vec<&'static TableMeta>) -> bool {
    if seen.contains(&table) || !batch.is_stored() {
        return false;
    }
    seen.push(table);
    table.foreign_keys.iter().any(|key| {
        let target = (key.target)();
        let is_delete = batch.operation == Operation::Delete;
        let action = if is_delete { key.on_delete } else { key.on_update };
        action.acts()
            && (target.table == batch.table && (is_delete || batch.changes(target.places))
                || may_free(target.table, batch, seen))
    })
}

/// Whether rows of a table that are not loaded may go, or give values up, along with rows of a batch.
pub(in crate::session::flush) fn may_free_rows(table: &'static TableMeta, batch: &RowBatch) -> bool {
    may_free(table, batch, &mut Vec::new())
}

pub(super) fn between_groups(groups: &[RowBatch], edges: &mut Vec<(usize, usize)>) {
    if !groups.iter().any(RowBatch::is_stored) {
        return;
    }
    for (then, taker) in groups.iter().enumerate().filter(|(_, batch)| batch.operation != Operation::Delete) {
        let keys = unique_keys(taker.table);
        let takes: Vec<&UniqueKey> = keys.iter().filter(|key| key.is_taken_by(taker)).collect();
        if takes.is_empty() {
            continue;
        }
        for (first, giver) in groups.iter().enumerate() {
            let gives = giver.table == taker.table && takes.iter().any(|key| key.is_released_by(giver));
            // A single row makes no room for itself.
            let is_alone = first == then && giver.slots.len() < 2;
            if gives && !is_alone || first != then && may_free_rows(taker.table, giver) {
                edges.push((first, then));
            }
        }
    }
}

/// Who gives a value up: one that is known to be like no other, or one with NULL in it, which may be like others
/// (`NULLS NOT DISTINCT`).
#[derive(Default)]
struct Givers {
    whole: HashMap<Claim, Vec<Giver>>,
    with_null: HashMap<Claim, Vec<Giver>>,
}

/// A row of the flush that gives a value up.
#[derive(Clone, Copy)]
struct Giver {
    row: usize,
    /// The object that has the value and that the row cascades to, if it is not the row's own.
    cascaded: Option<u32>,
    /// Whether it has the value only where something else comes before it.
    is_interim: bool,
}

impl Giver {
    fn itself(row: usize) -> Giver {
        Giver { row, cascaded: None, is_interim: false }
    }

    /// Why another row waits for it. What a cascade changes gives its values up when the statement ends.
    fn reason(&self, reason: Reason) -> Reason {
        match reason {
            Reason::Unique if self.is_interim => Reason::Interim,
            Reason::Unique if self.cascaded.is_some() => Reason::Separate,
            Reason::Guess { .. } => Reason::Guess { by_cascade: self.cascaded.is_some() },
            _ => reason,
        }
    }
}

pub(super) fn between_rows(rows: &mut EdgeRows<'_>, affected: &Affected) -> Result<(), Error> {
    for table in rows.tables() {
        for key in &unique_keys(table) {
            let members: Vec<(usize, &RowBatch)> = rows.members_of(table).collect();
            let takers: Vec<_> =
                members.iter().filter(|(_, batch)| key.is_taken_by(batch)).copied().collect();
            let is_cascaded = |row: &AffectedRow| {
                !row.is_deleted && row.table == table && affected.changes(table, row.slot, &key.places)
            };
            if takers.is_empty() && !affected.rows.iter().any(is_cascaded) {
                continue;
            }
            let givers: Vec<_> =
                members.iter().filter(|(_, batch)| key.is_released_by(batch)).copied().collect();
            let released = released(rows, table, key, &givers, affected)?;
            take(rows, key, &takers, &released, affected)?;
            take_by_cascade(rows, table, key, &released, affected)?;
            if !key.is_certain {
                in_turn(rows, &givers, &takers);
            }
        }
        // What a cascade reaches may not be loaded.
        let members: Vec<(usize, &RowBatch)> = rows.members_of(table).collect();
        let groups = rows.groups;
        for (group, batch) in groups.iter().enumerate() {
            if may_free_rows(table, batch) {
                let takers: Vec<_> = members
                    .iter()
                    .filter(|(other, taker)| *other != group && taker.operation != Operation::Delete)
                    .copied()
                    .collect();
                rows.through_a_point(&[(group, batch)], &takers);
                let held: Vec<usize> = held_by_others(rows, affected, &takers);
                let first = rows.rows_of(&[(group, batch)]);
                rows.all_before(&first, &held, Reason::Caution);
            }
        }
    }
    Ok(())
}

/// The rows of some batches that get keys of rows which are not loaded.
fn held_by_others(rows: &EdgeRows<'_>, affected: &Affected, takers: &[(usize, &RowBatch)]) -> Vec<usize> {
    let mut held = Vec::new();
    for (group, batch) in takers.iter().filter(|_| !affected.held.is_empty()) {
        let is_held = |nth: &usize| affected.is_held(batch.table, batch.slots[*nth]);
        held.extend((0..batch.slots.len()).filter(is_held).map(|nth| rows.number(*group, nth)));
    }
    held
}

fn released(
    rows: &mut EdgeRows<'_>,
    table: &'static TableMeta,
    key: &UniqueKey,
    givers: &[(usize, &RowBatch)],
    affected: &Affected,
) -> Result<Givers, Error> {
    let arena = rows.arena(table)?;
    let mut released = Givers::default();
    for (group, batch) in givers {
        for nth in 0..batch.slots.len() {
            let row = rows.number(*group, nth);
            if let Some(predicate) = &key.predicate
                && !predicate.holds_before(arena, batch.stored_slot(nth))?
            {
                continue;
            }
            if let Some(claim) = before(arena, batch, nth, &key.places, key.form)? {
                released.whole.entry(claim).or_default().push(Giver::itself(row));
            } else if let Some(claim) = before(arena, batch, nth, &key.places, Form::NullsAlike)? {
                released.with_null.entry(claim).or_default().push(Giver::itself(row));
            }
        }
    }
    if key.form == Form::Exact {
        for taken in affected.rows.iter().filter(|taken| taken.table == table) {
            if let Some(predicate) = &key.predicate
                && !predicate.holds_before(arena, taken.slot)?
                && !predicate.holds_now(arena, taken.slot)?
            {
                continue;
            }
            if let Some((row, claim)) = until_its_own(rows, taken, &key.places)? {
                let giver = Giver { row, cascaded: None, is_interim: true };
                released.whole.entry(claim).or_default().push(giver);
            }
            let changes = taken.is_deleted || affected.changes(table, taken.slot, &key.places);
            if taken.leaves || !changes {
                continue;
            }
            // What the flush itself does with it is done before.
            if let Some(predicate) = &key.predicate
                && rows.row_of(table, taken.slot).is_some()
                && !predicate.holds_now(arena, taken.slot)?
            {
                continue;
            }
            let Some(origin) = rows.row_of(taken.origin.0, taken.origin.1) else { continue };
            if let Some(claim) = held(rows, taken, &key.places)? {
                let giver = Giver { row: origin, cascaded: Some(taken.slot), is_interim: false };
                released.whole.entry(claim).or_default().push(giver);
            }
        }
    }
    Ok(released)
}

/// The values that a cascade gives a row and that it holds until the flush itself changes it in these columns, or deletes it, if that
/// comes later; with the number of the row.
fn until_its_own(
    rows: &mut EdgeRows<'_>,
    taken: &AffectedRow,
    places: &[usize],
) -> Result<Option<(usize, Claim)>, Error> {
    let arena = rows.arena(taken.table)?;
    let Some(row) = rows.row_of(taken.table, taken.slot).filter(|_| !taken.is_deleted) else {
        return Ok(None);
    };
    let batch = &rows.groups[rows.group_of(row)];
    if batch.operation != Operation::Delete && !batch.changes(places) {
        return Ok(None);
    }
    let claim = until_written(rows.affected, arena, taken.table, taken.slot, places)?;
    Ok(claim.map(|claim| (row, claim)))
}

/// The values that a row has when another cascades to it: what the flush itself does with it is done before.
fn held(rows: &mut EdgeRows<'_>, taken: &AffectedRow, places: &[usize]) -> Result<Option<Claim>, Error> {
    let arena = rows.arena(taken.table)?;
    if let Some(row) = rows.row_of(taken.table, taken.slot) {
        let group = rows.group_of(row);
        let batch = &rows.groups[group];
        match batch.operation {
            Operation::Delete => return Ok(None),
            Operation::Update if batch.changes(places) => {
                return between(arena, batch, row - rows.number(group, 0), places, Form::Exact);
            }
            _ => {}
        }
    }
    stored(arena, taken.slot, places)
}

/// A row that takes a value by a cascade does so with what cascades to it.
fn take_by_cascade(
    rows: &mut EdgeRows<'_>,
    table: &'static TableMeta,
    key: &UniqueKey,
    released: &Givers,
    affected: &Affected,
) -> Result<(), Error> {
    let arena = rows.arena(table)?;
    let cascaded = affected.rows.iter().filter(|row| !row.is_deleted && row.table == table);
    for row in cascaded.filter(|row| affected.changes(table, row.slot, &key.places)) {
        let Some(origin) = rows.row_of(row.origin.0, row.origin.1) else { continue };
        if let Some(predicate) = &key.predicate
            && !predicate.holds_now(arena, row.slot)?
        {
            continue;
        }
        let Some(claim) = now(arena, row.slot, &key.places)? else { continue };
        for first in released.whole.get(&claim).into_iter().flatten().take(MANY) {
            rows.edge(first.row, origin, Reason::Caution);
        }
    }
    Ok(())
}

/// Who takes a value comes after who gives it up.
fn take(
    rows: &mut EdgeRows<'_>,
    key: &UniqueKey,
    takers: &[(usize, &RowBatch)],
    released: &Givers,
    affected: &Affected,
) -> Result<(), Error> {
    if released.whole.is_empty() && released.with_null.is_empty() {
        return Ok(());
    }
    let reason = match key.is_certain {
        true => Reason::of(key.deferrable, Reason::Unique),
        false => Reason::Guess { by_cascade: false },
    };
    for (group, batch) in takers {
        let arena = rows.arena(batch.table)?;
        for nth in 0..batch.slots.len() {
            let row = rows.number(*group, nth);
            if let Some(predicate) = &key.predicate
                && !predicate.holds_after(arena, batch, nth)?
            {
                continue;
            }
            if batch.operation == Operation::Update
                && affected.changes(batch.table, batch.slots[nth], &key.places)
            {
                let claim = between(arena, batch, nth, &key.places, key.form)?;
                let givers = claim.and_then(|claim| released.whole.get(&claim));
                let others =
                    givers.into_iter().flatten().filter(|giver| giver.cascaded != Some(batch.slots[nth]));
                for first in others.take(MANY) {
                    rows.edge(first.row, row, first.reason(reason));
                }
            }
            let claim = after(rows.identity, arena, batch, nth, &key.places, key.form)?;
            let (givers, reason) = match claim {
                Some(claim) => (released.whole.get(&claim), reason),
                None if released.with_null.is_empty() => (None, reason),
                None => {
                    let claim = after(rows.identity, arena, batch, nth, &key.places, Form::NullsAlike)?;
                    // Of an index that may have none of these rows that is too much to guess.
                    let reason =
                        if key.is_certain { Reason::Guess { by_cascade: false } } else { Reason::Hint };
                    (claim.and_then(|claim| released.with_null.get(&claim)), reason)
                }
            };
            // Many that seem alike are hardly so.
            let slot = Some(batch.slots[nth]).filter(|_| batch.operation == Operation::Update);
            let others = givers
                .into_iter()
                .flatten()
                .filter(|giver| giver.cascaded.is_none() || giver.cascaded != slot);
            for first in others.take(MANY) {
                rows.edge(first.row, row, first.reason(reason));
            }
        }
    }
    Ok(())
}

/// How many rows that may give up one value are held against each that may take it.
const MANY: usize = 16;
/// How many rows may change such values at most, so that other orders of them are tried.
const MANY_TRIED: usize = 8;

/// Where nobody but PostgreSQL knows which rows are alike, deletions go first, and new rows last.
fn in_turn(rows: &mut EdgeRows<'_>, givers: &[(usize, &RowBatch)], takers: &[(usize, &RowBatch)]) {
    let is = |wanted: fn(Operation) -> bool| move |(_, batch): &&(usize, &RowBatch)| wanted(batch.operation);
    let deleted: Vec<_> =
        givers.iter().filter(is(|operation| operation == Operation::Delete)).copied().collect();
    let changed = |operation| matches!(operation, Operation::Update | Operation::Replace);
    let giving: Vec<_> = givers.iter().filter(is(changed)).copied().collect();
    let taking: Vec<_> = takers.iter().filter(is(changed)).copied().collect();
    let new: Vec<_> = takers.iter().filter(is(|operation| operation == Operation::Insert)).copied().collect();
    rows.through_a_point(&deleted, &taking);
    rows.through_a_point(&deleted, &new);
    rows.through_a_point(&giving, &new);
    // Which of some changed rows makes room for which shows when they are sent.
    if (2..=MANY_TRIED).contains(&rows.rows_of(&taking).len()) {
        rows.are_uncertain();
    }
}

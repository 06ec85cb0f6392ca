//! Refuses references to rows that go.

use std::collections::{HashMap, HashSet};

use super::foreign_key::{arrives, frees};
use super::reach::may_lose;
use super::row::{EdgeRows, until_written};
use crate::error::Error;
use crate::model::NewValue;
use crate::schema::{ForeignKey, Target};
use crate::session::flush::affect::Affected;
use crate::session::flush::row_batch::{Operation, RowBatch};
use crate::session::flush::value::{Claim, Form, after, before, now, stored};
use crate::session::identity::{AnyArena, Identity};

/// Refuses a reference to a row that goes, or whose key nothing has when the flush is done.
pub(in crate::session::flush) fn check_references(
    identity: &Identity,
    groups: &[RowBatch],
    affected: &Affected,
) -> Result<(), Error> {
    // The rows of one group refer to no other unless their table refers to itself.
    if let [only] = groups
        && only.table.foreign_keys.iter().all(|key| (key.target)().table != only.table)
    {
        return Ok(());
    }
    let mut rows = EdgeRows::new(identity, groups, &[], affected);
    for batch in groups.iter().filter(|batch| batch.operation != Operation::Delete) {
        for key in batch.table.foreign_keys.iter().filter(|key| arrives(batch, key)) {
            let target = (key.target)();
            let is_loaded = identity.any(target.table).is_some();
            let frees = |other: &RowBatch| other.table == target.table && frees(other, target.places);
            let is_target = |other: &RowBatch| frees(other) || is_loaded && may_lose(key, other);
            if groups.iter().any(is_target) || affected.rows.iter().any(|row| row.table == target.table) {
                check(&mut rows, batch, key)?;
            }
        }
    }
    Ok(())
}

fn check(rows: &mut EdgeRows<'_>, batch: &RowBatch, key: &ForeignKey) -> Result<(), Error> {
    let target = (key.target)();
    let (arena, targets) = (rows.arena(batch.table)?, rows.arena(target.table)?);
    let gone: Vec<u32> = rows.affected.deleted_of(target.table).collect();
    // What a cascade changes or deletes, by the values it would have, with its row in the flush if it is changed there too.
    let mut cascaded: HashMap<Claim, Option<usize>> = HashMap::new();
    for &slot in &gone {
        let row = rows.row_of(target.table, slot);
        cascaded.extend(now(targets, slot, target.places)?.map(|claim| (claim, row)));
    }
    // A cascade may have given a row another key before that is deleted: by it, and what it was.
    let mut deleted: HashMap<Claim, Option<Claim>> = HashMap::new();
    for batch in rows.groups.iter().filter(|batch| batch.operation == Operation::Delete) {
        for &slot in batch.slots.iter().filter(|_| batch.table == target.table) {
            let claim = until_written(rows.affected, targets, target.table, slot, target.places)?;
            if let Some(claim) = claim {
                deleted.insert(claim, stored(targets, slot, target.places)?);
            }
        }
    }
    // What the flush leaves as it is keeps its values from others.
    let mut kept: HashSet<Claim> = HashSet::new();
    for slot in targets.tracked().into_iter().filter(|_| !deleted.is_empty()) {
        if rows.row_of(target.table, slot).is_none() && !gone.contains(&slot) {
            kept.extend(now(targets, slot, target.places)?);
        }
    }
    deleted.retain(|claim, _| !kept.contains(claim));
    // A handle is the row it names, whatever its key becomes.
    let named = |slot: u32| {
        key.columns.iter().find_map(|&place| match arena.new_value(slot, place) {
            NewValue::Pending(pending) if pending.table == target.table => Some(pending.slot),
            _ => None,
        })
    };
    for nth in 0..batch.slots.len() {
        match named(batch.slots[nth]).filter(|_| batch.operation != Operation::Update) {
            Some(slot)
                if gone.contains(&slot)
                    || rows.deletes(target.table, slot)
                    || is_displaced(rows, target, targets, slot)? =>
            {
                return Err(refers_to_gone(batch, key));
            }
            Some(_) => continue,
            None => {}
        }
        let claim = after(rows.identity, arena, batch, nth, key.columns, Form::Exact)?;
        let Some(claim) = claim else { continue };
        let values = rows.values(target.table, target.places)?;
        let taken = values.taken.get(&claim).copied();
        // Whoever pointed at that row still does when it goes.
        let stays = |was: &Option<Claim>| match batch.operation {
            Operation::Update => Ok::<_, Error>(*was == before(arena, batch, nth, key.columns, Form::Exact)?),
            _ => Ok(false),
        };
        let goes = deleted.get(&claim).map(stays).transpose()?.is_some_and(|stays| stays || taken.is_none());
        let cascades_delete = cascaded.get(&claim).is_some_and(|row| taken.is_none() || taken == *row);
        if goes || cascades_delete || taken.is_none() && values.released.contains_key(&claim) {
            return Err(refers_to_gone(batch, key));
        }
    }
    Ok(())
}

/// Whether another row takes the key that a row has when the flush is done: it can only be gone by then.
fn is_displaced(
    rows: &mut EdgeRows<'_>,
    target: Target,
    targets: &dyn AnyArena,
    slot: u32,
) -> Result<bool, Error> {
    let brings = rows.bringing(target.table, slot, target.places).is_some();
    if brings || rows.affected.changes(target.table, slot, target.places) {
        return Ok(false);
    }
    let own = rows.row_of(target.table, slot);
    let Some(claim) = now(targets, slot, target.places)? else { return Ok(false) };
    let taker = rows.values(target.table, target.places)?.taken.get(&claim);
    Ok(taker.is_some_and(|taker| Some(*taker) != own))
}

fn refers_to_gone(batch: &RowBatch, key: &ForeignKey) -> Error {
    let columns: Vec<String> =
        key.columns.iter().map(|&place| format!("`{:?}`", batch.table.columns[place])).collect();
    let what = if batch.operation == Operation::Update { "a row of" } else { "a new row of" };
    Error::session(format!(
        "{} of {what} `{}` refers to a row of `{}` that the same flush deletes, or gives another key: refer to another row, or \
         keep that one",
        columns.join(", "),
        batch.table.entity,
        (key.target)().table.entity,
    ))
}

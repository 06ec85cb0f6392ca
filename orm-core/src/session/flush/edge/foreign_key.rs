//! What foreign keys make wait: a row for the row it points at, and a row that goes for those that point at it.

use super::Reason;
use super::row::EdgeRows;
use crate::error::Error;
use crate::model::NewValue;
use crate::schema::{Action, ForeignKey, TableMeta};
use crate::session::default_value::constant_defaults;
use crate::session::flush::row_batch::{Operation, RowBatch};
use crate::session::flush::value::{Form, after, before, between, inserted};

/// Whether rows of a batch may point at others than before.
pub(super) fn arrives(batch: &RowBatch, key: &ForeignKey) -> bool {
    match batch.operation {
        Operation::Insert | Operation::Replace => {
            key.columns.iter().any(|place| batch.places.contains(place))
        }
        _ => batch.changes(key.columns),
    }
}

/// Whether rows of a batch may point no more at those they point at.
pub(super) fn leaves(batch: &RowBatch, key: &ForeignKey) -> bool {
    batch.operation == Operation::Delete || batch.changes(key.columns)
}

/// Whether rows of a batch get the values that others point at. A row that takes another over is as good as new: what a
/// trigger of a row that refers to it counts there comes behind it.
pub(super) fn brings(batch: &RowBatch, places: &[usize]) -> bool {
    matches!(batch.operation, Operation::Insert | Operation::Replace) || batch.changes(places)
}

/// Whether rows of a batch point no more at rows that take others over: what a trigger of them counts there comes behind
/// that too.
fn counts_there(batch: &RowBatch, target: &RowBatch, key: &ForeignKey) -> bool {
    target.operation == Operation::Replace && batch.is_stored() && leaves(batch, key)
}

/// Whether rows of a batch lose the values that others point at.
pub(super) fn frees(batch: &RowBatch, places: &[usize]) -> bool {
    batch.operation == Operation::Delete || batch.changes(places)
}

/// Whether rows are found by columns that the key's `on_update` changes.
fn is_found_by(table: &TableMeta, key: &ForeignKey) -> bool {
    key.columns.iter().any(|place| table.primary_key.contains(place))
}

pub(super) fn between_groups(groups: &[RowBatch], edges: &mut Vec<(usize, usize)>) {
    for (child, batch) in groups.iter().enumerate() {
        for key in batch.table.foreign_keys {
            let target = (key.target)();
            if target.table == batch.table
                && !batch.is_stored()
                && arrives(batch, key)
                && batch.slots.len() > 1
            {
                // One statement, in which a row stands behind the one it refers to: a trigger may look there.
                edges.push((child, child));
            }
            let others = groups.iter().enumerate().filter(|(other, _)| *other != child);
            for (parent, other) in others.filter(|(_, other)| other.table == target.table) {
                let arrives = arrives(batch, key) && brings(other, target.places);
                if arrives || counts_there(batch, other, key) {
                    edges.push((parent, child));
                }
            }
        }
    }
}

/// What a key does to the rows that point at one of a batch.
pub(in crate::session::flush) fn action(key: &ForeignKey, target: &RowBatch) -> Action {
    if target.operation == Operation::Delete { key.on_delete } else { key.on_update }
}

pub(super) fn between_rows(rows: &mut EdgeRows<'_>) -> Result<(), Error> {
    for table in rows.tables() {
        for key in table.foreign_keys {
            let target = (key.target)();
            let members: Vec<(usize, &RowBatch)> = rows.members_of(table).collect();
            let targets: Vec<(usize, &RowBatch)> = rows.members_of(target.table).collect();
            let any_frees = targets.iter().any(|(_, batch)| frees(batch, target.places));
            let any_brings = targets.iter().any(|(_, batch)| brings(batch, target.places));
            for (group, batch) in members {
                if any_brings && arrives(batch, key) {
                    arrivals(rows, group, batch, key)?;
                }
                if (any_frees || any_brings) && batch.is_stored() {
                    departures(rows, group, batch, key)?;
                }
            }
        }
    }
    Ok(())
}

/// A row comes after the row it points at, with the key that has then.
fn arrivals(rows: &mut EdgeRows<'_>, group: usize, batch: &RowBatch, key: &ForeignKey) -> Result<(), Error> {
    let target = (key.target)();
    let arena = rows.arena(batch.table)?;
    let reason = Reason::of(key.deferrable, Reason::Reference);
    for nth in 0..batch.slots.len() {
        let row = rows.number(group, nth);
        let (from, mut follows) = (rows.edges(), None);
        if batch.operation != Operation::Update {
            for &place in key.columns {
                if let NewValue::Pending(pending) = arena.new_value(batch.slots[nth], place)
                    && let Some(first) = rows.bringing(pending.table, pending.slot, target.places)
                {
                    follows = can_follow(rows, batch, nth, key, first)?.then_some(first);
                    let value = rows.identity.referenced(pending, &batch.table.columns[place])?;
                    let reason = if rows.is_there(first, target.places) { Reason::Hint } else { reason };
                    rows.edge(first, row, if value.is_some() { reason } else { Reason::UnknownReference });
                }
            }
        }
        let claim = after(rows.identity, arena, batch, nth, key.columns, Form::Exact)?;
        let Some(claim) = claim else { continue };
        let values = rows.values(target.table, target.places)?;
        if let Some(&first) = values.taken.get(&claim) {
            let before = values.released.get(&claim).copied();
            let lost = values.lost.get(&claim).copied().filter(|_| key.on_delete.acts());
            // Both follow what `first` changes: the row may come before it too.
            if batch.operation == Operation::Update
                && let Some(at) = between(arena, batch, nth, key.columns, Form::Exact)?
                && at != claim
                && values.released.get(&at) == Some(&first)
            {
                continue;
            }
            let reason = match reason {
                _ if rows.is_there(first, target.places) => Reason::Hint,
                // What a cascade brings comes when the statement ends, maybe after the reference is looked at.
                Reason::Reference if rows.groups[rows.group_of(first)].table != target.table => {
                    Reason::Separate
                }
                reason => reason,
            };
            rows.edge(first, row, reason);
            // An action takes whatever has the value when the statement ends.
            if let Some(before) =
                before.filter(|&before| action(key, &rows.groups[rows.group_of(before)]).acts())
            {
                if before == row {
                    return Err(refers_to_its_old_key(batch, key));
                }
                rows.edge(before, row, Reason::Separate);
            }
            if let Some(lost) = lost {
                rows.edge(lost, row, Reason::Separate);
            }
        }
        if let Some(target) = follows {
            rows.may_follow(from, row, target);
        }
    }
    Ok(())
}

/// Whether a new row may refer to a row before that gets its new key, and is found then: by a key of its own.
fn can_follow(
    rows: &EdgeRows<'_>,
    batch: &RowBatch,
    nth: usize,
    key: &ForeignKey,
    target: usize,
) -> Result<bool, Error> {
    let changed = &rows.groups[rows.group_of(target)];
    if changed.operation != Operation::Update
        || key.on_update != Action::Cascade
        || is_found_by(batch.table, key)
    {
        return Ok(false);
    }
    let arena = rows.arena(batch.table)?;
    Ok(inserted(rows.identity, arena, batch.slots[nth], batch.table.primary_key)?.is_some())
}

/// The action would take the row itself for one that still points at its old key.
fn refers_to_its_old_key(batch: &RowBatch, key: &ForeignKey) -> Error {
    let columns: Vec<String> =
        key.columns.iter().map(|&place| format!("`{:?}`", batch.table.columns[place])).collect();
    Error::session(format!(
        "a row of `{}` gets another key, and {} are to refer to a row that takes its old one, which ON UPDATE would change too: \
         flush the new key first, then set the reference",
        batch.table.entity,
        columns.join(", "),
    ))
}

/// A row that points at one which goes, or gets another key, is changed or deleted before that.
fn departures(
    rows: &mut EdgeRows<'_>,
    group: usize,
    batch: &RowBatch,
    key: &ForeignKey,
) -> Result<(), Error> {
    let target = (key.target)();
    let arena = rows.arena(batch.table)?;
    let pairs = key.columns.iter().zip(target.places);
    let cascaded = pairs.filter(|(_, place)| rows.affected.changes_any(target.table, **place));
    let cascaded: Vec<usize> = cascaded.map(|(&column, _)| column).collect();
    for nth in 0..batch.slots.len() {
        let Some(claim) = before(arena, batch, nth, key.columns, Form::Exact)? else { continue };
        let values = rows.values(target.table, target.places)?;
        let (then, over) = (values.released.get(&claim).copied(), values.taken.get(&claim).copied());
        if let Some(first) = over.filter(|&row| rows.is_there(row, target.places))
            && leaves(batch, key)
        {
            rows.edge(first, rows.number(group, nth), Reason::Hint);
        }
        let Some(then) = then else { continue };
        let parent = &rows.groups[rows.group_of(then)];
        if let Some(mut reason) = departure(batch, parent, key, &cascaded) {
            // RESTRICT takes it for a row that still points there, where another row takes the value in the same statement.
            if action(key, parent) == Action::Restrict
                && after(rows.identity, arena, batch, nth, key.columns, Form::Exact)?.as_ref() == Some(&claim)
            {
                reason = Reason::Separate;
            }
            let row = rows.number(group, nth);
            match over {
                Some(taker) if reason == Reason::Reference && action(key, parent) == Action::NoAction => {
                    rows.departure(row, then, reason, taker);
                }
                _ => rows.edge(row, then, reason),
            }
        }
    }
    Ok(())
}

/// Why a row of a batch goes before a row it points at; `None` where it makes no difference. `cascaded` are the columns of the
/// key that may follow what cascades change there.
fn departure(batch: &RowBatch, parent: &RowBatch, key: &ForeignKey, cascaded: &[usize]) -> Option<Reason> {
    let action = action(key, parent);
    // It is found by its new key behind that, where this is known.
    let follows = match action {
        Action::Cascade => parent.operation != Operation::Delete,
        Action::SetDefault => constant_defaults(batch.table, key.columns).is_some(),
        _ => false,
    };
    let mut may_be_partly_set = false;
    let must = match (parent.operation, batch.operation) {
        // Both are gone by then, and a row that the cascade deleted would be missed.
        (Operation::Delete, Operation::Delete) if action == Action::Cascade => true,
        (Operation::Delete, _) if action == Action::Cascade => true,
        _ if !leaves(batch, key) => {
            let reason = if follows { Reason::Caution } else { Reason::Reference };
            return (action.acts() && is_found_by(batch.table, key)).then_some(reason);
        }
        // A row that gets a part of its reference would have the other part changed with what it pointed at.
        _ => {
            let target = (key.target)();
            let is_own = parent.table == target.table;
            let pairs = key.columns.iter().zip(target.places);
            let freed = pairs.filter(|(_, place)| is_own && frees(parent, &[**place]));
            let freed: Vec<usize> = freed.map(|(&column, _)| column).collect();
            // What a row sets by itself hardly comes by another reference too.
            may_be_partly_set =
                batch.operation != Operation::Delete && !freed.iter().all(|&column| batch.sets(column));
            let follow = if is_own { &freed[..] } else { cascaded };
            let is_whole = batch.operation == Operation::Delete || batch.sets_whole(follow.iter().copied());
            let is_found_by =
                is_found_by(batch.table, key) && !(follows && batch.operation == Operation::Delete);
            !action.acts() || is_found_by || !is_whole
        }
    };
    match (must, action.acts()) {
        (true, true) => Some(Reason::Reference),
        (true, false) => Some(Reason::of(key.deferrable, Reason::Reference)),
        // Where the action comes first, the row gets its own values after it; only that the row of a default may be missing.
        (false, _) if action == Action::SetDefault || may_be_partly_set => Some(Reason::Caution),
        // A deletion is better done before: it may be all that the constraints of the other columns allow.
        (false, _) => (batch.operation == Operation::Delete).then_some(Reason::Hint),
    }
}

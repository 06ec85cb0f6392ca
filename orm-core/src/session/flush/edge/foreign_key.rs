//! What foreign keys make wait: a row for the row it points at, and a row that goes for those that point at it.

use std::collections::HashSet;

use super::row::Rows;
use super::value::{Form, after, before};
use super::{Reason, value};
use crate::error::Error;
use crate::model::NewValue;
use crate::schema::{Action, ForeignKey, TableMeta};
use crate::session::flush::affect::Affected;
use crate::session::flush::collect::{Batch, Operation};
use crate::session::identity::Identity;

/// Whether rows of a batch may point at others than before.
fn arrives(batch: &Batch, key: &ForeignKey) -> bool {
    match batch.operation {
        Operation::Insert => key.columns.iter().any(|place| batch.places.contains(place)),
        _ => batch.changes(key.columns),
    }
}

/// Whether rows of a batch may point no more at those they point at.
fn leaves(batch: &Batch, key: &ForeignKey) -> bool {
    batch.operation == Operation::Delete || batch.changes(key.columns)
}

/// Whether rows of a batch get the values that others point at. A row that takes another over is as good as new: what a
/// trigger of a row that refers to it counts there comes behind it.
fn brings(batch: &Batch, places: &[usize]) -> bool {
    matches!(batch.operation, Operation::Insert | Operation::Replace) || batch.changes(places)
}

/// Whether rows of a batch lose the values that others point at.
fn frees(batch: &Batch, places: &[usize]) -> bool {
    batch.operation == Operation::Delete || batch.changes(places)
}

/// Whether rows are found by columns that the key's `on_update` changes.
fn is_found_by(table: &TableMeta, key: &ForeignKey) -> bool {
    key.columns.iter().any(|place| table.primary_key.contains(place))
}

pub(super) fn between_groups(groups: &[Batch], edges: &mut Vec<(usize, usize)>) {
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
                if arrives(batch, key) && brings(other, target.places) {
                    edges.push((parent, child));
                }
            }
        }
        if batch.is_stored() {
            // Before what takes its row along, over however many tables.
            for (parent, other) in groups.iter().enumerate().filter(|(parent, _)| *parent != child) {
                if is_taken_along(batch, other, &mut Vec::new()) {
                    edges.push((child, parent));
                }
            }
        }
    }
}

/// Whether a change of rows of `other` may concern the rows that a batch changes or deletes.
fn is_taken_along(batch: &Batch, other: &Batch, seen: &mut Vec<&'static TableMeta>) -> bool {
    batch.table.foreign_keys.iter().any(|key| {
        let target = (key.target)();
        let is_direct = target.table == other.table && frees(other, target.places);
        if is_direct && (leaves(batch, key) || action(key, other).acts()) {
            return true;
        }
        reaches(target.table, other, seen)
    })
}

/// Whether rows of a table are deleted or changed along with rows of a batch.
fn reaches(table: &'static TableMeta, other: &Batch, seen: &mut Vec<&'static TableMeta>) -> bool {
    if seen.contains(&table) || !(other.operation == Operation::Delete || other.is_stored()) {
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

/// What a key does to the rows that point at one of a batch.
fn action(key: &ForeignKey, target: &Batch) -> Action {
    if target.operation == Operation::Delete { key.on_delete } else { key.on_update }
}

pub(super) fn between_rows(rows: &mut Rows<'_>) -> Result<(), Error> {
    for table in rows.tables() {
        for key in table.foreign_keys {
            let target = (key.target)();
            let members: Vec<(usize, &Batch)> = rows.members_of(table).collect();
            let targets: Vec<(usize, &Batch)> = rows.members_of(target.table).collect();
            let any_frees = targets.iter().any(|(_, batch)| frees(batch, target.places));
            let any_brings = targets.iter().any(|(_, batch)| brings(batch, target.places));
            for (group, batch) in members {
                if any_brings && arrives(batch, key) {
                    arrivals(rows, group, batch, key)?;
                }
                if any_frees && batch.is_stored() {
                    departures(rows, group, batch, key)?;
                }
            }
        }
    }
    Ok(())
}

/// A row comes after the row it points at, with the key that has then.
fn arrivals(rows: &mut Rows<'_>, group: usize, batch: &Batch, key: &ForeignKey) -> Result<(), Error> {
    let target = (key.target)();
    let arena = rows.arena(batch.table)?;
    let reason = Reason::of(key.deferrable, Reason::Reference);
    for nth in 0..batch.slots.len() {
        let row = rows.number(group, nth);
        if batch.operation != Operation::Update {
            for &place in key.columns {
                if let NewValue::Pending(pending) = arena.new_value(batch.slots[nth], place)
                    && let Some(first) = rows.bringing(pending.table, pending.slot, target.places)
                {
                    let value = rows.identity.referenced(pending, &batch.table.columns[place])?;
                    rows.edge(first, row, if value.is_some() { reason } else { Reason::UnknownReference });
                }
            }
        }
        let claim = after(rows.identity, arena, batch, nth, key.columns, Form::Exact)?;
        let Some(claim) = claim else { continue };
        let values = rows.values(target.table, target.places)?;
        if let Some(&first) = values.taken.get(&claim) {
            let before = values.given_up.get(&claim).copied();
            rows.edge(first, row, reason);
            // An action takes whatever has the value when the statement ends.
            if let Some(before) =
                before.filter(|&before| action(key, &rows.groups[rows.group_of(before)]).acts())
            {
                rows.edge(before, row, Reason::Separate);
            }
        }
    }
    Ok(())
}

/// A row that points at one which goes, or gets another key, is changed or deleted before that.
fn departures(rows: &mut Rows<'_>, group: usize, batch: &Batch, key: &ForeignKey) -> Result<(), Error> {
    let target = (key.target)();
    let arena = rows.arena(batch.table)?;
    for nth in 0..batch.slots.len() {
        let Some(claim) = before(arena, batch, nth, key.columns, Form::Exact)? else { continue };
        let Some(&then) = rows.values(target.table, target.places)?.given_up.get(&claim) else { continue };
        let parent = &rows.groups[rows.group_of(then)];
        if let Some(reason) = departure(batch, parent, key) {
            rows.edge(rows.number(group, nth), then, reason);
        }
    }
    Ok(())
}

/// Why a row of a batch goes before a row it points at; `None` where it makes no difference.
fn departure(batch: &Batch, parent: &Batch, key: &ForeignKey) -> Option<Reason> {
    let action = action(key, parent);
    let must = match (parent.operation, batch.operation) {
        // Both are gone by then, and a row that went along would be missed.
        (Operation::Delete, Operation::Delete) if action == Action::Cascade => true,
        (Operation::Delete, _) if action == Action::Cascade => true,
        _ if !leaves(batch, key) => {
            return (action.acts() && is_found_by(batch.table, key)).then_some(Reason::Reference);
        }
        _ => !action.acts() || is_found_by(batch.table, key),
    };
    match (must, action.acts()) {
        (true, true) => Some(Reason::Reference),
        (true, false) => Some(Reason::of(key.deferrable, Reason::Reference)),
        (false, _) => Some(Reason::Caution),
    }
}

/// A row that is taken along is changed or deleted before what takes it along, also where tables stand between.
pub(super) fn along(rows: &mut Rows<'_>, affected: &Affected) {
    for taken in &affected.rows {
        let Some(row) = rows.row_of(taken.table, taken.slot) else { continue };
        let Some(origin) = rows.row_of(taken.origin.0, taken.origin.1) else { continue };
        let reason = if taken.is_deleted || taken.changes_key { Reason::Reference } else { Reason::Caution };
        rows.edge(row, origin, reason);
    }
    // Rows between them may not be loaded.
    let groups = rows.groups;
    for (group, batch) in groups.iter().enumerate().filter(|(_, batch)| batch.is_stored()) {
        for (other, parent) in groups.iter().enumerate().filter(|(other, _)| *other != group) {
            let far = |key: &ForeignKey| reaches((key.target)().table, parent, &mut Vec::new());
            if parent.is_stored() && batch.table.foreign_keys.iter().any(far) {
                let point = rows.point();
                (0..batch.slots.len())
                    .for_each(|nth| rows.edge(rows.number(group, nth), point, Reason::Caution));
                (0..parent.slots.len())
                    .for_each(|nth| rows.edge(point, rows.number(other, nth), Reason::Caution));
            }
        }
    }
}

/// Refuses a reference to a row that goes, or whose key nothing has when the flush is done.
pub(in crate::session::flush) fn check_references(
    identity: &Identity,
    groups: &[Batch],
    affected: &Affected,
) -> Result<(), Error> {
    let mut rows = Rows::new(identity, groups, &[]);
    for batch in groups.iter().filter(|batch| batch.operation != Operation::Delete) {
        let arena = rows.arena(batch.table)?;
        for key in batch.table.foreign_keys.iter().filter(|key| arrives(batch, key)) {
            let target = (key.target)();
            let is_target = |other: &&Batch| other.table == target.table && frees(other, target.places);
            let gone: Vec<_> = affected.deleted_of(target.table).collect();
            if !groups.iter().any(|other| is_target(&other)) && gone.is_empty() {
                continue;
            }
            let mut along = HashSet::new();
            for &slot in &gone {
                along.extend(value::stored(rows.arena(target.table)?, slot, target.places)?);
            }
            let is_gone = |slot: u32, place: usize| match arena.new_value(slot, place) {
                NewValue::Pending(pending) => pending.table == target.table && gone.contains(&pending.slot),
                _ => false,
            };
            for nth in 0..batch.slots.len() {
                if batch.operation != Operation::Update
                    && key.columns.iter().any(|&place| is_gone(batch.slots[nth], place))
                {
                    return Err(refers_to_gone(batch, key));
                }
                let claim = after(identity, arena, batch, nth, key.columns, Form::Exact)?;
                let Some(claim) = claim else { continue };
                let is_gone = along.contains(&claim);
                let values = rows.values(target.table, target.places)?;
                if (is_gone || values.given_up.contains_key(&claim)) && !values.taken.contains_key(&claim) {
                    return Err(refers_to_gone(batch, key));
                }
            }
        }
    }
    Ok(())
}

fn refers_to_gone(batch: &Batch, key: &ForeignKey) -> Error {
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

//! What actions of foreign keys make wait: a row that a cascade reaches, for what is done with it before.

use std::collections::HashSet;

use super::Reason;
use super::foreign_key::{action, arrives};
use super::reach::{is_cascaded_to, is_hurt_by, points_at_what_may_go, reaches, takes_off};
use super::row::EdgeRows;
use crate::error::Error;
use crate::schema::{ForeignKey, TableMeta};
use crate::session::flush::affect::AffectedRow;
use crate::session::flush::row_batch::{Operation, RowBatch};
use crate::session::flush::value::stored;

pub(super) fn between_groups(
    groups: &[RowBatch],
    tables: &[&'static TableMeta],
    edges: &mut Vec<(usize, usize)>,
) {
    if !groups.iter().any(RowBatch::is_stored) {
        return;
    }
    for (child, batch) in groups.iter().enumerate() {
        if batch.slots.len() > 1 && (takes_off(tables, batch, batch) || points_at_what_may_go(batch, batch)) {
            edges.push((child, child));
        }
        for (parent, other) in groups.iter().enumerate().filter(|(parent, _)| *parent != child) {
            // Before what cascades to its row, over however many tables.
            if batch.is_stored() && is_cascaded_to(batch, other, &mut Vec::new()) {
                edges.push((child, parent));
            }
            // After what changes the key it refers to by a cascade.
            let follows = |key: &ForeignKey| {
                arrives(batch, key)
                    && other.is_stored()
                    && reaches((key.target)().table, other, &mut Vec::new())
            };
            if batch.table.foreign_keys.iter().any(follows) {
                edges.push((parent, child));
            }
            if takes_off(tables, batch, other) {
                edges.push((child, parent));
            }
        }
    }
}

pub(super) fn between_rows(rows: &mut EdgeRows<'_>) -> Result<(), Error> {
    let affected = rows.affected;
    for taken in &affected.rows {
        let Some(origin) = rows.row_of(taken.origin.0, taken.origin.1) else { continue };
        if let Some(row) = rows.row_of(taken.table, taken.slot) {
            let reason = match taken {
                taken if taken.is_deleted || taken.is_partly_set => Reason::Reference,
                // Behind that it is found by its new key, where that is known.
                taken if taken.changes_key => match taken.takes_values {
                    true => Reason::Caution,
                    false => Reason::Reference,
                },
                taken if taken.changes_unique || taken.may_be_partly_set => Reason::Caution,
                _ => Reason::Preference,
            };
            rows.edge(row, origin, reason);
        }
        if taken.is_deleted && !taken.leaves {
            before_its_targets(rows, taken, origin)?;
        }
    }
    arrivals(rows);
    unloaded(rows);
    Ok(())
}

/// What a row points at that a cascade deletes can be deleted only when that is done, unless an action sets its reference.
fn before_its_targets(rows: &mut EdgeRows<'_>, taken: &AffectedRow, origin: usize) -> Result<(), Error> {
    let own = rows.row_of(taken.table, taken.slot).map(|row| rows.group_of(row));
    if own.is_some_and(|group| rows.groups[group].operation == Operation::Delete) {
        return Ok(());
    }
    for key in taken.table.foreign_keys {
        let target = (key.target)();
        if rows.members_of(target.table).next().is_none() {
            continue;
        }
        let claim = stored(rows.arena(taken.table)?, taken.slot, key.columns)?;
        let Some(claim) = claim else { continue };
        if let Some(&then) = rows.values(target.table, target.places)?.released.get(&claim)
            && !action(key, &rows.groups[rows.group_of(then)]).acts()
        {
            rows.edge(origin, then, Reason::Separate);
        }
    }
    Ok(())
}

/// A row comes after what changes the key that it refers to by a cascade.
fn arrivals(rows: &mut EdgeRows<'_>) {
    let affected = rows.affected;
    if affected.rows.is_empty() {
        return;
    }
    let by_handle = rows.by_handle();
    let is_referred = |taken: &&AffectedRow| taken.changes_key || taken.changes_unique;
    for taken in affected.rows.iter().filter(|taken| !taken.is_deleted).filter(is_referred) {
        let Some(origin) = rows.row_of(taken.origin.0, taken.origin.1) else { continue };
        for &row in by_handle.get(&(std::ptr::from_ref(taken.table), taken.slot)).into_iter().flatten() {
            rows.edge(origin, row, Reason::Reference);
        }
    }
}

/// Rows between two may not be loaded.
fn unloaded(rows: &mut EdgeRows<'_>) {
    let (groups, tables) = (rows.groups, rows.identity.known_tables());
    let stored: Vec<(usize, &RowBatch)> =
        groups.iter().enumerate().filter(|(_, batch)| batch.is_stored()).collect();
    let affected = rows.affected;
    let unsure: HashSet<usize> =
        affected.unsure.iter().filter_map(|row| rows.row_of(row.table, row.slot)).collect();
    for &child in &stored {
        let points_far =
            rows.rows_of(&[child]).into_iter().filter(|row| unsure.contains(row)).collect::<Vec<_>>();
        for &parent in stored.iter().filter(|parent| parent.0 != child.0) {
            let far = |key: &&ForeignKey| reaches((key.target)().table, parent.1, &mut Vec::new());
            let mut far = child.1.table.foreign_keys.iter().filter(far).peekable();
            // What a row keeps from going is not known to be unsure by that.
            let keeps = |key: &ForeignKey| !action(key, parent.1).acts();
            if far.clone().any(keeps) || takes_off(&tables, child.1, parent.1) {
                rows.through_a_point(&[child], &[parent]);
            }
            if far.peek().is_some() {
                let is_hurt = far.any(|key| is_hurt_by(child.1, key, parent.1));
                let reason = if is_hurt { Reason::Caution } else { Reason::Hint };
                let then = rows.rows_of(&[parent]);
                rows.all_before(&points_far, &then, reason);
            }
        }
    }
}

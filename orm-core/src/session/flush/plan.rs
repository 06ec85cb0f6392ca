//! Orders the rows of a flush so that every foreign key finds its target, and every unique value its place.

mod component;
mod schedule;

use std::collections::HashMap;
use std::sync::Arc;

use super::collect::{Changes, NewRow, Row};
use crate::error::Error;
use crate::schema::{TableMeta, order_by_foreign_keys};
use component::components;
use schedule::{Scheduled, schedule};

/// What goes out, in this order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Plan {
    /// Changes and deletions that make room for new rows.
    pub(super) early: Vec<(Kind, Batch)>,
    /// Level by level: a row refers only to rows of earlier levels, or to rows that were there before.
    pub(super) inserts: Vec<Level>,
    /// The other changes, then the other deletions, rows that refer to others first.
    pub(super) late: Vec<(Kind, Batch)>,
}

/// New rows that do not wait for each other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Level {
    pub(super) batches: Vec<Batch>,
    /// Rows that refer to each other in a circle: each knot goes out as one statement.
    pub(super) knots: Vec<Vec<Batch>>,
}

impl Level {
    pub(super) fn all(&self) -> impl Iterator<Item = &Batch> {
        self.batches.iter().chain(self.knots.iter().flatten())
    }
}

/// What is done with the rows of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Insert,
    Update,
    Delete,
}

/// Rows of one table and one shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Batch {
    pub(super) table: &'static TableMeta,
    pub(super) places: Arc<[usize]>,
    pub(super) slots: Vec<u32>,
    /// The objects whose rows are taken over, one for each slot, or none.
    pub(super) replaced: Vec<u32>,
}

impl Batch {
    fn empty(row: &Row) -> Batch {
        Batch { table: row.table, places: Arc::clone(&row.places), slots: Vec::new(), replaced: Vec::new() }
    }
}

pub(super) fn plan(changes: &Changes) -> Result<Plan, Error> {
    let Scheduled { early, late } = schedule(changes)?;
    Ok(Plan { early, inserts: levels(&changes.new), late })
}

/// What rows of one batch have in common.
type Shape<'a> = (*const TableMeta, &'a [usize], bool);

fn shape(row: &Row) -> Shape<'_> {
    (row.table, &row.places, row.replaces.is_some())
}

fn is_alike(a: &Row, b: &Row) -> bool {
    let same_places = Arc::ptr_eq(&a.places, &b.places) || a.places == b.places;
    a.table == b.table && same_places && a.replaces.is_some() == b.replaces.is_some()
}

/// The rows by table and shape; referenced tables first.
fn batches<'a>(rows: impl Iterator<Item = &'a Row>) -> Vec<Batch> {
    let mut batches: Vec<Batch> = Vec::new();
    // Empty as long as all rows are alike.
    let mut places: HashMap<Shape<'_>, usize> = HashMap::new();
    let mut last: Option<(&Row, usize)> = None;
    for row in rows {
        let place = match last {
            // Most rows are like the one before.
            Some((before, place)) if is_alike(before, row) => place,
            Some((before, place)) => {
                if places.is_empty() {
                    places.insert(shape(before), place);
                }
                *places.entry(shape(row)).or_insert_with(|| {
                    batches.push(Batch::empty(row));
                    batches.len() - 1
                })
            }
            None => {
                batches.push(Batch::empty(row));
                0
            }
        };
        batches[place].slots.push(row.slot);
        batches[place].replaced.extend(row.replaces);
        last = Some((row, place));
    }
    if batches.len() < 2 {
        return batches;
    }
    let mut tables: Vec<_> = Vec::new();
    for batch in &batches {
        if !tables.contains(&batch.table) {
            tables.push(batch.table);
        }
    }
    let order = order_by_foreign_keys(&tables);
    batches.sort_by_key(|batch| order.iter().position(|table| *table == batch.table));
    batches
}

/// The new rows level by level: each one more than the highest it refers to.
fn levels(new: &[NewRow]) -> Vec<Level> {
    if new.iter().all(|new| new.after.is_empty()) {
        let batches = batches(new.iter().map(|new| &new.row));
        return if batches.is_empty() { Vec::new() } else { vec![Level { batches, knots: Vec::new() }] };
    }
    let after: Vec<&[usize]> = new.iter().map(|new| &*new.after).collect();
    let components = components(&after);
    let mut number_of = vec![0; new.len()];
    for (number, rows) in components.iter().enumerate() {
        rows.iter().for_each(|&row| number_of[row] = number);
    }
    // Components come in an order in which targets are first.
    let mut level_of: Vec<usize> = Vec::with_capacity(components.len());
    let mut levels: Vec<(Vec<usize>, Vec<Vec<Batch>>)> = Vec::new();
    for (number, rows) in components.iter().enumerate() {
        let targets = rows.iter().flat_map(|&row| &new[row].after).map(|&target| number_of[target]);
        let others = targets.filter(|&target| target != number);
        let level = others.map(|target| level_of[target] + 1).max().unwrap_or(0);
        level_of.push(level);
        if levels.len() <= level {
            levels.resize_with(level + 1, Default::default);
        }
        match rows[..] {
            [row] => levels[level].0.push(row),
            _ => levels[level].1.push(batches(rows.iter().map(|&row| &new[row].row))),
        }
    }
    let level = |(mut rows, knots): (Vec<usize>, Vec<Vec<Batch>>)| {
        // As they were added: keys are made in the order in which rows are sent.
        rows.sort_unstable();
        // PostgreSQL looks at foreign keys at the end of a statement, so rows of one statement may refer to each other.
        let (single, knots): (Vec<_>, Vec<_>) = knots.into_iter().partition(|knot| knot.len() == 1);
        let mut batches = batches(rows.into_iter().map(|row| &new[row].row));
        batches.extend(single.into_iter().flatten());
        Level { batches, knots }
    };
    levels.into_iter().map(level).collect()
}

#[cfg(test)]
mod tests;

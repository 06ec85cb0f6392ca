//! Orders the rows of a flush so that every foreign key finds its target.

use std::collections::HashMap;

use super::collect::{Changes, NewRow, Row};
use crate::error::Error;
use crate::schema::{TableMeta, order_by_foreign_keys};

/// What goes out, in this order.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Plan {
    /// Level by level: a row refers only to rows of earlier levels, or to rows that were there before.
    pub(super) inserts: Vec<Vec<Batch>>,
    pub(super) updates: Vec<Batch>,
    /// Rows that refer to others come first.
    pub(super) deletes: Vec<Batch>,
    /// A new row takes the key of one that goes, which has to go before.
    pub(super) deletes_first: bool,
}

/// Rows of one table and one shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Batch {
    pub(super) table: &'static TableMeta,
    pub(super) places: Vec<usize>,
    pub(super) slots: Vec<u32>,
}

pub(super) fn plan(changes: &Changes) -> Result<Plan, Error> {
    let mut inserts = Vec::new();
    for (number, level) in levels(&changes.new)?.into_iter().enumerate() {
        if inserts.len() <= level {
            inserts.resize_with(level + 1, Vec::new);
        }
        inserts[level].push(&changes.new[number].row);
    }
    let mut deletes = batches(changes.doomed.iter());
    deletes.reverse();
    Ok(Plan {
        inserts: inserts.into_iter().map(|rows| batches(rows.into_iter())).collect(),
        updates: batches(changes.changed.iter()),
        deletes,
        deletes_first: changes.replaces,
    })
}

/// The rows by table and shape; referenced tables first.
fn batches<'a>(rows: impl Iterator<Item = &'a Row>) -> Vec<Batch> {
    let mut batches: Vec<Batch> = Vec::new();
    let mut places: HashMap<(*const TableMeta, &[usize]), usize> = HashMap::new();
    let mut last: Option<(&Row, usize)> = None;
    for row in rows {
        let place = match last {
            // Most rows are like the one before.
            Some((before, place)) if before.table == row.table && before.places == row.places => place,
            _ => *places.entry((std::ptr::from_ref(row.table), &row.places)).or_insert_with(|| {
                batches.push(Batch { table: row.table, places: row.places.clone(), slots: Vec::new() });
                batches.len() - 1
            }),
        };
        batches[place].slots.push(row.slot);
        last = Some((row, place));
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

/// The level of each new row: one more than the highest it refers to.
fn levels(rows: &[NewRow]) -> Result<Vec<usize>, Error> {
    let mut levels: Vec<Option<usize>> = vec![None; rows.len()];
    let mut open = vec![false; rows.len()];
    for start in 0..rows.len() {
        if rows[start].after.is_empty() {
            levels[start] = Some(0);
            continue;
        }
        // Depth first without recursion: a chain of rows can be as long as memory allows.
        let mut path = vec![start];
        while let Some(&row) = path.last() {
            if levels[row].is_some() {
                path.pop();
                continue;
            }
            open[row] = true;
            // A row that refers to itself needs no other row first.
            let missing = rows[row].after.iter().find(|&&target| target != row && levels[target].is_none());
            match missing {
                Some(&target) if open[target] => return Err(circle(&rows[row])),
                Some(&target) => path.push(target),
                None => {
                    let after = rows[row].after.iter().filter(|&&target| target != row);
                    levels[row] = Some(
                        after.filter_map(|&target| levels[target]).map(|level| level + 1).max().unwrap_or(0),
                    );
                    open[row] = false;
                    path.pop();
                }
            }
        }
    }
    Ok(levels.into_iter().map(Option::unwrap_or_default).collect())
}

fn circle(row: &NewRow) -> Error {
    Error::session(format!(
        "new rows refer to each other in a circle, one of `{}` among them: add one with NULL, flush, then set its \
         reference",
        row.row.table.entity
    ))
}

#[cfg(test)]
mod tests;

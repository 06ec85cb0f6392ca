//! What `SET DEFAULT` makes wait: rows that turn to the row of their default need it to be there, with its key.

use std::collections::HashSet;

use super::Reason;
use super::foreign_key::{action, brings, frees};
use super::row::EdgeRows;
use crate::error::Error;
use crate::schema::{Action, ForeignKey, TableMeta};
use crate::session::default_value::constant_defaults;
use crate::session::flush::row_batch::RowBatch;
use crate::session::flush::value::{Claim, Form, of_object};

/// The foreign keys that turn to a default, each with its table.
fn keys(tables: &[&'static TableMeta]) -> impl Iterator<Item = (&'static TableMeta, &'static ForeignKey)> {
    let all = tables.iter().flat_map(|table| table.foreign_keys.iter().map(|key| (*table, key)));
    all.filter(|(_, key)| [key.on_delete, key.on_update].contains(&Action::SetDefault))
}

/// Whether rows that point at those of a batch turn to their default.
fn turns_away(key: &ForeignKey, batch: &RowBatch) -> bool {
    let target = (key.target)();
    batch.table == target.table && frees(batch, target.places) && action(key, batch) == Action::SetDefault
}

pub(super) fn between_groups(
    groups: &[RowBatch],
    tables: &[&'static TableMeta],
    edges: &mut Vec<(usize, usize)>,
) {
    for (_, key) in keys(tables) {
        let target = (key.target)();
        for (leaving, _) in groups.iter().enumerate().filter(|(_, batch)| turns_away(key, batch)) {
            let others = groups.iter().enumerate().filter(|(other, _)| *other != leaving);
            for (other, batch) in others.filter(|(_, batch)| batch.table == target.table) {
                if brings(batch, target.places) {
                    edges.push((other, leaving));
                }
                if frees(batch, target.places) {
                    edges.push((leaving, other));
                }
            }
        }
    }
}

pub(super) fn between_rows(rows: &mut EdgeRows<'_>) -> Result<(), Error> {
    for (table, key) in keys(&rows.identity.known_tables()) {
        let target = (key.target)();
        let leaving: Vec<(usize, &RowBatch)> =
            rows.members_of(target.table).filter(|(_, batch)| turns_away(key, batch)).collect();
        if leaving.is_empty() {
            continue;
        }
        match default_of(table, key)? {
            Some(claim) => around(rows, table, key, &claim, &leaving)?,
            None => {
                // Nobody but PostgreSQL knows which row it is.
                let bringing: Vec<(usize, &RowBatch)> =
                    rows.members_of(target.table).filter(|(_, batch)| brings(batch, target.places)).collect();
                for &one in &leaving {
                    let others: Vec<_> = bringing.iter().filter(|other| other.0 != one.0).copied().collect();
                    rows.through_a_point(&others, &[one]);
                }
            }
        }
    }
    Ok(())
}

/// What makes rows turn to a default comes behind what brings the row of that, and before what takes it away.
fn around(
    rows: &mut EdgeRows<'_>,
    table: &'static TableMeta,
    key: &ForeignKey,
    claim: &Claim,
    leaving: &[(usize, &RowBatch)],
) -> Result<(), Error> {
    let target = (key.target)();
    let values = rows.values(target.table, target.places)?;
    let (first, last) = (values.taken.get(claim).copied(), values.released.get(claim).copied());
    if first.is_none() && last.is_none() {
        return Ok(());
    }
    let mut origins: HashSet<usize> = HashSet::new();
    for taken in rows.affected.rows.iter().filter(|taken| taken.table == table) {
        origins.extend(rows.row_of(taken.origin.0, taken.origin.1));
        // What the flush itself does with such a row comes before it points at a row that goes.
        if let (Some(row), Some(last)) = (rows.row_of(table, taken.slot), last) {
            rows.edge(row, last, Reason::Caution);
        }
    }
    for &(group, batch) in leaving {
        for nth in 0..batch.slots.len() {
            let row = rows.number(group, nth);
            // Rows that are not loaded may turn away as well.
            let reason = if origins.contains(&row) { Reason::Caution } else { Reason::Hint };
            // Turned to the row that goes, they would turn once more when that goes: to the one that has its key then.
            match (first, last) {
                (Some(first), _) => rows.edge(first, row, reason),
                (None, Some(last)) => rows.edge(row, last, reason),
                (None, None) => {}
            }
        }
    }
    Ok(())
}

/// The values that a key's columns have by default, where they can be read off the SQL.
fn default_of(table: &TableMeta, key: &ForeignKey) -> Result<Option<Claim>, Error> {
    let Some(values) = constant_defaults(table, key.columns) else { return Ok(None) };
    let numbers: Vec<usize> = (0..values.len()).collect();
    of_object(Form::Exact, &numbers, |number| Ok(&values[number]))
}

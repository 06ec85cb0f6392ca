//! What binds where any order is tried: a row is written before its key finds another row, and before a part of its reference
//! that it keeps may follow another key.

use super::Reason;
use super::foreign_key::leaves;
use super::reach::cascades_update;
use super::row::EdgeRows;
use crate::error::Error;
use crate::schema::TableMeta;
use crate::session::flush::row_batch::{Operation, RowBatch};
use crate::session::flush::value::stored;

pub(super) fn between_rows(rows: &mut EdgeRows<'_>) -> Result<(), Error> {
    for table in rows.tables() {
        let is_update = |(_, batch): &(usize, &RowBatch)| batch.operation == Operation::Update;
        for (group, batch) in rows.members_of(table).filter(is_update).collect::<Vec<_>>() {
            if !batch.changes(table.primary_key) {
                before_its_key_is_taken(rows, table, group, batch)?;
            }
            before_its_reference_follows(rows, group, batch);
        }
    }
    Ok(())
}

/// A row that keeps its key, which another takes: something deletes it, and it comes before that.
fn before_its_key_is_taken(
    rows: &mut EdgeRows<'_>,
    table: &'static TableMeta,
    group: usize,
    batch: &RowBatch,
) -> Result<(), Error> {
    let (key, arena) = (table.primary_key, rows.arena(table)?);
    for (nth, &slot) in batch.slots.iter().enumerate() {
        let Some(claim) = stored(arena, slot, key)? else { continue };
        if let Some(&taker) = rows.values(table, key)?.taken.get(&claim) {
            rows.edge(rows.number(group, nth), taker, Reason::Separate);
        }
    }
    Ok(())
}

/// A row that sets a part of a reference says with it what the other part is.
fn before_its_reference_follows(rows: &mut EdgeRows<'_>, group: usize, batch: &RowBatch) {
    for key in batch.table.foreign_keys.iter().filter(|key| leaves(batch, key)) {
        if batch.sets_whole(key.columns.iter().copied()) {
            continue;
        }
        let follows = |(other, by): &(usize, &RowBatch)| {
            *other != group && cascades_update(batch.table, key.columns, by, &mut Vec::new())
        };
        let groups = rows.groups;
        let others: Vec<_> = groups.iter().enumerate().filter(follows).collect();
        let (first, then) = (rows.rows_of(&[(group, batch)]), rows.rows_of(&others));
        for &row in &first {
            then.iter().for_each(|&other| rows.edge(row, other, Reason::Reference));
        }
    }
}

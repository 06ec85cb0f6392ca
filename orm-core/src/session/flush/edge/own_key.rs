//! Rows that keep their keys are written before others take these: afterwards the key would find another row.

use super::Reason;
use super::row::EdgeRows;
use crate::error::Error;
use crate::session::flush::row_batch::{Operation, RowBatch};
use crate::session::flush::value::stored;

/// Such a row can only be one that something deletes before: where the order is not known, it comes first.
pub(super) fn between_rows(rows: &mut EdgeRows<'_>) -> Result<(), Error> {
    for table in rows.tables() {
        let key = table.primary_key;
        let keeps = |batch: &RowBatch| batch.operation == Operation::Update && !batch.changes(key);
        let keeping: Vec<_> = rows.members_of(table).filter(|(_, batch)| keeps(batch)).collect();
        let arena = rows.arena(table)?;
        for (group, batch) in keeping {
            for (nth, &slot) in batch.slots.iter().enumerate() {
                let Some(claim) = stored(arena, slot, key)? else { continue };
                if let Some(&taker) = rows.values(table, key)?.taken.get(&claim) {
                    rows.edge(rows.number(group, nth), taker, Reason::Separate);
                }
            }
        }
    }
    Ok(())
}

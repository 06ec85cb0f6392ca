//! Puts what was found of the objects that cascades reach into the form that a flush needs.

use std::collections::HashSet;

use super::{Affected, AffectedRow, CascadeSearch, CascadedValue, TableSlot, UnsureRow};
use crate::error::Error;
use crate::schema::{Action, TableMeta};
use crate::session::flush::row_batch::{Operation, RowBatch};
use crate::session::flush::value::{Claim, Form, after, now};

/// Whether rows of a table get other keys along with rows of a batch that they refer to.
fn cascades_keys(table: &'static TableMeta, batch: &RowBatch) -> bool {
    table.foreign_keys.iter().any(|key| {
        let target = (key.target)();
        let acts = match batch.operation {
            Operation::Delete => key.on_delete == Action::SetDefault,
            _ => key.on_update.acts() && batch.changes(target.places),
        };
        target.table == batch.table
            && acts
            && key.columns.iter().any(|place| table.primary_key.contains(place))
    })
}

impl CascadeSearch<'_> {
    /// Objects that a cascade deletes, and whose keys other rows take, or may take by cascades of rows that are not loaded.
    fn with_key_taken(&self, groups: &[RowBatch]) -> Result<Vec<(&'static TableMeta, u32)>, Error> {
        let mut deleted = Vec::new();
        for row in self.rows.iter().filter(|row| row.is_deleted && !row.leaves) {
            if groups.iter().any(|batch| cascades_keys(row.table, batch)) {
                deleted.push((row.table, row.slot));
            }
        }
        for batch in groups {
            let table = batch.table;
            let takes = batch.operation == Operation::Insert || batch.changes(table.primary_key);
            let rows: Vec<&AffectedRow> =
                self.rows.iter().filter(|row| row.is_deleted && !row.leaves && row.table == table).collect();
            let Some(arena) = self.identity.any(table).filter(|_| takes && !rows.is_empty()) else {
                continue;
            };
            let own: HashSet<u32> = rows.iter().map(|row| row.slot).collect();
            let mut taken: HashSet<Claim> = HashSet::new();
            for nth in (0..batch.slots.len()).filter(|&nth| !own.contains(&batch.slots[nth])) {
                taken.extend(after(self.identity, arena, batch, nth, table.primary_key, Form::Exact)?);
            }
            for row in rows {
                let key = now(arena, row.slot, table.primary_key)?;
                if key.is_some_and(|key| taken.contains(&key)) {
                    deleted.push((table, row.slot));
                }
            }
        }
        Ok(deleted)
    }

    pub(super) fn finish(self, groups: &[RowBatch]) -> Result<Affected, Error> {
        let mut found: Vec<(&'static TableMeta, u32)> = Vec::new();
        let mut known: HashSet<TableSlot> = HashSet::new();
        for row in &self.rows {
            if !known.insert((std::ptr::from_ref(row.table), row.slot)) {
                continue;
            }
            let written = self.written.get(&(std::ptr::from_ref(row.table), row.slot));
            if written.is_none_or(|batch| batch.operation == Operation::Update) {
                found.push((row.table, row.slot));
            }
        }
        let deleted = self.with_key_taken(groups)?;
        let gone: HashSet<TableSlot> =
            deleted.iter().map(|(table, slot)| (std::ptr::from_ref(*table), *slot)).collect();
        found.retain(|(table, slot)| !gone.contains(&(std::ptr::from_ref(*table), *slot)));
        for &UnsureRow { table, slot, .. } in &self.unsure {
            let place = (std::ptr::from_ref(table), slot);
            let goes = |batch: &&RowBatch| matches!(batch.operation, Operation::Delete | Operation::Replace);
            let goes = self.written.get(&place).is_some_and(goes);
            if !goes && known.insert(place) {
                found.push((table, slot));
            }
        }
        let mut keys = Vec::with_capacity(found.len());
        for &(table, slot) in &found {
            let key = table.primary_key.iter().map(|&place| self.value(table, slot, place));
            keys.push(key.collect::<Result<Vec<_>, Error>>()?);
        }
        let changed = self.values.keys().map(|(table, slot, place)| (table.addr(), *slot, *place)).collect();
        let table_of =
            |address: *const TableMeta| self.tables.iter().find(|table| std::ptr::eq(**table, address));
        let values = self.values.into_iter().filter_map(|((table, slot, place), value)| {
            Some(CascadedValue { table: table_of(table)?, slot, place, value })
        });
        let values = values.collect();
        let (rows, unsure, key_changes, until_written) =
            (self.rows, self.unsure, self.key_changes, self.until_written);
        let (reread, held) = (Vec::new(), HashSet::new());
        let mut affected =
            Affected { rows, unsure, reread, deleted, values, changed, key_changes, until_written, held };
        for ((table, slot), key) in found.into_iter().zip(keys) {
            affected.read_again(table, slot, key);
        }
        Ok(affected)
    }
}

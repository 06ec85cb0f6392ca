//! Locks rows before they are written, in one order that all flushes share, so that two of them are never a deadlock.

use super::lock_order::order_of_locks;
use super::row_batch::{Operation, RowBatch};
use super::statement::{Outcome, Sent};
use super::step::{FlushPlan, Step};
use crate::engine::{Answer, Engine, Fact};
use crate::error::Error;
use crate::query::render::{self, Lock};
use crate::row::Cells;
use crate::schema::TableMeta;
use crate::session::Session;
use crate::session::identity::Identity;
use crate::types::bulk_column;

/// The rows of a table that a flush changes or deletes.
struct LockedRows<'a> {
    table: &'static TableMeta,
    batches: Vec<&'a RowBatch>,
    /// Objects that others cascade to.
    cascaded: Vec<u32>,
}

impl LockedRows<'_> {
    /// How strong the lock is: FOR UPDATE if rows are deleted, or change columns that foreign keys may point at.
    fn lock(&self) -> Lock {
        let table = self.table;
        let indexes = table.indexes.iter().filter(|index| index.unique);
        let indexed = indexes.flat_map(|index| index.parts).filter_map(|part| part.place());
        let uniques = table.uniques.iter().flat_map(|unique| unique.columns).copied();
        let places: Vec<usize> = table.primary_key.iter().copied().chain(uniques).chain(indexed).collect();
        let is_strong = |batch: &&RowBatch| batch.operation == Operation::Delete || batch.changes(&places);
        if !self.cascaded.is_empty() || self.batches.iter().any(is_strong) {
            Lock::Update
        } else {
            Lock::NoKeyUpdate
        }
    }

    fn statement(&self, identity: &Identity, is_checked: bool) -> Result<Option<Sent>, Error> {
        let Some(arena) = identity.any(self.table) else { return Ok(None) };
        let slots: Vec<u32> = self
            .batches
            .iter()
            .flat_map(|batch| (0..batch.slots.len()).map(|nth| batch.stored_slot(nth)))
            .collect();
        // Rows that a cascade reaches may be deleted already: their versions are not checked.
        let slots = if is_checked { slots } else { [slots, self.cascaded.clone()].concat() };
        let columns = self.table.key().chain(self.table.version_column().filter(|_| is_checked));
        let sent = columns.map(|column| {
            let values = slots.iter().map(|&slot| arena.stored_value(slot, column.place));
            let values = values.collect::<Result<Vec<_>, Error>>()?;
            bulk_column(column.ty, values.into_iter()).map_err(|cause| column.refused(cause))
        });
        let sent = sent.collect::<Result<Vec<_>, Error>>()?;
        let rendered = render::lock_rows(self.table, &sent, self.lock(), is_checked);
        Ok(Some(Sent::about(self.table, slots, Outcome::Locked, rendered)))
    }
}

fn fact(table: &TableMeta) -> Fact {
    Fact::LocksRows(std::ptr::from_ref(table).addr())
}

/// Whether the role may lock rows of a table; `None` if that was not looked up yet.
pub(super) fn may_lock(engine: &Engine, table: &TableMeta) -> Option<bool> {
    engine.facts().is_true(fact(table))
}

impl Session {
    /// The statements that lock the rows of a plan; none if its own statements lock them in that order.
    pub(super) fn locks(&self, plan: &FlushPlan) -> Result<Vec<Sent>, Error> {
        if plan.locks_nothing {
            return Ok(Vec::new());
        }
        let stored: Vec<&RowBatch> =
            plan.steps.iter().flat_map(Step::batches).filter(|batch| batch.is_stored()).collect();
        let is_ordered = stored.iter().all(|batch| batch.slots.len() < 2)
            && stored.windows(2).all(|two| order_of_locks(two[0].table) < order_of_locks(two[1].table));
        let is_ordered = is_ordered && plan.affected.rows.is_empty();
        if is_ordered && !stored.iter().any(|batch| plan.checks_ahead(batch.table)) {
            return Ok(Vec::new());
        }
        let mut tables: Vec<LockedRows<'_>> = Vec::new();
        for batch in stored {
            match tables.iter_mut().find(|rows| rows.table == batch.table) {
                Some(rows) => rows.batches.push(batch),
                None => {
                    tables.push(LockedRows { table: batch.table, batches: vec![batch], cascaded: Vec::new() })
                }
            }
        }
        for row in &plan.affected.rows {
            match tables.iter_mut().find(|rows| rows.table == row.table) {
                Some(rows) => rows.cascaded.push(row.slot),
                None => tables.push(LockedRows {
                    table: row.table,
                    batches: Vec::new(),
                    cascaded: vec![row.slot],
                }),
            }
        }
        tables.sort_by_cached_key(|rows| order_of_locks(rows.table));
        let mut sent = Vec::with_capacity(tables.len());
        for rows in &tables {
            // The privilege to update includes that to lock; the privilege to delete does not, so it is looked up.
            let only_deletes = rows.batches.iter().all(|batch| batch.operation == Operation::Delete);
            match may_lock(&self.engine, rows.table).filter(|_| only_deletes) {
                Some(false) => {}
                None if only_deletes => {
                    let rendered = render::lock_right(rows.table);
                    sent.push(Sent::about(rows.table, Vec::new(), Outcome::AskedToLock, rendered));
                }
                _ => sent.extend(rows.statement(&self.identity, plan.checks_ahead(rows.table))?),
            }
        }
        Ok(sent)
    }

    /// Stores whether the role may lock rows.
    pub(super) fn learn_lock(&self, sent: &Sent, answer: &Answer) -> Result<(), Error> {
        let right = answer.rows.first().map(|row| Cells::new(row).read::<Option<bool>>()).transpose()?;
        self.engine.facts().learn(fact(sent.table), right.flatten() == Some(true));
        Ok(())
    }
}

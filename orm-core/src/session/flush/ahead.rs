//! Decides which rows of a flush are checked before its first statement.
//!
//! After a statement a row may have another version though no other transaction has changed it, because a trigger of another
//! row has written to it. And a row that is to be deleted may be deleted already, by a cascade over rows that are not loaded.

use std::collections::HashSet;

use super::edge::cascades_delete;
use super::lock::may_lock;
use super::row_batch::{Operation, RowBatch};
use super::statement::{Outcome, Sent};
use super::step::FlushPlan;
use crate::error::Error;
use crate::execute::request;
use crate::query::render;
use crate::schema::TableMeta;
use crate::session::Session;

impl Session {
    /// Decides it. Rows are checked while they are locked; whether the role may lock rows that it only deletes is looked up
    /// once.
    pub(super) async fn settle_checks(&mut self, plan: &mut FlushPlan) -> Result<(), Error> {
        plan.locks_nothing = !self.engine.locks_rows();
        if plan.locks_nothing || plan.batches().nth(1).is_none() {
            return Ok(());
        }
        let may_be_cascaded = may_be_cascaded(plan);
        let mut tables: Vec<&'static TableMeta> = Vec::new();
        for batch in plan.batches().filter(|batch| batch.is_stored()) {
            let address = std::ptr::from_ref(batch.table).addr();
            let wanted =
                batch.table.version.is_some() || may_be_cascaded.iter().any(|(table, _)| *table == address);
            if wanted && !tables.contains(&batch.table) {
                tables.push(batch.table);
            }
        }
        let only_deletes = |table: &TableMeta| {
            let mut batches = plan.batches().filter(|batch| batch.is_stored() && batch.table == table);
            batches.all(|batch| batch.operation == Operation::Delete)
        };
        let (asked, certain): (Vec<_>, Vec<_>) = tables.into_iter().partition(|table| only_deletes(table));
        self.ask_to_lock(&asked).await?;
        let allowed = asked.into_iter().filter(|table| may_lock(&self.engine, table) == Some(true));
        plan.checked = certain.into_iter().chain(allowed).collect();
        plan.may_be_cascaded = may_be_cascaded;
        let is_checked = |address: usize| {
            let mut checked = plan.checked.iter();
            checked.any(|table| std::ptr::from_ref(*table).addr() == address)
        };
        plan.may_be_cascaded.retain(|(table, _)| is_checked(*table));
        Ok(())
    }

    async fn ask_to_lock(&mut self, tables: &[&'static TableMeta]) -> Result<(), Error> {
        let unknown = tables.iter().filter(|table| may_lock(&self.engine, table).is_none());
        let sent: Vec<Sent> = unknown
            .map(|table| Sent::about(table, Vec::new(), Outcome::AskedToLock, render::lock_right(table)))
            .collect();
        if sent.is_empty() {
            return Ok(());
        }
        let requests: Vec<_> = sent.iter().map(|sent| request(&sent.rendered)).collect();
        let answers = self.connect().await?.pipeline(&requests).await?;
        sent.iter().zip(&answers).try_for_each(|(sent, answer)| self.learn_lock(sent, answer))
    }
}

/// The deleted objects that a cascade of another deletion may reach, over rows that are not loaded.
fn may_be_cascaded(plan: &FlushPlan) -> HashSet<(usize, u32)> {
    let deleting: Vec<&RowBatch> =
        plan.batches().filter(|batch| batch.operation == Operation::Delete).collect();
    let mut found = HashSet::new();
    if plan.affected.unsure.is_empty() || deleting.len() < 2 {
        return found;
    }
    let unsure = plan.affected.unsure.iter().map(|row| (std::ptr::from_ref(row.table).addr(), row.slot));
    let unsure: HashSet<(usize, u32)> = unsure.collect();
    for (number, batch) in deleting.iter().enumerate() {
        let mut others = deleting.iter().enumerate().filter(|(other, _)| *other != number);
        if others.any(|(_, other)| cascades_delete(batch.table, other, &mut Vec::new())) {
            let address = std::ptr::from_ref(batch.table).addr();
            found.extend(
                batch.slots.iter().map(|&slot| (address, slot)).filter(|place| unsure.contains(place)),
            );
        }
    }
    found
}

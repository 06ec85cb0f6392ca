//! Inserts rows first whose keys are made with them, where objects that have a row are to refer to them.

use super::Session;
use super::collect::collect;
use super::held_key::HeldKeys;
use super::plan::{Planned, plan};
use super::referenced::Referenced;
use super::row_batch::{Operation, RowBatch};
use crate::error::Error;
use crate::schema::TableMeta;

impl Session {
    /// Gives references of objects their values. Most keys are known by then: the database has made them ahead. Where it
    /// cannot, the new rows are inserted now, with those they may refer to; says whether there were any.
    pub(super) async fn insert_targets(&mut self, begins: bool) -> Result<bool, Error> {
        let unknown = self.identity.resolve_references()?;
        if unknown.is_empty() {
            return Ok(false);
        }
        let mut tables: Vec<&'static TableMeta> = unknown.iter().map(|column| column.table).collect();
        let mut next = 0;
        while let Some(&table) = tables.get(next) {
            next += 1;
            for target in table.targets() {
                if !tables.contains(&target) {
                    tables.push(target);
                }
            }
        }
        let is_target =
            |batch: &RowBatch| batch.operation == Operation::Insert && tables.contains(&batch.table);
        let mut groups = collect(&self.identity)?;
        groups.retain(is_target);
        if let Planned::Ready(plan) =
            plan(&mut self.identity, groups, &Referenced::default(), &HeldKeys::default())?
        {
            self.perform_plan(*plan, false, begins).await?;
        }
        match self.identity.resolve_references()?.first() {
            None => Ok(true),
            Some(column) => Err(Error::session(format!(
                "an object is to refer to a row of `{}` whose `{column:?}` is not known after it was inserted",
                column.table.entity
            ))),
        }
    }
}

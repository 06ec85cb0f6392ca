//! New rows whose keys are given by the program and changed by the table, by a trigger or by rounding: the changed key can
//! be read back only if the row is sent alone.

use super::perform::all_keys_are_known;
use super::row_batch::{Operation, RowBatch};
use super::step::{FlushPlan, Step};
use crate::engine::Fact;
use crate::error::Error;
use crate::execute::request;
use crate::query::render;
use crate::row::Cells;
use crate::schema::{ColumnDefault, ColumnMeta, TableMeta};
use crate::session::Session;

fn fact(table: &'static TableMeta) -> Fact {
    Fact::ChangesKeys(std::ptr::from_ref(table).addr())
}

impl Session {
    /// Sends a plan. The first batch of a table with given keys may show that the table changes them. With `begins` the
    /// transaction has nothing but this flush.
    pub(super) async fn perform_plan(
        &mut self,
        plan: FlushPlan,
        commit: bool,
        begins: bool,
    ) -> Result<(), Error> {
        let unknown = self.tables_with_own_keys(&plan);
        if unknown.is_empty() {
            return self.perform_as_allowed(&plan, commit).await;
        }
        // A flush that is alone in its transaction can be repeated; otherwise the table is looked up first.
        if !begins || self.identity.clock().depth() > 0 || !all_keys_are_known(&self.identity, &plan)? {
            self.ask_for_changed_keys(&unknown).await?;
            return self.perform_as_allowed(&plan, commit).await;
        }
        match self.perform_as_allowed(&plan, commit).await {
            Ok(()) => {
                unknown.iter().for_each(|table| self.engine.facts().learn(fact(table), false));
                Ok(())
            }
            Err(error) if error.is_stale() => {
                self.begin_anew().await?;
                self.ask_for_changed_keys(&unknown).await?;
                if unknown.iter().any(|table| self.changes_keys(table) == Some(true)) {
                    return self.perform_as_allowed(&plan, commit).await;
                }
                // The error has another cause.
                Err(error)
            }
            Err(error) => Err(error),
        }
    }

    /// Ends a transaction in which nothing was done; the next statement begins one as that was.
    pub(super) async fn begin_anew(&mut self) -> Result<(), Error> {
        if let Some(mut connection) = self.connection.take() {
            connection.raw().rollback().await?;
        }
        self.next_mode = Some(self.mode);
        Ok(())
    }

    /// Looks up how the keys of the new rows of a plan are made, where that is not known yet.
    pub(super) async fn ask_for_keys(&mut self, plan: &FlushPlan) -> Result<(), Error> {
        let untried = self.untried(plan);
        if !untried.is_empty() {
            self.ask(&untried).await?;
        }
        let unknown = self.tables_with_own_keys(plan);
        if !unknown.is_empty() {
            self.ask_for_changed_keys(&unknown).await?;
        }
        Ok(())
    }

    /// Whether a table may change the given keys of new rows; `None` if it was not looked up yet.
    pub(super) fn changes_keys(&self, table: &'static TableMeta) -> Option<bool> {
        self.engine.facts().is_true(fact(table))
    }

    /// The tables that were not looked up yet, and of which a batch has several rows with given keys.
    fn tables_with_own_keys(&self, plan: &FlushPlan) -> Vec<&'static TableMeta> {
        let mut tables = Vec::new();
        for batch in plan.steps.iter().flat_map(Step::batches) {
            let table = batch.table;
            if batch.operation == Operation::Insert
                && batch.slots.len() > 1
                && !tables.contains(&table)
                && self.changes_keys(table).is_none()
                && self.gives_keys(batch)
            {
                tables.push(table);
            }
        }
        tables
    }

    /// Whether the program gives a part of a row's key, even one that the database would make.
    fn gives_keys(&self, batch: &RowBatch) -> bool {
        let Some(arena) = self.identity.any(batch.table) else { return false };
        let is_made = |place: usize| batch.slots.iter().all(|&slot| arena.is_made(slot, place));
        let is_set = |column: &ColumnMeta| {
            batch.places.contains(&column.place)
                && !(matches!(column.default, ColumnDefault::Identity(_) | ColumnDefault::Sql(_))
                    && is_made(column.place))
        };
        batch.table.key().any(is_set)
    }

    async fn ask_for_changed_keys(&mut self, tables: &[&'static TableMeta]) -> Result<(), Error> {
        let rendered: Vec<_> = tables.iter().map(|table| render::may_change_keys(table)).collect();
        let requests: Vec<_> = rendered.iter().map(request).collect();
        let answers = self.connect().await?.pipeline(&requests).await?;
        for (&table, answer) in tables.iter().zip(&answers) {
            let has = answer.rows.first().map(|row| Cells::new(row).read::<bool>()).transpose()?;
            self.engine.facts().learn(fact(table), has.unwrap_or(true));
        }
        Ok(())
    }
}

//! New rows whose keys the program gives and the table changes, by a trigger or by rounding: only a row that is sent alone can
//! come back under another key.

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
    /// Sends a plan; the first rows of a table that go out together with keys of their own may show that the table gives them
    /// others. `begins` says that the transaction holds nothing but this flush.
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
        // Where this flush is the first of the transaction, it can begin again; else the question comes first.
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
                if let Some(mut connection) = self.connection.take() {
                    connection.raw().rollback().await?;
                }
                self.next_mode = Some(self.mode);
                self.ask_for_changed_keys(&unknown).await?;
                if unknown.iter().any(|table| self.changes_keys(table) == Some(true)) {
                    return self.perform_as_allowed(&plan, commit).await;
                }
                // It was something else.
                Err(error)
            }
            Err(error) => Err(error),
        }
    }

    /// Whether a table may give new rows other keys than they are given; `None` while nobody has asked.
    pub(super) fn changes_keys(&self, table: &'static TableMeta) -> Option<bool> {
        self.engine.facts().is_true(fact(table))
    }

    /// The tables of which several rows go out together with keys that the program gives, and nobody has asked.
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

    /// Whether the program gives a part of the key of a row, one that the database would make included.
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

//! How keys can be fetched before their rows are inserted: from the sequence of an identity, which needs a privilege that
//! inserting does not; by the default that the column has in the database, whatever the model declares; or not at all.

use super::perform::all_keys_are_known;
use super::row_batch::{Operation, RowBatch};
use super::step::{FlushPlan, Step};
use crate::engine::Answer;
use crate::error::Error;
use crate::execute::request;
use crate::query::render;
use crate::row::Cells;
use crate::schema::{ColumnMeta, KeyDefault};
use crate::session::Session;

/// The key columns of a batch whose values a multi-row statement makes itself, as the database would.
fn made(batch: &RowBatch) -> impl Iterator<Item = &'static ColumnMeta> {
    batch.table.key().filter(|column| !batch.places.contains(&column.place))
}

fn inserts(plan: &FlushPlan) -> impl Iterator<Item = &RowBatch> {
    plan.steps.iter().flat_map(Step::batches).filter(|batch| batch.operation == Operation::Insert)
}

fn address(column: &'static ColumnMeta) -> usize {
    std::ptr::from_ref(column).addr()
}

impl Session {
    /// Sends a plan. The first batch of a table may show that the role lacks the privilege to use its sequence, or that there
    /// is none.
    pub(super) async fn perform_as_allowed(&mut self, plan: &FlushPlan, commit: bool) -> Result<(), Error> {
        let untried = self.untried(plan);
        if untried.is_empty() {
            return self.perform(plan, commit).await;
        }
        // A transaction in which nothing was done can be repeated; otherwise the default is looked up first.
        if self.in_transaction()
            || self.identity.clock().depth() > 0
            || !all_keys_are_known(&self.identity, plan)?
            // A default that differs from the model's would not be noticed.
            || !untried.iter().all(|column| KeyDefault::is_checked(column))
        {
            self.ask(&untried).await?;
            return self.perform(plan, commit).await;
        }
        let error = match self.perform(plan, commit).await {
            Ok(()) => {
                untried.iter().for_each(|column| self.learn(column, KeyDefault::confirmed(column)));
                return Ok(());
            }
            Err(error) if may_be_the_keys(&error) => error,
            Err(error) => return Err(error),
        };
        self.begin_anew().await?;
        self.ask(&untried).await?;
        if untried.iter().all(|column| self.key_default(column) == Some(KeyDefault::confirmed(column))) {
            // The error has another cause.
            return Err(error);
        }
        self.perform(plan, commit).await
    }

    /// The key columns that a plan would make itself, and of which it is not known how the database makes them.
    pub(super) fn untried(&self, plan: &FlushPlan) -> Vec<&'static ColumnMeta> {
        let mut columns = Vec::new();
        for batch in inserts(plan).filter(|batch| batch.slots.len() > 1) {
            for column in made(batch) {
                if self.key_default(column).is_none() && !columns.contains(&column) {
                    columns.push(column);
                }
            }
        }
        columns
    }

    pub(super) fn key_default(&self, column: &'static ColumnMeta) -> Option<KeyDefault> {
        self.engine.facts().key_default(address(column))
    }

    /// How the missing keys of a multi-row statement are made.
    pub(super) fn key_defaults(&self, batch: &RowBatch) -> Vec<KeyDefault> {
        if batch.operation != Operation::Insert || batch.slots.len() < 2 {
            return Vec::new();
        }
        made(batch).map(|column| self.key_default(column).unwrap_or(KeyDefault::Declared)).collect()
    }

    pub(super) fn learn(&self, column: &'static ColumnMeta, default: KeyDefault) {
        self.engine.facts().learn_key_default(address(column), default);
    }

    pub(super) async fn ask(&mut self, columns: &[&'static ColumnMeta]) -> Result<(), Error> {
        let rendered: Vec<_> = columns.iter().map(|column| render::key_default(column)).collect();
        let requests: Vec<_> = rendered.iter().map(request).collect();
        let answers = self.connect().await?.pipeline(&requests).await?;
        self.take_key_defaults(columns, answers.into_iter())
    }

    pub(super) fn take_key_defaults(
        &self,
        columns: &[&'static ColumnMeta],
        answers: impl Iterator<Item = Answer>,
    ) -> Result<(), Error> {
        for (&column, answer) in columns.iter().zip(answers) {
            let sql = answer.rows.first().map(|row| Cells::new(row).read::<Option<String>>()).transpose()?;
            let default = match sql.flatten() {
                None => KeyDefault::WithRow,
                Some(sql) if sql.is_empty() => KeyDefault::Sequence,
                Some(sql) => KeyDefault::Sql(sql.into()),
            };
            self.learn(column, default);
        }
        Ok(())
    }

    /// The batch as statements of one row each, which return their keys, if keys cannot be made ahead; otherwise `None`.
    pub(super) fn split(&self, batch: &RowBatch) -> Option<Vec<RowBatch>> {
        let is_refused = batch.operation == Operation::Insert
            && batch.slots.len() > 1
            && (self.changes_keys(batch.table) == Some(true)
                || made(batch).any(|column| self.key_default(column) == Some(KeyDefault::WithRow)));
        let one = |slot: &u32| RowBatch { slots: vec![*slot], ..batch.emptied() };
        is_refused.then(|| batch.slots.iter().map(one).collect())
    }
}

/// Whether a flush may have failed because keys were not made as the database makes them: a missing privilege, NULL, or a
/// trigger that changed them.
fn may_be_the_keys(error: &Error) -> bool {
    error.is_insufficient_privilege() || error.is_not_null_violation() || error.is_stale()
}

//! Knows how keys can be made ahead: by the sequence of an identity, which needs a right that the identity does not, by the
//! default that the column has in the database, whatever the model says of it, or not at all.

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

/// The columns of a batch's key that a statement of many rows makes as the database would.
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
    /// Sends a plan; the first rows of a table that go out together may show that the role has no right to its sequence,
    /// or that there is none.
    pub(super) async fn perform_as_allowed(&mut self, plan: &FlushPlan, commit: bool) -> Result<(), Error> {
        let untried = self.untried(plan);
        if untried.is_empty() {
            return self.perform(plan, commit).await;
        }
        // Where nothing was done in the transaction, it can begin again; else the question comes first.
        if self.in_transaction()
            || self.identity.clock().depth() > 0
            || !all_keys_are_known(&self.identity, plan)?
            // Another default than the model's would not show.
            || !untried.iter().all(|column| KeyDefault::is_checked(column))
        {
            self.ask(&untried).await?;
            return self.perform(plan, commit).await;
        }
        let mode = self.next_mode;
        let error = match self.perform(plan, commit).await {
            Ok(()) => {
                untried.iter().for_each(|column| self.learn(column, KeyDefault::confirmed(column)));
                return Ok(());
            }
            Err(error) if may_be_the_keys(&error) => error,
            Err(error) => return Err(error),
        };
        if let Some(mut connection) = self.connection.take() {
            connection.raw().rollback().await?;
        }
        self.next_mode = mode;
        self.ask(&untried).await?;
        if untried.iter().all(|column| self.key_default(column) == Some(KeyDefault::confirmed(column))) {
            // It was something else.
            return Err(error);
        }
        self.perform(plan, commit).await
    }

    /// The columns of keys that a plan would make though nobody knows how the database does.
    fn untried(&self, plan: &FlushPlan) -> Vec<&'static ColumnMeta> {
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

    /// How the keys of many rows are made, those that they do not give.
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

    /// The batch in statements of one row, whose keys come back with them, where keys cannot be made ahead; else `None`.
    pub(super) fn split(&self, batch: &RowBatch) -> Option<Vec<RowBatch>> {
        let is_refused = batch.operation == Operation::Insert
            && batch.slots.len() > 1
            && (self.changes_keys(batch.table) == Some(true)
                || made(batch).any(|column| self.key_default(column) == Some(KeyDefault::WithRow)));
        let one = |slot: &u32| RowBatch { slots: vec![*slot], ..batch.emptied() };
        is_refused.then(|| batch.slots.iter().map(one).collect())
    }
}

/// Whether a flush may have failed by keys that were made as the database does not make them: no right, NULL, or a trigger
/// that made others.
fn may_be_the_keys(error: &Error) -> bool {
    error.is_insufficient_privilege() || error.is_not_null_violation() || error.is_stale()
}

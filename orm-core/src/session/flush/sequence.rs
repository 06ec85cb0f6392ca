//! Knows for which tables keys can be made ahead: an identity needs no right to its sequence, `nextval` does.

use super::collect::{Batch, Operation};
use super::perform::all_keys_are_known;
use super::plan::{Plan, Step};
use crate::engine::{Answer, Fact};
use crate::error::Error;
use crate::execute::request;
use crate::query::render;
use crate::row::Cells;
use crate::schema::{ColumnMeta, Default};
use crate::session::Session;

/// The column of a batch's key that a statement of many rows would make by `nextval`.
fn numbered(batch: &Batch) -> Option<&'static ColumnMeta> {
    let mut key = batch.table.key();
    key.find(|column| column.default == Default::Identity && !batch.places.contains(&column.place))
}

fn inserts(plan: &Plan) -> impl Iterator<Item = &Batch> {
    plan.steps.iter().flat_map(Step::batches).filter(|batch| batch.operation == Operation::Insert)
}

fn address(column: &'static ColumnMeta) -> usize {
    std::ptr::from_ref(column).addr()
}

impl Session {
    /// Sends a plan; the first rows of a table that go out together may show that the role has no right to its sequence.
    pub(super) async fn perform_as_allowed(&mut self, plan: Plan, commit: bool) -> Result<(), Error> {
        let untried = self.untried(&plan);
        if untried.is_empty() {
            return self.perform(&plan, commit).await;
        }
        // Where nothing was done in the transaction, it can begin again; else the question comes first.
        if self.in_transaction()
            || self.identity.clock().depth() > 0
            || !all_keys_are_known(&self.identity, &plan)?
        {
            self.ask(&untried).await?;
            return self.perform(&plan, commit).await;
        }
        let mode = self.next_mode;
        let error = match self.perform(&plan, commit).await {
            Ok(()) => {
                self.learn(&untried, true);
                return Ok(());
            }
            Err(error) if error.is_insufficient_privilege() => error,
            Err(error) => return Err(error),
        };
        if let Some(mut connection) = self.connection.take() {
            connection.raw().rollback().await?;
        }
        self.next_mode = mode;
        self.ask(&untried).await?;
        if untried.iter().all(|column| self.may_use(column) != Some(false)) {
            // It was another right.
            return Err(error);
        }
        self.perform(&plan, commit).await
    }

    /// The columns whose sequences a plan would use though nobody knows whether the role may.
    fn untried(&self, plan: &Plan) -> Vec<&'static ColumnMeta> {
        let mut columns = Vec::new();
        for batch in inserts(plan).filter(|batch| batch.slots.len() > 1) {
            if let Some(column) = numbered(batch)
                && self.may_use(column).is_none()
                && !columns.contains(&column)
            {
                columns.push(column);
            }
        }
        columns
    }

    pub(super) fn may_use(&self, column: &'static ColumnMeta) -> Option<bool> {
        self.engine.facts().is_true(Fact::UsesSequence(address(column)))
    }

    pub(super) fn learn(&self, columns: &[&'static ColumnMeta], is_usable: bool) {
        columns
            .iter()
            .for_each(|column| self.engine.facts().learn(Fact::UsesSequence(address(column)), is_usable));
    }

    async fn ask(&mut self, columns: &[&'static ColumnMeta]) -> Result<(), Error> {
        let rendered: Vec<_> = columns.iter().map(|column| render::sequence_right(column)).collect();
        let requests: Vec<_> = rendered.iter().map(request).collect();
        let answers = self.connect().await?.pipeline(&requests).await?;
        self.take_rights(columns, answers.into_iter())
    }

    pub(super) fn take_rights(
        &self,
        columns: &[&'static ColumnMeta],
        answers: impl Iterator<Item = Answer>,
    ) -> Result<(), Error> {
        for (&column, answer) in columns.iter().zip(answers) {
            let right = answer.rows.first().map(|row| Cells::new(row).read::<Option<bool>>()).transpose()?;
            self.learn(&[column], right.flatten().unwrap_or(false));
        }
        Ok(())
    }

    /// The batch in statements of one row, whose keys come back with them, where the role may not make keys ahead; else
    /// `None`.
    pub(super) fn split(&self, batch: &Batch) -> Option<Vec<Batch>> {
        let is_refused = batch.operation == Operation::Insert
            && batch.slots.len() > 1
            && numbered(batch).and_then(|column| self.may_use(column)) == Some(false);
        let one = |slot: &u32| Batch { slots: vec![*slot], ..batch.emptied() };
        is_refused.then(|| batch.slots.iter().map(one).collect())
    }
}

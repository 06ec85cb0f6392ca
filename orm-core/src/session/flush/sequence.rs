//! Knows for which tables keys can be made ahead: an identity needs no right to its sequence, `nextval` does.

use super::follow::Followed;
use super::plan::{Batch, Level, Plan};
use crate::engine::Answer;
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

fn address(column: &'static ColumnMeta) -> usize {
    std::ptr::from_ref(column).addr()
}

impl Session {
    /// Sends a plan; the first rows of a table that go out together may show that the role has no right to its sequence.
    pub(super) async fn perform_as_allowed(
        &mut self,
        plan: Plan,
        followed: Vec<Followed>,
        commit: bool,
    ) -> Result<(), Error> {
        let untried = self.untried(&plan);
        if untried.is_empty() {
            return self.perform(plan, followed, commit).await;
        }
        // Where nothing was done in the transaction, it can begin again; else the question comes first.
        if self.in_transaction() || self.identity.clock().depth() > 0 || plan.inserts.len() > 1 {
            self.ask(&untried).await?;
            return self.perform(plan, followed, commit).await;
        }
        let mode = self.next_mode;
        let error = match self.perform(plan.clone(), followed.clone(), commit).await {
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
        self.perform(plan, followed, commit).await
    }

    /// The columns whose sequences a plan would use though nobody knows whether the role may.
    fn untried(&self, plan: &Plan) -> Vec<&'static ColumnMeta> {
        let mut columns = Vec::new();
        for batch in plan.inserts.iter().flat_map(Level::all).filter(|batch| batch.slots.len() > 1) {
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
        self.engine.sequences().is_usable(address(column))
    }

    pub(super) fn learn(&self, columns: &[&'static ColumnMeta], is_usable: bool) {
        columns.iter().for_each(|column| self.engine.sequences().learn(address(column), is_usable));
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

    /// The batch in statements of one row, whose keys come back with them, where the role may not make keys ahead.
    pub(super) fn split(&self, batch: Batch) -> Vec<Batch> {
        if batch.slots.len() < 2 || numbered(&batch).and_then(|column| self.may_use(column)) != Some(false) {
            return vec![batch];
        }
        let one = |slot: &u32| Batch { slots: vec![*slot], ..batch.clone() };
        batch.slots.iter().map(one).collect()
    }
}

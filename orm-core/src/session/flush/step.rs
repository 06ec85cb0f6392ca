//! What a flush sends, in which order.

use std::collections::HashSet;

use super::affect::Affected;
use super::row_batch::{Operation, RowBatch};
use crate::schema::TableMeta;

/// What goes out, in this order.
#[derive(Default)]
pub(super) struct FlushPlan {
    pub(super) steps: Vec<Step>,
    /// Whether constraints that can be deferred have to be.
    pub(super) defers: bool,
    /// What cascades change.
    pub(super) affected: Affected,
    /// The objects that new rows refer to before these get their new keys.
    pub(super) referred_before: Vec<(&'static TableMeta, u32)>,
    /// Whether the server cannot lock rows before they are written.
    pub(super) locks_nothing: bool,
    /// The tables whose rows are checked, with their versions, as they are locked.
    pub(super) checked: Vec<&'static TableMeta>,
    /// Deleted objects, by table and slot, whose rows may have gone along with others when it is their turn.
    pub(super) may_be_cascaded: HashSet<(usize, u32)>,
}

/// What goes out as one statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Batch(RowBatch),
    /// Rows that wait for each other by foreign keys, which PostgreSQL looks at when the statement is done: each stage
    /// after the one before.
    Together(Vec<Vec<RowBatch>>),
}

impl FlushPlan {
    pub(super) fn batches(&self) -> impl Iterator<Item = &RowBatch> {
        self.steps.iter().flat_map(Step::batches)
    }

    /// Whether the rows of a table are checked before the first statement.
    pub(super) fn checks_ahead(&self, table: &TableMeta) -> bool {
        self.checked.contains(&table)
    }

    /// Whether rows of a batch may have gone along with others, and are not missed then.
    pub(super) fn lets_go(&self, batch: &RowBatch) -> bool {
        let address = std::ptr::from_ref(batch.table).addr();
        batch.operation == Operation::Delete
            && batch.slots.iter().any(|&slot| self.may_be_cascaded.contains(&(address, slot)))
    }
}

impl Step {
    pub(super) fn batches(&self) -> impl Iterator<Item = &RowBatch> {
        let (one, many) = match self {
            Step::Batch(batch) => (Some(batch), None),
            Step::Together(stages) => (None, Some(stages.iter().flatten())),
        };
        one.into_iter().chain(many.into_iter().flatten())
    }
}

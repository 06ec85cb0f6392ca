//! What a flush sends, in which order.

use std::collections::HashSet;

use super::affect::Affected;
use super::row_batch::{Operation, RowBatch};
use crate::schema::TableMeta;

/// The statements of a flush, in their order.
#[derive(Default)]
pub(super) struct FlushPlan {
    pub(super) steps: Vec<Step>,
    /// Whether deferrable constraints must be deferred.
    pub(super) defers: bool,
    /// What cascades change.
    pub(super) affected: Affected,
    /// The objects that new rows refer to before those objects get their new keys.
    pub(super) referred_before: Vec<(&'static TableMeta, u32)>,
    /// Whether the server cannot lock rows before they are written.
    pub(super) locks_nothing: bool,
    /// The tables whose rows are checked, with their versions, as they are locked.
    pub(super) checked: Vec<&'static TableMeta>,
    /// Deleted objects, by table and slot, whose rows a cascade may have deleted before their own DELETE.
    pub(super) may_be_cascaded: HashSet<(usize, u32)>,
    /// What other orders are made from, where this one rests on what only the server knows.
    pub(super) trial: Option<Box<Trial>>,
}

/// Units of rows in a circle, by their numbers, as the bits of a number.
pub(super) type Units = u64;

/// What other orders of the same rows are made from.
pub(super) struct Trial {
    pub(super) groups: Vec<RowBatch>,
    pub(super) takes_alternatives: bool,
    /// The columns of objects that have the values which cascades give them.
    pub(super) made: Vec<(&'static TableMeta, u32, usize)>,
    /// For each step the number of a circle and the units of it, where these do not go out in batches.
    pub(super) units: Vec<Option<(usize, Units)>>,
}

/// One statement of a flush.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Batch(RowBatch),
    /// Rows that depend on each other by foreign keys, written in one statement: PostgreSQL checks foreign keys at its end.
    /// Each stage comes after the one before.
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

    /// Whether a cascade may have deleted rows of a batch before, so that it is no error if they are not found.
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

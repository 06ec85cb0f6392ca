//! What a flush sends, in which order.

use super::affect::Affected;
use super::batch::Batch;
use crate::schema::TableMeta;

/// What goes out, in this order.
#[derive(Default)]
pub(super) struct Plan {
    pub(super) steps: Vec<Step>,
    /// Whether constraints that can be deferred have to be.
    pub(super) defers: bool,
    /// What is changed along.
    pub(super) affected: Affected,
    /// Whether the server cannot lock rows before they are written.
    pub(super) locks_nothing: bool,
}

/// What goes out as one statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Batch(Batch),
    /// Rows that wait for each other by foreign keys, which PostgreSQL looks at when the statement is done: each stage
    /// after the one before.
    Together(Vec<Vec<Batch>>),
}

impl Plan {
    /// Whether the versions of a table's rows are checked before the first statement: after a trigger of another row has
    /// written to one it has another version, though nobody else has changed it.
    pub(super) fn checks_ahead(&self, table: &TableMeta) -> bool {
        !self.locks_nothing
            && table.version.is_some()
            && self.steps.iter().flat_map(Step::batches).nth(1).is_some()
    }
}

impl Step {
    pub(super) fn batches(&self) -> impl Iterator<Item = &Batch> {
        let (one, many) = match self {
            Step::Batch(batch) => (Some(batch), None),
            Step::Together(stages) => (None, Some(stages.iter().flatten())),
        };
        one.into_iter().chain(many.into_iter().flatten())
    }
}

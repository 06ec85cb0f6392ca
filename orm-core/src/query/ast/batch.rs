//! The statements of a flush: rows of one table and one shape, with a check by the server that none was missed.

use crate::schema::{ColumnMeta, KeyDefault, TableMeta};
use crate::types::{BulkColumn, Parameter};

/// New rows that give the same columns.
#[derive(Clone, Debug)]
pub(crate) struct InsertBatch {
    pub(crate) table: &'static TableMeta,
    pub(crate) columns: Vec<&'static ColumnMeta>,
    /// How many rows get the columns of the key that they do not give, in the key's order; as the model says where it is
    /// shorter.
    pub(crate) keys: Vec<KeyDefault>,
    pub(crate) cells: BatchValues,
    /// Whether the server itself refuses it if it misses a row.
    pub(crate) guarded: bool,
}

/// Rows in which the same columns changed.
#[derive(Clone, Debug)]
pub(crate) struct UpdateBatch {
    pub(crate) table: &'static TableMeta,
    pub(crate) columns: Vec<&'static ColumnMeta>,
    /// These become what they are in a row that says nothing of them.
    pub(crate) defaults: Vec<&'static ColumnMeta>,
    /// Whether rows are found by the version they were read with too.
    pub(crate) by_version: bool,
    /// First those that the rows are found by, as they are in the database, then those of the changed columns.
    pub(crate) cells: BatchValues,
    /// Whether the server itself refuses it if it misses a row.
    pub(crate) guarded: bool,
}

/// Rows that go.
#[derive(Clone, Debug)]
pub(crate) struct DeleteBatch {
    pub(crate) table: &'static TableMeta,
    /// Whether rows are found by the version they were read with too.
    pub(crate) by_version: bool,
    /// Those that the rows are found by.
    pub(crate) cells: BatchValues,
    /// Whether the server itself refuses it if it misses a row.
    pub(crate) guarded: bool,
}

/// Batches that are one statement.
#[derive(Clone, Debug)]
pub(crate) struct Together {
    pub(crate) parts: Vec<Part>,
    /// For each part how many of the first are done before it begins.
    pub(crate) after: Vec<usize>,
}

/// One of several batches that are one statement, which guards each of them.
#[derive(Clone, Debug)]
pub(crate) enum Part {
    Insert(InsertBatch),
    Update(UpdateBatch),
    Delete(DeleteBatch),
}

/// The columns that rows of a flush are found by.
fn found_by(table: &'static TableMeta, by_version: bool) -> impl Iterator<Item = &'static ColumnMeta> {
    table.key().chain(table.version_column().filter(move |_| by_version))
}

impl UpdateBatch {
    /// The columns that the rows are found by.
    pub(crate) fn found_by(&self) -> impl Iterator<Item = &'static ColumnMeta> + use<> {
        found_by(self.table, self.by_version)
    }
}

impl DeleteBatch {
    /// The columns that the rows are found by.
    pub(crate) fn found_by(&self) -> impl Iterator<Item = &'static ColumnMeta> + use<> {
        found_by(self.table, self.by_version)
    }
}

impl Part {
    pub(crate) fn table(&self) -> &'static TableMeta {
        match self {
            Part::Insert(batch) => batch.table,
            Part::Update(batch) => batch.table,
            Part::Delete(batch) => batch.table,
        }
    }
}

/// The values of a batch, column by column.
#[derive(Clone, Debug)]
pub(crate) enum BatchValues {
    /// Of a single row.
    One(Vec<Parameter>),
    /// Of many rows.
    Many(Vec<BulkColumn>),
}

//! The statements of a flush: rows of one table and one shape, with a check by the server that none was missed.

use crate::schema::{ColumnMeta, TableMeta};
use crate::types::{BulkColumn, Parameter};

/// New rows that give the same columns.
#[derive(Clone, Debug)]
pub(crate) struct InsertBatch {
    pub(crate) table: &'static TableMeta,
    pub(crate) columns: Vec<&'static ColumnMeta>,
    pub(crate) cells: Cells,
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
    /// First those of the key as it is in the database, then those of the changed columns.
    pub(crate) cells: Cells,
    /// Whether the server itself refuses it if it misses a row.
    pub(crate) guarded: bool,
}

/// Rows that go.
#[derive(Clone, Debug)]
pub(crate) struct DeleteBatch {
    pub(crate) table: &'static TableMeta,
    /// Those of the key.
    pub(crate) cells: Cells,
    /// Whether the server itself refuses it if it misses a row.
    pub(crate) guarded: bool,
}

/// Batches that are one statement.
#[derive(Clone, Debug)]
pub(crate) struct Together(pub(crate) Vec<Part>);

/// One of several batches that are one statement, which guards each of them.
#[derive(Clone, Debug)]
#[cfg_attr(not(test), expect(dead_code, reason = "a flush has circles of new rows only, so far"))]
pub(crate) enum Part {
    Insert(InsertBatch),
    Update(UpdateBatch),
    Delete(DeleteBatch),
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
pub(crate) enum Cells {
    /// Of a single row.
    One(Vec<Parameter>),
    /// Of many rows.
    Many(Vec<BulkColumn>),
}

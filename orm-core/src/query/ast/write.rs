//! INSERT, UPDATE, DELETE.

use std::panic::Location;

use super::{Item, Node, Placed, Source};
use crate::schema::{ColumnMeta, TableMeta};
use crate::types::{BulkColumn, Parameter};

#[derive(Clone, Debug)]
pub(crate) struct Insert {
    pub(crate) table: &'static TableMeta,
    pub(crate) columns: Vec<&'static ColumnMeta>,
    pub(crate) rows: Rows,
    pub(crate) returning: Vec<Item>,
}

/// The rows of an INSERT.
#[derive(Clone, Debug)]
pub(crate) enum Rows {
    /// A parameter for each cell; None is the column's default.
    Values(Vec<Vec<Option<Parameter>>>),
    /// Column by column, so that the text does not depend on the number of rows.
    Unnest(Vec<BulkColumn>),
}

#[derive(Clone, Debug)]
pub(crate) struct Set {
    pub(crate) column: &'static ColumnMeta,
    pub(crate) value: Node,
    /// Set because of an attribute of the model, not by the caller.
    pub(crate) automatic: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Update {
    pub(crate) at: &'static Location<'static>,
    pub(crate) source: Source,
    pub(crate) set: Vec<Placed<Set>>,
    pub(crate) filter: Vec<Placed<Node>>,
    pub(crate) returning: Vec<Item>,
}

#[derive(Clone, Debug)]
pub(crate) struct Delete {
    pub(crate) at: &'static Location<'static>,
    pub(crate) source: Source,
    pub(crate) filter: Vec<Placed<Node>>,
    pub(crate) returning: Vec<Item>,
}

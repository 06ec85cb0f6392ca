//! INSERT, UPDATE, DELETE.

use std::borrow::Cow;
use std::panic::Location;
use std::sync::Arc;

use super::{Body, Item, Node, OneOrMany, Placed, Select, Source};
use crate::schema::{ColumnMeta, IndexPart, TableMeta};
use crate::types::{BulkColumn, Parameter};

#[derive(Debug)]
pub(crate) struct Insert<'a> {
    pub(crate) at: &'static Location<'static>,
    pub(crate) table: &'static TableMeta,
    pub(crate) columns: Vec<&'static ColumnMeta>,
    pub(crate) rows: InsertSource,
    /// Columns that get the same expression in each row.
    pub(crate) set: Cow<'a, [Placed<Set>]>,
    pub(crate) conflict: Option<Cow<'a, Conflict>>,
    pub(crate) returning: Cow<'a, [Item]>,
}

impl Insert<'_> {
    /// The table, as its rows are known by.
    pub(crate) fn source(&self) -> Source {
        Source { table: self.table, alias: None }
    }
}

/// The rows of an INSERT.
#[derive(Debug)]
pub(crate) enum InsertSource {
    /// A parameter for each cell; None is the column's default.
    Values(Vec<Vec<Option<Parameter>>>),
    /// Column by column, so that the text does not depend on the number of rows.
    Unnest(Vec<BulkColumn>),
    /// Those that a statement gives.
    Select(Arc<Select>),
}

/// What becomes of a new row that another row leaves no place for.
#[derive(Clone, Debug)]
pub(crate) struct Conflict {
    pub(crate) target: ConflictTarget,
    /// None leaves the other row as it is.
    pub(crate) update: Option<ConflictUpdate>,
}

/// The unique constraint or index by which rows are in conflict.
#[derive(Clone, Debug, Default)]
pub(crate) struct ConflictTarget {
    /// Empty for any.
    pub(crate) parts: Vec<IndexPart>,
    /// The condition of a partial index, in SQL.
    pub(crate) predicate: Option<&'static str>,
    /// The name of a constraint, in place of its parts.
    pub(crate) constraint: Option<&'static str>,
}

/// `DO UPDATE`.
#[derive(Clone, Debug)]
pub(crate) struct ConflictUpdate {
    pub(crate) at: &'static Location<'static>,
    pub(crate) set: Vec<Placed<Set>>,
    pub(crate) filter: OneOrMany<Placed<Node>>,
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
    pub(crate) beside: Option<Box<Beside>>,
    pub(crate) filter: OneOrMany<Placed<Node>>,
    /// Whether it may be about every row.
    pub(crate) all_rows: bool,
    /// The filters of models that are left out, by name.
    pub(crate) without: Vec<&'static str>,
    pub(crate) returning: OneOrMany<Item>,
}

#[derive(Clone, Debug)]
pub(crate) struct Delete {
    pub(crate) at: &'static Location<'static>,
    pub(crate) source: Source,
    pub(crate) beside: Option<Box<Beside>>,
    pub(crate) filter: OneOrMany<Placed<Node>>,
    /// Whether it may be about every row.
    pub(crate) all_rows: bool,
    /// The filters of models that are left out, by name.
    pub(crate) without: Vec<&'static str>,
    pub(crate) returning: OneOrMany<Item>,
}

/// The tables that an UPDATE or DELETE looks at beside the one that it changes: FROM, or USING.
#[derive(Clone, Debug, Default)]
pub(crate) struct Beside {
    pub(crate) sources: Vec<Placed<Source>>,
    /// What stands behind those that are no tables of the database.
    pub(crate) bodies: Vec<(Source, Arc<Body>)>,
    /// CTEs that nothing in it has to read.
    pub(crate) with: Vec<Arc<Body>>,
}

impl Beside {
    /// What stands behind a source.
    pub(crate) fn body(&self, source: Source) -> Option<&Arc<Body>> {
        self.bodies.iter().find(|(other, _)| *other == source).map(|(_, body)| body)
    }
}

impl Update {
    /// CTEs that nothing in it has to read.
    pub(crate) fn with(&self) -> &[Arc<Body>] {
        self.beside.as_ref().map_or(&[], |beside| &beside.with)
    }

    pub(crate) fn beside(&self) -> &[Placed<Source>] {
        sources(self.beside.as_deref())
    }

    pub(crate) fn bodies(&self) -> &[(Source, Arc<Body>)] {
        bodies(self.beside.as_deref())
    }
}

impl Delete {
    /// CTEs that nothing in it has to read.
    pub(crate) fn with(&self) -> &[Arc<Body>] {
        self.beside.as_ref().map_or(&[], |beside| &beside.with)
    }

    pub(crate) fn beside(&self) -> &[Placed<Source>] {
        sources(self.beside.as_deref())
    }

    pub(crate) fn bodies(&self) -> &[(Source, Arc<Body>)] {
        bodies(self.beside.as_deref())
    }
}

fn sources(beside: Option<&Beside>) -> &[Placed<Source>] {
    beside.map_or(&[], |beside| &beside.sources)
}

fn bodies(beside: Option<&Beside>) -> &[(Source, Arc<Body>)] {
    beside.map_or(&[], |beside| &beside.bodies)
}

//! What stands behind a source that is no table of the database: a derived table, a CTE.

use std::panic::Location;
use std::sync::Arc;

use super::{Delete, Insert, Node, Raw, Select, Update};
use crate::types::{BulkColumn, Parameter};

/// A table that the statement itself makes.
#[derive(Clone, Debug)]
pub(crate) struct Body {
    pub(crate) at: &'static Location<'static>,
    pub(crate) kind: BodyKind,
    pub(crate) name: &'static str,
    /// The names of its columns.
    pub(crate) columns: Vec<&'static str>,
    pub(crate) content: Content,
}

/// Where a body stands, and what it sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BodyKind {
    /// In FROM; it sees nothing of the statement around it.
    Derived,
    /// In FROM; it sees what stands before it there.
    Lateral,
    /// In WITH.
    Cte(Materialized),
    /// In WITH, and sees its own rows.
    Recursive,
    /// The rows that a recursive one has so far.
    Itself,
    /// A table of the database, of which some rows are taken.
    Sampled,
}

/// Whether a CTE is worked out once and kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Materialized {
    /// As PostgreSQL finds best.
    #[default]
    Unsaid,
    Yes,
    No,
}

/// What gives the rows.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    /// The rows so far, of a recursive CTE.
    Itself,
    Select(Arc<Select>),
    Recursive(Arc<Recursive>),
    Insert(Arc<Insert<'static>>),
    Update(Arc<Update>),
    Delete(Arc<Delete>),
    /// Rows that are sent, column by column.
    Rows(Arc<Vec<BulkColumn>>),
    /// What a function gives.
    Function(Arc<TableFunction>),
    Raw(Arc<Raw>),
    /// Some rows of a table, by chance.
    Sample(Sample),
    /// What could not be made; for the checker to say.
    Refused(Arc<str>),
}

/// `first UNION ALL step`.
#[derive(Clone, Debug)]
pub(crate) struct Recursive {
    pub(crate) first: Select,
    pub(crate) step: Select,
    /// Whether rows that were there already are left out.
    pub(crate) distinct: bool,
    /// What stands behind it: SEARCH and CYCLE.
    pub(crate) search: Option<Search>,
    pub(crate) cycle: Option<Cycle>,
}

/// `SEARCH DEPTH FIRST BY .. SET ..`
#[derive(Clone, Debug)]
pub(crate) struct Search {
    pub(crate) depth_first: bool,
    pub(crate) by: Vec<&'static str>,
}

impl Search {
    /// The column that has the order.
    pub(crate) const COLUMN: &'static str = "search_order";
}

/// `CYCLE .. SET .. USING ..`
#[derive(Clone, Debug)]
pub(crate) struct Cycle {
    pub(crate) columns: Vec<&'static str>,
}

impl Cycle {
    /// The column that says whether a row closes a circle.
    pub(crate) const MARK: &'static str = "is_cycle";
    /// The column that has the rows on the way to it.
    pub(crate) const PATH: &'static str = "cycle_path";
}

/// A call in FROM.
#[derive(Clone, Debug)]
pub(crate) struct TableFunction {
    pub(crate) call: Node,
    /// Whether a last column numbers the rows.
    pub(crate) ordinality: bool,
    pub(crate) columns: FunctionColumns,
}

/// What says the columns of a call in FROM.
#[derive(Clone, Debug)]
pub(crate) enum FunctionColumns {
    /// The function itself.
    Known,
    /// The types of a list of definitions.
    Typed(Vec<&'static str>),
    /// JSON_TABLE: the path of its rows, and its columns.
    #[cfg_attr(not(feature = "serde_json"), expect(dead_code, reason = "documents are a feature"))]
    Json { path: &'static str, columns: Vec<JsonColumn> },
}

/// A column of JSON_TABLE.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(not(feature = "serde_json"), expect(dead_code, reason = "documents are a feature"))]
pub(crate) enum JsonColumn {
    /// Of a type, by the path of this name.
    Named(&'static str),
    /// Of a type, by a path of its own.
    Path(&'static str, &'static str),
    /// The number of the row.
    Ordinality,
}

/// `TABLESAMPLE`.
#[derive(Clone, Debug)]
pub(crate) struct Sample {
    /// BERNOULLI, or SYSTEM.
    pub(crate) method: &'static str,
    pub(crate) percent: Parameter,
    /// REPEATABLE.
    pub(crate) seed: Option<Parameter>,
}

impl Body {
    /// Whether it stands in WITH, so that its name is enough in FROM.
    pub(crate) fn is_named(&self) -> bool {
        matches!(self.kind, BodyKind::Cte(_) | BodyKind::Recursive | BodyKind::Itself)
    }

    /// Whether it stands in WITH.
    pub(crate) fn is_in_with(&self) -> bool {
        matches!(self.kind, BodyKind::Cte(_) | BodyKind::Recursive)
    }

    /// Whether it has a column of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        let added = match &self.content {
            Content::Recursive(recursive) => {
                recursive.search.is_some() && name == Search::COLUMN
                    || recursive.cycle.is_some() && name == Cycle::MARK
            }
            _ => false,
        };
        added || self.columns.contains(&name)
    }
}

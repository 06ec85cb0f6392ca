//! What the database has of a schema's tables: their columns, constraints and indexes, and the types they use.

mod read;

pub(super) use read::{Detail, Question, read};

use crate::schema::{Deferrable, Generated, RowSecurity};

/// Where a name without a schema is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SearchPath {
    /// In the first schema of the search path, where CREATE would put it.
    First,
    /// Wherever a statement finds it.
    Visible,
}

/// What the database has of a schema.
#[derive(Debug)]
pub(super) struct Live {
    /// For each table that was asked for, in their order.
    pub(super) places: Vec<LivePlace>,
    /// Those of the types asked for that are there.
    pub(super) types: Vec<LiveType>,
}

/// What there is under a table's name.
#[derive(Debug)]
pub(super) struct LivePlace {
    /// The schema that was looked into; `None` where it is missing, or all of the search path were looked into.
    pub(super) schema: Option<String>,
    pub(super) relation: Option<Relation>,
}

#[derive(Debug)]
pub(super) struct Relation {
    /// Its number in the database.
    pub(super) oid: i64,
    pub(super) kind: RelationKind,
    pub(super) columns: Vec<LiveColumn>,
    pub(super) constraints: Vec<LiveConstraint>,
    pub(super) indexes: Vec<LiveIndex>,
    pub(super) row_security: RowSecurity,
    pub(super) policies: Vec<LivePolicy>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RelationKind {
    /// Also a partitioned one.
    Table,
    /// A table of another server, which has no keys and indexes here.
    ForeignTable,
    /// Also a materialized one.
    View,
}

#[derive(Debug)]
pub(super) struct LiveColumn {
    pub(super) name: String,
    /// The type as declared, with its limits.
    pub(super) declared: String,
    /// The number of the type, which may be that of a domain.
    pub(super) type_oid: i64,
    /// The type a domain is of, or the type itself: its number, and its name without limits.
    pub(super) base: (i64, String),
    pub(super) not_null: bool,
    pub(super) identity: Option<Generated>,
    pub(super) computed: bool,
    /// The default; of a computed column, what it is computed from.
    pub(super) default: Option<String>,
    /// Whether the default is the next number of a sequence that belongs to the column.
    pub(super) serial: bool,
    /// Whether its domain has a default.
    pub(super) domain_default: bool,
}

#[derive(Debug)]
pub(super) struct LiveConstraint {
    pub(super) name: String,
    pub(super) kind: ConstraintKind,
    pub(super) columns: Vec<String>,
    pub(super) deferrable: Deferrable,
}

#[derive(Debug)]
pub(super) enum ConstraintKind {
    PrimaryKey,
    Unique,
    Check,
    ForeignKey {
        /// The number of the table it points at, and its name.
        target: (i64, String),
        columns: Vec<String>,
        /// The letters of the catalog.
        on_delete: String,
        on_update: String,
    },
}

#[derive(Debug)]
pub(super) struct LiveIndex {
    pub(super) name: String,
    pub(super) method: String,
    pub(super) unique: bool,
    /// Whether it can be used: one whose making failed cannot.
    pub(super) valid: bool,
    pub(super) partial: bool,
    /// When the constraint is checked that it belongs to.
    pub(super) deferrable: Deferrable,
    /// The columns it goes by, `None` for an expression.
    pub(super) parts: Vec<Option<String>>,
}

#[derive(Debug)]
pub(super) struct LivePolicy {
    pub(super) name: String,
    /// The word of SQL.
    pub(super) command: String,
    pub(super) restrictive: bool,
    /// `public` is every role.
    pub(super) roles: Vec<String>,
    pub(super) using: Option<String>,
    pub(super) check: Option<String>,
}

/// A type that columns of the schema use.
#[derive(Debug)]
pub(super) struct LiveType {
    /// As the models name it.
    pub(super) name: &'static str,
    pub(super) oid: i64,
    pub(super) kind: LiveKind,
}

/// What a type is made of.
#[derive(Debug)]
pub(super) enum LiveKind {
    /// Its labels, in order.
    Enum(Vec<String>),
    /// The names of its fields, in order.
    Composite(Vec<String>),
    /// What it is over, and whether it checks its values.
    Domain {
        base: String,
        checks: bool,
    },
    Other,
}

impl Live {
    pub(super) fn find_type(&self, name: &str) -> Option<&LiveType> {
        self.types.iter().find(|found| found.name == name)
    }
}

impl Relation {
    pub(super) fn column(&self, name: &str) -> Option<&LiveColumn> {
        self.columns.iter().find(|column| column.name == name)
    }
}

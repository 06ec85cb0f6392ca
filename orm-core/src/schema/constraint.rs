//! What holds between the columns and tables: foreign keys, unique and check constraints, and indexes.

use super::{ColumnMeta, TableMeta};

/// A reference to a row of another table, or of the same.
#[derive(Debug)]
pub struct ForeignKey {
    /// The places of its columns.
    pub columns: &'static [usize],
    /// What it points to; a function, so that tables may point at each other.
    pub target: fn() -> Target,
    /// What happens to the row when its target is deleted.
    pub on_delete: Action,
    /// What happens to the row when its target's key is changed.
    pub on_update: Action,
    /// Whether its check can wait for the end of the transaction.
    pub deferrable: Deferrable,
}

/// The columns a foreign key points to, in the order of its own.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Their table.
    pub table: &'static TableMeta,
    /// Their places.
    pub places: &'static [usize],
}

impl Target {
    /// One of the columns.
    pub(crate) fn column(self, nth: usize) -> Option<&'static ColumnMeta> {
        self.places.get(nth).map(|&place| &self.table.columns[place])
    }

    /// The columns.
    pub(crate) fn columns(self) -> impl Iterator<Item = &'static ColumnMeta> {
        self.places.iter().map(move |&place| &self.table.columns[place])
    }
}

/// What happens to a row when the row it references is deleted, or gets another key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Action {
    /// It is an error while rows reference the target.
    NoAction,
    /// As `NoAction`, checked at once.
    Restrict,
    /// The row is deleted too, or follows the key.
    Cascade,
    /// The reference becomes NULL.
    SetNull,
    /// The reference becomes the column's default.
    SetDefault,
}

impl Action {
    /// Whether it changes the rows that point at a row, where others refuse that this goes.
    pub(crate) fn acts(self) -> bool {
        !matches!(self, Action::NoAction | Action::Restrict)
    }

    /// The words of SQL.
    pub fn sql(self) -> &'static str {
        match self {
            Action::NoAction => "NO ACTION",
            Action::Restrict => "RESTRICT",
            Action::Cascade => "CASCADE",
            Action::SetNull => "SET NULL",
            Action::SetDefault => "SET DEFAULT",
        }
    }
}

/// Whether the check of a constraint can wait for the end of the transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deferrable {
    /// It is checked at once: of a foreign key at the end of each statement, of a unique constraint with each row.
    No,
    /// It is checked at the end of each statement, and waits in a transaction that says `SET CONSTRAINTS .. DEFERRED`.
    InitiallyImmediate,
    /// It is checked at the end of the transaction.
    InitiallyDeferred,
}

impl Deferrable {
    /// The words of SQL.
    pub fn sql(self) -> &'static str {
        match self {
            Deferrable::No => "NOT DEFERRABLE",
            Deferrable::InitiallyImmediate => "DEFERRABLE INITIALLY IMMEDIATE",
            Deferrable::InitiallyDeferred => "DEFERRABLE INITIALLY DEFERRED",
        }
    }
}

/// Columns of which no two rows have the same values.
#[derive(Debug)]
pub struct Unique {
    /// The name of the constraint; `None` is the one PostgreSQL would choose.
    pub name: Option<&'static str>,
    /// The places of the columns.
    pub columns: &'static [usize],
    /// Whether its check can wait for the end of the transaction. One that can is no target of foreign keys or of
    /// `on_conflict`.
    pub deferrable: Deferrable,
}

/// A condition that holds for each row.
#[derive(Debug)]
pub struct Check {
    /// The name of the constraint; `None` is the one PostgreSQL would choose.
    pub name: Option<&'static str>,
    /// The place of the column it was written on.
    pub column: Option<usize>,
    /// The condition, in SQL.
    pub sql: &'static str,
}

/// An index.
#[derive(Debug)]
pub struct Index {
    /// The name; `None` is the one PostgreSQL would choose.
    pub name: Option<&'static str>,
    /// Whether no two rows have the same values.
    pub unique: bool,
    /// The access method, such as `gin`; `None` is `btree`.
    pub method: Option<&'static str>,
    /// What is indexed.
    pub parts: &'static [IndexPart],
    /// Only rows for which this SQL condition holds are in it.
    pub predicate: Option<&'static str>,
}

/// What an index goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IndexPart {
    /// The column at this place.
    Place(usize),
    /// An SQL expression, with an operator class and a direction behind it where they are wanted.
    Sql(&'static str),
}

impl IndexPart {
    /// The place, if it is a column.
    pub(crate) fn place(self) -> Option<usize> {
        match self {
            IndexPart::Place(place) => Some(place),
            IndexPart::Sql(_) => None,
        }
    }
}

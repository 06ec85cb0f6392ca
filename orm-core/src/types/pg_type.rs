//! What is said of a type of PostgreSQL: its name, its arrays, its labels or fields.

use tokio_postgres::types::Type;

/// A PostgreSQL type, as statements and tables name it.
#[derive(Debug)]
pub struct PgType {
    /// The name in SQL, quoted where it must be: `bigint`, `"mood"`.
    pub name: &'static str,
    /// The type of a parameter on the wire; `text` for enums, which are cast in the statement.
    pub wire: Type,
    /// The type of its arrays, by which lists and rows sent together travel; `None` only for an array.
    pub array: Option<&'static PgType>,
    /// The type of its elements, if it is an array.
    pub element: Option<&'static PgType>,
    /// What it is cast to on its way out, where its own number differs from database to database: `text` for enums.
    pub sent_as: Option<&'static str>,
    /// The labels of an enum type, in order; empty for any other type.
    pub labels: &'static [&'static str],
    /// The fields of a composite type, in order; `None` for any other type.
    pub fields: Option<&'static [CompositeField]>,
}

/// A field of a composite type.
#[derive(Debug)]
pub struct CompositeField {
    /// Its name in the database.
    pub name: &'static str,
    /// Its type.
    pub ty: &'static PgType,
}

/// A domain: a type of PostgreSQL over another one, whose values it may check.
#[derive(Debug)]
pub struct Domain {
    /// The name in SQL, quoted: `"positive"`.
    pub name: &'static str,
    /// The type below.
    pub base: &'static PgType,
    /// What each value is checked by, in SQL: `VALUE > 0`.
    pub check: Option<&'static str>,
}

impl PgType {
    /// Whether the server knows this type under a number that is the same everywhere.
    pub(crate) fn is_builtin(&self) -> bool {
        self.sent_as.is_none()
    }

    /// Whether it is a composite type, of whose arrays `unnest` makes a column for each field.
    pub(crate) fn is_composite(&self) -> bool {
        self.fields.is_some()
    }
}

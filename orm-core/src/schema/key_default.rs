//! How the database makes the keys of rows that do not give them.

use std::sync::Arc;

use super::{ColumnDefault, ColumnMeta, is_call};

/// What is known of the default that a column of a key has in the database, whatever the model says of it.
///
/// A statement of many rows makes their keys before the rows, so that each row is found again by its key. It has to make
/// them as the database would.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum KeyDefault {
    /// Nobody has looked yet: as the model says. A statement that finds it otherwise in the database makes NULL, which no key
    /// is, if it [can find out](KeyDefault::is_checked).
    Declared,
    /// The sequence that belongs to the column, which the role may use.
    Sequence,
    /// This SQL.
    Sql(Arc<str>),
    /// Nothing that the role can make ahead: such rows go out one by one, and their keys come back with them.
    WithRow,
}

impl KeyDefault {
    /// Whether a statement can find out if the database makes a column's values as the model says: by a sequence, or by a
    /// call that PostgreSQL gives back as it was written. Of other SQL only the database knows how it writes it.
    pub(crate) fn is_checked(column: &ColumnMeta) -> bool {
        match column.default {
            ColumnDefault::Identity(_) => true,
            ColumnDefault::Sql(sql) => is_call(sql),
            ColumnDefault::None | ColumnDefault::Computed(_) => false,
        }
    }

    /// What is known where a statement has found it as the model says.
    pub(crate) fn confirmed(column: &ColumnMeta) -> KeyDefault {
        match column.default {
            ColumnDefault::Sql(sql) => KeyDefault::Sql(sql.into()),
            _ => KeyDefault::Sequence,
        }
    }
}

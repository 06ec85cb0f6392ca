//! How the database makes the keys of rows that do not give them.

use std::sync::Arc;

/// What is known of the default that a column of a key has in the database, whatever the model says of it.
///
/// A statement of many rows makes their keys before the rows, so that each row is found again by its key. It has to make
/// them as the database would.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum KeyDefault {
    /// An identity that nobody has looked at yet, or a default that is as the model says. A statement that finds no identity
    /// and no sequence that belongs to the column makes NULL, which no key is.
    Declared,
    /// The sequence that belongs to the column, which the role may use.
    Sequence,
    /// This SQL.
    Sql(Arc<str>),
    /// Nothing that the role can make ahead: such rows go out one by one, and their keys come back with them.
    WithRow,
}

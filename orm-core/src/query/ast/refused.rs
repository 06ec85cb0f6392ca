//! What a builder was given that no statement can mean; the checker refuses it.

use super::Source;

#[derive(Clone, Copy, Debug)]
pub(crate) enum Refused {
    /// A relation of a table whose row is not among what is selected.
    RelationOf(Source),
    /// A relation of a row that may be missing.
    RelationOfOptional(Source),
    /// Related rows that are filtered by a table which the statement that reads them has not.
    RelatedBy(Source),
    /// An aggregate in place of each related row.
    RelatedAggregate(&'static str),
    /// A part of a relation that a join has no place for.
    JoinedPart(&'static str),
    /// A list of what to select, made at run time, with nothing in it.
    EmptyList,
    /// Such a list, with something behind it.
    ListBeforeOthers,
    /// A number of rows below zero.
    Limit(i64),
    /// So many rows of a table that has no key to tell them apart, asked for something.
    LimitWithoutKey(Source),
}

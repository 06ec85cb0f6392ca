//! Checks that PostgreSQL can find rows in conflict by what an INSERT names.

use super::refuse;
use crate::error::Error;
use crate::query::ast::{ConflictTarget, Insert};
use crate::schema::{Deferrable, IndexPart, TableMeta, Unique};

/// Refuses constraints that are deferrable: PostgreSQL knows only later whether a row is in conflict by one.
pub(super) fn check(insert: &Insert<'_>, target: &ConflictTarget) -> Result<(), Error> {
    let table = insert.table;
    let Some(unique) = deferrable(table).find(|unique| meets(unique, target)) else { return Ok(()) };
    let columns: Vec<_> = unique.columns.iter().map(|&place| table.columns[place].name).collect();
    let columns = columns.join(", ");
    let message = if target.constraint.is_none() && target.parts.is_empty() {
        format!(
            "`on_conflict_do_nothing` looks at every unique constraint of `{}`, and PostgreSQL cannot look at that of \
             ({columns}), which is deferrable: name what rows may be in conflict by, `.on_conflict(..).do_nothing()`",
            table.entity
        )
    } else {
        format!(
            "PostgreSQL finds no conflict by the unique constraint ({columns}) of `{}`, which is deferrable: name other \
             columns in `.on_conflict(..)`, or remove `deferrable`",
            table.entity
        )
    };
    Err(refuse(message, insert.at))
}

fn deferrable(table: &'static TableMeta) -> impl Iterator<Item = &'static Unique> {
    table.uniques.iter().filter(|unique| unique.deferrable != Deferrable::No)
}

/// Whether PostgreSQL would look at this constraint; it does so even if an index of the same columns is not deferrable.
fn meets(unique: &Unique, target: &ConflictTarget) -> bool {
    if target.constraint.is_some() {
        return unique.name == target.constraint;
    }
    if target.parts.is_empty() {
        return true;
    }
    let places = target.parts.iter().map(|part| match part {
        IndexPart::Place(place) => Some(*place),
        IndexPart::Sql(_) => None,
    });
    let Some(places) = places.collect::<Option<Vec<usize>>>() else { return false };
    let columns = unique.columns;
    columns.iter().all(|place| places.contains(place)) && places.iter().all(|place| columns.contains(place))
}

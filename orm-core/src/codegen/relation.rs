//! Relations, held together with the foreign keys they go by.

use crate::model::Model;
use crate::model::relation::Path;
use crate::query::Column;
use crate::schema::{ColumnMeta, Index, IndexPart};

/// A model with a foreign key to the model `M`: its foreign key of the number `KEY`.
#[diagnostic::on_unimplemented(
    message = "the foreign key of this relation does not reference `{M}`",
    label = "no foreign key of `{Self}` to `{M}`",
    note = "a relation goes by a foreign key to the model that declares it: `#[orm(references = {M}.id)]` on a field of `{Self}`"
)]
pub trait References<M, const KEY: usize> {}

/// The number of the foreign key that a column belongs to.
///
/// # Panics
/// If it belongs to none; at compile time.
#[track_caller]
pub const fn key_of<M, T>(column: Column<M, T>) -> usize {
    match column.meta().foreign_key {
        Some(number) => number,
        None => panic!(
            "a relation goes by a foreign key: write `#[orm(references = ..)]` on the field of this column"
        ),
    }
}

/// Holds a relation and the foreign key it goes by together.
pub const fn related_by<C: References<M, KEY>, M, const KEY: usize>() {}

/// Holds a relation to one row and the foreign key it goes by together.
///
/// # Panics
/// If several rows can have the same foreign key; at compile time.
#[track_caller]
pub const fn has_one<M, T>(column: Column<M, T>) {
    let meta = column.meta();
    let table = meta.table;
    let mut found = meta.unique || meta.is_primary_key();
    let mut nth = 0;
    // One of several columns may be unique together with others.
    while nth < table.uniques.len() {
        found |= has_place(table.uniques[nth].columns, meta.place);
        nth += 1;
    }
    // Among the rows that are not marked as deleted is enough.
    nth = 0;
    while nth < table.indexes.len() {
        let Index { unique, parts, predicate, .. } = &table.indexes[nth];
        let counts = *unique && (predicate.is_none() || table.soft_delete.is_some());
        let mut part = 0;
        while part < parts.len() {
            found |= counts && matches!(parts[part], IndexPart::Place(place) if place == meta.place);
            part += 1;
        }
        nth += 1;
    }
    assert!(
        found || has_place(table.primary_key, meta.place),
        "the foreign key of a `has_one` must be unique, or several rows could have it: write `unique` on its field, or \
         `has_many`"
    );
}

const fn has_place(places: &[usize], place: usize) -> bool {
    let mut nth = 0;
    while nth < places.len() {
        if places[nth] == place {
            return true;
        }
        nth += 1;
    }
    false
}

/// The path of a relation to the rows that have a foreign key.
pub fn to_children<M, T>(column: Column<M, T>) -> Path {
    Path::to_children(column.meta())
}

/// The path of a relation to the rows that a foreign key points at.
pub fn to_target(column: &'static ColumnMeta, key: usize) -> Path {
    Path::to_target(column, &column.table.foreign_keys[key])
}

/// The path of a relation by way of the table of `B`, whose foreign keys have these numbers.
pub fn through<P, B, C, const NEAR: usize, const FAR: usize>() -> Path
where
    B: Model + References<P, NEAR> + References<C, FAR>,
{
    let column = |key: usize| &B::META.columns[B::META.foreign_keys[key].columns[0]];
    Path::through((column(NEAR), NEAR), (column(FAR), FAR))
}

/// The path of a relation by way of the foreign keys that these columns belong to.
///
/// # Panics
/// If a column is no foreign key, which the derive has checked.
pub fn through_columns<B, T, U>(near: Column<B, T>, far: Column<B, U>) -> Path {
    let key = |column: &'static ColumnMeta| {
        (column, column.foreign_key.expect("the derive has checked that it is a foreign key"))
    };
    Path::through(key(near.meta()), key(far.meta()))
}

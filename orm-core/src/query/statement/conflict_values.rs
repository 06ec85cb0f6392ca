//! What a row in conflict becomes by `do_update_all`: the new row.

use super::insert::Insert;
use super::insert_rows::InsertRows;
use super::update::assign;
use crate::model::Model;
use crate::query::ast::{ConflictTarget, Node, Placed, Set, Source};
use crate::schema::{ColumnMeta, IndexPart};

/// Each column that the new rows say something of takes it, but for those that tell rows apart, and those whose value the
/// model itself makes for new rows.
#[track_caller]
pub(super) fn of_new_row<M: Model>(insert: &Insert<M>, target: &ConflictTarget) -> Vec<Placed<Set>> {
    let table = M::META;
    let named = target.constraint.and_then(|name| {
        table.uniques.iter().find(|unique| unique.name == Some(name)).map(|unique| unique.columns)
    });
    let tells_apart = |column: &ColumnMeta| {
        table.primary_key.contains(&column.place)
            || named.is_some_and(|places| places.contains(&column.place))
            || target
                .parts
                .iter()
                .any(|part| matches!(part, IndexPart::Place(place) if *place == column.place))
    };
    // Of a whole row it is not known which values of theirs the program made; columns that are named are meant.
    let is_whole = matches!(insert.rows, InsertRows::Whole(_));
    let is_made = |column: &ColumnMeta| {
        column.is_computed()
            || is_whole && column.client_default.is_some()
            || table.version.as_ref().is_some_and(|version| version.place == column.place)
    };
    let beside = insert.set.iter().filter(|set| !matches!(set.content.value, Node::Default));
    let mut columns = insert.rows.columns(0..insert.rows.len());
    columns.extend(beside.map(|set| set.content.column));
    columns.retain(|column| !tells_apart(column) && !is_made(column));
    let mut set = Vec::new();
    for column in columns {
        assign(&mut set, Source { table, alias: None }, column, Node::Excluded(column));
    }
    set
}

//! The row that an INSERT found no place for.

use super::{Column, Expr};
use crate::query::ast::Node;
use crate::types::SqlType;

/// What the row that was to be inserted has in a column: `.set(User.name, excluded(User.name))` behind
/// [`do_update`](crate::query::OnConflict::do_update). A statement that uses it anywhere else is refused before it is
/// sent.
///
/// It is the row as it would have been stored: with defaults, and with what a BEFORE INSERT trigger made of it.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let new = NewPet::new("Rex", Mood::Happy);
/// let upsert = insert(Pet).values(new).on_conflict(Pet.name).do_update().set(Pet.mood, excluded(Pet.mood));
/// ```
pub fn excluded<M, T: SqlType>(column: Column<M, T>) -> Expr<T> {
    Expr::new(Node::Excluded(column.meta()))
}

//! What a row held before a statement changed it.

use super::{Column, Expr};
use crate::query::ast::Node;
use crate::types::SqlType;

/// What the row held in a column before the statement changed it, in `returning`: `.returning((old(User.age), User.age))`.
/// A statement that uses it anywhere else is refused before it is sent. PostgreSQL 18 or newer.
///
/// A row that an upsert inserts held nothing: select `old(User.age).optional()` there; `old(User.id).is_null()` tells
/// whether the row was inserted.
///
/// ```
/// use orm_core::prelude::*;
///
/// #[derive(Model, Clone, Debug)]
/// #[orm(table = "users")]
/// pub struct User {
///     #[orm(primary_key, generated)]
///     pub id: i64,
///     pub name: String,
/// }
///
/// let renamed = update(User).set(User.name, "Ann").filter(User.id.eq(1)).returning((old(User.name), User.name));
/// assert!(renamed.to_sql()?.text.ends_with(r#"RETURNING old."name", "users"."name""#));
/// # Ok::<(), orm_core::Error>(())
/// ```
pub fn old<M, T: SqlType>(column: Column<M, T>) -> Expr<T> {
    Expr::new(Node::Old(column.meta()))
}

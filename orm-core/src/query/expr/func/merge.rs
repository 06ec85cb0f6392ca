//! What a MERGE did.

use super::{Expr, Name, NullRule, Role, node};

/// What a MERGE did with the row, in its `returning`: `INSERT`, `UPDATE` or `DELETE`. PostgreSQL 17 or newer.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let ages = values([(1_i64, 30), (2, 40)]).derived("ages");
/// let (id, age) = ages.columns();
/// let merge = merge_into(User)
///     .using(&ages, User.id.eq(id))
///     .when_matched().update().set(User.age, age)
///     .returning((func::merge_action(), User.id));
/// ```
pub fn merge_action() -> Expr<String> {
    Expr::new(node(Name::Known("merge_action"), Vec::new(), Role::Scalar, NullRule::Never))
}

//! What a MERGE did.

use super::{Expr, Name, NullRule, Role, node};

/// What a MERGE did with the row, in its `returning`: `INSERT`, `UPDATE` or `DELETE`. PostgreSQL 17 or newer.
pub fn merge_action() -> Expr<String> {
    Expr::new(node(Name::Known("merge_action"), Vec::new(), Role::Scalar, NullRule::Never))
}

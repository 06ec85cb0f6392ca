//! COALESCE and NULLIF.

use super::{BaseOf, NullableOf};
use crate::query::ast::Node;
use crate::query::expr::expression::node_of;
use crate::query::expr::{Expr, Operand, Scalar};

/// The value, or another where it is NULL: `func::coalesce(User.age, 0)` is an `i32`.
///
/// It is an `Option` only if the other is one. For more values, nest it.
pub fn coalesce<S: Scalar, O: Operand<BaseOf<S>>>(expression: S, otherwise: O) -> Expr<O::Type> {
    let mut values = match node_of(expression) {
        Node::Coalesce(values) => values,
        value => vec![value],
    };
    values.push(otherwise.operand().node);
    Expr::new(Node::Coalesce(values))
}

/// The value, or NULL where it equals another: `User.id / func::nullif(User.age, 0)` never divides by zero.
pub fn nullif<S: Scalar>(expression: S, other: impl Operand<BaseOf<S>>) -> Expr<NullableOf<S>> {
    Expr::new(Node::NullIf(Box::new([node_of(expression), other.operand().node])))
}

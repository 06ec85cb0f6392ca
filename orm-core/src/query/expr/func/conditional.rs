//! Functions that choose among values: COALESCE, GREATEST, LEAST, NULLIF.

use super::{BaseOf, NullableOf, node};
use crate::query::ast::{Name, Node, NullRule, Role};
use crate::query::expr::expression::node_of;
use crate::query::expr::{ArgumentNode, Expr, Operand, Scalar};
use crate::types::{BaseType, SqlType};

/// The first value that is not NULL: `func::coalesce(User.age, 0)` is an `i32`,
/// `func::coalesce((User.nick, User.name), "?")` looks at two columns before.
///
/// It is an `Option` only if the last one is one.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let ages = select((User.name, func::coalesce(User.age, 0)));
/// ```
pub fn coalesce<S: Candidates, O: Operand<S::Base>>(values: S, otherwise: O) -> Expr<O::Type> {
    let mut candidates = nodes(values);
    if let [Node::Coalesce(_)] = &candidates[..]
        && let Some(Node::Coalesce(inner)) = candidates.pop()
    {
        candidates = inner;
    }
    candidates.push(otherwise.operand().node);
    Expr::new(Node::Coalesce(candidates))
}

/// The greatest of the values, NULLs left out: `func::greatest((User.age, Limit.age), 18)`.
///
/// It is an `Option` only if the last one is one.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let at_least_18 = select((User.name, func::greatest(User.age, 18)));
/// ```
pub fn greatest<S: Candidates, O: Operand<S::Base>>(values: S, last: O) -> Expr<O::Type> {
    ends("greatest", nodes(values), last.operand())
}

/// The smallest of the values, NULLs left out.
///
/// It is an `Option` only if the last one is one.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let at_most_99 = select((User.name, func::least(User.age, 99)));
/// ```
pub fn least<S: Candidates, O: Operand<S::Base>>(values: S, last: O) -> Expr<O::Type> {
    ends("least", nodes(values), last.operand())
}

fn nodes(values: impl Candidates) -> Vec<Node> {
    values.candidates().into_iter().map(|value| value.0).collect()
}

fn ends<T>(name: &'static str, mut values: Vec<Node>, last: Expr<T>) -> Expr<T> {
    values.push(last.node);
    Expr::new(node(Name::Known(name), values, Role::Scalar, NullRule::Every))
}

/// The value, or NULL where it equals another: `User.id / func::nullif(User.age, 0)` never divides by zero.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let named = select(func::nullif(User.name, ""));
/// ```
pub fn nullif<S: Scalar>(
    expression: S,
    other: impl Operand<BaseOf<S>, Type: SqlType<Base = BaseOf<S>>>,
) -> Expr<NullableOf<S>> {
    Expr::new(Node::NullIf(Box::new([node_of(expression), other.operand().node])))
}

/// What [`coalesce`], [`greatest`] and [`least`] take first: a column or expression, or a tuple of up to 16 of them, all of
/// one type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an SQL expression, nor a tuple of them of one type",
    label = "expected a column such as `User.age`, an expression, or a tuple of them",
    note = "a plain value becomes an expression with `lit(value)`"
)]
pub trait Candidates {
    /// The type of the values without NULL.
    type Base: BaseType;

    #[doc(hidden)]
    fn candidates(self) -> Vec<ArgumentNode>;
}

impl<S: Scalar> Candidates for S {
    type Base = BaseOf<S>;

    fn candidates(self) -> Vec<ArgumentNode> {
        vec![ArgumentNode(node_of(self))]
    }
}

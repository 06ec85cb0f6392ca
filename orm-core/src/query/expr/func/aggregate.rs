//! Functions of SQL: aggregates and window functions.

use super::{Expr, Scalar, WindowFunction};
use crate::query::ast::{Function, Node, NullRule, Role};
use crate::types::{Average, AverageOf, SqlType, Sum, SumOf};

fn call(name: &'static str, arguments: Vec<Node>, role: Role, null: NullRule) -> Node {
    Node::Function(Box::new(Function { name, arguments, role, null }))
}

fn aggregate<T>(name: &'static str, argument: impl Scalar, null: NullRule) -> Expr<T> {
    Expr::new(call(name, vec![argument.into_expr().node], Role::Aggregate, null))
}

/// How many rows have a value that is not NULL.
pub fn count(expression: impl Scalar) -> Expr<i64> {
    aggregate("count", expression, NullRule::Never)
}

/// How many rows there are: `count(*)`.
pub fn count_star() -> Expr<i64> {
    Expr::new(call("count", Vec::new(), Role::Aggregate, NullRule::Never))
}

/// The sum; `None` of no rows. PostgreSQL widens it: the sum of `i32` is `i64`, of `i64` it is `Decimal`.
pub fn sum<S: Scalar>(expression: S) -> Expr<SumOf<S::Type>>
where
    <S::Type as SqlType>::Base: Sum,
{
    aggregate("sum", expression, NullRule::Possible)
}

/// The average; `None` of no rows. Of integers it is `Decimal`, of floats `f64`.
pub fn avg<S: Scalar>(expression: S) -> Expr<AverageOf<S::Type>>
where
    <S::Type as SqlType>::Base: Average,
{
    aggregate("avg", expression, NullRule::Possible)
}

/// The smallest value; `None` of no rows.
pub fn min<S: Scalar>(expression: S) -> Expr<<S::Type as SqlType>::Nullable> {
    aggregate("min", expression, NullRule::Possible)
}

/// The greatest value; `None` of no rows.
pub fn max<S: Scalar>(expression: S) -> Expr<<S::Type as SqlType>::Nullable> {
    aggregate("max", expression, NullRule::Possible)
}

/// The number of the row in its window, from 1.
pub fn row_number() -> WindowFunction<i64> {
    WindowFunction::new(call("row_number", Vec::new(), Role::Window, NullRule::Never))
}

/// The rank of the row in its window, from 1, with gaps after equal rows.
pub fn rank() -> WindowFunction<i64> {
    WindowFunction::new(call("rank", Vec::new(), Role::Window, NullRule::Never))
}

//! Aggregates: one value for the rows of a group.

use super::{BaseOf, NullableOf, node};
use crate::query::ast::{Name, Node, NullRule, Role};
use crate::query::expr::expression::node_of;
use crate::query::expr::{Expr, IntoCond, Scalar};
use crate::types::{Average, AverageOf, Extreme, Sum, SumOf};

fn aggregate<T>(name: &'static str, arguments: Vec<Node>, null: NullRule) -> Expr<T> {
    Expr::new(node(Name::Known(name), arguments, Role::Aggregate, null))
}

/// How many rows have a value that is not NULL.
pub fn count(expression: impl Scalar) -> Expr<i64> {
    aggregate("count", vec![node_of(expression)], NullRule::Never)
}

/// How many different values there are, NULL not counted: `count(DISTINCT ..)`.
pub fn count_distinct(expression: impl Scalar) -> Expr<i64> {
    let mut count = count(expression);
    if let Node::Function(function) = &mut count.node {
        function.distinct = true;
    }
    count
}

/// How many rows there are: `count(*)`.
pub fn count_star() -> Expr<i64> {
    aggregate("count", Vec::new(), NullRule::Never)
}

/// The sum; `None` of no rows. PostgreSQL widens it: the sum of `i32` is `i64`, of `i64` it is `Decimal`.
pub fn sum<S: Scalar>(expression: S) -> Expr<SumOf<S::Type>>
where
    BaseOf<S>: Sum,
{
    aggregate("sum", vec![node_of(expression)], NullRule::Possible)
}

/// The average; `None` of no rows. Of integers it is `Decimal`, of floats `f64`.
pub fn avg<S: Scalar>(expression: S) -> Expr<AverageOf<S::Type>>
where
    BaseOf<S>: Average,
{
    aggregate("avg", vec![node_of(expression)], NullRule::Possible)
}

/// The smallest value; `None` of no rows.
pub fn min<S: Scalar>(expression: S) -> Expr<NullableOf<S>>
where
    BaseOf<S>: Extreme,
{
    aggregate("min", vec![node_of(expression)], NullRule::Possible)
}

/// The greatest value; `None` of no rows.
pub fn max<S: Scalar>(expression: S) -> Expr<NullableOf<S>>
where
    BaseOf<S>: Extreme,
{
    aggregate("max", vec![node_of(expression)], NullRule::Possible)
}

impl<T> Expr<T> {
    /// An aggregate of those rows only for which the condition is true; several calls are joined by AND:
    /// `func::count(User.id).filter_where(User.age.ge(18))`.
    ///
    /// It stands right behind the aggregate, before `.over(..)`; the checker refuses it behind anything else.
    pub fn filter_where(self, condition: impl IntoCond) -> Expr<T> {
        let condition = condition.into_cond();
        self.map(|node| match node {
            Node::Function(mut function) if function.role == Role::Aggregate => {
                function.filter = Some(match function.filter.take() {
                    Some(earlier) => crate::query::Cond(earlier).and(condition).0,
                    None => condition.0,
                });
                Node::Function(function)
            }
            other => Node::Filter(Box::new([other, condition.0])),
        })
    }
}

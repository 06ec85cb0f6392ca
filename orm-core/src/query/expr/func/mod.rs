//! Functions of SQL, under SQL's names: `func::count(User.id)`.

mod aggregate;
mod conditional;
mod named;
mod number;
mod text;
mod time;
mod window;

pub use aggregate::{
    Continuous, Discrete, OrderedSet, array_agg, avg, bool_and, bool_or, count, count_distinct, count_star,
    grouping, max, min, mode, percentile_cont, percentile_disc, stddev, stddev_pop, string_agg, sum, var_pop,
    variance,
};
pub use conditional::{coalesce, nullif};
pub use named::{aggregate, call};
pub use number::{abs, round};
pub use text::{concat, length, lower, trim, upper};
#[cfg(feature = "chrono")]
pub use time::now;
pub use time::{DatePart, date_part};
pub use window::{
    Neighbour, cume_dist, dense_rank, first_value, lag, last_value, lead, nth_value, ntile, percent_rank,
    rank, row_number,
};

use super::expression::node_of;
use super::{Expr, Scalar};
use crate::query::ast::{Function, Name, Node, NullRule, Role};
use crate::types::SqlType;

/// The type of an expression without NULL.
type BaseOf<S> = <<S as Scalar>::Type as SqlType>::Base;
/// The type of an expression with NULL.
type NullableOf<S> = <<S as Scalar>::Type as SqlType>::Nullable;

fn node(name: Name, arguments: Vec<Node>, role: Role, null: NullRule) -> Node {
    Node::Function(Box::new(Function {
        name,
        arguments,
        role,
        null,
        distinct: false,
        order: Vec::new(),
        within_group: false,
        filter: None,
    }))
}

/// A function of one argument that gives NULL for NULL.
fn strict<T>(name: &'static str, argument: impl Scalar) -> Expr<T> {
    Expr::new(node(Name::Known(name), vec![node_of(argument)], Role::Scalar, NullRule::Strict))
}

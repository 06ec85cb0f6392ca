//! Windows: the rows a function looks at beside its own.

use std::marker::PhantomData;

use super::order::keys_of;
use super::{Expr, OrderBy, Scalar};
use crate::query::ast::{Node, Window};

/// The rows a window function looks at; made by [`order_by`] and [`partition_by`].
#[derive(Clone, Debug)]
#[must_use]
pub struct Over(Window);

/// The rows in an order: `func::rank().over(order_by(User.age.desc()))`.
pub fn order_by(order: impl OrderBy) -> Over {
    Over(Window { partition: Vec::new(), order: keys_of(order).collect() })
}

/// The rows with the same values: `func::rank().over(partition_by(Post.user_id).order_by(Post.id))`.
pub fn partition_by(groups: impl Grouping) -> Over {
    Over(Window { partition: groups_of(groups).collect(), order: Vec::new() })
}

/// The expressions of one clause.
pub(crate) fn groups_of(groups: impl Grouping) -> impl Iterator<Item = Node> {
    let mut keys = Vec::new();
    groups.collect(&mut keys);
    keys.into_iter().map(|key| key.0)
}

impl Over {
    /// Orders the rows of a partition.
    pub fn order_by(mut self, order: impl OrderBy) -> Over {
        self.0.order.extend(keys_of(order));
        self
    }
}

/// What `group_by` and `partition_by` take: a column, an expression, or a tuple of up to 16 of them.
#[diagnostic::on_unimplemented(
    message = "cannot group by `{Self}`",
    label = "expected a column, an expression, or a tuple of up to 16 of them",
    note = "a column is written `User.name`, not as text"
)]
pub trait Grouping {
    #[doc(hidden)]
    fn collect(self, keys: &mut Vec<GroupKey>);
}

/// An expression without its type.
#[derive(Debug)]
pub struct GroupKey(pub(crate) Node);

impl<S: Scalar> Grouping for S {
    fn collect(self, keys: &mut Vec<GroupKey>) {
        keys.push(GroupKey(self.into_expr().node));
    }
}

/// A function that only makes sense over a window; [`over`](WindowFunction::over) makes it an expression.
#[derive(Clone, Debug)]
#[must_use = "a window function is no expression before `.over(..)`"]
pub struct WindowFunction<T>(Node, PhantomData<fn() -> T>);

impl<T> WindowFunction<T> {
    pub(super) fn new(node: Node) -> Self {
        WindowFunction(node, PhantomData)
    }

    /// The function over these rows.
    pub fn over(self, window: Over) -> Expr<T> {
        Expr::<T>::new(self.0).over(window)
    }
}

impl<T> Expr<T> {
    /// An aggregate over these rows, for each row, instead of one for a group.
    pub fn over(self, window: Over) -> Expr<T> {
        Expr::new(Node::Over(Box::new(self.node), Box::new(window.0)))
    }
}

//! Sort keys.

use super::expression::node_of;
use super::{Column, Expr};
use crate::query::ast::{Direction, Node, Nulls, OrderItem};
use crate::types::SqlType;

/// A sort key with its direction, such as `User.age.desc()`.
#[derive(Clone, Debug)]
#[must_use]
pub struct Order(OrderItem);

impl Order {
    pub(crate) fn new(node: Node, direction: Direction) -> Order {
        Order(OrderItem { node, direction, nulls: None })
    }

    /// NULLs before all values.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let unknown_first = select(User).order_by(User.age.asc().nulls_first());
    /// ```
    pub fn nulls_first(mut self) -> Order {
        self.0.nulls = Some(Nulls::First);
        self
    }

    /// NULLs behind all values.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let oldest_first = select(User).order_by(User.age.desc().nulls_last());
    /// ```
    pub fn nulls_last(mut self) -> Order {
        self.0.nulls = Some(Nulls::Last);
        self
    }
}

/// What `order_by` takes: a column, an expression, a direction, a tuple or a `Vec` of them.
#[diagnostic::on_unimplemented(
    message = "cannot order by `{Self}`",
    label = "expected a column, an expression, a condition, `.asc()` or `.desc()` of one, or a tuple of up to 16 of them",
    note = "a column is written `User.name`, not as text or a number; rows of a union are sorted by a column of its first select, or \
            by the same expression, `&what`"
)]
pub trait OrderBy {
    #[doc(hidden)]
    fn collect(self, keys: &mut Vec<OrderKey>);
}

/// A sort key without its type.
#[derive(Debug)]
pub struct OrderKey(pub(crate) OrderItem);

/// The sort keys of one clause.
pub(crate) fn keys_of(order: impl OrderBy) -> impl Iterator<Item = OrderItem> {
    let mut keys = Vec::new();
    order.collect(&mut keys);
    keys.into_iter().map(|key| key.0)
}

#[diagnostic::do_not_recommend]
impl OrderBy for Order {
    fn collect(self, keys: &mut Vec<OrderKey>) {
        keys.push(OrderKey(self.0));
    }
}

#[diagnostic::do_not_recommend]
impl<M, T: SqlType> OrderBy for Column<M, T> {
    fn collect(self, keys: &mut Vec<OrderKey>) {
        Order::new(node_of(self), Direction::Asc).collect(keys);
    }
}

#[diagnostic::do_not_recommend]
impl<M, T: SqlType> OrderBy for &Column<M, T> {
    fn collect(self, keys: &mut Vec<OrderKey>) {
        (*self).collect(keys);
    }
}

#[diagnostic::do_not_recommend]
impl<T: SqlType> OrderBy for Expr<T> {
    fn collect(self, keys: &mut Vec<OrderKey>) {
        Order::new(self.node, Direction::Asc).collect(keys);
    }
}

#[diagnostic::do_not_recommend]
impl<T: SqlType> OrderBy for &Expr<T> {
    fn collect(self, keys: &mut Vec<OrderKey>) {
        self.clone().collect(keys);
    }
}

impl<O: OrderBy> OrderBy for Vec<O> {
    fn collect(self, keys: &mut Vec<OrderKey>) {
        self.into_iter().for_each(|order| order.collect(keys));
    }
}

//! An SQL expression with its Rust type.

use std::fmt;
use std::marker::PhantomData;

use super::Column;
use crate::query::ast::Node;
use crate::types::{Parameter, SqlType};

/// An SQL expression of Rust type `T`, such as `User.age + 1` or `func::count(User.id)`.
#[must_use]
pub struct Expr<T> {
    pub(super) node: Node,
    pub(super) label: Option<&'static str>,
    ty: PhantomData<fn() -> T>,
}

impl<T> Expr<T> {
    pub(super) fn new(node: Node) -> Self {
        Expr { node, label: None, ty: PhantomData }
    }

    pub(super) fn labelled(node: Node, label: &'static str) -> Self {
        Expr { node, label: Some(label), ty: PhantomData }
    }

    /// An expression of which nothing else is known.
    pub(crate) fn from_node(node: Node) -> Self {
        Expr::new(node)
    }

    /// Another expression under the same name.
    pub(super) fn map<U>(self, change: impl FnOnce(Node) -> Node) -> Expr<U> {
        Expr { node: change(self.node), label: self.label, ty: PhantomData }
    }

    pub(crate) fn into_node(self) -> Node {
        self.node
    }

    /// The name it was given with `label`.
    pub(crate) fn label_name(&self) -> Option<&'static str> {
        self.label
    }
}

impl<T> Clone for Expr<T> {
    fn clone(&self) -> Self {
        Expr { node: self.node.clone(), label: self.label, ty: PhantomData }
    }
}

impl<T> fmt::Debug for Expr<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.node.fmt(f)
    }
}

/// A value as an expression, sent as a parameter: `lit(1)`, `lit("text")`.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let rows = select((User.name, lit("user")));
/// ```
pub fn lit<V: Literal>(value: V) -> Expr<V::Type> {
    Expr::new(Node::Parameter(Parameter::new(value.into_value())))
}

/// A value that [`lit`] takes: of a column type, or borrowed text.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a PostgreSQL column type",
    label = "expected a value of a column type, such as a number or text"
)]
pub trait Literal {
    /// The column type.
    type Type: SqlType;

    #[doc(hidden)]
    fn into_value(self) -> Self::Type;
}

#[diagnostic::do_not_recommend]
impl<T: SqlType> Literal for T {
    type Type = T;

    fn into_value(self) -> T {
        self
    }
}

#[diagnostic::do_not_recommend]
impl Literal for &str {
    type Type = String;

    fn into_value(self) -> String {
        self.to_owned()
    }
}

/// A typed SQL expression: a column, an [`Expr`] or a [`Cond`](super::Cond), or `&` of one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an SQL expression",
    label = "expected a column such as `User.age`, or an expression",
    note = "a plain value becomes an expression with `lit(value)`",
    note = "a relation is counted by `User.posts.count()`, and its foreign key is a column: `Post.user_id`"
)]
pub trait Scalar {
    /// The Rust type of its values.
    type Type: SqlType;

    #[doc(hidden)]
    fn into_expr(self) -> Expr<Self::Type>;
}

/// The tree of an expression.
pub(crate) fn node_of(scalar: impl Scalar) -> Node {
    scalar.into_expr().node
}

#[diagnostic::do_not_recommend]
impl<M, T: SqlType> Scalar for Column<M, T> {
    type Type = T;

    fn into_expr(self) -> Expr<T> {
        Expr::new(Node::Column(self.reference()))
    }
}

#[diagnostic::do_not_recommend]
impl<T: SqlType> Scalar for Expr<T> {
    type Type = T;

    fn into_expr(self) -> Expr<T> {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<M, T: SqlType> Scalar for &Column<M, T> {
    type Type = T;

    fn into_expr(self) -> Expr<T> {
        (*self).into_expr()
    }
}

#[diagnostic::do_not_recommend]
impl<T: SqlType> Scalar for &Expr<T> {
    type Type = T;

    fn into_expr(self) -> Expr<T> {
        self.clone()
    }
}

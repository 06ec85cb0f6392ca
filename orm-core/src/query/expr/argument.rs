//! What a function by name, `concat` and CASE take.

use super::{Column, Cond, Expr, Scalar};
use crate::query::ast::Node;
use crate::types::{Parameter, SqlType};

/// A value of any type for SQL: a plain value, a column, an expression or a condition.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no value for SQL",
    label = "expected a column type, `&str`, a column, an expression or a condition"
)]
pub trait Argument {
    /// The Rust type of its values.
    type Type: SqlType;

    #[doc(hidden)]
    fn argument(self) -> Expr<Self::Type>;
}

/// What a function takes: one value, a tuple of up to 16 of them, or `()` for nothing. A tuple in a tuple is what stands in it.
#[diagnostic::on_unimplemented(
    message = "a function cannot take `{Self}`",
    label = "expected a column, an expression, a value of a column type or `&str`; a tuple of up to 16 of them; or `()`",
    note = "names and values stand in turn, or in pairs: `func::jsonb_build_object((\"id\", User.id, \"name\", User.name))`"
)]
pub trait Arguments {
    #[doc(hidden)]
    fn collect(self, arguments: &mut Vec<ArgumentNode>);
}

/// What a function takes that puts any number of values together: a tuple of up to 16 of them.
#[diagnostic::on_unimplemented(
    message = "a function cannot take `{Self}`",
    label = "expected a tuple of up to 16 columns, expressions, values of a column type and `&str`",
    note = "write `func::concat((User.name, \": \", User.city))`, `func::concat_ws(\", \", (User.name, User.city))`; of one value alone `(User.name,)`"
)]
pub trait ArgumentTuple: Arguments {}

/// A value without its type.
#[derive(Debug)]
pub struct ArgumentNode(pub(super) Node);

impl ArgumentNode {
    pub(crate) fn of<T>(expression: Expr<T>) -> ArgumentNode {
        ArgumentNode(expression.node)
    }
}

/// The tree of an argument.
pub(super) fn argument_node(argument: impl Argument) -> Node {
    argument.argument().node
}

/// The trees of the arguments.
pub(super) fn nodes_of(arguments: impl Arguments) -> Vec<Node> {
    let mut nodes = Vec::new();
    arguments.collect(&mut nodes);
    nodes.into_iter().map(|argument| argument.0).collect()
}

impl<T: SqlType> Argument for T {
    type Type = T;

    fn argument(self) -> Expr<T> {
        Expr::new(Node::Parameter(Parameter::new(self)))
    }
}

#[diagnostic::do_not_recommend]
impl Argument for &str {
    type Type = String;

    fn argument(self) -> Expr<String> {
        self.to_owned().argument()
    }
}

#[diagnostic::do_not_recommend]
impl<M, T: SqlType> Argument for Column<M, T> {
    type Type = T;

    fn argument(self) -> Expr<T> {
        self.into_expr()
    }
}

#[diagnostic::do_not_recommend]
impl<M, T: SqlType> Argument for &Column<M, T> {
    type Type = T;

    fn argument(self) -> Expr<T> {
        self.into_expr()
    }
}

#[diagnostic::do_not_recommend]
impl<T: SqlType> Argument for Expr<T> {
    type Type = T;

    fn argument(self) -> Expr<T> {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<T: SqlType> Argument for &Expr<T> {
    type Type = T;

    fn argument(self) -> Expr<T> {
        self.clone()
    }
}

#[diagnostic::do_not_recommend]
impl Argument for Cond {
    type Type = Option<bool>;

    fn argument(self) -> Expr<Option<bool>> {
        self.into_expr()
    }
}

impl<A: Argument> Arguments for A {
    fn collect(self, arguments: &mut Vec<ArgumentNode>) {
        arguments.push(ArgumentNode(argument_node(self)));
    }
}

#[diagnostic::do_not_recommend]
impl Arguments for () {
    fn collect(self, _: &mut Vec<ArgumentNode>) {}
}

//! Functions of text.

use super::{BaseOf, node, strict};
use crate::query::ast::{Name, NullRule, Role};
use crate::query::expr::argument::nodes_of;
use crate::query::expr::{Arguments, Expr, Scalar};
use crate::types::{SqlType, Text};

/// The text in small letters.
pub fn lower<S: Scalar>(expression: S) -> Expr<S::Type>
where
    BaseOf<S>: Text,
{
    strict("lower", expression)
}

/// The text in capital letters.
pub fn upper<S: Scalar>(expression: S) -> Expr<S::Type>
where
    BaseOf<S>: Text,
{
    strict("upper", expression)
}

/// The text without spaces at its start and end.
pub fn trim<S: Scalar>(expression: S) -> Expr<S::Type>
where
    BaseOf<S>: Text,
{
    strict("trim", expression)
}

/// How many characters the text has.
pub fn length<S: Scalar>(expression: S) -> Expr<<S::Type as SqlType>::With<i32>>
where
    BaseOf<S>: Text,
{
    strict("length", expression)
}

/// All arguments as one text, NULLs left out: `func::concat((User.name, " #", User.id))`. Never NULL.
pub fn concat(arguments: impl Arguments) -> Expr<String> {
    Expr::new(node(Name::Known("concat"), nodes_of(arguments), Role::Scalar, NullRule::Never))
}

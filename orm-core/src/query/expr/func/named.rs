//! Any function of the database, by its name.

use super::node;
use crate::query::ast::{Name, NullRule, Role};
use crate::query::expr::argument::nodes_of;
use crate::query::expr::{Arguments, Expr};
use crate::types::SqlType;

/// Any function by name: `func::call::<Option<String>>("initcap", User.name)`,
/// `func::call::<Option<i32>>("audit.level", (User.id, "read"))`.
///
/// `T` is what the function gives, for which nobody but you answers: the server's type must be the one of `T`, or
/// reading it is an error. No declaration says whether it gives NULL, so the checker takes it for possible: select it
/// as an `Option`, or say `.never_null()`.
///
/// The name is sent as it is if it has only small letters, digits and `_`, else in quotes; a dot stands between a schema
/// and a function. It is part of the statement's text: never make it of what a user typed.
pub fn call<T: SqlType>(name: &'static str, arguments: impl Arguments) -> Expr<T> {
    Expr::new(node(Name::Given(name), nodes_of(arguments), Role::Scalar, NullRule::Possible))
}

/// As [`call`], of an aggregate: `func::aggregate::<Option<String>>("string_agg", (User.name, ", "))`.
pub fn aggregate<T: SqlType>(name: &'static str, arguments: impl Arguments) -> Expr<T> {
    Expr::new(node(Name::Given(name), nodes_of(arguments), Role::Aggregate, NullRule::Possible))
}

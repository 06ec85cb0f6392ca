//! Any function of the database, by its name.

use super::node;
use crate::query::ast::{Name, NullRule, Role};
use crate::query::expr::argument::nodes_of;
use crate::query::expr::{ArgumentNode, Arguments, Expr};
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
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let soundex = select((User.name, func::call::<String>("soundex", (User.name,))));
/// ```
pub fn call<T: SqlType>(name: &'static str, arguments: impl Arguments) -> Expr<T> {
    Expr::new(node(Name::Custom(name), nodes_of(arguments), Role::Scalar, NullRule::Possible))
}

/// Declares functions of the database, so that they are called like those of [`func`](crate::query::func):
///
/// ```
/// use orm_core::prelude::*;
///
/// orm_core::function! {
///     /// How alike two texts are, by `pg_trgm`.
///     pub fn similarity(a: String, b: String) -> f32;
/// }
///
/// #[derive(Model, Clone, Debug)]
/// pub struct Post {
///     #[orm(primary_key, generated)]
///     pub id: i64,
///     pub title: String,
/// }
///
/// let alike = select(Post).order_by(similarity(Post.title, "rust").desc());
/// ```
///
/// A function that gives `Option` may give NULL whatever its arguments are; any other gives NULL where an argument is NULL, and
/// only there. The server's types must be these.
#[macro_export]
macro_rules! function {
    ($($(#[$attribute:meta])* $visibility:vis fn $name:ident($($argument:ident: $ty:ty),* $(,)?) -> $output:ty;)+) => { $(
        $(#[$attribute])*
        $visibility fn $name(
            $($argument: impl $crate::query::Operand<$ty, Type: $crate::types::SqlType<Base = $ty>>),*
        ) -> $crate::query::Expr<$output> {
            $crate::codegen::function(
                ::core::stringify!($name),
                ::std::vec![$($crate::codegen::argument::<$ty, _>($argument)),*],
            )
        }
    )+ };
}

/// What [`function!`](crate::function) calls.
pub(crate) fn declared<T: SqlType>(name: &'static str, arguments: Vec<ArgumentNode>) -> Expr<T> {
    let null = if T::NULLABLE { NullRule::Possible } else { NullRule::Strict };
    Expr::new(node(
        Name::Custom(name),
        arguments.into_iter().map(|argument| argument.0).collect(),
        Role::Scalar,
        null,
    ))
}

/// As [`call`], of an aggregate: `func::aggregate::<Option<String>>("string_agg", (User.name, ", "))`.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let names = select(func::aggregate::<Option<String>>("string_agg", (User.name, ", ")));
/// ```
pub fn aggregate<T: SqlType>(name: &'static str, arguments: impl Arguments) -> Expr<T> {
    Expr::new(node(Name::Custom(name), nodes_of(arguments), Role::Aggregate, NullRule::Possible))
}

//! Functions of text.

use super::{With, WithBoth, node, strict_of};
use crate::query::ast::{Name, Node, NullRule, Role};
use crate::query::expr::argument::{argument_node, nodes_of};
use crate::query::expr::{Argument, ArgumentTuple, Arguments, Expr, Operand};
use crate::types::{Formatted, Parameter, SqlType, Text};

/// The type of what a function takes, without NULL.
type BaseOf<S> = <<S as Argument>::Type as SqlType>::Base;

/// The text in small letters.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let ann = select(User).filter(func::lower(User.name).eq("ann"));
/// ```
pub fn lower<S: Argument>(expression: S) -> Expr<S::Type>
where
    BaseOf<S>: Text,
{
    strict_of("lower", vec![argument_node(expression)])
}

/// The text in capital letters.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let ann = select(User).filter(func::upper(User.name).eq("ANN"));
/// ```
pub fn upper<S: Argument>(expression: S) -> Expr<S::Type>
where
    BaseOf<S>: Text,
{
    strict_of("upper", vec![argument_node(expression)])
}

/// The text without spaces at its start and end.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let named = select(User).filter(func::trim(User.name).ne(""));
/// ```
pub fn trim<S: Argument>(expression: S) -> Expr<S::Type>
where
    BaseOf<S>: Text,
{
    strict_of("trim", vec![argument_node(expression)])
}

/// How many characters the text has.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let long = select(Post).order_by(func::length(Post.title).desc()).limit(10);
/// ```
pub fn length<S: Argument>(expression: S) -> Expr<<S::Type as SqlType>::With<i32>>
where
    BaseOf<S>: Text,
{
    strict_of("length", vec![argument_node(expression)])
}

macro_rules! text {
    // What the text is, with NULL if one of the others has it.
    (@type $of:ty;) => { $of };
    (@type $of:ty; $generic:ident $ty:ty, $($rest:tt)*) => { text!(@type With<$generic::Type, $of>; $($rest)*) };
    ($($(#[$doc:meta])* $name:ident($($argument:ident: $generic:ident $ty:ty),*)),* $(,)?) => { $(
        $(#[$doc])*
        pub fn $name<S: Argument, $($generic: Operand<$ty, Type: SqlType<Base = $ty>>),*>(
            text: S,
            $($argument: $generic),*
        ) -> Expr<text!(@type S::Type; $($generic $ty,)*)>
        where
            BaseOf<S>: Text,
        {
            strict_of(stringify!($name), vec![argument_node(text), $($argument.operand().node),*])
        }
    )* };
}
text!(
    /// So many characters from a place on, which is counted from 1: `func::substring(User.name, 1, 3)`.
    substring(start: A i32, count: B i32),
    /// So many characters at the start; a negative number leaves so many out at the end.
    left(count: A i32),
    /// So many characters at the end; a negative number leaves so many out at the start.
    right(count: A i32),
    /// With each occurrence of a text replaced by another.
    replace(from: A String, to: B String),
    /// With each character of one list replaced by the one at the same place in another.
    translate(from: A String, to: B String),
    /// The part at a place, from 1, where the text is cut at a separator; empty where there are fewer. A negative place is
    /// counted from the end.
    split_part(separator: A String, place: B i32),
    /// Filled up to so many characters at the start, or cut to them.
    lpad(length: A i32, fill: B String),
    /// Filled up to so many characters at the end, or cut to them.
    rpad(length: A i32, fill: B String),
    /// So often one behind the other.
    repeat(times: A i32),
    /// Without any of these characters at its start and end.
    btrim(characters: A String),
    /// With capital letters at the starts of words.
    initcap(),
    /// From the end to the start.
    reverse(),
);

/// The place of `part` in a text, from 1; 0 where it is not: `position('rust' IN title)`.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let place = select(func::position("rust", Post.title));
/// ```
pub fn position<S: Argument, O: Operand<String>>(part: O, text: S) -> Expr<WithBoth<O::Type, S::Type, i32>>
where
    BaseOf<S>: Text,
{
    strpos(text, part)
}

/// The same with the text first, as PostgreSQL's `strpos`.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let place = select(func::strpos(Post.title, "rust"));
/// ```
pub fn strpos<S: Argument, O: Operand<String>>(text: S, part: O) -> Expr<WithBoth<O::Type, S::Type, i32>>
where
    BaseOf<S>: Text,
{
    strict_of("strpos", vec![argument_node(text), part.operand().node])
}

/// A number or a moment as text, by a pattern of PostgreSQL: `func::to_char(Post.written, "YYYY-MM")`.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let months = select(func::to_char(Event.starts_at, "YYYY-MM"));
/// ```
pub fn to_char<S: Argument, O: Operand<String>>(
    value: S,
    pattern: O,
) -> Expr<WithBoth<O::Type, S::Type, String>>
where
    BaseOf<S>: Formatted,
{
    strict_of("to_char", vec![argument_node(value), pattern.operand().node])
}

/// All arguments as one text, with a separator between; NULLs left out. Never NULL:
/// `func::concat_ws(", ", (User.city, User.country))`.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let lines = select(func::concat_ws(", ", (User.name, User.age)));
/// ```
pub fn concat_ws(separator: &str, arguments: impl ArgumentTuple) -> Expr<String> {
    let separator = Node::Parameter(Parameter::new(separator.to_owned()));
    let arguments = [separator].into_iter().chain(nodes_of(arguments)).collect();
    Expr::new(node(Name::Known("concat_ws"), arguments, Role::Scalar, NullRule::Never))
}

/// A text with arguments in it, as PostgreSQL's `format`: `func::format("%s is %s", (User.name, User.age))`. NULLs are empty.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let lines = select(func::format("%s is %s years old", (User.name, User.age)));
/// ```
pub fn format(pattern: &str, arguments: impl Arguments) -> Expr<String> {
    let pattern = Node::Parameter(Parameter::new(pattern.to_owned()));
    let arguments = [pattern].into_iter().chain(nodes_of(arguments)).collect();
    Expr::new(node(Name::Known("format"), arguments, Role::Scalar, NullRule::Never))
}

/// All arguments as one text, NULLs left out: `func::concat((User.name, " #", User.id))`. Never NULL.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let names = select(func::concat((User.name, " #", User.id)));
/// ```
pub fn concat(arguments: impl ArgumentTuple) -> Expr<String> {
    Expr::new(node(Name::Known("concat"), nodes_of(arguments), Role::Scalar, NullRule::Never))
}

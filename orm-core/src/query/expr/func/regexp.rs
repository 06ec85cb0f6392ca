//! Functions of regular expressions.

use super::table::TableFunction;
use super::{WithBoth, node, strict_of};
use crate::query::ast::{Name, Node, NullRule, Role};
use crate::query::expr::argument::argument_node;
use crate::query::expr::{Argument, ArgumentNode, Cond, Expr, Operand};
use crate::types::{Parameter, SqlType, Text};

/// The type of what a function takes, without NULL.
type BaseOf<S> = <<S as Argument>::Type as SqlType>::Base;

/// A regular expression of PostgreSQL: text, a column or expression of text, or one with flags by [`regexp`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no regular expression",
    label = "expected text, or `func::regexp(\"..\", \"flags\")`"
)]
pub trait RegexpPattern {
    /// The type of its text: an `Option` if that can be NULL.
    type Type: SqlType;

    /// The pattern, and its flags.
    #[doc(hidden)]
    fn parts(self) -> (ArgumentNode, Option<&'static str>);
}

#[diagnostic::do_not_recommend]
impl<O: Operand<String>> RegexpPattern for O {
    type Type = O::Type;

    fn parts(self) -> (ArgumentNode, Option<&'static str>) {
        (ArgumentNode(self.operand().node), None)
    }
}

/// A regular expression with flags; made by [`regexp`].
#[derive(Clone, Debug)]
pub struct WithFlags<P> {
    pattern: P,
    flags: &'static str,
}

#[diagnostic::do_not_recommend]
impl<O: Operand<String>> RegexpPattern for WithFlags<O> {
    type Type = O::Type;

    fn parts(self) -> (ArgumentNode, Option<&'static str>) {
        (ArgumentNode(self.pattern.operand().node), Some(self.flags))
    }
}

/// A regular expression with PostgreSQL's flags: `i` for small letters that match capital ones, `n` for lines, `x` for blanks
/// that do not count, `g` for every place where a function says so: `func::regexp_count(User.name, func::regexp("ann", "i"))`.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let pattern = func::regexp("^rust", "i");
/// let posts = select(Post).filter(func::regexp_like(Post.title, pattern));
/// ```
pub fn regexp<P: Operand<String>>(pattern: P, flags: &'static str) -> WithFlags<P> {
    WithFlags { pattern, flags }
}

fn number(number: i32) -> Node {
    Node::Parameter(Parameter::new(number))
}

/// The text, the pattern, what stands between it and the flags, and these. What has a default is left out with them.
fn arguments(text: impl Argument, pattern: impl RegexpPattern, before_flags: &[i32]) -> Vec<Node> {
    let (pattern, flags) = pattern.parts();
    let mut arguments = vec![argument_node(text), pattern.0];
    if let Some(flags) = flags {
        arguments.extend(before_flags.iter().copied().map(number));
        arguments.push(flags_node(flags.to_owned()));
    }
    arguments
}

fn flags_node(flags: String) -> Node {
    Node::Parameter(Parameter::new(flags))
}

/// With what matches a regular expression replaced: by the flag `g` every place, without it the first, with `i` whether
/// letters are small or not, and `""` for no flags; `\\1` in the replacement is its first group.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let slugs = select(func::regexp_replace(func::lower(Post.title), "[^a-z0-9]+", "-", "g"));
/// let without_number = select(func::regexp_replace(Post.title, "[0-9]+", "", ""));
/// ```
pub fn regexp_replace<S: Argument, P: RegexpPattern, O>(
    text: S,
    pattern: P,
    replacement: O,
    flags: &str,
) -> Expr<WithBoth<O::Type, P::Type, S::Type>>
where
    BaseOf<S>: Text,
    O: Operand<String, Type: SqlType<Base = String>>,
{
    let (pattern, own) = pattern.parts();
    let mut arguments = vec![argument_node(text), pattern.0, replacement.operand().node];
    let flags = format!("{}{flags}", own.unwrap_or_default());
    if !flags.is_empty() {
        arguments.push(flags_node(flags));
    }
    strict_of("regexp_replace", arguments)
}

/// The groups of the first place that matches a regular expression, or the place itself where the pattern has no groups;
/// `None` where nothing matches.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let versions = select(func::regexp_match(Post.title, r"(\d+)\.(\d+)")); // Some(["1", "88"])
/// ```
pub fn regexp_match<S: Argument>(text: S, pattern: impl RegexpPattern) -> Expr<Option<Vec<Option<String>>>>
where
    BaseOf<S>: Text,
{
    Expr::new(node(
        Name::Known("regexp_match"),
        arguments(text, pattern, &[]),
        Role::Scalar,
        NullRule::Possible,
    ))
}

/// Whether a place matches a regular expression, as the method `regexp`, and with flags.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let posts = select(Post).filter(func::regexp_like(Post.title, func::regexp("rust", "i")));
/// ```
pub fn regexp_like<S: Argument>(text: S, pattern: impl RegexpPattern) -> Cond
where
    BaseOf<S>: Text,
{
    Cond(strict_of::<bool>("regexp_like", arguments(text, pattern, &[])).node)
}

/// How many places match a regular expression.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let words = select((Post.title, func::regexp_count(Post.title, r"\w+")));
/// ```
pub fn regexp_count<S: Argument, P: RegexpPattern>(
    text: S,
    pattern: P,
) -> Expr<WithBoth<P::Type, S::Type, i32>>
where
    BaseOf<S>: Text,
{
    strict_of("regexp_count", arguments(text, pattern, &[1]))
}

/// Where the first place that matches a regular expression begins, from 1; 0 where nothing matches.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let places = select(func::regexp_instr(Post.title, "[0-9]"));
/// ```
pub fn regexp_instr<S: Argument, P: RegexpPattern>(
    text: S,
    pattern: P,
) -> Expr<WithBoth<P::Type, S::Type, i32>>
where
    BaseOf<S>: Text,
{
    strict_of("regexp_instr", arguments(text, pattern, &[1, 1, 0]))
}

/// The first place that matches a regular expression; `None` where nothing does.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let numbers = select(func::regexp_substr(Post.title, "[0-9]+"));
/// ```
pub fn regexp_substr<S: Argument>(text: S, pattern: impl RegexpPattern) -> Expr<Option<String>>
where
    BaseOf<S>: Text,
{
    let arguments = arguments(text, pattern, &[1, 1]);
    Expr::new(node(Name::Known("regexp_substr"), arguments, Role::Scalar, NullRule::Possible))
}

/// The text cut at every place that matches a regular expression.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let words = select(func::regexp_split_to_array(Post.title, r"\s+"));
/// ```
pub fn regexp_split_to_array<S: Argument, P: RegexpPattern>(
    text: S,
    pattern: P,
) -> Expr<WithBoth<P::Type, S::Type, Vec<String>>>
where
    BaseOf<S>: Text,
{
    strict_of("regexp_split_to_array", arguments(text, pattern, &[]))
}

/// The parts of a text that is cut at every place that matches a regular expression, one a row.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let words = func::regexp_split_to_table(Post.title, r"\s+").derived("words");
/// let rows = select((Post.id, words.columns())).cross_join(&words);
/// ```
pub fn regexp_split_to_table<S: Argument>(text: S, pattern: impl RegexpPattern) -> TableFunction<String>
where
    BaseOf<S>: Text,
{
    TableFunction::new(Name::Known("regexp_split_to_table"), arguments(text, pattern, &[]))
}

/// As [`regexp_match`], of the first place or with the flag `g` of every one, a row each:
/// `func::regexp_matches(Post.body, func::regexp("#(\\w+)", "g")).derived("tags")`.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let numbers = func::regexp_matches(Post.title, func::regexp("[0-9]+", "g")).derived("numbers");
/// let rows = select((Post.id, numbers.columns())).cross_join(&numbers);
/// ```
pub fn regexp_matches<S: Argument>(text: S, pattern: impl RegexpPattern) -> TableFunction<Vec<Option<String>>>
where
    BaseOf<S>: Text,
{
    TableFunction::new(Name::Known("regexp_matches"), arguments(text, pattern, &[]))
}

//! Functions of JSON.

use serde_json::Value;

use super::{BaseOf, With, node, strict, strict_of};
use crate::query::ast::{Name, Node, NullRule, Role};
use crate::query::expr::argument::nodes_of;
use crate::query::expr::expression::node_of;
use crate::query::expr::json::{names, path_node};
use crate::query::expr::{Argument, Arguments, Expr, Operand, Scalar};
use crate::types::{Document, Parameter, SqlType};

fn parameter<T: SqlType>(value: T) -> Node {
    Node::Parameter(Parameter::new(value))
}

/// The document with another value at a path, added where nothing is there:
/// `func::jsonb_set(Page.content, ["size", "width"], json!(3))`.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let size = func::jsonb_set(Event.details, ["hall", "size"], serde_json::json!(300));
/// let resize = update(Event).set(Event.details, size).filter(Event.id.eq(1));
/// ```
pub fn jsonb_set<S: Scalar, K: Into<String>, O: Operand<Value>>(
    document: S,
    path: impl IntoIterator<Item = K>,
    value: O,
) -> Expr<With<O::Type, S::Type>>
where
    BaseOf<S>: Document,
{
    strict_of("jsonb_set", vec![node_of(document), names(path), value.operand().node])
}

/// The document with another value at a path where something is already, and as it was where nothing is: `jsonb_set` with
/// `create_missing` false.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let size = func::jsonb_set_existing(Event.details, ["hall", "size"], serde_json::json!(300));
/// let resize = update(Event).set(Event.details, size).all_rows();
/// ```
pub fn jsonb_set_existing<S: Scalar, K: Into<String>, O: Operand<Value>>(
    document: S,
    path: impl IntoIterator<Item = K>,
    value: O,
) -> Expr<With<O::Type, S::Type>>
where
    BaseOf<S>: Document,
{
    strict_of("jsonb_set", vec![node_of(document), names(path), value.operand().node, parameter(false)])
}

/// An object of names and values in turn: `func::jsonb_build_object(("id", User.id, "name", User.name))`, or in pairs:
/// `func::jsonb_build_object((("id", User.id), ("name", User.name)))`.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let users = select(func::jsonb_build_object(("id", User.id, "name", User.name)));
/// ```
pub fn jsonb_build_object(fields: impl Arguments) -> Expr<Value> {
    Expr::new(node(Name::Known("jsonb_build_object"), nodes_of(fields), Role::Scalar, NullRule::Never))
}

/// An array of values of any types: `func::jsonb_build_array((User.id, User.name))`.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let users = select(func::jsonb_build_array((User.id, User.name)));
/// ```
pub fn jsonb_build_array(elements: impl Arguments) -> Expr<Value> {
    Expr::new(node(Name::Known("jsonb_build_array"), nodes_of(elements), Role::Scalar, NullRule::Never))
}

/// Any value as JSON.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let names = select(func::to_jsonb(User.name));
/// ```
pub fn to_jsonb<S: Scalar>(value: S) -> Expr<<S::Type as SqlType>::With<Value>> {
    strict("to_jsonb", value)
}

/// How many elements an array of JSON has; of anything else an error of the server.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let speakers = select(func::jsonb_array_length(Event.details.get("speakers")));
/// ```
pub fn jsonb_array_length<S: Scalar>(array: S) -> Expr<<S::Type as SqlType>::With<i32>>
where
    BaseOf<S>: Document,
{
    strict("jsonb_array_length", array)
}

/// What a document is: `object`, `array`, `string`, `number`, `boolean` or `null`.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let kinds = select(func::jsonb_typeof(Event.details.get("hall")));
/// ```
pub fn jsonb_typeof<S: Scalar>(document: S) -> Expr<<S::Type as SqlType>::With<String>>
where
    BaseOf<S>: Document,
{
    strict("jsonb_typeof", document)
}

/// The values of all rows as an array of JSON, NULLs as JSON's; `None` of no rows.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let posts = select((Post.user_id, func::jsonb_agg(Post.title))).group_by(Post.user_id);
/// ```
pub fn jsonb_agg(value: impl Argument) -> Expr<Option<Value>> {
    let arguments = vec![value.argument().node];
    Expr::new(node(Name::Known("jsonb_agg"), arguments, Role::Aggregate, NullRule::Possible))
}

/// An object with a field for each row; `None` of no rows.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let names = select(func::jsonb_object_agg(User.id.cast::<String>(), User.name));
/// ```
pub fn jsonb_object_agg(key: impl Argument, value: impl Argument) -> Expr<Option<Value>> {
    let arguments = vec![key.argument().node, value.argument().node];
    Expr::new(node(Name::Known("jsonb_object_agg"), arguments, Role::Aggregate, NullRule::Possible))
}

fn path_call<T>(name: &'static str, document: Node, path: &str, variables: Value) -> Expr<T> {
    let arguments = vec![document, path_node(path.to_owned()), parameter(variables)];
    Expr::new(node(Name::Known(name), arguments, Role::Scalar, NullRule::Possible))
}

/// Whether a path of SQL/JSON finds anything; `$name` in it is a field of the variables:
/// `func::jsonb_path_exists(Page.content, "$.sizes[*] ? (@ > $least)", json!({"least": 3}))`.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let large = func::jsonb_path_exists(
///     Event.details,
///     "$.halls[*] ? (@.size > $least)",
///     serde_json::json!({"least": 300}),
/// );
/// let events = select((Event.title, large));
/// ```
pub fn jsonb_path_exists<S: Scalar>(document: S, path: &str, variables: Value) -> Expr<Option<bool>>
where
    BaseOf<S>: Document,
{
    path_call("jsonb_path_exists", node_of(document), path, variables)
}

/// The first of what a path of SQL/JSON finds.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let first = func::jsonb_path_query_first(Event.details, "$.halls[*].size", serde_json::json!({}));
/// let sizes = select((Event.title, first));
/// ```
pub fn jsonb_path_query_first<S: Scalar>(document: S, path: &str, variables: Value) -> Expr<Option<Value>>
where
    BaseOf<S>: Document,
{
    path_call("jsonb_path_query_first", node_of(document), path, variables)
}

/// All that a path of SQL/JSON finds, as an array of JSON.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let all = func::jsonb_path_query_array(Event.details, "$.halls[*].size", serde_json::json!({}));
/// let sizes = select((Event.title, all));
/// ```
pub fn jsonb_path_query_array<S: Scalar>(document: S, path: &str, variables: Value) -> Expr<Option<Value>>
where
    BaseOf<S>: Document,
{
    path_call("jsonb_path_query_array", node_of(document), path, variables)
}

//! JSON documents: what is in them.

use super::condition::join;
use super::expression::node_of;
use super::{ArgumentNode, Column, Cond, Contains, Expr, Operand};
use crate::query::ast::{Binary, Node};
use crate::types::{Document, Json, JsonContent, Parameter, PgType, SqlType};

/// Where something is in a document: the name of a field, or the place in an array, from 0; negative from its end.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no place in a document of JSON",
    label = "expected the name of a field, or an `i32` for an array",
    note = "`get_path([\"a\", \"b\"])` goes through several"
)]
pub trait JsonKey {
    #[doc(hidden)]
    fn key(self) -> ArgumentNode;
}

fn parameter<T: SqlType>(value: T) -> Node {
    Node::Parameter(Parameter::new(value))
}

#[diagnostic::do_not_recommend]
impl JsonKey for &str {
    fn key(self) -> ArgumentNode {
        ArgumentNode(parameter(self.to_owned()))
    }
}

#[diagnostic::do_not_recommend]
impl JsonKey for String {
    fn key(self) -> ArgumentNode {
        ArgumentNode(parameter(self))
    }
}

#[diagnostic::do_not_recommend]
impl JsonKey for i32 {
    fn key(self) -> ArgumentNode {
        ArgumentNode(parameter(self))
    }
}

#[diagnostic::do_not_recommend]
impl<T: SqlType> JsonKey for Expr<T> {
    fn key(self) -> ArgumentNode {
        ArgumentNode(self.node)
    }
}

#[diagnostic::do_not_recommend]
impl<T: SqlType> JsonKey for &Expr<T> {
    fn key(self) -> ArgumentNode {
        ArgumentNode(node_of(self))
    }
}

#[diagnostic::do_not_recommend]
impl<M, T: SqlType> JsonKey for Column<M, T> {
    fn key(self) -> ArgumentNode {
        ArgumentNode(node_of(self))
    }
}

static JSONPATH: PgType = PgType {
    name: "jsonpath",
    wire: tokio_postgres::types::Type::JSONPATH,
    array: None,
    element: None,
    sent_as: None,
    labels: &[],
    fields: None,
};

/// A path of SQL/JSON.
pub(super) fn path_node(path: String) -> Node {
    Node::Cast(Box::new(parameter(path)), &JSONPATH)
}

/// A list of names, as one array of text.
pub(super) fn names<K: Into<String>>(names: impl IntoIterator<Item = K>) -> Node {
    parameter(names.into_iter().map(Into::into).collect::<Vec<String>>())
}

#[diagnostic::do_not_recommend]
impl Contains<serde_json::Value> for serde_json::Value {
    fn contained(whole: ArgumentNode, part: serde_json::Value) -> Cond {
        Cond(join(Binary::Contains, whole.0, parameter(part)))
    }
}

impl<T: SqlType> Contains<Expr<T>> for serde_json::Value
where
    T::Base: Document,
{
    fn contained(whole: ArgumentNode, part: Expr<T>) -> Cond {
        Cond(join(Binary::Contains, whole.0, part.node))
    }
}

#[diagnostic::do_not_recommend]
impl<D: JsonContent> Contains<serde_json::Value> for Json<D> {
    fn contained(whole: ArgumentNode, part: serde_json::Value) -> Cond {
        Cond(join(Binary::Contains, whole.0, parameter(part)))
    }
}

macro_rules! documents {
    ([$($generic:tt)*] $ty:ty) => {
        impl<$($generic)* T: SqlType> $ty {
            /// What a document has in a field, or at a place: `Page.content.get("title")`; `None` where there is nothing.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let halls = select(Event.details.get("halls"));
            /// ```
            pub fn get(&self, key: impl JsonKey) -> Expr<Option<serde_json::Value>>
            where
                T::Base: Document,
            {
                Expr::new(join(Binary::Get, node_of(self), key.key().0))
            }

            /// The same as text, without the quotes of a string: `Page.content.get_text("title").eq("Home")`,
            /// `Page.content.get_text("size").cast::<i32>()`; `None` of nothing and of JSON's null.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let berlin = select(Event).filter(Event.details.get_text("city").eq("Berlin"));
            /// ```
            pub fn get_text(&self, key: impl JsonKey) -> Expr<Option<String>>
            where
                T::Base: Document,
            {
                Expr::new(join(Binary::GetText, node_of(self), key.key().0))
            }

            /// What is there along names of fields and places: `Page.content.get_path(["authors", "0", "name"])`.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let first_hall = select(Event.details.get_path(["halls", "0"]));
            /// ```
            pub fn get_path<K: Into<String>>(
                &self,
                path: impl IntoIterator<Item = K>,
            ) -> Expr<Option<serde_json::Value>>
            where
                T::Base: Document,
            {
                Expr::new(join(Binary::GetPath, node_of(self), names(path)))
            }

            /// The same as text.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let names = select(Event.details.get_path_text(["halls", "0", "name"]));
            /// ```
            pub fn get_path_text<K: Into<String>>(&self, path: impl IntoIterator<Item = K>) -> Expr<Option<String>>
            where
                T::Base: Document,
            {
                Expr::new(join(Binary::GetPathText, node_of(self), names(path)))
            }

            /// Whether an object has a field of this name, or an array this text.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let located = select(Event).filter(Event.details.has_key("city"));
            /// ```
            pub fn has_key(&self, key: impl Operand<String>) -> Cond
            where
                T::Base: Document,
            {
                Cond(join(Binary::HasKey, node_of(self), key.operand().node))
            }

            /// Whether it has any of them.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let located = select(Event).filter(Event.details.has_any_key(["city", "country"]));
            /// ```
            pub fn has_any_key<K: Into<String>>(&self, keys: impl IntoIterator<Item = K>) -> Cond
            where
                T::Base: Document,
            {
                Cond(join(Binary::HasAnyKey, node_of(self), names(keys)))
            }

            /// Whether it has all of them.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let located = select(Event).filter(Event.details.has_all_keys(["city", "country"]));
            /// ```
            pub fn has_all_keys<K: Into<String>>(&self, keys: impl IntoIterator<Item = K>) -> Cond
            where
                T::Base: Document,
            {
                Cond(join(Binary::HasAllKeys, node_of(self), names(keys)))
            }

            /// Whether a path of SQL/JSON finds anything: `Page.content.path_exists("$.sizes[*] ? (@ > 3)")`, `@?`. A GIN index
            /// of the column serves it. `None` where the path fails, as it does on what is of another kind.
            ///
            /// Values are part of the path; where they come from outside, `func::jsonb_path_exists` takes them as variables,
            /// which no index serves.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let large = select(Event).filter(Event.details.path_exists("$.halls[*] ? (@.size > 300)"));
            /// ```
            pub fn path_exists(&self, path: impl Into<String>) -> Cond
            where
                T::Base: Document,
            {
                Cond(join(Binary::PathExists, node_of(self), path_node(path.into())))
            }

            /// Whether a predicate of SQL/JSON is true: `Page.content.path_matches("$.sizes[*] > 3")`, `@@`. A GIN index of the
            /// column serves it. `None` where the path fails, or gives something else than true and false.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let large = select(Event).filter(Event.details.path_matches("$.size > 300"));
            /// ```
            pub fn path_matches(&self, predicate: impl Into<String>) -> Cond
            where
                T::Base: Document,
            {
                Cond(join(Binary::PathMatches, node_of(self), path_node(predicate.into())))
            }

            /// The document with the fields of another, which win over its own: `Page.content.merge(json!({"draft": false}))`.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let draft = Event.details.merge(serde_json::json!({"draft": false}));
            /// let publish = update(Event).set(Event.details, draft).filter(Event.id.eq(1));
            /// ```
            pub fn merge<O: Operand<serde_json::Value>>(&self, other: O) -> Expr<<O::Type as SqlType>::With<T>>
            where
                T::Base: Document,
            {
                Expr::new(join(Binary::Concat, node_of(self), other.operand().node))
            }

            /// The document without a field, or without the element at a place.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let public = select(Event.details.without("notes"));
            /// ```
            pub fn without(&self, key: impl JsonKey) -> Expr<T>
            where
                T::Base: Document,
            {
                Expr::new(join(Binary::Subtract, node_of(self), key.key().0))
            }
        }
    };
}
documents!([M,] Column<M, T>);
documents!([] Expr<T>);

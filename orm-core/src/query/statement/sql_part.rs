//! What stands in the braces of `sql!`.

use std::panic::Location;
use std::sync::Arc;

use super::source::source_of;
use super::{RawSql, Select};
use crate::model::Table;
use crate::query::ast::{Node, Raw, SqlText};
use crate::query::expr::{Column, Cond, Expr, Scalar};
use crate::types::{BaseType, Element, Parameter, SqlType, each_base_type};

/// What `sql!` collects.
#[derive(Debug, Default)]
pub struct SqlParts {
    texts: Vec<SqlText>,
    nodes: Vec<Node>,
}

impl SqlParts {
    /// Of nothing yet.
    pub fn new() -> SqlParts {
        SqlParts::default()
    }

    /// Text as it stands.
    pub fn text(&mut self, text: &'static str) {
        debug_assert_eq!(self.texts.len(), self.nodes.len(), "two texts follow each other");
        self.texts.push(SqlText::Static(text));
    }

    /// What stood in braces.
    pub fn part(&mut self, part: impl SqlPart) {
        self.node(part.into_part().0);
    }

    fn node(&mut self, node: Node) {
        if self.texts.len() == self.nodes.len() {
            self.texts.push(SqlText::Static(""));
        }
        self.nodes.push(node);
    }

    /// The statement.
    #[track_caller]
    pub fn finish(mut self) -> RawSql {
        if self.texts.len() == self.nodes.len() {
            self.texts.push(SqlText::Static(""));
        }
        RawSql(Arc::new(Raw { texts: self.texts, nodes: self.nodes, at: Some(Location::caller()) }))
    }
}

/// What stands in braces, as a part of the text.
#[derive(Debug)]
pub struct PartNode(Node);

impl PartNode {
    /// A value, which goes as a parameter.
    pub fn value<T: SqlType>(value: T) -> PartNode {
        PartNode(Node::Parameter(Parameter::new(value)))
    }
}

/// What can stand in the braces of [`sql!`](crate::sql!).
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand in the braces of `sql!`",
    label = "expected a table, a column, an expression, a condition, a select, or a value of a column type",
    note = "a value is sent as a parameter; text of the SQL itself stands outside of the braces, text made at run time in \
            `sql_text(..)`"
)]
pub trait SqlPart {
    #[doc(hidden)]
    fn into_part(self) -> PartNode;
}

impl<T: Table> SqlPart for T {
    fn into_part(self) -> PartNode {
        PartNode(Node::Table(source_of(&self)))
    }
}

#[diagnostic::do_not_recommend]
impl<M, T: SqlType> SqlPart for Column<M, T> {
    fn into_part(self) -> PartNode {
        PartNode(self.into_expr().into_node())
    }
}

#[diagnostic::do_not_recommend]
impl<T: SqlType> SqlPart for Expr<T> {
    fn into_part(self) -> PartNode {
        PartNode(self.into_node())
    }
}

#[diagnostic::do_not_recommend]
impl SqlPart for Cond {
    fn into_part(self) -> PartNode {
        PartNode(self.0)
    }
}

#[diagnostic::do_not_recommend]
impl<R> SqlPart for Select<R> {
    fn into_part(self) -> PartNode {
        PartNode(Node::Subquery(Arc::new(*self.query)))
    }
}

#[diagnostic::do_not_recommend]
impl SqlPart for RawSql {
    fn into_part(self) -> PartNode {
        PartNode(Node::Raw(self.0))
    }
}

#[diagnostic::do_not_recommend]
impl SqlPart for &str {
    fn into_part(self) -> PartNode {
        PartNode::value(self.to_owned())
    }
}

#[diagnostic::do_not_recommend]
impl<B: BaseType> SqlPart for Option<B> {
    fn into_part(self) -> PartNode {
        PartNode::value(self)
    }
}

#[diagnostic::do_not_recommend]
impl<B: BaseType> SqlPart for &Option<B> {
    fn into_part(self) -> PartNode {
        PartNode::value(self.clone())
    }
}

impl<T: Element> SqlPart for Vec<T> {
    fn into_part(self) -> PartNode {
        PartNode::value(self)
    }
}

impl<T: Element> SqlPart for &Vec<T> {
    fn into_part(self) -> PartNode {
        PartNode::value(self.clone())
    }
}

impl<T: Element> SqlPart for &[T] {
    fn into_part(self) -> PartNode {
        PartNode::value(self.to_vec())
    }
}

/// Makes values of a type parts of `sql!`, and rows of it.
#[doc(hidden)]
#[macro_export]
macro_rules! __raw_value {
    ($ty:ty) => {
        #[diagnostic::do_not_recommend]
        impl $crate::query::SqlPart for $ty {
            fn into_part(self) -> $crate::query::PartNode {
                $crate::query::PartNode::value(self)
            }
        }

        #[diagnostic::do_not_recommend]
        impl $crate::query::SqlPart for &$ty {
            fn into_part(self) -> $crate::query::PartNode {
                $crate::query::PartNode::value(::core::clone::Clone::clone(self))
            }
        }

        #[diagnostic::do_not_recommend]
        impl $crate::query::FromRow for $ty {
            fn from_row(cells: &mut $crate::row::Cells<'_>) -> $crate::codegen::Result<Self, $crate::Error> {
                cells.read()
            }
        }
    };
}
each_base_type!(crate::__raw_value);

#[cfg(feature = "serde_json")]
#[diagnostic::do_not_recommend]
impl<T: crate::types::JsonContent> SqlPart for crate::types::Json<T> {
    fn into_part(self) -> PartNode {
        PartNode::value(self)
    }
}

impl<T: Element> SqlPart for crate::types::Array<T> {
    fn into_part(self) -> PartNode {
        PartNode::value(self)
    }
}

impl<T: crate::types::RangeElement> SqlPart for crate::types::Range<T> {
    fn into_part(self) -> PartNode {
        PartNode::value(self)
    }
}

impl<T: crate::types::RangeElement> SqlPart for crate::types::Multirange<T> {
    fn into_part(self) -> PartNode {
        PartNode::value(self)
    }
}

//! SQL of the program: a statement by itself, or a part of another.

use std::fmt;
use std::panic::Location;
use std::sync::Arc;

use super::from_row::FromRow;
use super::source::source_of;
use super::{Command, LiveRows, Make, Plan, Query, Select, Sql, Writes};
use crate::error::Error;
use crate::model::{Row, Table, Tracker};
use crate::query::ast::{Node, Raw, SqlText};
use crate::query::expr::{Column, Cond, Expr, Scalar};
use crate::query::outline;
use crate::query::render::Rendered;
use crate::types::{BaseType, Element, Parameter, SqlType, each_base_type};

/// SQL of the program, made by [`sql!`](crate::sql!) or [`sql_text`]: a statement, a condition or an expression.
///
/// It is executed as it is, or becomes a statement that gives rows ([`rows`](RawSql::rows)), a condition
/// ([`cond`](RawSql::cond)) or an expression ([`expr`](RawSql::expr)). Nothing is known of it but what stands in its
/// braces: a session that executes it flushes before, and reads every object again that it is asked for after.
#[derive(Clone, Debug)]
#[must_use = "SQL does nothing until an engine, a transaction or a session takes it"]
pub struct RawSql(pub(crate) Arc<Raw>);

/// SQL of the program that gives rows of type `R`.
#[must_use = "a statement does nothing until an engine, a transaction or a session takes it"]
pub struct RawRows<R> {
    raw: RawSql,
    make: Make<R>,
}

/// Text made at run time as SQL, as it is: **nothing in it is checked or escaped**.
///
/// [`sql!`](crate::sql!) takes a literal, which cannot hold what came from outside, and values as parameters; a piece made
/// by this can stand in its braces.
///
/// ```no_run
/// # use orm_core::prelude::*;
/// # async fn example(engine: Engine, descending: bool) -> Result<(), orm_core::Error> {
/// let order = sql_text(if descending { "DESC" } else { "ASC" });
/// let names: Vec<String> = engine.all(sql!("SELECT name FROM users ORDER BY name {order}").rows()).await?;
/// # Ok(())
/// # }
/// ```
#[track_caller]
pub fn sql_text(text: impl Into<String>) -> RawSql {
    let at = Some(Location::caller());
    RawSql(Arc::new(Raw { texts: vec![SqlText::Made(text.into().into())], nodes: Vec::new(), at }))
}

impl RawSql {
    /// As a statement that gives rows: a tuple or a value by position, a model by the names of its columns, whatever their
    /// order and whatever else is there.
    ///
    /// In a session models are handles, as from any other statement.
    pub fn rows<R: FromRow>(self) -> RawRows<R> {
        let make = match R::names() {
            None => Make::Decode(R::from_row),
            Some(names) => Make::Named(names, R::from_row),
        };
        RawRows { raw: self, make }
    }

    /// As a condition of another statement.
    pub fn cond(self) -> Cond {
        Cond(Node::Raw(self.0))
    }

    /// As an expression of this type in another statement. Whether it is NULL nobody checks: say `Option` where it may be.
    pub fn expr<T: SqlType>(self) -> Expr<T> {
        let node = Node::Raw(self.0);
        Expr::from_node(if T::NULLABLE { node } else { Node::NeverNull(Box::new(node)) })
    }

    /// The text and parameters.
    ///
    /// # Errors
    /// If a `select` in its braces cannot be what was meant.
    pub fn to_sql(&self) -> Result<Sql, Error> {
        Command::to_sql(self)
    }
}

#[diagnostic::do_not_recommend]
impl Command for RawSql {
    type Rows = LiveRows;

    fn rendered(&self) -> Result<Rendered, Error> {
        outline::rendered(&*self.0)
    }

    fn writes(&self) -> Writes<'_> {
        Writes::Anything
    }
}

impl<R: Row> Query for RawRows<R> {
    type Row = R;
    type Tracked = R::Tracked;
    type Limited = Self;

    fn plan(&self) -> Result<Plan<R>, Error> {
        let rendered = self.raw.rendered()?;
        let what = rendered.text.what;
        Ok(Plan { rendered, make: self.make.clone(), what })
    }

    fn track<K: Tracker>(row: R, tracker: &mut K) -> R::Tracked {
        row.track(tracker)
    }

    fn at_most(self, _rows: u8) -> Self {
        self
    }

    /// What its functions do, nobody knows.
    fn only_reads(&self) -> bool {
        false
    }

    fn writes(&self) -> Writes<'_> {
        if self.raw.may_write() { Writes::Anything } else { Writes::Nothing }
    }
}

impl<R> RawRows<R> {
    pub(super) fn into_raw(self) -> Arc<Raw> {
        self.raw.0
    }

    /// The text and parameters.
    ///
    /// # Errors
    /// If a `select` in its braces cannot be what was meant.
    pub fn to_sql(&self) -> Result<Sql, Error> {
        self.raw.to_sql()
    }
}

impl<R> Clone for RawRows<R> {
    fn clone(&self) -> Self {
        RawRows { raw: self.raw.clone(), make: self.make.clone() }
    }
}

impl<R> fmt::Debug for RawRows<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.raw.fmt(f)
    }
}

/// The words of SQL without which a statement writes nothing, but by what a function does.
const WRITING: [&str; 8] = ["insert", "update", "delete", "merge", "truncate", "call", "do", "into"];

impl RawSql {
    /// Whether a word of its text could make it write.
    fn may_write(&self) -> bool {
        fn writes(raw: &Raw) -> bool {
            let in_text = |text: &SqlText| {
                let words = text.as_str().split(|c: char| !c.is_alphanumeric() && c != '_');
                words.into_iter().any(|word| WRITING.iter().any(|writing| word.eq_ignore_ascii_case(writing)))
            };
            let inner = |node: &Node| matches!(node, Node::Raw(inner) if writes(inner));
            raw.texts.iter().any(in_text) || raw.nodes.iter().any(inner)
        }
        writes(&self.0)
    }
}

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

//! JSON_TABLE: what stands in a document as rows.

use std::fmt;
use std::marker::PhantomData;

use crate::query::ast::Node;
use crate::query::expr::{Scalar, expression::node_of};
use crate::types::{Document, SqlType};

/// Rows `R` out of a document of JSON, made by [`json_table`]; `.derived("name")` makes them a table for FROM.
#[must_use = "rows of a document become a table with `.derived(\"name\")`"]
pub struct JsonTable<R> {
    pub(crate) document: Node,
    pub(crate) path: &'static str,
    /// The columns with a path of their own.
    pub(crate) paths: Vec<(&'static str, &'static str)>,
    /// The column that numbers the rows.
    pub(crate) ordinality: Option<&'static str>,
    rows: PhantomData<fn() -> R>,
}

impl<R> JsonTable<R> {
    /// Reads a column by a path of its own, from the item of its row: `.path("street", "$.address.street")`.
    ///
    /// Without it a column is read by its own name: `street` by `$.street`.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// #[derive(Row)]
    /// struct Hall {
    ///     name: String,
    ///     size: i32,
    /// }
    /// let halls = func::json_table::<Hall>(Event.details, "$.halls[*]").path("size", "$.seats.total").derived("halls");
    /// let sizes = select((halls.name, halls.size));
    /// ```
    pub fn path(mut self, column: &'static str, path: &'static str) -> Self {
        self.paths.push((column, path));
        self
    }

    /// Numbers the rows of each document in this column, from 1 (FOR ORDINALITY). Its field is an `i32`.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// #[derive(Row)]
    /// struct Hall {
    ///     number: i32,
    ///     name: String,
    /// }
    /// let halls = func::json_table::<Hall>(Event.details, "$.halls[*]").ordinality("number").derived("halls");
    /// let names = select((halls.number, halls.name));
    /// ```
    pub fn ordinality(mut self, column: &'static str) -> Self {
        self.ordinality = Some(column);
        self
    }
}

impl<R> Clone for JsonTable<R> {
    fn clone(&self) -> Self {
        JsonTable { document: self.document.clone(), paths: self.paths.clone(), ..*self }
    }
}

impl<R> fmt::Debug for JsonTable<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JsonTable")
            .field("document", &self.document)
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

/// The items that a JSON path finds in a document, as rows whose columns have the names and types of the fields of `R`, a
/// struct with `#[derive(Row)]`; PostgreSQL 17. What an item lacks, or has as another type, is NULL.
///
/// The path is text of SQL, no parameter: nothing a user typed belongs into it.
///
/// ```
/// use orm_core::prelude::*;
///
/// #[derive(Model, Clone, Debug)]
/// #[orm(table = "orders")]
/// pub struct Order {
///     #[orm(primary_key, generated)]
///     pub id: i64,
///     pub content: serde_json::Value,
/// }
///
/// #[derive(Row, Debug)]
/// pub struct Line {
///     pub number: i32,
///     pub sku: Option<String>,
///     pub street: Option<String>,
/// }
///
/// let lines = func::json_table::<Line>(Order.content, "$.lines[*]")
///     .ordinality("number")
///     .path("street", "$.address.street")
///     .derived("lines");
/// let statement = select((Order.id, lines.number, lines.sku)).select_from(Order).cross_join(&lines);
/// assert!(statement.to_sql()?.text.contains(r#""street" text PATH '$.address.street'"#));
/// # Ok::<(), orm_core::Error>(())
/// ```
pub fn json_table<R>(
    document: impl Scalar<Type: SqlType<Base: Document>>,
    path: &'static str,
) -> JsonTable<R> {
    JsonTable { document: node_of(document), path, paths: Vec::new(), ordinality: None, rows: PhantomData }
}

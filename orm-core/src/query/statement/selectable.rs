//! What a row can be made of.

use crate::error::Error;
use crate::model::{Model, Optional, Row, Table};
use crate::query::ast::{self, Few, Item, Node, Source};
use crate::query::expr::{Column, Cond, Expr, Scalar};
use crate::row::Cells;
use crate::types::{BaseType, PgType, SqlType};

/// What `select` and `returning` take: a model, a column, an expression, a condition, or a tuple of up to 16 of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be selected",
    label = "expected a model, a column, an expression, or a tuple of up to 16 of them",
    note = "a plain value is selected with `lit(value)`",
    note = "a `case()` is an expression behind `.otherwise(..)` or `.end()`, a window function behind `.over(..)`",
    note = "related rows come with `select(User).with(User.posts)`"
)]
pub trait Selectable {
    /// The row of values it gives.
    type Row: Row;

    #[doc(hidden)]
    fn items(self, items: &mut Items);

    #[doc(hidden)]
    fn decode(cells: &mut Cells<'_>) -> Result<Self::Row, Error>;
}

/// A select list without its types.
#[derive(Debug, Default)]
pub struct Items(Few<Item>);

impl Items {
    pub(crate) fn of(selectable: impl Selectable) -> Few<Item> {
        let mut items = Items::default();
        selectable.items(&mut items);
        items.0
    }

    fn value(&mut self, node: Node, label: Option<&'static str>, ty: &'static PgType, nullable: bool) {
        self.0.push(Item::Value { node, label, ty, nullable });
    }
}

/// A table as the tree knows it.
pub(crate) fn source_of<T: Table>(table: &T) -> Source {
    Source { table: T::Model::META, alias: table.alias_name() }
}

impl<T: Table> Selectable for T {
    type Row = T::Model;

    fn items(self, items: &mut Items) {
        items.0.push(ast::Item::Entity { source: source_of(&self), optional: false });
    }

    fn decode(cells: &mut Cells<'_>) -> Result<T::Model, Error> {
        T::Model::decode(cells)
    }
}

impl<T: Table> Selectable for Optional<T> {
    type Row = Option<T::Model>;

    fn items(self, items: &mut Items) {
        items.0.push(ast::Item::Entity { source: source_of(&self.0), optional: true });
    }

    fn decode(cells: &mut Cells<'_>) -> Result<Option<T::Model>, Error> {
        let columns = T::Model::META.columns.len();
        if cells.all_null(columns) {
            cells.skip(columns);
            return Ok(None);
        }
        T::Model::decode(cells).map(Some)
    }
}

impl<M: Model, T: SqlType + Row> Selectable for Column<M, T> {
    type Row = T;

    fn items(self, items: &mut Items) {
        let expr = self.into_expr();
        items.value(expr.into_node(), None, T::Base::TYPE, T::NULLABLE);
    }

    fn decode(cells: &mut Cells<'_>) -> Result<T, Error> {
        cells.read_of(M::META)
    }
}

impl<T: SqlType + Row> Selectable for Expr<T> {
    type Row = T;

    fn items(self, items: &mut Items) {
        let label = self.label_name();
        items.value(self.into_node(), label, T::Base::TYPE, T::NULLABLE);
    }

    fn decode(cells: &mut Cells<'_>) -> Result<T, Error> {
        cells.read()
    }
}

impl Selectable for Cond {
    type Row = Option<bool>;

    fn items(self, items: &mut Items) {
        items.value(self.0, None, bool::TYPE, true);
    }

    fn decode(cells: &mut Cells<'_>) -> Result<Option<bool>, Error> {
        cells.read()
    }
}

//! What a row can be made of.

use std::fmt;
use std::panic::Location;
use std::sync::Arc;

use super::Make;
use super::keys::KeyPlaces;
use super::relate::Related;
use super::shaped::{RelatedField, Shaped};
use super::source::{add_body, source_of};
use crate::error::Error;
use crate::model::{Alias, Model, Optional, Row, Table};
use crate::query::ast::{self, Body, ColumnRef, Item, Node, OneOrMany, Placed, Refused, Source};
use crate::query::expr::{Column, Cond, Expr, Scalar, lit};
use crate::row::Cells;
use crate::schema::{TableMeta, Target};
use crate::types::{BaseType, PgType, SqlType};

/// What `select` and `returning` take: a model, a column, an expression, a condition, a tuple of up to 16 of them, or a `Vec` of
/// one kind, which is made at run time and gives rows that are a `Vec`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be selected",
    label = "expected a model, a column, an expression, or a tuple of up to 16 of them",
    note = "a plain value is selected with `lit(value)`; what may be missing, as behind a left join, is selected by `.optional()`",
    note = "a select of one value is `select(..).scalar()`, an `Option`, as it may give no row: `func::coalesce(count.scalar(), 0)`",
    note = "a `case()` is an expression behind `.otherwise(..)` or `.end()`, a window function behind `.over(..)`",
    note = "a row with names is selected by what `#[derive(Row)]` writes: `select(SelectRevenue {{ .. }})` gives a `Revenue`",
    note = "related rows come with `select(User).with(User.posts)`; a function that gives rows is a table, with `.derived(\"name\")`"
)]
pub trait Selectable {
    /// The row of values it gives.
    type Row: Row;

    #[doc(hidden)]
    fn items(self, items: &mut Items);

    #[doc(hidden)]
    fn decode(cells: &mut Cells<'_>) -> Result<Self::Row, Error>;

    /// How many cells it reads.
    #[doc(hidden)]
    fn width() -> usize {
        1
    }
}

/// A select list without its types.
#[derive(Default)]
pub struct Items {
    items: OneOrMany<Item>,
    /// Whether what is added belongs to a row that may be missing.
    optional: bool,
    /// What stands behind sources that are no tables of the database.
    bodies: Vec<(Source, Arc<Body>)>,
    /// Relations that are fields of rows.
    related: Vec<RelatedField>,
    /// How many there were at the end of a list made at run time, which takes all cells of the row from where it begins.
    list_end: Option<usize>,
    /// Why no statement can have it.
    refused: Option<Refused>,
}

impl Items {
    /// The select list of a RETURNING, and what makes rows of it.
    pub(super) fn of<S: Selectable>(selectable: S) -> (OneOrMany<Item>, Make<S::Row>) {
        let mut items = Items::default();
        selectable.items(&mut items);
        (items.items, Shaped::make(S::decode, items.related))
    }

    /// A select of it, with the tables it needs, and what makes rows of it.
    #[track_caller]
    pub(super) fn select<S: Selectable>(selectable: S) -> (Box<ast::Select>, Make<S::Row>) {
        let mut items = Items::default();
        selectable.items(&mut items);
        let mut select = Box::new(ast::Select::new(Location::caller(), items.items));
        items.bodies.into_iter().for_each(|(source, body)| add_body(&mut select, source, body));
        if items.list_end.is_some_and(|end| end < select.items.len()) {
            items.refused.get_or_insert(Refused::ListBeforeOthers);
        }
        if let Some(content) = items.refused {
            select.refuse(Placed { content, at: select.at });
        }
        if let Some(refused) = items.related.iter().find_map(|field| field.related.refused()) {
            select.refuse(refused.clone());
        }
        (select, Shaped::make(S::decode, items.related))
    }

    /// Adds a relation that is a field of the row, with the columns it goes by.
    pub(crate) fn related(
        &mut self,
        columns: Target,
        alias: Option<Alias>,
        related: Arc<dyn Related<super::shaped::Found>>,
    ) {
        let first: usize = self.items.iter().map(Item::width).sum();
        let places: Vec<_> = columns.columns().zip(first..).collect();
        for (meta, _) in &places {
            let node = Node::Column(ColumnRef { meta, alias });
            self.items.push(Item::Value { node, label: None, ty: meta.ty, nullable: true });
        }
        self.related.push(RelatedField { places: KeyPlaces(places), alias, related });
    }

    /// Whether what is added belongs to a row that may be missing.
    pub(crate) fn is_optional(&self) -> bool {
        self.optional
    }

    /// A list that is made at run time begins, of so many.
    pub(super) fn begin_list(&mut self, count: usize) {
        if count == 0 {
            self.refused.get_or_insert(Refused::EmptyList);
        }
    }

    /// It ends.
    pub(super) fn end_list(&mut self) {
        self.list_end = self.list_end.or(Some(self.items.len()));
    }

    /// Says what stands behind a source.
    pub(super) fn body(&mut self, source: Source, body: Arc<Body>) {
        self.bodies.push((source, body));
    }

    pub(super) fn value(&mut self, expr: Expr<impl SqlType>, ty: &'static PgType, nullable: bool) {
        let label = expr.label_name();
        let nullable = nullable || self.optional;
        self.items.push(Item::Value { node: expr.into_node(), label, ty, nullable });
    }

    /// All columns of a table.
    #[doc(hidden)]
    pub fn entity(&mut self, table: impl Table) {
        self.items.push(Item::Entity { source: source_of(&table), optional: self.optional });
    }

    /// Adds a row that may be missing.
    fn optional(&mut self, selectable: impl Selectable) {
        let outer = std::mem::replace(&mut self.optional, true);
        selectable.items(self);
        self.optional = outer;
    }
}

impl fmt::Debug for Items {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Items").field(&self.items).finish()
    }
}

#[diagnostic::do_not_recommend]
impl<S: Selectable> Selectable for Optional<S> {
    type Row = Option<S::Row>;

    fn items(self, items: &mut Items) {
        items.optional(self.0);
    }

    fn decode(cells: &mut Cells<'_>) -> Result<Option<S::Row>, Error> {
        let width = S::width();
        if cells.all_null(width) {
            cells.skip(width);
            return Ok(None);
        }
        S::decode(cells).map(Some)
    }

    fn width() -> usize {
        S::width()
    }
}

/// Whose columns these are: of a model, or of a derived table with rows `R`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no columns that can be read",
    label = "expected a model, or a derived table"
)]
pub trait Origin {
    /// The table, where it is one of the database.
    #[doc(hidden)]
    fn table() -> Option<&'static TableMeta>;
}

#[diagnostic::do_not_recommend]
impl<M: Model> Origin for M {
    fn table() -> Option<&'static TableMeta> {
        Some(M::META)
    }
}

#[diagnostic::do_not_recommend]
impl<M: Origin, T: SqlType + Row> Selectable for Column<M, T> {
    type Row = T;

    fn items(self, items: &mut Items) {
        items.value(self.into_expr(), T::Base::TYPE, T::NULLABLE);
    }

    fn decode(cells: &mut Cells<'_>) -> Result<T, Error> {
        match M::table() {
            Some(table) => cells.read_of(table),
            None => cells.read(),
        }
    }
}

#[diagnostic::do_not_recommend]
impl<M: Origin, T: SqlType + Row> Selectable for &Column<M, T> {
    type Row = T;

    fn items(self, items: &mut Items) {
        (*self).items(items);
    }

    fn decode(cells: &mut Cells<'_>) -> Result<T, Error> {
        <Column<M, T> as Selectable>::decode(cells)
    }
}

#[diagnostic::do_not_recommend]
impl<T: SqlType + Row> Selectable for Expr<T> {
    type Row = T;

    fn items(self, items: &mut Items) {
        items.value(self, T::Base::TYPE, T::NULLABLE);
    }

    fn decode(cells: &mut Cells<'_>) -> Result<T, Error> {
        cells.read()
    }
}

#[diagnostic::do_not_recommend]
impl<T: SqlType + Row> Selectable for &Expr<T> {
    type Row = T;

    fn items(self, items: &mut Items) {
        self.clone().items(items);
    }

    fn decode(cells: &mut Cells<'_>) -> Result<T, Error> {
        cells.read()
    }
}

#[diagnostic::do_not_recommend]
impl Selectable for &Cond {
    type Row = Option<bool>;

    fn items(self, items: &mut Items) {
        self.clone().items(items);
    }

    fn decode(cells: &mut Cells<'_>) -> Result<Option<bool>, Error> {
        cells.read()
    }
}

#[diagnostic::do_not_recommend]
impl Selectable for Cond {
    type Row = Option<bool>;

    fn items(self, items: &mut Items) {
        items.value(Expr::<Option<bool>>::from_node(self.0), bool::TYPE, true);
    }

    fn decode(cells: &mut Cells<'_>) -> Result<Option<bool>, Error> {
        cells.read()
    }
}

/// Values that are selected as they are. Text is not: `select("name")` would be read as the column of that name.
macro_rules! values {
    ($($ty:ty),*) => { $(
        #[diagnostic::do_not_recommend]
        impl Selectable for $ty {
            type Row = $ty;

            fn items(self, items: &mut Items) {
                lit(self).items(items);
            }

            fn decode(cells: &mut Cells<'_>) -> Result<$ty, Error> {
                cells.read()
            }
        }
    )* };
}
values!(i16, i32, i64, f64, bool);

//! The rows that tables of a statement's own can have, and their columns.

use std::marker::PhantomData;

use super::{FromRow, Origin, Selectable};
use crate::model::{Alias, Row, each_tuple};
use crate::query::ast::{Cycle, Search};
use crate::query::expr::Column;
use crate::query::expr::func::Numbered;
use crate::schema::{ColumnDefault, ColumnMeta, TableMeta};
use crate::types::{BaseType, SqlType, canonical_of};

/// The origin of the columns of a derived table whose rows are `R`.
pub struct DerivedOf<R>(PhantomData<fn() -> R>);

#[diagnostic::do_not_recommend]
impl<R> Origin for DerivedOf<R> {
    fn table() -> Option<&'static TableMeta> {
        None
    }
}

/// A row that a derived table can have: a column's type, a tuple of them, a model, or a struct with `#[derive(Row)]` whose
/// fields are all of column types.
#[diagnostic::on_unimplemented(
    message = "rows of `{Self}` are no table",
    label = "expected rows that are a value, a tuple of values, a model or a struct with `#[derive(Row)]` of values",
    note = "a model beside something else is selected column by column; text is a `String`: `\"a\".to_owned()`"
)]
pub trait TableRow: FromRow {
    /// Its columns: a column, a tuple, the table of the model under another name, or the struct that `#[derive(Row)]` writes.
    type Columns: Selectable<Row = Self> + Copy;

    #[doc(hidden)]
    fn columns(alias: Alias) -> Self::Columns;

    #[doc(hidden)]
    fn table() -> &'static TableMeta {
        &TUPLE
    }

    /// The names of the columns.
    #[doc(hidden)]
    fn column_names() -> Vec<&'static str> {
        Self::names().map_or_else(|| NAMES[..Self::width()].to_vec(), |names| names.all())
    }
}

/// The data of a column, twice: NOT NULL, and as one that may be NULL. The type is that of the typed column.
pub type ColumnPair = [ColumnMeta; 2];

/// The columns of a table that a statement makes, by the names of their fields and of the columns.
pub const fn row_columns<const N: usize>(
    table: &'static TableMeta,
    names: [[&'static str; 2]; N],
) -> [ColumnPair; N] {
    let mut columns = [const { [place(&TUPLE, 0, ["", ""], false), place(&TUPLE, 0, ["", ""], true)] }; N];
    let mut at = 0;
    while at < N {
        columns[at] = [place(table, at, names[at], false), place(table, at, names[at], true)];
        at += 1;
    }
    columns
}

const fn place(
    table: &'static TableMeta,
    place: usize,
    [field, name]: [&'static str; 2],
    nullable: bool,
) -> ColumnMeta {
    ColumnMeta {
        table,
        place,
        field,
        name,
        comment: "",
        ty: i64::TYPE,
        domain: None,
        nullable,
        canonical: canonical_of::<i64>(),
        unique: false,
        default: ColumnDefault::None,
        client_default: None,
        on_update: None,
        secret: false,
        foreign_key: None,
    }
}

/// One of them, under the name of the table.
pub fn row_column<R, T: SqlType>(pair: &'static ColumnPair, alias: Alias) -> Column<DerivedOf<R>, T> {
    Column::new(&pair[usize::from(T::NULLABLE)]).aliased(alias)
}

/// The table of all tuples and values: its columns are told apart by the name of the derived table.
pub(super) static TUPLE: TableMeta = TableMeta { entity: "derived table", ..TableMeta::EMPTY };

/// The columns that SEARCH and CYCLE add to a recursive CTE.
static ADDED: TableMeta = TableMeta { entity: "derived table", ..TableMeta::EMPTY };
pub(super) static SEARCH_ORDER: ColumnMeta = place(&ADDED, 0, [Search::COLUMN; 2], false);
pub(super) static IS_CYCLE: ColumnMeta = place(&ADDED, 1, [Cycle::MARK; 2], false);

/// Stands for what a derived table was asked for and does not give.
pub(super) static NOT_SELECTED: ColumnMeta = place(&ADDED, 2, [""; 2], false);

/// The names of the columns of a derived table whose rows are a tuple, which has at most so many places.
pub(super) const NAMES: [&str; 16] =
    ["c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8", "c9", "c10", "c11", "c12", "c13", "c14", "c15", "c16"];

pub(super) static COLUMNS: [ColumnPair; NAMES.len()] = {
    let mut names = [["", ""]; NAMES.len()];
    let mut at = 0;
    while at < NAMES.len() {
        names[at] = [NAMES[at], NAMES[at]];
        at += 1;
    }
    row_columns(&TUPLE, names)
};

macro_rules! table_row {
    ($($part:ident $place:tt),*) => {
        #[diagnostic::do_not_recommend]
        impl<$($part: SqlType + Row),*> TableRow for ($($part,)*) {
            type Columns = ($(Column<DerivedOf<Self>, $part>,)*);

            fn columns(alias: Alias) -> Self::Columns {
                ($(row_column::<Self, $part>(&COLUMNS[$place], alias),)*)
            }
        }
    };
}
each_tuple!(table_row);

/// The only column of a table whose rows are values.
fn one_column<T: SqlType>(alias: Alias) -> Column<DerivedOf<T>, T> {
    row_column(&COLUMNS[0], alias)
}

/// Rows of one value.
macro_rules! value_table {
    ($([$($generic:tt)*] $ty:ty),* $(,)?) => { $(
        #[diagnostic::do_not_recommend]
        impl<$($generic)*> TableRow for $ty {
            type Columns = Column<DerivedOf<Self>, Self>;

            fn columns(alias: Alias) -> Self::Columns {
                one_column(alias)
            }
        }

        #[diagnostic::do_not_recommend]
        impl<$($generic)*> Numbered for $ty {
            type Row = (Self, i64);
        }
    )* };
}
// For the first of them models say themselves that they are rows of tables: a plain number is no other type than this.
value_table!([B: BaseType + FromRow] B, [B: BaseType + Row] Option<B>);

//! Every name that generated code may use; nothing here is for people.

mod column;
mod enumeration;
mod key;
mod relation;
mod soft_delete;
mod table;
mod version;

pub use column::{column, identity};
pub use enumeration::{EnumParts, OwnType, enum_parts, is_enum, own_type, read_label};
pub use key::{
    KeyPart, SameKey, reference_or_default, references, references_part, references_parts, target, target_key,
};
pub use relation::{
    References, has_one, key_of, related_by, through, through_columns, to_children, to_target,
};
pub use soft_delete::{SoftDeleted, soft_delete};
pub use table::table;
pub use version::{Version, first_version, version};
// A module that says `use Status::*` may have a `None` or an `Ok` of its own.
pub use std::clone::Clone;
pub use std::option::Option::{self, None, Some};
pub use std::result::Result::{self, Err, Ok};

pub use bytes::BytesMut;
pub use tokio_postgres::types::Type;

pub use crate::error::Error;
pub use crate::loading::{ShapeOf, count_related, fill_only, fill_related, related_width};
pub use crate::model::relation::{
    LinkModel, LinkReference, Linked, Many, Maybe, One, Path, Relation, Through,
};
pub use crate::model::{
    Alias, Entity, IntoRef, Model, NewModel, NewValue, NoKey, NoNew, Optional, Ref, ReferenceValue, Table,
    View,
};
pub use crate::query::{
    Column, ColumnPair, Fill, FromRow, IntoSource, Items, Selectable, SourceNode, SqlParts, TableRow,
    ValueColumns, ValueRow, row_column, row_columns,
};
pub use crate::row::{Cells, Names};
pub use crate::schema::{
    Action, Check, ColumnDefault, ColumnMeta, Deferrable, Filter, ForeignKey, Generated, Index, IndexPart,
    Policy, PolicyCommand, RowSecurity, TableKind, TableMeta, Unique,
};
pub use crate::types::{CompositeReader, CompositeWriter, Value, field_name, is_composite};

use std::fmt::Debug;

use crate::query::func::declared;
use crate::query::{ArgumentNode, DerivedOf, Expr, Operand};
use crate::types::{BaseType, Canonical, Domain, PgType, SqlType, canonical_of};

/// What generated code does with a field, whatever its type.
///
/// One trait for all of it, so that a field of an unsuitable type is one error and not one for each use.
#[cfg_attr(
    not(feature = "uuid"),
    diagnostic::on_unimplemented(note = "for `uuid::Uuid` turn on the feature `uuid` of orm-core")
)]
#[cfg_attr(
    not(any(feature = "chrono", feature = "jiff", feature = "time")),
    diagnostic::on_unimplemented(
        note = "for dates and times turn on the feature `chrono`, `jiff` or `time` of orm-core"
    )
)]
#[cfg_attr(
    not(feature = "rust_decimal"),
    diagnostic::on_unimplemented(note = "for `Decimal` turn on the feature `rust_decimal` of orm-core")
)]
#[cfg_attr(
    not(feature = "serde_json"),
    diagnostic::on_unimplemented(
        note = "for documents of JSON turn on the feature `serde_json` of orm-core"
    )
)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a PostgreSQL column type",
    label = "not a column type",
    note = "column types are i16, i32, i64, f32, f64, bool, String, Vec<u8>, `IpAddr`, `Interval`; `Uuid`, `DateTime<Utc>`, \
            `NaiveDateTime`, `NaiveDate`, `NaiveTime`, `Decimal`, `Json<T>` and `serde_json::Value` (each with its \
            feature); enums with `#[derive(Enum)]` and structs of one field with `#[derive(ColumnType)]`; `Vec` of any \
            of these, `orm_core::types::Range` of numbers, dates and moments, and `Option` of any of these",
    note = "PostgreSQL has no unsigned integers: a u32 fits into `i64`; text is an owned `String`; a map or a struct can be \
            kept as `Json<T>`; rows of another model are no column but a relation"
)]
pub trait ColumnType: Sized {
    /// The type and NULL of the column.
    const KIND: ColumnKind;

    /// Reads the field of a model of `table`.
    ///
    /// # Errors
    /// If the cell does not fit.
    fn read(cells: &mut Cells<'_>, table: &'static TableMeta) -> Result<Self, Error>;
    /// The field's value.
    fn value(&self) -> &dyn Value;
    /// The field's value, to be changed.
    fn value_mut(&mut self) -> &mut dyn Value;
    /// What a new row's field says of its column.
    fn new_value(&self) -> NewValue<'_>;
    /// What a new row's field says of a column with a database default.
    fn or_default(value: &Option<Self>) -> NewValue<'_>;
}

/// What the type of a field says of its column.
#[derive(Clone, Copy, Debug)]
pub struct ColumnKind {
    ty: &'static PgType,
    domain: Option<&'static Domain>,
    nullable: bool,
    canonical: Option<Canonical>,
}

impl<T: SqlType> ColumnType for T {
    const KIND: ColumnKind = ColumnKind {
        ty: T::Base::TYPE,
        domain: T::Base::DOMAIN,
        nullable: T::NULLABLE,
        canonical: canonical_of::<T::Base>(),
    };

    #[inline]
    fn read(cells: &mut Cells<'_>, table: &'static TableMeta) -> Result<Self, Error> {
        cells.read_of(table)
    }

    fn value(&self) -> &dyn Value {
        self
    }

    fn value_mut(&mut self) -> &mut dyn Value {
        self
    }

    fn new_value(&self) -> NewValue<'_> {
        NewValue::Value(self)
    }

    fn or_default(value: &Option<Self>) -> NewValue<'_> {
        value.as_ref().map_or(NewValue::Default, |value| NewValue::Value(value))
    }
}

/// What a field of a row by names has to be: a column type.
// The lifetime makes a bound on a known type one that the compiler assumes instead of checking it at once: a row that holds
// models is no mistake until it is read by names.
#[diagnostic::on_unimplemented(
    message = "a row with a field of type `{Self}` is no table, and cannot be read by names",
    label = "rows of `sql!` and derived tables have columns: expected a struct whose fields are all of column types"
)]
pub trait CellType<'a>: SqlType {}
impl<T: SqlType> CellType<'_> for T {}

/// A column that fills a field of its type; with a lifetime for the same reason.
pub trait CellColumn<'a, T>: Fill<T> {}
#[diagnostic::do_not_recommend]
impl<C: Fill<T>, T> CellColumn<'_, T> for C {}

/// A row whose fields are columns of a model; what the constant with its name is.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no row of columns of a model",
    label = "expected a struct with `#[derive(Row)]` and `#[orm(of = ..)]`"
)]
pub trait RowOf {
    /// The type of the constant.
    type Columns;
    /// Its value.
    const COLUMNS: Self::Columns;
}

/// A column of a table that a statement makes, whose rows are `R`.
pub type RowColumn<R, T> = Column<DerivedOf<R>, T>;

/// Adds a column that fills a field of type `T`.
pub fn fill<T, F: Fill<T>>(column: F, items: &mut Items) {
    column.fill_items(items);
}

/// A call of a function that a program declares.
pub fn function<T: SqlType>(name: &'static str, arguments: Vec<ArgumentNode>) -> Expr<T> {
    declared(name, arguments)
}

/// An argument of such a function.
pub fn argument<B: BaseType, O: Operand<B>>(argument: O) -> ArgumentNode {
    ArgumentNode::of(argument.operand())
}

/// Ends a request for a column that the table does not have.
///
/// # Panics
/// Always.
#[cold]
pub fn no_column(table: &TableMeta, place: usize) -> ! {
    panic!("`{}` has {} columns, none at place {place}", table.entity, table.columns.len())
}

/// Ends a request for the key of a view's row.
///
/// # Panics
/// Always.
#[cold]
pub fn no_key(table: &TableMeta) -> ! {
    panic!("`{}` is a view, whose rows have no key", table.entity)
}

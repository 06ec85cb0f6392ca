//! Every name that generated code may use; nothing here is for people.

// A module that says `use Status::*` may have a `None` or an `Ok` of its own.
pub use std::clone::Clone;
pub use std::option::Option::{self, None, Some};
pub use std::result::Result::{self, Err, Ok};

pub use bytes::BytesMut;
pub use tokio_postgres::types::Type;

pub use crate::error::Error;
pub use crate::loading::{ShapeOf, fill_related, related_width};
pub use crate::model::relation::{Many, Maybe, One, Path, Relation};
pub use crate::model::{
    Alias, Entity, IntoRef, Model, NewModel, NewValue, NoKey, NoNew, Optional, Ref, ReferenceValue, Table,
    View,
};
pub use crate::query::{
    Column, ColumnPair, Fill, FromRow, Items, Selectable, SqlParts, TableRow, ValueColumns, ValueRow,
    row_column, row_columns,
};
pub use crate::row::{Cells, Names};
pub use crate::schema::{
    Action, Check, ColumnMeta, Default, Deferrable, ForeignKey, Generated, Index, IndexPart, Policy,
    PolicyCommand, RowSecurity, TableKind, TableMeta, Unique,
};
pub use crate::types::Value;

use std::fmt::Debug;
use std::sync::Arc;

use tokio_postgres::types::Kind;

use crate::model::Key;
use crate::query::func::declared;
use crate::query::{ArgumentNode, DerivedOf, Expr, Operand};
use crate::schema::{Target, VersionMeta};
use crate::types::{BaseType, Canonical, Cause, Enum, PgType, SqlType, Xmin, canonical};

/// What generated code does with a field, whatever its type.
///
/// One trait for all of it, so that a field of an unsuitable type is one error and not one for each use.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a PostgreSQL column type",
    label = "not a column type",
    note = "column types are i16, i32, i64, f32, f64, bool, String, Vec<u8>, `IpAddr`, `Interval`; `Uuid`, `DateTime<Utc>`, \
            `NaiveDateTime`, `NaiveDate`, `NaiveTime`, `Decimal`, `Json<T>` and `serde_json::Value` (each with its \
            feature); enums with `#[derive(Enum)]` and structs of one field with `#[derive(ColumnType)]`; `Vec` of any \
            of these, and `Option` of any of these",
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
    nullable: bool,
    canonical: Canonical,
}

impl<T: SqlType> ColumnType for T {
    const KIND: ColumnKind =
        ColumnKind { ty: T::Base::TYPE, nullable: T::NULLABLE, canonical: canonical::<T::Base> };

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

/// A column's data; the methods below add what few columns have.
pub const fn column(
    table: &'static TableMeta,
    place: usize,
    field: &'static str,
    name: &'static str,
    kind: ColumnKind,
) -> ColumnMeta {
    ColumnMeta {
        table,
        place,
        field,
        name,
        comment: "",
        ty: kind.ty,
        nullable: kind.nullable,
        canonical: kind.canonical,
        unique: false,
        default: Default::None,
        client_default: None,
        on_update: None,
        foreign_key: None,
    }
}

#[doc(hidden)]
impl ColumnMeta {
    pub const fn comment(mut self, comment: &'static str) -> Self {
        self.comment = comment;
        self
    }

    pub const fn unique(mut self) -> Self {
        self.unique = true;
        self
    }

    pub const fn default(mut self, default: Default) -> Self {
        self.default = default;
        self
    }

    pub const fn always(self) -> Self {
        self.default(Default::Identity(Generated::Always))
    }

    pub const fn client_default(mut self, make: fn() -> Arc<dyn Value>) -> Self {
        self.client_default = Some(make);
        self
    }

    pub const fn on_update(mut self, sql: &'static str) -> Self {
        self.on_update = Some(sql);
        self
    }

    pub const fn foreign_key(mut self, place: usize) -> Self {
        self.foreign_key = Some(place);
        self
    }
}

/// A column that the database numbers.
///
/// # Panics
/// If it is no integer; at compile time.
#[track_caller]
pub const fn identity(column: ColumnMeta) -> ColumnMeta {
    assert!(
        matches!(column.ty.name.as_bytes(), b"smallint" | b"integer" | b"bigint"),
        "a `generated` column is an integer: make this `i64`, or give it a `default` instead"
    );
    column.default(Default::Identity(Generated::ByDefault))
}

/// A call of a function that a program declares.
pub fn function<T: SqlType>(name: &'static str, arguments: Vec<ArgumentNode>) -> Expr<T> {
    declared(name, arguments)
}

/// An argument of such a function.
pub fn argument<B: BaseType, O: Operand<B>>(argument: O) -> ArgumentNode {
    ArgumentNode::of(argument.operand())
}

/// What a foreign key of one column points to.
pub fn target<M, T>(column: Column<M, T>) -> Target {
    let meta = column.meta();
    Target { table: meta.table, places: std::slice::from_ref(&meta.place) }
}

/// What a foreign key to a whole primary key points to.
pub fn target_key<M: Model>() -> Target {
    Target { table: M::META, places: M::META.primary_key }
}

/// What a new row's field says of a foreign key with a database default.
pub fn reference_or_default<R: ReferenceValue>(value: &Option<R>) -> NewValue<'_> {
    value.as_ref().map_or(NewValue::Default, ReferenceValue::new_value)
}

/// Ends a request for a column that the table does not have.
///
/// # Panics
/// Always.
#[cold]
pub fn no_column(table: &TableMeta, place: usize) -> ! {
    panic!("`{}` has {} columns, none at place {place}", table.entity, table.columns.len())
}

/// A type that can hold the values of a key.
#[diagnostic::on_unimplemented(
    message = "a foreign key of type `{Self}` cannot reference a column of type `{T}`",
    label = "make this `{T}` or `Option<{T}>`"
)]
pub trait SameKey<T> {}
impl<B: BaseType> SameKey<B> for B {}
impl<B: BaseType> SameKey<B> for Option<B> {}

/// PostgreSQL compares integers of any width.
macro_rules! same_key {
    ($($key:ident $target:ident),*) => {$(
        impl SameKey<$target> for $key {}
        impl SameKey<$target> for Option<$key> {}
    )*};
}
same_key!(i16 i32, i16 i64, i32 i16, i32 i64, i64 i16, i64 i32);

/// Holds a foreign key and its target together.
///
/// The target comes first: its type, known already, is what an error expects of the foreign key.
///
/// # Panics
/// If the target is neither the whole primary key of its table nor unique, or the unique constraint is deferrable; at
/// compile time.
#[track_caller]
pub const fn references<A, B, S: SameKey<T>, T>(target: Column<B, T>, _: Column<A, S>) {
    assert!(
        target.meta().is_primary_key() || !target.meta().is_deferrable(),
        "a foreign key cannot reference a column whose unique constraint is deferrable, which PostgreSQL refuses: remove \
         `deferrable` there, or reference another column"
    );
    assert!(
        target.meta().is_primary_key() || target.meta().unique,
        "a foreign key must reference a column no two rows share: the primary key of a model whose key is one column, or \
         a `unique` column; for a key of several columns write `foreign_key(first, second = Model)` on the struct"
    );
}

/// Holds one column of a foreign key and its part of the target's primary key together.
pub const fn references_part<M, A, S, const PLACE: usize>(_: Column<A, S>)
where
    M: Model<Key: KeyPart<PLACE>>,
    S: SameKey<<M::Key as KeyPart<PLACE>>::Part>,
{
}

/// Holds the number of columns of a foreign key and of the target's primary key together.
///
/// # Panics
/// If they differ; at compile time.
#[track_caller]
pub const fn references_parts<M: Model>(columns: usize) {
    assert!(
        M::Key::COLUMNS == columns,
        "`foreign_key` must name as many columns as the primary key of the model it references has"
    );
}

/// A primary key that has a column at this place.
#[diagnostic::on_unimplemented(
    message = "the primary key `{Self}` is of fewer columns than this `foreign_key` names",
    label = "name as many columns as the primary key of the referenced model has"
)]
pub trait KeyPart<const PLACE: usize> {
    /// The type of that column.
    type Part;
}

macro_rules! key_part {
    ($place:literal $part:ident of $($all:ident)*) => {
        impl<$($all),*> KeyPart<$place> for ($($all,)*) {
            type Part = $part;
        }
    };
}
key_part!(0 A of A B);
key_part!(1 B of A B);
key_part!(0 A of A B C);
key_part!(1 B of A B C);
key_part!(2 C of A B C);
key_part!(0 A of A B C D);
key_part!(1 B of A B C D);
key_part!(2 C of A B C D);
key_part!(3 D of A B C D);

/// A type that can tell the changes of a row apart.
#[diagnostic::on_unimplemented(
    message = "a `version` of type `{Self}` cannot count changes",
    label = "make this `i32` or `i64`, or `Xmin` with `column = \"xmin\"`"
)]
pub trait Version: Value + Sized {
    /// The version of a new row; `None` for what PostgreSQL keeps itself.
    const FIRST: Option<&'static Self>;
}

impl Version for i16 {
    const FIRST: Option<&'static Self> = Some(&1);
}

impl Version for i32 {
    const FIRST: Option<&'static Self> = Some(&1);
}

impl Version for i64 {
    const FIRST: Option<&'static Self> = Some(&1);
}

impl Version for Xmin {
    const FIRST: Option<&'static Self> = None;
}

/// The column that counts the changes of a row.
///
/// # Panics
/// If the type is that of the system column and the column is not, or the other way round; at compile time.
#[track_caller]
pub const fn version<V: Version>(place: usize, is_system: bool) -> Option<VersionMeta> {
    assert!(
        V::FIRST.is_some() != is_system,
        "an `Xmin` is the system column, and nothing else is: write `#[orm(version, column = \"xmin\")] version: Xmin`, or \
         a version of type `i32` or `i64` with a column of its own"
    );
    let first = match V::FIRST {
        Some(first) => Some(first as &'static dyn Value),
        None => None,
    };
    Some(VersionMeta { place, first })
}

/// What a new row says of its version.
pub fn first_version<'a, V: Version>() -> NewValue<'a> {
    V::FIRST.map_or(NewValue::Default, |first| NewValue::Value(first))
}

/// Ends a request for the key of a view's row.
///
/// # Panics
/// Always.
#[cold]
pub fn no_key(table: &TableMeta) -> ! {
    panic!("`{}` is a view, whose rows have no key", table.entity)
}

/// A model with a foreign key to the model `M`: its foreign key of the number `KEY`.
#[diagnostic::on_unimplemented(
    message = "the foreign key of this relation does not reference `{M}`",
    label = "no foreign key of `{Self}` to `{M}`",
    note = "a relation goes by a foreign key to the model that declares it: `#[orm(references = {M}.id)]` on a field of `{Self}`"
)]
pub trait References<M, const KEY: usize> {}

/// The number of the foreign key that a column belongs to.
///
/// # Panics
/// If it belongs to none; at compile time.
#[track_caller]
pub const fn key_of<M, T>(column: Column<M, T>) -> usize {
    match column.meta().foreign_key {
        Some(number) => number,
        None => panic!(
            "a relation goes by a foreign key: write `#[orm(references = ..)]` on the field of this column"
        ),
    }
}

/// Holds a relation and the foreign key it goes by together.
pub const fn related_by<C: References<M, KEY>, M, const KEY: usize>() {}

/// Holds a relation to one row and the foreign key it goes by together.
///
/// # Panics
/// If several rows can have the same foreign key; at compile time.
#[track_caller]
pub const fn has_one<M, T>(column: Column<M, T>) {
    let meta = column.meta();
    let table = meta.table;
    let mut found = meta.unique || meta.is_primary_key();
    let mut nth = 0;
    // One of several columns may be unique together with others.
    while nth < table.uniques.len() {
        found |= has_place(table.uniques[nth].columns, meta.place);
        nth += 1;
    }
    assert!(
        found || has_place(table.primary_key, meta.place),
        "the foreign key of a `has_one` must be unique, or several rows could have it: write `unique` on its field, or \
         `has_many`"
    );
}

const fn has_place(places: &[usize], place: usize) -> bool {
    let mut nth = 0;
    while nth < places.len() {
        if places[nth] == place {
            return true;
        }
        nth += 1;
    }
    false
}

/// The path of a relation to the rows that have a foreign key.
pub fn to_children<M, T>(column: Column<M, T>) -> Path {
    Path::to_children(column.meta())
}

/// The path of a relation to the rows that a foreign key points at.
pub fn to_target(column: &'static ColumnMeta, key: usize) -> Path {
    Path::to_target(column, &column.table.foreign_keys[key])
}

/// The path of a relation by way of the table of `B`, whose foreign keys have these numbers.
pub fn through<P, B, C, const NEAR: usize, const FAR: usize>() -> Path
where
    B: Model + References<P, NEAR> + References<C, FAR>,
{
    let column = |key: usize| &B::META.columns[B::META.foreign_keys[key].columns[0]];
    Path::through((column(NEAR), NEAR), (column(FAR), FAR))
}

/// The path of a relation by way of the foreign keys that these columns belong to.
///
/// # Panics
/// If a column is no foreign key, which the derive has checked.
pub fn through_columns<B, T, U>(near: Column<B, T>, far: Column<B, U>) -> Path {
    let key = |column: &'static ColumnMeta| {
        (column, column.foreign_key.expect("the derive has checked that it is a foreign key"))
    };
    Path::through(key(near.meta()), key(far.meta()))
}

/// What an enum must have besides its labels.
// The lifetime makes a bound on a known type one that the compiler assumes instead of checking it at once.
#[diagnostic::on_unimplemented(
    message = "the enum `{Self}` cannot be a column type",
    label = "write `#[derive(Enum, Clone, Debug)]`"
)]
pub trait EnumParts<'a>: std::clone::Clone + Debug + Send + Sync + 'static {}
impl<E: std::clone::Clone + Debug + Send + Sync + 'static> EnumParts<'_> for E {}

/// Reports what an enum lacks.
pub const fn enum_parts<E: for<'a> EnumParts<'a>>() {}

/// What a struct must have to be a column type.
// With a lifetime for the same reason.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a column type",
    label = "write `#[derive(ColumnType, Clone, Debug)]`"
)]
pub trait OwnType<'a>: std::clone::Clone + Debug + Send + Sync + 'static {}
impl<T: std::clone::Clone + Debug + Send + Sync + 'static> OwnType<'_> for T {}

/// Reports what such a struct lacks.
pub const fn own_type<T: for<'a> OwnType<'a>>() {}

/// Whether a cell can hold the label of an enum.
pub fn is_enum(ty: &Type) -> bool {
    *ty == Type::TEXT || matches!(ty.kind(), Kind::Enum(_))
}

/// Reads the label of an enum.
///
/// # Errors
/// If no variant has it.
pub fn read_label<E: Enum>(raw: &[u8]) -> Result<E, Cause> {
    let label = std::str::from_utf8(raw)?;
    E::from_label(label).ok_or_else(|| unknown_label(label, E::TYPE))
}

fn unknown_label(label: &str, ty: &PgType) -> Cause {
    format!("{} has no variant with the label \"{label}\": its labels are {:?}", ty.name, ty.labels).into()
}

//! Every name that generated code may use; nothing here is for people.

pub use bytes::BytesMut;
pub use tokio_postgres::types::{Kind, Type};

pub use crate::error::Error;
pub use crate::model::relation::{BelongsTo, HasMany};
pub use crate::model::{Model, NewModel, NewValue, Ref, ReferenceValue, Table};
pub use crate::query::Column;
pub use crate::row::Cells;
pub use crate::schema::{ColumnMeta, Default, ForeignKey, OnDelete, TableMeta};
pub use crate::types::Value;

use crate::types::{BaseType, Cause, PgType, SqlType};

/// A column's data, the type and NULL taken from the field's type.
pub const fn column<T: SqlType>(
    table: &'static TableMeta,
    place: usize,
    field: &'static str,
    name: &'static str,
    default: Default,
    references: Option<ForeignKey>,
) -> ColumnMeta {
    ColumnMeta { table, place, field, name, ty: T::Base::TYPE, nullable: T::NULLABLE, default, references }
}

/// What a field with a database default says of its column.
pub fn or_default<T: SqlType>(value: &Option<T>) -> NewValue<'_> {
    match value {
        Some(value) => NewValue::Value(value),
        None => NewValue::Default,
    }
}

/// A type that can hold the values of a key.
#[diagnostic::on_unimplemented(
    message = "a foreign key of type `{Self}` cannot reference a column of type `{T}`",
    label = "make this `{T}` or `Option<{T}>`"
)]
pub trait SameKey<T> {}
impl<B: BaseType> SameKey<B> for B {}
impl<B: BaseType> SameKey<B> for Option<B> {}

/// Holds a foreign key and its target together.
///
/// # Panics
/// If the target is not the whole primary key of its table; at compile time.
pub const fn references<A, B, S: SameKey<T>, T>(_: Column<A, S>, target: Column<B, T>) {
    assert!(
        target.meta().is_primary_key(),
        "a foreign key must reference the primary key of a model whose key is one column"
    );
}

/// What is wrong with a label that no variant has.
pub fn unknown_label(label: &str, ty: &PgType) -> Cause {
    format!("{} has no variant with the label \"{label}\": its labels are {:?}", ty.name, ty.labels).into()
}

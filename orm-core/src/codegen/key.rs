//! Foreign keys, held together with what they point at.

use super::{NewValue, ReferenceValue};
use crate::model::{Key, Model};
use crate::query::Column;
use crate::schema::Target;
use crate::types::BaseType;

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

/// A type that can hold the values of a key.
#[diagnostic::on_unimplemented(
    message = "a foreign key of type `{Self}` cannot reference a column of type `{T}`",
    label = "make this `{T}` or `Option<{T}>`"
)]
pub trait SameKey<T> {}
#[diagnostic::do_not_recommend]
impl<B: BaseType> SameKey<B> for B {}
#[diagnostic::do_not_recommend]
impl<B: BaseType> SameKey<B> for Option<B> {}
// A unique column may hold NULL, which nothing points at.
#[diagnostic::do_not_recommend]
impl<B: BaseType> SameKey<Option<B>> for B {}
#[diagnostic::do_not_recommend]
impl<B: BaseType> SameKey<Option<B>> for Option<B> {}

/// PostgreSQL compares integers of any width.
macro_rules! same_key {
    ($($key:ident $target:ident),*) => {$(
        #[diagnostic::do_not_recommend]
        impl SameKey<$target> for $key {}
        #[diagnostic::do_not_recommend]
        impl SameKey<$target> for Option<$key> {}
        #[diagnostic::do_not_recommend]
        impl SameKey<Option<$target>> for $key {}
        #[diagnostic::do_not_recommend]
        impl SameKey<Option<$target>> for Option<$key> {}
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

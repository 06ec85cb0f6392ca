//! The types PostgreSQL's arithmetic gives: what a sum and an average of a type are.

use super::declare::pg_type;
use super::{BaseType, Interval, Numeric, PgType, SqlType};

/// PostgreSQL's `numeric`, which is there without a Rust type for it too.
pub(crate) fn numeric_type() -> &'static PgType {
    pg_type!("numeric", NUMERIC, NUMERIC_ARRAY)
}

/// A type with bits.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no integer: PostgreSQL has no operators of bits for it here",
    label = "expected i16, i32 or i64"
)]
pub trait Integer: Numeric {}
#[diagnostic::do_not_recommend]
impl Integer for i16 {}
#[diagnostic::do_not_recommend]
impl Integer for i32 {}
#[diagnostic::do_not_recommend]
impl Integer for i64 {}

/// A type that `sum` takes.
#[diagnostic::on_unimplemented(
    message = "PostgreSQL has no `sum` of `{Self}` here",
    label = "cannot be summed",
    note = "numbers and intervals are summed"
)]
#[cfg_attr(
    not(feature = "rust_decimal"),
    diagnostic::on_unimplemented(
        note = "`sum` of i64 is numeric: turn on the feature `rust_decimal` of orm-core, or cast the column first"
    )
)]
pub trait Sum: BaseType {
    /// What PostgreSQL's `sum` of this type is.
    type Sum: BaseType;
}

/// A type that `avg` takes.
#[diagnostic::on_unimplemented(
    message = "PostgreSQL has no `avg` of `{Self}` here",
    label = "cannot be averaged",
    note = "`avg` of integers is numeric: turn on the feature `rust_decimal` of orm-core, or cast the column first"
)]
pub trait Average: BaseType {
    /// What PostgreSQL's `avg` of this type is.
    type Average: BaseType;
}

/// A type that `percentile_cont` takes.
#[diagnostic::on_unimplemented(
    message = "PostgreSQL calculates no `percentile_cont` of `{Self}`",
    label = "expected a number or an `Interval`",
    note = "`percentile_disc` takes whatever can be sorted"
)]
pub trait Percentile: BaseType {
    /// What PostgreSQL's `percentile_cont` of this type is.
    type Percentile: BaseType;
}

macro_rules! numeric {
    ($trait:ident, $output:ident: $($ty:ty => $result:ty),* $(,)?) => { $(
        impl $trait for $ty {
            type $output = $result;
        }
    )* };
}

numeric!(Sum, Sum: i16 => i64, i32 => i64, f32 => f32, f64 => f64, Interval => Interval);
numeric!(Average, Average: f32 => f64, f64 => f64, Interval => Interval);

numeric!(Percentile, Percentile: i16 => f64, i32 => f64, i64 => f64, f32 => f64, f64 => f64, Interval => Interval);

#[cfg(feature = "rust_decimal")]
mod with_decimal {
    use rust_decimal::Decimal;

    use super::{Average, Percentile, Sum};

    numeric!(Percentile, Percentile: Decimal => f64);
    numeric!(Sum, Sum: i64 => Decimal, Decimal => Decimal);
    numeric!(Average, Average: i16 => Decimal, i32 => Decimal, i64 => Decimal, Decimal => Decimal);
}

/// The sum of a column type: always with NULL, for no rows have no sum.
pub type SumOf<T> = Option<<<T as SqlType>::Base as Sum>::Sum>;
/// The average of a column type: always with NULL, for no rows have no average.
pub type AverageOf<T> = Option<<<T as SqlType>::Base as Average>::Average>;

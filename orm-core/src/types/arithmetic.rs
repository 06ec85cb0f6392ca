//! What PostgreSQL's operators give for two types.

use super::{BaseType, Interval};

/// `+`, in [`Combine`].
#[derive(Clone, Copy, Debug)]
pub struct Plus(());

/// `-`, in [`Combine`].
#[derive(Clone, Copy, Debug)]
pub struct Minus(());

/// `*`, in [`Combine`].
#[derive(Clone, Copy, Debug)]
pub struct Times(());

/// `/`, in [`Combine`].
#[derive(Clone, Copy, Debug)]
pub struct Divided(());

/// `%`, in [`Combine`].
#[derive(Clone, Copy, Debug)]
pub struct Remainder(());

/// An operator that every type of number has.
#[diagnostic::on_unimplemented(
    message = "not every type of number has the operator `{Self}`",
    label = "expected `Plus`, `Minus`, `Times` or `Divided`"
)]
pub trait OfNumbers {}
#[diagnostic::do_not_recommend]
impl OfNumbers for Plus {}
#[diagnostic::do_not_recommend]
impl OfNumbers for Minus {}
#[diagnostic::do_not_recommend]
impl OfNumbers for Times {}
#[diagnostic::do_not_recommend]
impl OfNumbers for Divided {}

/// A type with operators: a number, a moment, an [`Interval`], or text, which `+` joins.
#[diagnostic::on_unimplemented(
    message = "PostgreSQL has no arithmetic for `{Self}`",
    label = "expected a number, a date or time, an `Interval`, or text",
    note = "a document of JSON loses a key by `.without(\"key\")`, an array an element by `.remove(..)`"
)]
pub trait Arithmetic: BaseType {
    /// Whether `+` is `||` in SQL.
    #[doc(hidden)]
    const JOINS: bool = false;
}

/// A number: a type with `+ - * /`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a number: PostgreSQL has no arithmetic for it",
    label = "expected i16, i32, i64, f32, f64 or `Decimal`"
)]
pub trait Numeric: Arithmetic {}

#[diagnostic::do_not_recommend]
impl Numeric for i16 {}
#[diagnostic::do_not_recommend]
impl Numeric for i32 {}
#[diagnostic::do_not_recommend]
impl Numeric for i64 {}
#[diagnostic::do_not_recommend]
impl Numeric for f32 {}
#[diagnostic::do_not_recommend]
impl Numeric for f64 {}

/// Two types that PostgreSQL calculates with: `i32: Combine<Times, Decimal, Output = Decimal>`.
#[diagnostic::on_unimplemented(
    message = "PostgreSQL cannot calculate an SQL `{Self}` with an SQL `{R}` here",
    label = "not with these two types",
    note = "`.cast::<i64>()` makes an SQL value one of another type"
)]
pub trait Combine<O, R: BaseType>: BaseType {
    /// What it gives.
    type Output: BaseType;
}

impl<O: OfNumbers, B: Numeric> Combine<O, B> for B {
    type Output = B;
}

macro_rules! combine {
    ($($left:ty, $operator:ident, $right:ty => $output:ty);* $(;)?) => { $(
        impl Combine<$operator, $right> for $left {
            type Output = $output;
        }
    )* };
}

/// Both ways round.
macro_rules! mixed {
    ($($one:ty, $other:ty => $output:ty);* $(;)?) => { $(
        impl<O: OfNumbers> Combine<O, $other> for $one {
            type Output = $output;
        }
        impl<O: OfNumbers> Combine<O, $one> for $other {
            type Output = $output;
        }
    )* };
}

macro_rules! remainder {
    ($($one:ty, $other:ty => $output:ty);* $(;)?) => {
        combine!($($one, Remainder, $other => $output; $other, Remainder, $one => $output);*);
    };
}

macro_rules! arithmetic {
    ($($ty:ty),* $(,)?) => { $(impl Arithmetic for $ty {})* };
}
arithmetic!(i16, i32, i64, f32, f64, Interval);

impl Arithmetic for String {
    const JOINS: bool = true;
}

mixed!(
    i16, i32 => i32; i16, i64 => i64; i32, i64 => i64;
    f32, f64 => f64; f32, i16 => f64; f32, i32 => f64; f32, i64 => f64;
    f64, i16 => f64; f64, i32 => f64; f64, i64 => f64;
);
combine!(i16, Remainder, i16 => i16; i32, Remainder, i32 => i32; i64, Remainder, i64 => i64);
remainder!(i16, i32 => i32; i16, i64 => i64; i32, i64 => i64);
combine!(
    String, Plus, String => String;
    Interval, Plus, Interval => Interval;
    Interval, Minus, Interval => Interval;
    Interval, Times, i32 => Interval; Interval, Times, i64 => Interval; Interval, Times, f64 => Interval;
    i32, Times, Interval => Interval; i64, Times, Interval => Interval; f64, Times, Interval => Interval;
    Interval, Divided, i32 => Interval; Interval, Divided, i64 => Interval; Interval, Divided, f64 => Interval;
);

#[cfg(feature = "rust_decimal")]
mod with_decimal {
    use rust_decimal::Decimal;

    use super::{Arithmetic, Combine, Numeric, OfNumbers, Remainder};

    arithmetic!(Decimal);
    #[diagnostic::do_not_recommend]
    impl Numeric for Decimal {}
    mixed!(
        Decimal, i16 => Decimal; Decimal, i32 => Decimal; Decimal, i64 => Decimal;
        Decimal, f32 => f64; Decimal, f64 => f64;
    );
    combine!(Decimal, Remainder, Decimal => Decimal);
    remainder!(Decimal, i16 => Decimal; Decimal, i32 => Decimal; Decimal, i64 => Decimal);
}

/// Of the four types of dates and times of a crate.
#[cfg(any(feature = "chrono", feature = "jiff", feature = "time"))]
macro_rules! moments {
    ($date:ty, $time:ty, $local:ty, $zoned:ty) => {
        arithmetic!($zoned, $date, $local, $time);
        combine!(
            $date, Plus, i32 => $date; $date, Minus, i32 => $date; i32, Plus, $date => $date;
            $date, Minus, $date => i32;
            $date, Plus, Interval => $local; $date, Minus, Interval => $local;
            $date, Plus, $time => $local;
            Interval, Plus, $date => $local;
            $local, Plus, Interval => $local; $local, Minus, Interval => $local;
            Interval, Plus, $local => $local;
            $local, Minus, $local => Interval;
            $local, Minus, $date => Interval; $date, Minus, $local => Interval;
            $zoned, Plus, Interval => $zoned; $zoned, Minus, Interval => $zoned;
            Interval, Plus, $zoned => $zoned;
            $zoned, Minus, $zoned => Interval;
            $time, Plus, Interval => $time; $time, Minus, Interval => $time;
            Interval, Plus, $time => $time;
            $time, Minus, $time => Interval;
        );
    };
}
#[cfg(feature = "chrono")]
moments!(chrono::NaiveDate, chrono::NaiveTime, chrono::NaiveDateTime, chrono::DateTime<chrono::Utc>);
#[cfg(feature = "time")]
moments!(time::Date, time::Time, time::PrimitiveDateTime, time::OffsetDateTime);
#[cfg(feature = "jiff")]
moments!(jiff::civil::Date, jiff::civil::Time, jiff::civil::DateTime, jiff::Timestamp);

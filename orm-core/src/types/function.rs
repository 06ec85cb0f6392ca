//! Which types PostgreSQL's functions take.

use super::{BaseType, Element, Interval, Range, RangeElement, SqlType};

/// A type that `min` and `max` take.
#[diagnostic::on_unimplemented(
    message = "PostgreSQL has no `min` and `max` of `{Self}`",
    label = "has no smallest and greatest value",
    note = "they take numbers, text, moments, addresses and enums; a bool, a `Uuid` or bytes can be sorted: \
            `.order_by(..)` with `.first(..)` gives the row with the smallest"
)]
pub trait Extreme: BaseType {}

/// A type that functions of text take.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not text",
    label = "expected `String`",
    note = "`.cast::<String>()` makes it text"
)]
pub trait Text: BaseType {}

/// A type whose values contain others: an array, a range, or a document of JSON.
#[diagnostic::on_unimplemented(
    message = "an SQL `{Self}` is no array, range or JSON",
    label = "expected an array, a range or a document of JSON"
)]
pub trait Set: BaseType {}
impl<T: Element> Set for Vec<T> {}
impl<T: RangeElement> Set for Range<T> {}

/// A type whose values can have something in common: an array or a range.
#[diagnostic::on_unimplemented(
    message = "an SQL `{Self}` is no array and no range",
    label = "expected an array or a range"
)]
pub trait Overlap: BaseType {}
impl<T: Element> Overlap for Vec<T> {}
impl<T: RangeElement> Overlap for Range<T> {}

/// A range.
#[diagnostic::on_unimplemented(message = "`{Self}` is no range", label = "expected a `Range`")]
pub trait RangeType: BaseType {
    /// The type of its values.
    type Item: RangeElement;
}
#[diagnostic::do_not_recommend]
impl<T: RangeElement> RangeType for Range<T> {
    type Item = T;
}

/// What SQL's `lower` and `upper` take: text, or a range.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither text nor a range",
    label = "expected text, whose letters are changed, or a range, whose bound is given"
)]
pub trait LowerUpper: BaseType {
    /// What they give of `T`.
    type Type<T: SqlType<Base = Self>>;

    #[doc(hidden)]
    const IS_RANGE: bool = false;
}
#[diagnostic::do_not_recommend]
impl<R: RangeElement> LowerUpper for Range<R> {
    type Type<T: SqlType<Base = Self>> = Option<R>;

    const IS_RANGE: bool = true;
}
#[diagnostic::do_not_recommend]
impl LowerUpper for String {
    type Type<T: SqlType<Base = Self>> = T;
}

/// An array.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no array",
    label = "expected an array: a `Vec`",
    note = "text is joined by `+`; documents of JSON are joined by `.merge(..)`, and lose a key by `.without(\"key\")`"
)]
pub trait ArrayType: BaseType {
    /// The type of its elements.
    type Item: Element;
}
#[diagnostic::do_not_recommend]
impl<T: Element> ArrayType for Vec<T> {
    type Item = T;
}

/// A type that `generate_series` takes.
#[diagnostic::on_unimplemented(
    message = "PostgreSQL has no `generate_series` of `{Self}`",
    label = "expected i32, i64, `Decimal`, or a moment with a step of an `Interval`",
    note = "a date is cast first: `.cast::<NaiveDateTime>()`; `func::date(column)` makes a date of it again"
)]
pub trait Series: BaseType {
    /// The type of the distance from one value to the next.
    type Step: BaseType;
}
#[diagnostic::do_not_recommend]
impl Series for i32 {
    type Step = i32;
}
#[diagnostic::do_not_recommend]
impl Series for i64 {
    type Step = i64;
}
#[cfg(feature = "rust_decimal")]
#[diagnostic::do_not_recommend]
impl Series for rust_decimal::Decimal {
    type Step = rust_decimal::Decimal;
}

/// A type whose values `generate_series` gives one by one, without a step.
#[diagnostic::on_unimplemented(
    message = "`generate_series` of `{Self}` needs a step",
    label = "add `.step(Interval::from_days(1))`"
)]
pub trait Counted: BaseType {}
#[diagnostic::do_not_recommend]
impl Counted for i32 {}
#[diagnostic::do_not_recommend]
impl Counted for i64 {}
#[cfg(feature = "rust_decimal")]
#[diagnostic::do_not_recommend]
impl Counted for rust_decimal::Decimal {}

/// A document of JSON: `serde_json::Value` or [`Json`](super::Json).
#[cfg(feature = "serde_json")]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no document of JSON",
    label = "expected `serde_json::Value` or `Json<T>`",
    note = "`.cast::<serde_json::Value>()` makes it one; an element of an array is `.at(1)`"
)]
pub trait Document: BaseType {}
#[cfg(feature = "serde_json")]
#[diagnostic::do_not_recommend]
impl Document for serde_json::Value {}
#[cfg(feature = "serde_json")]
#[diagnostic::do_not_recommend]
impl<T: super::JsonContent> Document for super::Json<T> {}
#[cfg(feature = "serde_json")]
impl Set for serde_json::Value {}
#[cfg(feature = "serde_json")]
impl<T: super::JsonContent> Set for super::Json<T> {}

/// A type that `round` takes and gives.
#[diagnostic::on_unimplemented(
    message = "PostgreSQL has no `round` that takes and gives `{Self}`",
    label = "expected f64 or `Decimal`",
    note = "an integer is round already; an f32 is rounded as f64: `.cast::<f64>()`"
)]
pub trait Round: BaseType {
    /// Whether PostgreSQL rounds it to a number of digits, as `numeric`.
    #[doc(hidden)]
    const EXACT: bool;
}

/// A number, for functions such as `ceil` and `sqrt`, which PostgreSQL has of `numeric` and of `double precision`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a number: PostgreSQL has no `ceil`, `sqrt`, `power` and the like of it",
    label = "expected a number",
    note = "`.cast::<f64>()` makes it one"
)]
pub trait Real: BaseType {
    /// What they give.
    type Output: BaseType;
}

macro_rules! real {
    ($($ty:ty => $output:ty),*) => { $(
        #[diagnostic::do_not_recommend]
        impl Real for $ty {
            type Output = $output;
        }
    )* };
}
real!(i16 => f64, i32 => f64, i64 => f64, f32 => f64, f64 => f64);
#[cfg(feature = "rust_decimal")]
real!(rust_decimal::Decimal => rust_decimal::Decimal);

/// A type with parts such as years and hours.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a date or time",
    label = "expected a date, a time, or an `Interval`"
)]
pub trait Moment: BaseType {}

/// A type that `to_char` takes.
#[diagnostic::on_unimplemented(
    message = "PostgreSQL has no `to_char` of `{Self}`",
    label = "expected a number, a moment or an `Interval`"
)]
pub trait Formatted: BaseType {}

/// A type that `date_trunc` takes and gives.
#[diagnostic::on_unimplemented(
    message = "PostgreSQL has no `date_trunc` that takes and gives `{Self}`",
    label = "expected a date with a time, or an `Interval`",
    note = "a date becomes one with `.cast::<NaiveDateTime>()`"
)]
pub trait Truncated: BaseType {}

/// A type that `age` takes.
#[diagnostic::on_unimplemented(
    message = "PostgreSQL has no `age` of `{Self}`",
    label = "expected a date with a time",
    note = "a date becomes one with `.cast::<NaiveDateTime>()`"
)]
pub trait Aged: BaseType {}

/// A moment with a time zone, or one without.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be put into a time zone",
    label = "expected a date with a time"
)]
pub trait Zoned: BaseType {
    /// The other one of the two.
    type Other: BaseType;
}

macro_rules! takes {
    ($function:ident: $($ty:ty),* $(,)?) => {
        $(impl $function for $ty {})*
    };
}
takes!(Extreme: i16, i32, i64, f32, f64, String, Interval, std::net::IpAddr);
takes!(Text: String);
#[diagnostic::do_not_recommend]
impl Round for f64 {
    const EXACT: bool = false;
}
takes!(Moment: Interval);
takes!(Formatted: i16, i32, i64, f32, f64, Interval);
takes!(Truncated: Interval);

/// What the four types of dates and times of a crate are taken by.
#[cfg(any(feature = "chrono", feature = "jiff", feature = "time"))]
macro_rules! moments {
    ($date:ty, $time:ty, $local:ty, $zoned:ty) => {
        takes!(Formatted: $zoned, $date, $local, $time);
        takes!(Truncated: $zoned, $local);
        takes!(Aged: $zoned, $local, $date);
        #[diagnostic::do_not_recommend]
        impl Zoned for $zoned {
            type Other = $local;
        }
        #[diagnostic::do_not_recommend]
        impl Zoned for $local {
            type Other = $zoned;
        }
        #[diagnostic::do_not_recommend]
        impl Series for $zoned {
            type Step = Interval;
        }
        #[diagnostic::do_not_recommend]
        impl Series for $local {
            type Step = Interval;
        }
        takes!(Extreme: $zoned, $date, $local, $time);
        takes!(Moment: $zoned, $date, $local, $time);
    };
}
#[cfg(feature = "chrono")]
moments!(chrono::NaiveDate, chrono::NaiveTime, chrono::NaiveDateTime, chrono::DateTime<chrono::Utc>);
#[cfg(feature = "time")]
moments!(time::Date, time::Time, time::PrimitiveDateTime, time::OffsetDateTime);
#[cfg(feature = "jiff")]
moments!(jiff::civil::Date, jiff::civil::Time, jiff::civil::DateTime, jiff::Timestamp);

#[cfg(feature = "rust_decimal")]
takes!(Formatted: rust_decimal::Decimal);
#[cfg(feature = "rust_decimal")]
takes!(Extreme: rust_decimal::Decimal);
#[cfg(feature = "rust_decimal")]
#[diagnostic::do_not_recommend]
impl Round for rust_decimal::Decimal {
    const EXACT: bool = true;
}

//! Which types PostgreSQL's functions take.

use super::{BaseType, Interval};

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

/// A type that `round` takes and gives.
#[diagnostic::on_unimplemented(
    message = "PostgreSQL has no `round` that takes and gives `{Self}`",
    label = "expected f64 or `Decimal`",
    note = "an integer is round already; an f32 is rounded as f64: `.cast::<f64>()`"
)]
pub trait Round: BaseType {}

/// A type with parts such as years and hours.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a date or time",
    label = "expected a date, a time, or an `Interval`"
)]
pub trait Moment: BaseType {}

macro_rules! takes {
    ($function:ident: $($ty:ty),* $(,)?) => {
        $(impl $function for $ty {})*
    };
}
takes!(Extreme: i16, i32, i64, f32, f64, String, Interval, std::net::IpAddr);
takes!(Text: String);
takes!(Round: f64);
takes!(Moment: Interval);
#[cfg(feature = "chrono")]
mod with_chrono {
    use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};

    use super::{Extreme, Moment};

    takes!(Extreme: DateTime<Utc>, NaiveDate, NaiveDateTime, NaiveTime);
    takes!(Moment: DateTime<Utc>, NaiveDate, NaiveDateTime, NaiveTime);
}
#[cfg(feature = "rust_decimal")]
takes!(Extreme: rust_decimal::Decimal);
#[cfg(feature = "rust_decimal")]
takes!(Round: rust_decimal::Decimal);

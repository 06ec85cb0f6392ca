//! Functions of dates and times.

use super::{BaseOf, node};
use crate::query::ast::{Name, Node, NullRule, Role};
use crate::query::expr::expression::node_of;
use crate::query::expr::{Expr, Scalar};
use crate::types::{Moment, Parameter, SqlType};

/// When the transaction began, by the server's clock: the same in all its statements.
#[cfg(feature = "chrono")]
pub fn now() -> Expr<chrono::DateTime<chrono::Utc>> {
    Expr::new(node(Name::Known("now"), Vec::new(), Role::Scalar, NullRule::Never))
}

/// A part of a moment, in the time zone of the server's session: `func::date_part(DatePart::Year, Post.written)`.
///
/// Parts are whole numbers but for seconds, milliseconds and the epoch; `.cast::<i32>()` makes them integers. Of an
/// infinite moment most parts are NULL: where a column holds such, add `.optional()`.
pub fn date_part<S: Scalar>(part: DatePart, moment: S) -> Expr<<S::Type as SqlType>::With<f64>>
where
    BaseOf<S>: Moment,
{
    let part = Node::Parameter(Parameter::new(part.name().to_owned()));
    Expr::new(node(Name::Known("date_part"), vec![part, node_of(moment)], Role::Scalar, NullRule::Strict))
}

macro_rules! date_part {
    ($($(#[$doc:meta])* $part:ident $name:literal),* $(,)?) => {
        /// What [`date_part`] gives.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum DatePart {
            $($(#[$doc])* $part),*
        }

        impl DatePart {
            fn name(self) -> &'static str {
                match self {
                    $(DatePart::$part => $name),*
                }
            }
        }
    };
}
date_part!(
    /// The century; the 21st began with 2001.
    Century "century",
    /// The year divided by ten.
    Decade "decade",
    /// The year.
    Year "year",
    /// The year of the ISO week.
    IsoYear "isoyear",
    /// The quarter, from 1 to 4.
    Quarter "quarter",
    /// The month, from 1 to 12.
    Month "month",
    /// The ISO week, from 1 to 53.
    Week "week",
    /// The day of the month, from 1 to 31.
    Day "day",
    /// The day of the week, from Sunday, 0, to Saturday, 6.
    DayOfWeek "dow",
    /// The day of the week, from Monday, 1, to Sunday, 7.
    IsoDayOfWeek "isodow",
    /// The day of the year, from 1 to 366.
    DayOfYear "doy",
    /// The hour, from 0 to 23.
    Hour "hour",
    /// The minute, from 0 to 59.
    Minute "minute",
    /// The second, with fractions.
    Second "second",
    /// The second in thousandths, with fractions.
    Millisecond "milliseconds",
    /// The second in millionths.
    Microsecond "microseconds",
    /// The seconds since 1970-01-01 00:00:00 UTC, with fractions.
    Epoch "epoch",
);

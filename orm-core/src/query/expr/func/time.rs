//! Functions of dates and times.

use super::{BaseOf, WithBoth, strict, strict_of};
use crate::query::ast::Node;
#[cfg(feature = "chrono")]
use crate::query::ast::{Name, NullRule, Role};
use crate::query::expr::argument::argument_node;
use crate::query::expr::expression::node_of;
use crate::query::expr::{Argument, Column, Expr, Operand, Scalar};
use crate::types::{Aged, Interval, Moment, Parameter, SqlType, Truncated, Zoned};

/// The type of what a function takes, without NULL.
type ArgumentBase<S> = <<S as Argument>::Type as SqlType>::Base;

/// What the time zone of a moment makes of it.
type ZonedOf<S> = <BaseOf<S> as Zoned>::Other;

/// When the transaction began, by the server's clock: the same in all its statements.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let now = select(func::now());
/// ```
#[cfg(feature = "chrono")]
pub fn now() -> Expr<chrono::DateTime<chrono::Utc>> {
    Expr::new(super::node(Name::Known("now"), Vec::new(), Role::Scalar, NullRule::Never))
}

/// A part of a moment, in the time zone of the server's session: `func::date_part("year", Post.written)`, or
/// with [`DatePart::Year`].
///
/// Parts are whole numbers but for seconds, milliseconds and the epoch; `.cast::<i32>()` makes them integers. Of an
/// infinite moment most parts are NULL: where a column holds such, add `.optional()`.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let hours = select(func::date_part("hour", Event.starts_at));
/// ```
pub fn date_part<S: Scalar>(part: impl IntoDatePart, moment: S) -> Expr<<S::Type as SqlType>::With<f64>>
where
    BaseOf<S>: Moment,
{
    strict_of("date_part", vec![part_node(part), node_of(moment)])
}

/// The same part as PostgreSQL's `EXTRACT` gives it: numeric, exact in its fractions.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let year = select(func::extract("year", func::now()));
/// ```
#[cfg(feature = "rust_decimal")]
pub fn extract<S: Scalar>(
    part: impl IntoDatePart,
    moment: S,
) -> Expr<<S::Type as SqlType>::With<rust_decimal::Decimal>>
where
    BaseOf<S>: Moment,
{
    // Under this name it takes the part as a value.
    strict_of("pg_catalog.extract", vec![part_node(part), node_of(moment)])
}

/// A moment cut down to a part: `func::date_trunc(DatePart::Month, Post.written)` is the start of the month, with a time zone
/// in that of the server's session.
///
/// A date is cast to what is meant first: `.cast::<NaiveDateTime>()`.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let this_month = select(func::date_trunc("month", func::now()));
/// ```
pub fn date_trunc<S: Scalar>(part: impl IntoDatePart, moment: S) -> Expr<S::Type>
where
    BaseOf<S>: Truncated,
{
    strict_of("date_trunc", vec![part_node(part), node_of(moment)])
}

/// The day of a moment, in the time zone of the server's session where it has one: `func::date(Post.written)`.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let days = select((func::date(Event.starts_at), func::count(Event.id))).group_by(func::date(Event.starts_at));
/// ```
#[cfg(feature = "chrono")]
pub fn date<S: Scalar>(moment: S) -> Expr<<S::Type as SqlType>::With<chrono::NaiveDate>>
where
    BaseOf<S>: Aged,
{
    use crate::types::BaseType;
    Expr::new(Node::Cast(Box::new(node_of(moment)), chrono::NaiveDate::TYPE))
}

/// From an earlier moment, the second, to a later one, in years, months and days:
/// `func::extract("year", func::age(func::now(), User.born))`.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let lengths = select(func::age(Event.ends_at, Event.starts_at));
/// ```
pub fn age<S: Argument, O>(later: S, earlier: O) -> Expr<WithBoth<O::Type, S::Type, Interval>>
where
    ArgumentBase<S>: Aged,
    O: Operand<ArgumentBase<S>>,
{
    strict_of("age", vec![argument_node(later), earlier.operand().node])
}

/// How long a moment is ago, in years, months and days, at midnight of today by the server's clock: PostgreSQL's `age` of one
/// moment.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let since = select(func::age_today(Event.starts_at));
/// ```
pub fn age_today<S: Scalar>(moment: S) -> Expr<<S::Type as SqlType>::With<Interval>>
where
    BaseOf<S>: Aged,
{
    strict("age", moment)
}

/// A moment in a time zone: one with a time zone as the clock shows it there, one without as what it is there.
/// `func::at_time_zone(Post.written, "Europe/Berlin")`.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let in_berlin = select(func::at_time_zone(func::now(), "Europe/Berlin"));
/// ```
pub fn at_time_zone<S: Scalar, O: Operand<String>>(
    moment: S,
    zone: O,
) -> Expr<WithBoth<O::Type, S::Type, ZonedOf<S>>>
where
    BaseOf<S>: Zoned,
{
    strict_of("timezone", vec![zone.operand().node, node_of(moment)])
}

macro_rules! zoned {
    ([$($generic:tt)*] $ty:ty) => {
        impl<$($generic)* T: SqlType> $ty {
            /// The moment in a time zone; see [`func::at_time_zone`](crate::query::func::at_time_zone).
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let local = select(Event.starts_at.at_time_zone("Europe/Berlin"));
            /// ```
            pub fn at_time_zone<O: Operand<String>>(
                &self,
                zone: O,
            ) -> Expr<WithBoth<O::Type, T, <T::Base as Zoned>::Other>>
            where
                T::Base: Zoned,
            {
                strict_of("timezone", vec![zone.operand().node, node_of(self)])
            }
        }
    };
}
zoned!([M,] Column<M, T>);
zoned!([] Expr<T>);

/// The date of today, in the time zone of the server's session.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let today = select(Event).filter(func::date(Event.starts_at).eq(func::current_date()));
/// ```
#[cfg(feature = "chrono")]
pub fn current_date() -> Expr<chrono::NaiveDate> {
    now().cast::<chrono::NaiveDate>()
}

/// A part of a moment: a [`DatePart`], or what PostgreSQL calls it, such as `"month"`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no part of a moment",
    label = "expected a `DatePart` such as `DatePart::Month`, or its name such as `\"month\"`"
)]
pub trait IntoDatePart {
    #[doc(hidden)]
    fn part(self) -> String;
}

#[diagnostic::do_not_recommend]
impl IntoDatePart for DatePart {
    fn part(self) -> String {
        self.name().to_owned()
    }
}

#[diagnostic::do_not_recommend]
impl IntoDatePart for &str {
    fn part(self) -> String {
        self.to_ascii_lowercase()
    }
}

fn part_node(part: impl IntoDatePart) -> Node {
    Node::Parameter(Parameter::new(part.part()))
}

macro_rules! date_part {
    ($($(#[$doc:meta])* $part:ident $name:literal),* $(,)?) => {
        /// A part of a moment, for [`date_part`] and its like.
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
    Dow "dow",
    /// The day of the week, from Monday, 1, to Sunday, 7.
    IsoDow "isodow",
    /// The day of the year, from 1 to 366.
    Doy "doy",
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

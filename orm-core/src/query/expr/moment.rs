//! The dates and times of `chrono`, `jiff` and `time` beside columns of them: a date beside a moment, spans, moments of a zone.

use super::calculate::{Calculate, SentAs, value, values};
use super::operand::comparable;
use super::{ArgumentNode, Expr, Operand, TypeOf};
use crate::query::ast::Node;
use crate::types::{Combine, Interval, Parameter, SqlType};

fn parameter<T: SqlType, U>(value: T) -> Expr<U> {
    Expr::new(Node::Parameter(Parameter::new(value)))
}

/// Of the four types of dates and times of a crate, and its spans of time.
macro_rules! moments {
    ($date:ty, $time:ty, $local:ty, $zoned:ty; $($span:ty),*) => {
        // A date is midnight: of a moment with a time zone, in that of the server's session.
        comparable!($date => $local, $zoned);
        moments!(@midnight $date, $local);
        moments!(@midnight $date, $zoned);
        $(
            #[diagnostic::do_not_recommend]
            impl<N> Operand<Interval, N> for $span {
                type Type = Interval;

                fn operand(self) -> Expr<Interval> {
                    parameter(SentAs::<Interval>::sent(self))
                }
            }
        )*
        values!($date: i32 as i32, Interval as Interval, $time as $time, $local as $local $(, $span as Interval)*);
        values!($local: Interval as Interval, std::time::Duration as Interval, $date as $date $(, $span as Interval)*);
        values!($zoned: Interval as Interval, std::time::Duration as Interval $(, $span as Interval)*);
        values!($time: Interval as Interval, std::time::Duration as Interval $(, $span as Interval)*);
        values!(Interval: $zoned as $zoned, $local as $local, $date as $date, $time as $time $(, $span as Interval)*);
    };
    (@midnight $date:ty, $moment:ty) => {
        #[diagnostic::do_not_recommend]
        impl<N> Operand<$moment, N> for $date {
            type Type = $moment;

            fn operand(self) -> Expr<$moment> {
                parameter(self)
            }
        }
    };
}

/// Moments that know their zone, for columns of moments.
#[cfg(any(feature = "chrono", feature = "jiff"))]
macro_rules! of_zone {
    ($zoned:ty: $($moment:ty => $into:expr),* $(,)?) => {$(
        #[diagnostic::do_not_recommend]
        impl<N> Operand<$zoned, N> for $moment {
            type Type = $zoned;

            fn operand(self) -> Expr<$zoned> {
                parameter($into(self))
            }
        }

        #[diagnostic::do_not_recommend]
        impl IntoValue<$zoned> for $moment {
            fn into_value(self) -> $zoned {
                $into(self)
            }
        }

        #[diagnostic::do_not_recommend]
        impl Assign<$zoned> for $moment {
            fn assigned(self) -> Expr<$zoned> {
                parameter($into(self))
            }
        }

        #[diagnostic::do_not_recommend]
        impl Assign<Option<$zoned>> for $moment {
            fn assigned(self) -> Expr<Option<$zoned>> {
                parameter($into(self))
            }
        }
    )*};
}

/// A span in microseconds. One beyond all that PostgreSQL has is the longest there is: a sum with it is out of range on
/// the server.
fn longest(microseconds: Option<i64>, negative: bool) -> Interval {
    Interval::from_microseconds(microseconds.unwrap_or(if negative { i64::MIN } else { i64::MAX }))
}

#[cfg(feature = "chrono")]
mod with_chrono {
    use chrono::{
        DateTime, Days, FixedOffset, Local, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc,
    };

    use super::{
        ArgumentNode, Calculate, Combine, Expr, Interval, Operand, SentAs, TypeOf, comparable, longest,
        parameter, value, values,
    };
    use crate::query::expr::{Assign, IntoValue};

    moments!(NaiveDate, NaiveTime, NaiveDateTime, DateTime<Utc>; TimeDelta);
    of_zone!(DateTime<Utc>: DateTime<FixedOffset> => |moment: DateTime<FixedOffset>| moment.to_utc(),
        DateTime<Local> => |moment: DateTime<Local>| moment.to_utc());

    impl SentAs<Interval> for TimeDelta {
        fn sent(self) -> Interval {
            longest(self.num_microseconds(), self < TimeDelta::zero())
        }
    }

    fn count(days: Days) -> i32 {
        let epoch = NaiveDate::default();
        let reached = epoch.checked_add_days(days).and_then(|day| (day - epoch).num_days().try_into().ok());
        reached.unwrap_or(i32::MAX)
    }

    impl SentAs<i32> for Days {
        fn sent(self) -> i32 {
            count(self)
        }
    }

    impl SentAs<Interval> for Days {
        fn sent(self) -> Interval {
            Interval::from_days(count(self))
        }
    }

    impl SentAs<Interval> for Months {
        fn sent(self) -> Interval {
            Interval::from_months(self.as_u32().try_into().unwrap_or(i32::MAX))
        }
    }

    values!(NaiveDate: Days as i32, Months as Interval);
    values!(NaiveDateTime: Days as Interval, Months as Interval);
    values!(DateTime<Utc>: Days as Interval, Months as Interval);
}

#[cfg(feature = "time")]
mod with_time {
    use time::{Date, Duration, OffsetDateTime, PrimitiveDateTime, Time};

    use super::{
        ArgumentNode, Calculate, Combine, Expr, Interval, Operand, SentAs, TypeOf, comparable, longest,
        parameter, value, values,
    };

    moments!(Date, Time, PrimitiveDateTime, OffsetDateTime; Duration);

    impl SentAs<Interval> for Duration {
        fn sent(self) -> Interval {
            longest(self.whole_microseconds().try_into().ok(), self.is_negative())
        }
    }
}

#[cfg(feature = "jiff")]
mod with_jiff {
    use jiff::civil::{Date, DateTime, Time};
    use jiff::{SignedDuration, Span, Timestamp, ZonedDateTime};

    use super::{
        ArgumentNode, Calculate, Combine, Expr, Interval, Operand, SentAs, TypeOf, comparable, longest,
        parameter, value, values,
    };
    use crate::query::expr::{Assign, IntoValue};

    moments!(Date, Time, DateTime, Timestamp; SignedDuration, Span);
    of_zone!(Timestamp: ZonedDateTime => |moment: ZonedDateTime| moment.timestamp(), &ZonedDateTime => |moment: &ZonedDateTime| moment.timestamp());

    impl SentAs<Interval> for SignedDuration {
        fn sent(self) -> Interval {
            longest(self.as_micros().try_into().ok(), self.is_negative())
        }
    }

    impl SentAs<Interval> for Span {
        fn sent(self) -> Interval {
            let seconds = (i64::from(self.get_hours()) * 60 + self.get_minutes()) * 60 + self.get_seconds();
            let milliseconds = seconds * 1_000 + self.get_milliseconds();
            Interval {
                months: i32::from(self.get_years()) * 12 + self.get_months(),
                days: self.get_weeks() * 7 + self.get_days(),
                // No unit of a span holds more than 20,000 years, so that all of them fit.
                microseconds: milliseconds * 1_000 + self.get_microseconds() + self.get_nanoseconds() / 1_000,
            }
        }
    }
}

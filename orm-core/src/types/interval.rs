//! `interval`: months, days and microseconds, which PostgreSQL keeps apart.

#[cfg(feature = "serde_json")]
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use bytes::{Buf, BufMut, BytesMut};
use tokio_postgres::types::Type;

use super::declare::pg_type;
use super::{BaseType, Cause, PgType};

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// A span of time as PostgreSQL's `interval` keeps it: months, days and microseconds, each with its own sign.
///
/// The three are kept apart because a month has no fixed number of days, and a day no fixed number of hours. `==` in
/// Rust compares them one by one; PostgreSQL's `=`, and so `.eq(..)` in a statement, takes a month for 30 days and a day
/// for 24 hours.
///
/// ```
/// use orm_core::types::Interval;
///
/// let span = Interval { months: 14, days: 3, ..Interval::from_minutes(90) };
/// assert_eq!(span.to_string(), "1 year 2 mons 3 days 01:30:00");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Interval {
    /// Months, those of years included.
    pub months: i32,
    /// Days.
    pub days: i32,
    /// Microseconds.
    pub microseconds: i64,
}

/// An object of `months`, `days` and `microseconds`.
#[cfg(feature = "serde_json")]
impl serde_core::Serialize for Interval {
    fn serialize<S: serde_core::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde_core::ser::SerializeStruct;

        let mut parts = serializer.serialize_struct("Interval", 3)?;
        parts.serialize_field("months", &self.months)?;
        parts.serialize_field("days", &self.days)?;
        parts.serialize_field("microseconds", &self.microseconds)?;
        parts.end()
    }
}

/// From the same object; a part that is missing is zero.
#[cfg(feature = "serde_json")]
impl<'de> serde_core::Deserialize<'de> for Interval {
    fn deserialize<D: serde_core::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde_core::de::Error;

        let mut interval = Interval::default();
        for (part, value) in BTreeMap::<String, i64>::deserialize(deserializer)? {
            let small =
                || i32::try_from(value).map_err(|_| Error::custom(format!("{part} out of range: {value}")));
            match &*part {
                "months" => interval.months = small()?,
                "days" => interval.days = small()?,
                "microseconds" => interval.microseconds = value,
                other => return Err(Error::unknown_field(other, &["months", "days", "microseconds"])),
            }
        }
        Ok(interval)
    }
}

impl Interval {
    /// An interval of all three parts.
    ///
    /// ```
    /// use orm_core::types::Interval;
    /// let interval = Interval::new(1, 15, 0);
    /// assert_eq!(Interval::from_months(1).checked_add(Interval::from_days(15)), Some(interval));
    /// ```
    pub const fn new(months: i32, days: i32, microseconds: i64) -> Interval {
        Interval { months, days, microseconds }
    }

    /// Months; twelve are a year.
    ///
    /// ```
    /// use orm_core::types::Interval;
    /// let two_years = Interval::from_months(24);
    /// ```
    pub const fn from_months(months: i32) -> Interval {
        Interval::new(months, 0, 0)
    }

    /// Days.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let soon = select(Event).filter(Event.starts_at.lt(func::now() + Interval::from_days(7)));
    /// ```
    pub const fn from_days(days: i32) -> Interval {
        Interval::new(0, days, 0)
    }

    // Of `i32`, so that none of them can overflow.
    /// Hours, which are no part of days.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let soon = select(Event).filter(Event.starts_at.lt(func::now() + Interval::from_hours(2)));
    /// ```
    pub const fn from_hours(hours: i32) -> Interval {
        Interval::new(0, 0, hours as i64 * HOUR)
    }

    /// Minutes.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let soon = select(Event).filter(Event.starts_at.lt(func::now() + Interval::from_minutes(30)));
    /// ```
    pub const fn from_minutes(minutes: i32) -> Interval {
        Interval::new(0, 0, minutes as i64 * MINUTE)
    }

    /// Seconds.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let soon = select(Event).filter(Event.starts_at.lt(func::now() + Interval::from_seconds(30)));
    /// ```
    pub const fn from_seconds(seconds: i32) -> Interval {
        Interval::new(0, 0, seconds as i64 * SECOND)
    }

    /// Microseconds.
    ///
    /// ```
    /// use orm_core::types::Interval;
    /// assert_eq!(Interval::from_microseconds(1_000_000), Interval::from_seconds(1));
    /// ```
    pub const fn from_microseconds(microseconds: i64) -> Interval {
        Interval::new(0, 0, microseconds)
    }

    /// The sum, part by part; `None` where a part would overflow.
    ///
    /// ```
    /// use orm_core::types::Interval;
    /// assert!(Interval::from_months(i32::MAX).checked_add(Interval::from_months(1)).is_none());
    /// ```
    pub fn checked_add(self, other: Interval) -> Option<Interval> {
        Some(Interval {
            months: self.months.checked_add(other.months)?,
            days: self.days.checked_add(other.days)?,
            microseconds: self.microseconds.checked_add(other.microseconds)?,
        })
    }

    /// What PostgreSQL compares.
    fn estimate(self) -> i128 {
        let days = i128::from(self.months) * 30 + i128::from(self.days);
        days * i128::from(DAY) + i128::from(self.microseconds)
    }
}

/// A duration, cut off to microseconds.
impl TryFrom<Duration> for Interval {
    type Error = std::num::TryFromIntError;

    fn try_from(duration: Duration) -> Result<Interval, Self::Error> {
        i64::try_from(duration.as_micros()).map(Interval::from_microseconds)
    }
}

/// As PostgreSQL writes it: `1 year 2 mons -3 days +04:05:06.5`.
impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [(self.months / 12, "year"), (self.months % 12, "mon"), (self.days, "day")];
        let mut separator = "";
        let mut before = false;
        for (count, unit) in parts.into_iter().filter(|(count, _)| *count != 0) {
            let sign = if before && count > 0 { "+" } else { "" };
            let many = if count == 1 { "" } else { "s" };
            write!(f, "{separator}{sign}{count} {unit}{many}")?;
            (separator, before) = (" ", count < 0);
        }
        if self.microseconds == 0 && !separator.is_empty() {
            return Ok(());
        }
        let sign = match self.microseconds {
            ..0 => "-",
            _ if before => "+",
            _ => "",
        };
        let time = self.microseconds.unsigned_abs();
        let (second, minute, hour) = (SECOND.unsigned_abs(), MINUTE.unsigned_abs(), HOUR.unsigned_abs());
        let (hours, minutes, seconds) = (time / hour, time % hour / minute, time % minute / second);
        write!(f, "{separator}{sign}{hours:02}:{minutes:02}:{seconds:02}")?;
        match time % second {
            0 => Ok(()),
            rest => write!(f, ".{}", format!("{rest:06}").trim_end_matches('0')),
        }
    }
}

impl BaseType for Interval {
    const TYPE: &'static PgType = pg_type!("interval", INTERVAL, INTERVAL_ARRAY);
    const EQUALITY_KNOWN: bool = true;

    fn read(_: &Type, mut raw: &[u8]) -> Result<Self, Cause> {
        if raw.len() != 16 {
            return Err(format!("{} bytes are no interval", raw.len()).into());
        }
        let (microseconds, days, months) = (raw.get_i64(), raw.get_i32(), raw.get_i32());
        // PostgreSQL 17 has infinite intervals.
        match (months, days, microseconds) {
            (i32::MAX, i32::MAX, i64::MAX) => Err("`infinity` has no place in an `Interval`".into()),
            (i32::MIN, i32::MIN, i64::MIN) => Err("`-infinity` has no place in an `Interval`".into()),
            _ => Ok(Interval { months, days, microseconds }),
        }
    }

    fn write(&self, out: &mut BytesMut) -> Result<(), Cause> {
        out.put_i64(self.microseconds);
        out.put_i32(self.days);
        out.put_i32(self.months);
        Ok(())
    }

    fn write_canonical(&self, out: &mut BytesMut) -> Result<(), Cause> {
        out.put_i128(self.estimate());
        Ok(())
    }

    fn equals(&self, other: &Self) -> Option<bool> {
        Some(self.estimate() == other.estimate())
    }

    fn same(&self, other: &Self) -> bool {
        self == other
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{BaseType, Interval};

    #[cfg(feature = "serde_json")]
    #[test]
    fn serde_sees_an_object_of_three_parts() {
        let interval = Interval::new(14, -3, 5);
        let written = serde_json::to_string(&interval).expect("it is JSON");
        assert_eq!(written, r#"{"months":14,"days":-3,"microseconds":5}"#);
        assert_eq!(serde_json::from_str::<Interval>(&written).expect("the same"), interval);
        assert_eq!(
            serde_json::from_str::<Interval>(r#"{"days":1}"#).expect("a part"),
            Interval::from_days(1)
        );
        for wrong in [r#"{"weeks":1}"#, r#"{"days":3000000000}"#] {
            assert!(serde_json::from_str::<Interval>(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn equal_to_the_server_is_not_the_same() {
        let (month, days, hours) =
            (Interval::from_months(1), Interval::from_days(30), Interval::from_hours(720));
        assert_eq!((month.equals(&days), month.equals(&hours)), (Some(true), Some(true)));
        assert!(!month.same(&days) && month != hours);
        assert_eq!(month.compare(&days), None);
    }

    #[test]
    fn a_duration_is_an_interval_of_microseconds() {
        assert_eq!(Interval::try_from(Duration::from_nanos(1_500)).unwrap(), Interval::from_microseconds(1));
        assert!(Interval::try_from(Duration::MAX).is_err());
    }
}

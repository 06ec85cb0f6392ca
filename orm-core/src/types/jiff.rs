//! The types of `jiff`: `Timestamp`, and `DateTime`, `Date` and `Time` of `civil`.

use std::cmp::Ordering;

use bytes::{BufMut, BytesMut};
use jiff::civil::{Date, DateTime, Time, date, datetime};
use jiff::{SignedDuration, Timestamp};
use tokio_postgres::types::Type;

use super::declare::pg_type;
use super::era::{with_era, year_of};
use super::moment::{beyond, microseconds, read_days, read_microseconds, read_time, write_nanoseconds};
use super::{BaseType, Cause, PgType, TextForm};

fn timestamp(microseconds: i64, ty: &str) -> Result<Timestamp, Cause> {
    Timestamp::from_microsecond(microseconds).map_err(|_| beyond(ty))
}

/// A date and time as nanoseconds of the Unix epoch, as if it were of UTC: a `Timestamp` ends a day before these do.
fn nanoseconds(local: DateTime) -> i128 {
    local.duration_since(datetime(1970, 1, 1, 0, 0, 0, 0)).as_nanos()
}

/// The first day of PostgreSQL.
const FIRST: Date = date(2000, 1, 1);

/// The seconds of a day.
const SECONDS: i64 = 86_400;

impl BaseType for Timestamp {
    const TYPE: &'static PgType = pg_type!("timestamp with time zone", TIMESTAMPTZ, TIMESTAMPTZ_ARRAY);
    const EQUALITY_KNOWN: bool = true;

    fn read(_: &Type, raw: &[u8]) -> Result<Self, Cause> {
        timestamp(read_microseconds(raw, "Timestamp")?, "Timestamp")
    }

    fn write(&self, out: &mut BytesMut) -> Result<(), Cause> {
        write_nanoseconds(self.as_nanosecond(), out)
    }

    fn compare(&self, other: &Self) -> Option<Ordering> {
        Some(microseconds(self.as_nanosecond()).cmp(&microseconds(other.as_nanosecond())))
    }
}

impl BaseType for DateTime {
    const TYPE: &'static PgType = pg_type!("timestamp without time zone", TIMESTAMP, TIMESTAMP_ARRAY);
    const EQUALITY_KNOWN: bool = true;

    fn read(_: &Type, raw: &[u8]) -> Result<Self, Cause> {
        let since = SignedDuration::from_micros(read_microseconds(raw, "DateTime")?);
        datetime(1970, 1, 1, 0, 0, 0, 0).checked_add(since).map_err(|_| beyond("DateTime"))
    }

    fn write(&self, out: &mut BytesMut) -> Result<(), Cause> {
        write_nanoseconds(nanoseconds(*self), out)
    }

    fn compare(&self, other: &Self) -> Option<Ordering> {
        Some(microseconds(nanoseconds(*self)).cmp(&microseconds(nanoseconds(*other))))
    }
}

impl BaseType for Date {
    const TYPE: &'static PgType = pg_type!("date", DATE, DATE_ARRAY);
    const EQUALITY_KNOWN: bool = true;

    fn read(_: &Type, raw: &[u8]) -> Result<Self, Cause> {
        let since = SignedDuration::from_secs(i64::from(read_days(raw, "Date")?) * SECONDS);
        FIRST.checked_add(since).map_err(|_| beyond("Date"))
    }

    fn write(&self, out: &mut BytesMut) -> Result<(), Cause> {
        out.put_i32(i32::try_from(self.duration_since(FIRST).as_secs() / SECONDS)?);
        Ok(())
    }

    fn compare(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

fn time_in_microseconds(time: Time) -> i64 {
    let seconds = (i64::from(time.hour()) * 60 + i64::from(time.minute())) * 60 + i64::from(time.second());
    seconds * 1_000_000 + i64::from(time.subsec_nanosecond()) / 1_000
}

impl BaseType for Time {
    const TYPE: &'static PgType = pg_type!("time without time zone", TIME, TIME_ARRAY);
    const EQUALITY_KNOWN: bool = true;

    fn read(_: &Type, raw: &[u8]) -> Result<Self, Cause> {
        let (hours, minutes, seconds, micros) = read_time(raw, "Time")?;
        Ok(Time::new(hours, minutes, seconds, micros * 1_000)?)
    }

    fn write(&self, out: &mut BytesMut) -> Result<(), Cause> {
        out.put_i64(time_in_microseconds(*self));
        Ok(())
    }

    fn compare(&self, other: &Self) -> Option<Ordering> {
        Some(time_in_microseconds(*self).cmp(&time_in_microseconds(*other)))
    }
}

#[diagnostic::do_not_recommend]
impl TextForm for Time {
    fn to_text(&self) -> Result<String, Cause> {
        Ok(self.to_string())
    }

    fn from_text(text: &str) -> Result<Self, Cause> {
        Ok(text.parse()?)
    }
}

/// What is written with a date at its front.
macro_rules! dated {
    ($($ty:ty),*) => { $(
        #[diagnostic::do_not_recommend]
        impl TextForm for $ty {
            fn to_text(&self) -> Result<String, Cause> {
                let text = self.to_string();
                // A year before the first has a sign.
                let end = text[1..].find('-').map_or(text.len(), |end| end + 1);
                Ok(with_era(text[..end].parse()?, &text[end..]))
            }

            fn from_text(text: &str) -> Result<Self, Cause> {
                let (year, behind) = year_of(text)?;
                let sign = if year < 0 { "-00" } else { "" };
                Ok(format!("{sign}{:04}{behind}", year.abs()).parse()?)
            }
        }
    )* };
}
dated!(Date, DateTime, Timestamp);

#[cfg(test)]
mod tests {
    use bytes::BytesMut;
    use jiff::Timestamp;
    use jiff::civil::{Date, DateTime, Time, date};
    use jiff::tz::TimeZone;
    use tokio_postgres::types::Type;

    use super::BaseType;

    fn back<T: BaseType>(value: &T) -> T {
        let mut out = BytesMut::new();
        value.write(&mut out).unwrap();
        T::read(&T::TYPE.wire, &out).unwrap()
    }

    #[test]
    fn values_survive_the_wire_to_the_microsecond() {
        for nanoseconds in [-1_000, 0, 1_234_567_890_123_456_000] {
            let moment = Timestamp::from_nanosecond(nanoseconds).unwrap();
            assert_eq!(back(&moment), moment);
            assert!(back(&Timestamp::from_nanosecond(nanoseconds + 999).unwrap()).same(&moment));
            let local = TimeZone::UTC.to_datetime(moment);
            assert_eq!(
                (back(&local), back(&local.date()), back(&local.time())),
                (local, local.date(), local.time())
            );
        }
        for day in [date(-4712, 1, 1), date(0, 2, 29), date(1, 1, 1), Date::MAX] {
            let last = day.at(23, 59, 59, 999_999_000);
            assert_eq!((back(&day), back(&last)), (day, last));
        }
        let mut out = BytesMut::new();
        date(1999, 12, 31).write(&mut out).unwrap();
        assert_eq!(&*out, (-1_i32).to_be_bytes());
    }

    #[test]
    fn what_the_types_cannot_hold_is_an_error() {
        for raw in [i64::MAX, i64::MIN, i64::MAX - 1] {
            assert!(Timestamp::read(&Type::TIMESTAMPTZ, &raw.to_be_bytes()).is_err());
            assert!(DateTime::read(&Type::TIMESTAMP, &raw.to_be_bytes()).is_err());
        }
        for raw in [i32::MAX, i32::MIN, i32::MAX - 1] {
            assert!(Date::read(&Type::DATE, &raw.to_be_bytes()).is_err());
        }
        assert!(Time::read(&Type::TIME, &86_400_000_000_i64.to_be_bytes()).is_err());
    }
}

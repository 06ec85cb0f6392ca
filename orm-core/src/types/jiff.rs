//! The types of `jiff`: `Timestamp`, and `DateTime`, `Date` and `Time` of `civil`.

use std::cmp::Ordering;

use bytes::{BufMut, BytesMut};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use tokio_postgres::types::Type;

use super::declare::pg_type;
use super::moment::{
    DAY, EPOCH, beyond, microseconds, read_days, read_microseconds, read_time, write_nanoseconds,
};
use super::{BaseType, Cause, PgType, TextForm};

fn timestamp(microseconds: i64, ty: &str) -> Result<Timestamp, Cause> {
    Timestamp::from_microsecond(microseconds).map_err(|_| beyond(ty))
}

/// A date and time as nanoseconds of the Unix epoch, as if it were of UTC.
fn nanoseconds(local: DateTime) -> Result<i128, Cause> {
    Ok(TimeZone::UTC.to_timestamp(local)?.as_nanosecond())
}

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
        let timestamp = timestamp(read_microseconds(raw, "DateTime")?, "DateTime")?;
        Ok(TimeZone::UTC.to_datetime(timestamp))
    }

    fn write(&self, out: &mut BytesMut) -> Result<(), Cause> {
        write_nanoseconds(nanoseconds(*self)?, out)
    }

    fn compare(&self, other: &Self) -> Option<Ordering> {
        Some(microseconds(nanoseconds(*self).ok()?).cmp(&microseconds(nanoseconds(*other).ok()?)))
    }
}

impl BaseType for Date {
    const TYPE: &'static PgType = pg_type!("date", DATE, DATE_ARRAY);
    const EQUALITY_KNOWN: bool = true;

    fn read(_: &Type, raw: &[u8]) -> Result<Self, Cause> {
        let days = i64::from(read_days(raw, "Date")?);
        let midnight = days.checked_mul(DAY).and_then(|micros| micros.checked_add(EPOCH));
        let midnight = timestamp(midnight.ok_or_else(|| beyond("Date"))?, "Date")?;
        Ok(TimeZone::UTC.to_datetime(midnight).date())
    }

    fn write(&self, out: &mut BytesMut) -> Result<(), Cause> {
        let micros = microseconds(nanoseconds(self.to_datetime(Time::midnight()))?) - i128::from(EPOCH);
        out.put_i32(i32::try_from(micros / i128::from(DAY))?);
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

macro_rules! text_form {
    ($($ty:ty),*) => { $(
        #[diagnostic::do_not_recommend]
        impl TextForm for $ty {
            fn to_text(&self) -> Result<String, Cause> {
                Ok(self.to_string())
            }

            fn from_text(text: &str) -> Result<Self, Cause> {
                Ok(text.parse()?)
            }
        }
    )* };
}
text_form!(Date, Time, DateTime, Timestamp);

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

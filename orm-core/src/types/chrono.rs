//! The types of `chrono`: `DateTime<Utc>`, `NaiveDateTime`, `NaiveDate` and `NaiveTime`.

use std::cmp::Ordering;

use bytes::{BufMut, BytesMut};
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike, Utc};
use tokio_postgres::types::{FromSql, Type};

use super::declare::pg_type;
use super::{BaseType, Cause, PgType};

/// PostgreSQL counts microseconds from 2000-01-01, here in those of the Unix epoch.
const EPOCH: i64 = 946_684_800_000_000;

/// The day PostgreSQL counts days from.
const FIRST_DAY: NaiveDate = NaiveDate::from_ymd_opt(2000, 1, 1).expect("a day");

/// A moment; `ty` is what could not hold it.
fn read_moment(raw: &[u8], ty: &str) -> Result<DateTime<Utc>, Cause> {
    match i64::from_sql(&Type::INT8, raw)? {
        i64::MAX => Err(format!("`infinity` has no place in a `{ty}`").into()),
        i64::MIN => Err(format!("`-infinity` has no place in a `{ty}`").into()),
        micros => micros
            .checked_add(EPOCH)
            .and_then(DateTime::from_timestamp_micros)
            .ok_or_else(|| format!("the date is beyond what a `{ty}` can hold").into()),
    }
}

impl BaseType for DateTime<Utc> {
    const TYPE: &'static PgType = pg_type!("timestamp with time zone", TIMESTAMPTZ, TIMESTAMPTZ_ARRAY);
    const EQUALITY_KNOWN: bool = true;

    fn read(_: &Type, raw: &[u8]) -> Result<Self, Cause> {
        read_moment(raw, "DateTime<Utc>")
    }

    fn write(&self, out: &mut BytesMut) -> Result<(), Cause> {
        out.put_i64(self.timestamp_micros() - EPOCH);
        Ok(())
    }

    // PostgreSQL keeps microseconds, `DateTime` nanoseconds.
    fn compare(&self, other: &Self) -> Option<Ordering> {
        Some(self.timestamp_micros().cmp(&other.timestamp_micros()))
    }
}

impl BaseType for NaiveDateTime {
    const TYPE: &'static PgType = pg_type!("timestamp without time zone", TIMESTAMP, TIMESTAMP_ARRAY);
    const EQUALITY_KNOWN: bool = true;

    fn read(_: &Type, raw: &[u8]) -> Result<Self, Cause> {
        read_moment(raw, "NaiveDateTime").map(|moment| moment.naive_utc())
    }

    fn write(&self, out: &mut BytesMut) -> Result<(), Cause> {
        BaseType::write(&self.and_utc(), out)
    }

    fn compare(&self, other: &Self) -> Option<Ordering> {
        BaseType::compare(&self.and_utc(), &other.and_utc())
    }
}

impl BaseType for NaiveDate {
    const TYPE: &'static PgType = pg_type!("date", DATE, DATE_ARRAY);
    const EQUALITY_KNOWN: bool = true;

    fn read(_: &Type, raw: &[u8]) -> Result<Self, Cause> {
        match i32::from_sql(&Type::INT4, raw)? {
            i32::MAX => Err("`infinity` has no place in a `NaiveDate`".into()),
            i32::MIN => Err("`-infinity` has no place in a `NaiveDate`".into()),
            days => FIRST_DAY
                .checked_add_signed(TimeDelta::days(days.into()))
                .ok_or_else(|| "the date is beyond what a `NaiveDate` can hold".into()),
        }
    }

    fn write(&self, out: &mut BytesMut) -> Result<(), Cause> {
        out.put_i32(i32::try_from(self.signed_duration_since(FIRST_DAY).num_days())?);
        Ok(())
    }

    fn compare(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The microseconds since midnight; `None` in a leap second, which PostgreSQL's `time` does not have.
fn microseconds(time: &NaiveTime) -> Option<i64> {
    let nanoseconds = Some(time.nanosecond()).filter(|nanoseconds| *nanoseconds < 1_000_000_000)?;
    Some(i64::from(time.num_seconds_from_midnight()) * 1_000_000 + i64::from(nanoseconds / 1_000))
}

impl BaseType for NaiveTime {
    const TYPE: &'static PgType = pg_type!("time without time zone", TIME, TIME_ARRAY);
    const EQUALITY_KNOWN: bool = true;

    fn read(_: &Type, raw: &[u8]) -> Result<Self, Cause> {
        let micros = i64::from_sql(&Type::INT8, raw)?;
        let seconds = u32::try_from(micros.div_euclid(1_000_000))?;
        let nanoseconds = u32::try_from(micros.rem_euclid(1_000_000) * 1_000)?;
        // The end of a day is a time of its own to PostgreSQL.
        NaiveTime::from_num_seconds_from_midnight_opt(seconds, nanoseconds)
            .ok_or_else(|| "`24:00:00` has no place in a `NaiveTime`".into())
    }

    fn write(&self, out: &mut BytesMut) -> Result<(), Cause> {
        let micros = microseconds(self).ok_or("PostgreSQL's `time` has no leap seconds")?;
        out.put_i64(micros);
        Ok(())
    }

    fn compare(&self, other: &Self) -> Option<Ordering> {
        Some(microseconds(self)?.cmp(&microseconds(other)?))
    }
}

#[cfg(test)]
mod tests {
    use bytes::BytesMut;
    use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
    use tokio_postgres::types::Type;

    use super::BaseType;

    #[test]
    fn moments_survive_the_wire_to_the_microsecond() {
        for moment in [
            Utc.with_ymd_and_hms(1969, 12, 31, 23, 59, 59).unwrap(),
            Utc.with_ymd_and_hms(2026, 2, 28, 1, 2, 3).unwrap() + chrono::Duration::microseconds(456_789),
        ] {
            let mut out = BytesMut::new();
            moment.write(&mut out).unwrap();
            assert_eq!(DateTime::<Utc>::read(&Type::TIMESTAMPTZ, &out).unwrap(), moment);
        }
    }

    #[test]
    fn infinity_is_an_error() {
        for raw in [i64::MAX, i64::MIN, i64::MAX - 1] {
            assert!(DateTime::<Utc>::read(&Type::TIMESTAMPTZ, &raw.to_be_bytes()).is_err());
            assert!(NaiveDateTime::read(&Type::TIMESTAMP, &raw.to_be_bytes()).is_err());
        }
        for raw in [i32::MAX, i32::MIN, i32::MAX - 1] {
            assert!(NaiveDate::read(&Type::DATE, &raw.to_be_bytes()).is_err());
        }
    }

    #[test]
    fn a_leap_second_is_refused() {
        let leap = NaiveTime::from_hms_nano_opt(23, 59, 59, 1_000_000_000).unwrap();
        assert!(leap.write(&mut BytesMut::new()).unwrap_err().to_string().contains("leap seconds"));
        assert_eq!(leap.equals(&leap), None);
    }
}

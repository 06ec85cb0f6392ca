//! `chrono::DateTime<Utc>` as `timestamp with time zone`.

use std::cmp::Ordering;

use bytes::{BufMut, BytesMut};
use chrono::{DateTime, Utc};
use tokio_postgres::types::{FromSql, Type};

use super::builtin::pg_type;
use super::{BaseType, Cause, PgType};

/// PostgreSQL counts microseconds from 2000-01-01, here in seconds of the Unix epoch.
const EPOCH: i64 = 946_684_800_000_000;

impl BaseType for DateTime<Utc> {
    const TYPE: &'static PgType = pg_type!("timestamp with time zone", TIMESTAMPTZ, TIMESTAMPTZ_ARRAY);

    fn read(_: &Type, raw: &[u8]) -> Result<Self, Cause> {
        match i64::from_sql(&Type::INT8, raw)? {
            i64::MAX => Err("`infinity` has no place in a `DateTime<Utc>`".into()),
            i64::MIN => Err("`-infinity` has no place in a `DateTime<Utc>`".into()),
            micros => micros
                .checked_add(EPOCH)
                .and_then(DateTime::from_timestamp_micros)
                .ok_or_else(|| "the date is beyond what a `DateTime<Utc>` can hold".into()),
        }
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

#[cfg(test)]
mod tests {
    use bytes::BytesMut;
    use chrono::{DateTime, TimeZone, Utc};
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
        }
    }
}

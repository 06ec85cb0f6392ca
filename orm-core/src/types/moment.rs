//! What types of dates and times have in common: how PostgreSQL counts.

use bytes::{BufMut, BytesMut};
use tokio_postgres::types::{FromSql, Type};

use super::Cause;

/// PostgreSQL counts microseconds from 2000-01-01, here in those of the Unix epoch.
pub(super) const EPOCH: i64 = 946_684_800_000_000;

/// The microseconds of a day.
pub(super) const DAY: i64 = 86_400_000_000;

/// The microseconds of the Unix epoch; `ty` is what could not hold the moment.
pub(super) fn read_microseconds(raw: &[u8], ty: &str) -> Result<i64, Cause> {
    match i64::from_sql(&Type::INT8, raw)? {
        i64::MAX => Err(infinite("infinity", ty)),
        i64::MIN => Err(infinite("-infinity", ty)),
        micros => micros.checked_add(EPOCH).ok_or_else(|| beyond(ty)),
    }
}

/// Writes a moment by its nanoseconds of the Unix epoch.
pub(super) fn write_nanoseconds(nanoseconds: i128, out: &mut BytesMut) -> Result<(), Cause> {
    out.put_i64(i64::try_from(microseconds(nanoseconds) - i128::from(EPOCH))?);
    Ok(())
}

/// PostgreSQL keeps microseconds.
pub(super) fn microseconds(nanoseconds: i128) -> i128 {
    nanoseconds.div_euclid(1_000)
}

/// The days from 2000-01-01 to a date; `ty` is what could not hold it.
pub(super) fn read_days(raw: &[u8], ty: &str) -> Result<i32, Cause> {
    match i32::from_sql(&Type::INT4, raw)? {
        i32::MAX => Err(infinite("infinity", ty)),
        i32::MIN => Err(infinite("-infinity", ty)),
        days => Ok(days),
    }
}

/// The hours, minutes, seconds and microseconds of a time; `ty` is what could not hold it.
pub(super) fn read_time(raw: &[u8], ty: &str) -> Result<(i8, i8, i8, i32), Cause> {
    let micros = i64::from_sql(&Type::INT8, raw)?;
    // The end of a day is a time of its own to PostgreSQL.
    if micros == DAY {
        return Err(format!("`24:00:00` has no place in a `{ty}`").into());
    }
    let (seconds, micros) = (micros.div_euclid(1_000_000), micros.rem_euclid(1_000_000));
    Ok((
        i8::try_from(seconds / 3_600)?,
        i8::try_from(seconds / 60 % 60)?,
        i8::try_from(seconds % 60)?,
        i32::try_from(micros)?,
    ))
}

pub(super) fn beyond(ty: &str) -> Cause {
    format!("the date is beyond what a `{ty}` can hold").into()
}

fn infinite(word: &str, ty: &str) -> Cause {
    format!("`{word}` has no place in a `{ty}`").into()
}

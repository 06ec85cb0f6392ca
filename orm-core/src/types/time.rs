//! The types of `time`: `OffsetDateTime`, `PrimitiveDateTime`, `Date` and `Time`.

use std::cmp::Ordering;

use bytes::{BufMut, BytesMut};
use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};
use tokio_postgres::types::Type;

use super::declare::pg_type;
use super::era::{with_era, year_of};
use super::moment::{beyond, microseconds, read_days, read_microseconds, read_time, write_nanoseconds};
use super::{BaseType, Cause, PgType, TextForm};

/// The Julian day of 2000-01-01, from which PostgreSQL counts days.
const FIRST_DAY: i32 = 2_451_545;

fn read_moment(raw: &[u8], ty: &str) -> Result<OffsetDateTime, Cause> {
    let micros = read_microseconds(raw, ty)?;
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1_000).map_err(|_| beyond(ty))
}

impl BaseType for OffsetDateTime {
    const TYPE: &'static PgType = pg_type!("timestamp with time zone", TIMESTAMPTZ, TIMESTAMPTZ_ARRAY);
    const EQUALITY_KNOWN: bool = true;

    fn read(_: &Type, raw: &[u8]) -> Result<Self, Cause> {
        read_moment(raw, "OffsetDateTime")
    }

    fn write(&self, out: &mut BytesMut) -> Result<(), Cause> {
        write_nanoseconds(self.unix_timestamp_nanos(), out)
    }

    fn compare(&self, other: &Self) -> Option<Ordering> {
        let microseconds = |moment: &Self| microseconds(moment.unix_timestamp_nanos());
        Some(microseconds(self).cmp(&microseconds(other)))
    }
}

impl BaseType for PrimitiveDateTime {
    const TYPE: &'static PgType = pg_type!("timestamp without time zone", TIMESTAMP, TIMESTAMP_ARRAY);
    const EQUALITY_KNOWN: bool = true;

    fn read(_: &Type, raw: &[u8]) -> Result<Self, Cause> {
        let moment = read_moment(raw, "PrimitiveDateTime")?;
        Ok(PrimitiveDateTime::new(moment.date(), moment.time()))
    }

    fn write(&self, out: &mut BytesMut) -> Result<(), Cause> {
        BaseType::write(&self.assume_utc(), out)
    }

    fn compare(&self, other: &Self) -> Option<Ordering> {
        BaseType::compare(&self.assume_utc(), &other.assume_utc())
    }
}

impl BaseType for Date {
    const TYPE: &'static PgType = pg_type!("date", DATE, DATE_ARRAY);
    const EQUALITY_KNOWN: bool = true;

    fn read(_: &Type, raw: &[u8]) -> Result<Self, Cause> {
        let day = read_days(raw, "Date")?.checked_add(FIRST_DAY);
        day.and_then(|day| Date::from_julian_day(day).ok()).ok_or_else(|| beyond("Date"))
    }

    fn write(&self, out: &mut BytesMut) -> Result<(), Cause> {
        out.put_i32(self.to_julian_day() - FIRST_DAY);
        Ok(())
    }

    fn compare(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

fn time_in_microseconds(time: &Time) -> i64 {
    let (hours, minutes, seconds, micros) = time.as_hms_micro();
    let seconds = (i64::from(hours) * 60 + i64::from(minutes)) * 60 + i64::from(seconds);
    seconds * 1_000_000 + i64::from(micros)
}

impl BaseType for Time {
    const TYPE: &'static PgType = pg_type!("time without time zone", TIME, TIME_ARRAY);
    const EQUALITY_KNOWN: bool = true;

    fn read(_: &Type, raw: &[u8]) -> Result<Self, Cause> {
        let (hours, minutes, seconds, micros) = read_time(raw, "Time")?;
        let [hours, minutes, seconds] = [hours, minutes, seconds].map(u8::try_from);
        Ok(Time::from_hms_micro(hours?, minutes?, seconds?, u32::try_from(micros)?)?)
    }

    fn write(&self, out: &mut BytesMut) -> Result<(), Cause> {
        out.put_i64(time_in_microseconds(self));
        Ok(())
    }

    fn compare(&self, other: &Self) -> Option<Ordering> {
        Some(time_in_microseconds(self).cmp(&time_in_microseconds(other)))
    }
}

// `time` formats and parses by a feature of its own, which is no dependency for these four.

/// The numbers of a text such as `2026-02-28` or `12:30`.
fn numbers<const COUNT: usize>(text: &str, separator: char) -> Result<[i32; COUNT], Cause> {
    let mut parts = text.split(separator);
    let mut numbers = [0; COUNT];
    for number in &mut numbers {
        *number = parts.next().ok_or("a part of it is missing")?.parse()?;
    }
    if parts.next().is_some() { Err("it has a part too many".into()) } else { Ok(numbers) }
}

/// The month and the day, behind a year.
fn behind_year(date: Date) -> String {
    format!("-{:02}-{:02}", u8::from(date.month()), date.day())
}

/// A text, and what says that its year is before the first.
fn without_era(text: &str) -> (&str, &str) {
    text.split_at(text.strip_suffix(" BC").unwrap_or(text).len())
}

/// Splits a date and a time.
fn date_and_time(text: &str) -> Result<(&str, &str), Cause> {
    Ok(text.split_once(' ').ok_or("no time stands behind the date")?)
}

#[diagnostic::do_not_recommend]
impl TextForm for Date {
    fn to_text(&self) -> Result<String, Cause> {
        Ok(with_era(self.year(), &behind_year(*self)))
    }

    fn from_text(text: &str) -> Result<Self, Cause> {
        let (year, behind) = year_of(text)?;
        let [month, day] = numbers(&behind[1..], '-')?;
        Ok(Date::from_calendar_date(year, Month::try_from(u8::try_from(month)?)?, day.try_into()?)?)
    }
}

#[diagnostic::do_not_recommend]
impl TextForm for Time {
    fn to_text(&self) -> Result<String, Cause> {
        let (hour, minute, second, micros) = self.as_hms_micro();
        Ok(format!("{hour:02}:{minute:02}:{second:02}.{micros:06}"))
    }

    fn from_text(text: &str) -> Result<Self, Cause> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let [hour, minute, second] = numbers(whole, ':')?;
        Ok(Time::from_hms_micro(
            hour.try_into()?,
            minute.try_into()?,
            second.try_into()?,
            format!("{fraction:0<6}").parse()?,
        )?)
    }
}

#[diagnostic::do_not_recommend]
impl TextForm for PrimitiveDateTime {
    fn to_text(&self) -> Result<String, Cause> {
        let behind = format!("{} {}", behind_year(self.date()), self.time().to_text()?);
        Ok(with_era(self.year(), &behind))
    }

    fn from_text(text: &str) -> Result<Self, Cause> {
        let (rest, era) = without_era(text);
        let (date, time) = date_and_time(rest)?;
        Ok(PrimitiveDateTime::new(Date::from_text(&[date, era].concat())?, Time::from_text(time)?))
    }
}

#[diagnostic::do_not_recommend]
impl TextForm for OffsetDateTime {
    fn to_text(&self) -> Result<String, Cause> {
        let utc = self.to_offset(UtcOffset::UTC);
        Ok(with_era(utc.year(), &format!("{} {}+00", behind_year(utc.date()), utc.time().to_text()?)))
    }

    fn from_text(text: &str) -> Result<Self, Cause> {
        let (text, era) = without_era(text);
        let (_, time) = date_and_time(text)?;
        let zone = time.find(['+', '-']).ok_or("it has no time zone")?;
        let (local, offset) = text.split_at(text.len() - time.len() + zone);
        let (sign, offset) = (if offset.starts_with('-') { -1 } else { 1 }, &offset[1..]);
        let seconds = offset
            .split(':')
            .zip([3_600, 60, 1])
            .try_fold(0, |sum, (part, unit)| Ok::<i32, Cause>(sum + part.parse::<i32>()? * unit))?;
        let offset = UtcOffset::from_whole_seconds(sign * seconds)?;
        let local = PrimitiveDateTime::from_text(&[local, era].concat())?;
        Ok(local.assume_offset(offset).to_offset(UtcOffset::UTC))
    }
}

#[cfg(test)]
mod tests {
    use bytes::BytesMut;
    use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time};
    use tokio_postgres::types::Type;

    use super::{BaseType, TextForm};

    fn back<T: BaseType>(value: &T) -> T {
        let mut out = BytesMut::new();
        value.write(&mut out).unwrap();
        T::read(&T::TYPE.wire, &out).unwrap()
    }

    #[test]
    fn values_survive_the_wire_to_the_microsecond() {
        for nanoseconds in [-1_000, 0, 1_234_567_890_123_456_000] {
            let moment = OffsetDateTime::from_unix_timestamp_nanos(nanoseconds).unwrap();
            assert_eq!(back(&moment), moment);
            assert!(back(&(moment + time::Duration::nanoseconds(999))).same(&moment));
            let local = PrimitiveDateTime::new(moment.date(), moment.time());
            assert_eq!(
                (back(&local), back(&local.date()), back(&local.time())),
                (local, moment.date(), moment.time())
            );
        }
        let mut out = BytesMut::new();
        Date::from_calendar_date(2000, Month::January, 2).unwrap().write(&mut out).unwrap();
        assert_eq!(&*out, 1_i32.to_be_bytes());
    }

    #[test]
    fn texts_within_composites_are_read_as_postgresql_writes_them() {
        let moment = OffsetDateTime::from_unix_timestamp_nanos(1_234_567_890_120_000_000).unwrap();
        for text in ["2009-02-13 23:31:30.12+00", "2009-02-14 05:01:30.12+05:30", "2009-02-13 19:31:30.12-04"]
        {
            assert_eq!(OffsetDateTime::from_text(text).unwrap(), moment, "{text}");
        }
        assert_eq!(OffsetDateTime::from_text(&moment.to_text().unwrap()).unwrap(), moment);
        for text in
            ["2009-02-13", "2009-02-13 23:31:30", "2009-02-13 23:31+00", "2009-13-13 00:00:00+00", "infinity"]
        {
            assert!(OffsetDateTime::from_text(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_the_types_cannot_hold_is_an_error() {
        for raw in [i64::MAX, i64::MIN, i64::MAX - 1] {
            assert!(OffsetDateTime::read(&Type::TIMESTAMPTZ, &raw.to_be_bytes()).is_err());
            assert!(PrimitiveDateTime::read(&Type::TIMESTAMP, &raw.to_be_bytes()).is_err());
        }
        for raw in [i32::MAX, i32::MIN, i32::MAX - 1] {
            assert!(Date::read(&Type::DATE, &raw.to_be_bytes()).is_err());
        }
        assert!(Time::read(&Type::TIME, &86_400_000_000_i64.to_be_bytes()).is_err());
    }
}

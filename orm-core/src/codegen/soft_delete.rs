//! The column that marks rows as deleted.

#[cfg(feature = "chrono")]
use std::time::SystemTime;

use crate::schema::SoftDelete;
use crate::types::{SqlType, Value};

/// A type whose values say whether a row counts as deleted.
#[diagnostic::on_unimplemented(
    message = "a column of type `{Self}` cannot say that a row is deleted",
    label = "expected `bool`, or an `Option` of a moment: `Option<DateTime<Utc>>`",
    note = "a row counts as deleted where the column is true, or not NULL"
)]
pub trait SoftDeleted: SqlType {
    /// What a row holds that is deleted now.
    fn deleted() -> Self;
}

impl SoftDeleted for bool {
    fn deleted() -> Self {
        true
    }
}

#[cfg(feature = "chrono")]
impl SoftDeleted for Option<chrono::DateTime<chrono::Utc>> {
    fn deleted() -> Self {
        // PostgreSQL keeps microseconds.
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).ok()?;
        chrono::DateTime::from_timestamp_micros(i64::try_from(since.as_micros()).ok()?)
    }
}

#[cfg(feature = "chrono")]
impl SoftDeleted for Option<chrono::NaiveDateTime> {
    fn deleted() -> Self {
        <Option<chrono::DateTime<chrono::Utc>>>::deleted().map(|moment| moment.naive_utc())
    }
}

#[cfg(feature = "time")]
impl SoftDeleted for Option<time::OffsetDateTime> {
    fn deleted() -> Self {
        let now = time::OffsetDateTime::now_utc();
        // PostgreSQL keeps microseconds.
        Some(now.replace_microsecond(now.microsecond()).unwrap_or(now))
    }
}

#[cfg(feature = "jiff")]
impl SoftDeleted for Option<jiff::Timestamp> {
    fn deleted() -> Self {
        jiff::Timestamp::from_microsecond(jiff::Timestamp::now().as_microsecond()).ok()
    }
}

/// What the derive says of such a column.
pub const fn soft_delete<T: SoftDeleted>(place: usize) -> Option<SoftDelete> {
    Some(SoftDelete { place, value: || Value::share(&T::deleted()) })
}

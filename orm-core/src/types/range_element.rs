//! The types that PostgreSQL has ranges of.

use super::declare::pg_type;
use super::{BaseType, PgType};

/// A type that PostgreSQL has ranges of.
#[diagnostic::on_unimplemented(
    message = "PostgreSQL has no ranges of `{Self}`",
    label = "expected i32, i64, `Decimal`, `NaiveDate`, `NaiveDateTime` or `DateTime<Utc>`"
)]
pub trait RangeElement: BaseType {
    /// The type of its ranges.
    #[doc(hidden)]
    const RANGE: &'static PgType;
    /// The type of its multiranges.
    #[doc(hidden)]
    const MULTIRANGE: &'static PgType;

    /// The next value, of a type whose values are counted; `None` where there is none, or no next one.
    #[doc(hidden)]
    fn next(&self) -> Option<Self> {
        None
    }
}

impl RangeElement for i32 {
    const RANGE: &'static PgType = pg_type!("int4range", INT4_RANGE, INT4_RANGE_ARRAY);
    const MULTIRANGE: &'static PgType = pg_type!("int4multirange", INT4MULTI_RANGE, INT4MULTI_RANGE_ARRAY);

    fn next(&self) -> Option<i32> {
        self.checked_add(1)
    }
}

impl RangeElement for i64 {
    const RANGE: &'static PgType = pg_type!("int8range", INT8_RANGE, INT8_RANGE_ARRAY);
    const MULTIRANGE: &'static PgType = pg_type!("int8multirange", INT8MULTI_RANGE, INT8MULTI_RANGE_ARRAY);

    fn next(&self) -> Option<i64> {
        self.checked_add(1)
    }
}

#[cfg(feature = "rust_decimal")]
impl RangeElement for rust_decimal::Decimal {
    const RANGE: &'static PgType = pg_type!("numrange", NUM_RANGE, NUM_RANGE_ARRAY);
    const MULTIRANGE: &'static PgType = pg_type!("nummultirange", NUMMULTI_RANGE, NUMMULTI_RANGE_ARRAY);
}

#[cfg(feature = "chrono")]
mod with_chrono {
    use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};

    use super::{PgType, RangeElement, pg_type};

    impl RangeElement for NaiveDate {
        const RANGE: &'static PgType = pg_type!("daterange", DATE_RANGE, DATE_RANGE_ARRAY);
        const MULTIRANGE: &'static PgType =
            pg_type!("datemultirange", DATEMULTI_RANGE, DATEMULTI_RANGE_ARRAY);

        fn next(&self) -> Option<NaiveDate> {
            self.succ_opt()
        }
    }

    impl RangeElement for NaiveDateTime {
        const RANGE: &'static PgType = pg_type!("tsrange", TS_RANGE, TS_RANGE_ARRAY);
        const MULTIRANGE: &'static PgType = pg_type!("tsmultirange", TSMULTI_RANGE, TSMULTI_RANGE_ARRAY);
    }

    impl RangeElement for DateTime<Utc> {
        const RANGE: &'static PgType = pg_type!("tstzrange", TSTZ_RANGE, TSTZ_RANGE_ARRAY);
        const MULTIRANGE: &'static PgType =
            pg_type!("tstzmultirange", TSTZMULTI_RANGE, TSTZMULTI_RANGE_ARRAY);
    }
}

#[cfg(feature = "time")]
mod with_time {
    use time::{Date, OffsetDateTime, PrimitiveDateTime};

    use super::{PgType, RangeElement, pg_type};

    impl RangeElement for Date {
        const RANGE: &'static PgType = pg_type!("daterange", DATE_RANGE, DATE_RANGE_ARRAY);
        const MULTIRANGE: &'static PgType =
            pg_type!("datemultirange", DATEMULTI_RANGE, DATEMULTI_RANGE_ARRAY);

        fn next(&self) -> Option<Date> {
            self.next_day()
        }
    }

    impl RangeElement for PrimitiveDateTime {
        const RANGE: &'static PgType = pg_type!("tsrange", TS_RANGE, TS_RANGE_ARRAY);
        const MULTIRANGE: &'static PgType = pg_type!("tsmultirange", TSMULTI_RANGE, TSMULTI_RANGE_ARRAY);
    }

    impl RangeElement for OffsetDateTime {
        const RANGE: &'static PgType = pg_type!("tstzrange", TSTZ_RANGE, TSTZ_RANGE_ARRAY);
        const MULTIRANGE: &'static PgType =
            pg_type!("tstzmultirange", TSTZMULTI_RANGE, TSTZMULTI_RANGE_ARRAY);
    }
}

#[cfg(feature = "jiff")]
mod with_jiff {
    use jiff::Timestamp;
    use jiff::civil::{Date, DateTime};

    use super::{PgType, RangeElement, pg_type};

    impl RangeElement for Date {
        const RANGE: &'static PgType = pg_type!("daterange", DATE_RANGE, DATE_RANGE_ARRAY);
        const MULTIRANGE: &'static PgType =
            pg_type!("datemultirange", DATEMULTI_RANGE, DATEMULTI_RANGE_ARRAY);

        fn next(&self) -> Option<Date> {
            self.tomorrow().ok()
        }
    }

    impl RangeElement for DateTime {
        const RANGE: &'static PgType = pg_type!("tsrange", TS_RANGE, TS_RANGE_ARRAY);
        const MULTIRANGE: &'static PgType = pg_type!("tsmultirange", TSMULTI_RANGE, TSMULTI_RANGE_ARRAY);
    }

    impl RangeElement for Timestamp {
        const RANGE: &'static PgType = pg_type!("tstzrange", TSTZ_RANGE, TSTZ_RANGE_ARRAY);
        const MULTIRANGE: &'static PgType =
            pg_type!("tstzmultirange", TSTZMULTI_RANGE, TSTZMULTI_RANGE_ARRAY);
    }
}

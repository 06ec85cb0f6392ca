//! `rust_decimal::Decimal` as `numeric`.

use std::cmp::Ordering;

use bytes::BytesMut;
use rust_decimal::Decimal;
use tokio_postgres::types::{FromSql, ToSql, Type};

use super::builtin::pg_type;
use super::{BaseType, Cause, PgType};

impl BaseType for Decimal {
    const TYPE: &'static PgType = pg_type!("numeric", NUMERIC, NUMERIC_ARRAY);

    fn read(ty: &Type, raw: &[u8]) -> Result<Self, Cause> {
        Decimal::from_sql(ty, raw)
    }

    fn write(&self, out: &mut BytesMut) -> Result<(), Cause> {
        self.to_sql(&Type::NUMERIC, out).map(|_| ())
    }

    fn compare(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }

    // 1.0 and 1.00 are equal and not the same: PostgreSQL keeps the scale.
    fn same(&self, other: &Self) -> bool {
        self.serialize() == other.serialize()
    }
}

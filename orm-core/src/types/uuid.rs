//! `uuid::Uuid` as `uuid`.

use std::cmp::Ordering;

use bytes::{BufMut, BytesMut};
use tokio_postgres::types::Type;
use uuid::Uuid;

use super::declare::pg_type;
use super::{BaseType, Cause, PgType};

impl BaseType for Uuid {
    const TYPE: &'static PgType = pg_type!("uuid", UUID, UUID_ARRAY);
    const EQUALITY_KNOWN: bool = true;

    #[inline]
    fn read(_: &Type, raw: &[u8]) -> Result<Self, Cause> {
        Ok(Uuid::from_slice(raw)?)
    }

    fn write(&self, out: &mut BytesMut) -> Result<(), Cause> {
        out.put_slice(self.as_bytes());
        Ok(())
    }

    fn compare(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

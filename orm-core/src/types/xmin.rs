//! `xmin`: which transaction wrote a row.

use bytes::{BufMut, BytesMut};
use tokio_postgres::types::Type;

use super::declare::pg_type;
use super::{BaseType, Cause, PgType};

/// Which transaction wrote a row: the system column `xmin`, as a `version` that needs no column of its own.
///
/// ```
/// # use orm_core::prelude::*;
/// use orm_core::types::Xmin;
///
/// #[derive(Model, Clone, Debug)]
/// pub struct Page {
///     #[orm(primary_key, generated)]
///     pub id: i64,
///     pub text: String,
///     #[orm(version, column = "xmin")]
///     pub version: Xmin,
/// }
/// ```
///
/// PostgreSQL cannot give it back of a row of a partitioned table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Xmin(pub u32);

impl BaseType for Xmin {
    const TYPE: &'static PgType = pg_type!("xid", XID, XID_ARRAY);
    const EQUALITY_KNOWN: bool = true;

    fn read(_: &Type, raw: &[u8]) -> Result<Self, Cause> {
        Ok(Xmin(u32::from_be_bytes(raw.try_into()?)))
    }

    fn write(&self, out: &mut BytesMut) -> Result<(), Cause> {
        out.put_u32(self.0);
        Ok(())
    }

    fn equals(&self, other: &Self) -> Option<bool> {
        Some(self == other)
    }
}

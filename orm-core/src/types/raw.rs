//! A value as the server sent it, whatever Rust type it will have.

use std::any::Any;
use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use tokio_postgres::types::Type;

use super::value::SealedValue;
use super::{Cause, Mismatch, PgType, Value};

/// A value that only goes back to the server.
#[derive(Clone, Debug)]
pub(crate) struct RawValue {
    ty: &'static PgType,
    content: Bytes,
}

impl RawValue {
    pub(crate) fn new(ty: &'static PgType, content: &[u8]) -> RawValue {
        RawValue { ty, content: Bytes::copy_from_slice(content) }
    }
}

#[diagnostic::do_not_recommend]
impl SealedValue for RawValue {}

impl Value for RawValue {
    fn pg_type(&self) -> &'static PgType {
        self.ty
    }

    fn is_null(&self) -> bool {
        false
    }

    fn write_canonical(&self, out: &mut BytesMut) -> Result<(), Cause> {
        self.write(out)
    }

    fn write(&self, out: &mut BytesMut) -> Result<(), Cause> {
        out.extend_from_slice(&self.content);
        Ok(())
    }

    fn size(&self) -> usize {
        self.content.len()
    }

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self.content {
            [a, b, c, d] if self.ty.name == "integer" => write!(f, "{}", i32::from_be_bytes([a, b, c, d])),
            [a, b, c, d, e, g, h, i] if self.ty.name == "bigint" => {
                write!(f, "{}", i64::from_be_bytes([a, b, c, d, e, g, h, i]))
            }
            _ => write!(f, "{} in {} bytes", self.ty.name, self.content.len()),
        }
    }

    fn share(&self) -> Arc<dyn Value> {
        Arc::new(self.clone())
    }

    fn base(&self) -> Option<&dyn Any> {
        Some(self)
    }

    fn same(&self, other: &dyn Value) -> bool {
        let mut bytes = BytesMut::new();
        !other.is_null() && other.write(&mut bytes).is_ok() && bytes == self.content
    }

    fn equals(&self, _: &dyn Value) -> Option<bool> {
        None
    }

    fn compare(&self, _: &dyn Value) -> Option<Ordering> {
        None
    }

    fn stored(&self) -> Result<Arc<dyn Value>, Cause> {
        Ok(self.share())
    }

    fn take_cell(&mut self, _: &Type, _: Option<&[u8]>) -> Result<(), Mismatch> {
        Err(Mismatch::Type)
    }

    fn assign(&mut self, _: &dyn Value) -> bool {
        false
    }
}

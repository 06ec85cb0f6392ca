//! A value of any column type, behind one object-safe trait.

use std::any::Any;
use std::cmp::Ordering;
use std::fmt::{self, Debug};
use std::sync::Arc;

use bytes::{BufMut, BytesMut};
use tokio_postgres::types::Type;

use super::{BaseType, Cause, Mismatch, PgType, SqlType};

/// What is a value: a column type.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`Value` is implemented by column types alone",
    label = "write `#[derive(ColumnType)]`, `#[derive(Enum)]` or `#[derive(Composite)]` on `{Self}`, or implement `BaseType`"
)]
pub trait SealedValue {}

#[diagnostic::do_not_recommend]
impl<T: SqlType> SealedValue for T {}

/// A value of some column type, NULL included: what models, parameters and the evaluator share.
///
/// Every [`SqlType`] is one.
pub trait Value: SealedValue + Debug + Send + Sync + 'static {
    /// The PostgreSQL type of the value.
    fn pg_type(&self) -> &'static PgType;
    /// Whether the value is NULL.
    fn is_null(&self) -> bool;
    /// Writes the binary form; nothing for NULL.
    ///
    /// # Errors
    /// If PostgreSQL cannot hold the value.
    fn write(&self, out: &mut BytesMut) -> Result<(), Cause>;
    /// Writes what values have alike that PostgreSQL's `=` calls equal; nothing for NULL.
    ///
    /// # Errors
    /// As [`write`](Value::write).
    fn write_canonical(&self, out: &mut BytesMut) -> Result<(), Cause>;
    /// Writes the binary form behind its length, as arrays and rows hold it; says whether the value is something else
    /// than NULL.
    ///
    /// # Errors
    /// As [`write`](Value::write).
    fn write_field(&self, out: &mut BytesMut) -> Result<bool, Cause> {
        if self.is_null() {
            out.put_i32(-1);
            return Ok(false);
        }
        write_behind_length(out, |out| self.write(out))
    }
    /// About how many bytes the binary form has.
    fn size(&self) -> usize;
    /// Shows the value without `Some` around it.
    ///
    /// # Errors
    /// If the formatter refuses.
    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result;
    /// A copy that statements can share.
    fn share(&self) -> Arc<dyn Value>;
    /// The value without `Option` around it; `None` for NULL.
    fn base(&self) -> Option<&dyn Any>;
    /// Whether storing `other` over this value would change nothing.
    fn same(&self, other: &dyn Value) -> bool;
    /// Whether both are the same to PostgreSQL's `=`; `None` if one is NULL, the types differ, or only the server can tell.
    fn equals(&self, other: &dyn Value) -> Option<bool>;
    /// How PostgreSQL orders both; `None` as in `equals`.
    fn compare(&self, other: &dyn Value) -> Option<Ordering>;
    /// The value as PostgreSQL keeps it, such as a moment without its nanoseconds.
    ///
    /// # Errors
    /// If PostgreSQL cannot hold the value.
    fn stored(&self) -> Result<Arc<dyn Value>, Cause>;
    /// Takes over what a cell holds.
    ///
    /// # Errors
    /// If the cell has another type, or holds what this type cannot; the value stays then.
    fn take_cell(&mut self, ty: &Type, raw: Option<&[u8]>) -> Result<(), Mismatch>;
    /// Takes over `other`, if it is of the same type; says whether it did.
    fn assign(&mut self, other: &dyn Value) -> bool;
}

impl<T: SqlType> Value for T {
    fn pg_type(&self) -> &'static PgType {
        T::Base::TYPE
    }

    fn is_null(&self) -> bool {
        SqlType::base(self).is_none()
    }

    fn write(&self, out: &mut BytesMut) -> Result<(), Cause> {
        match SqlType::base(self) {
            Some(base) => BaseType::write(base, out),
            None => Ok(()),
        }
    }

    fn write_canonical(&self, out: &mut BytesMut) -> Result<(), Cause> {
        match SqlType::base(self) {
            Some(base) => BaseType::write_canonical(base, out),
            None => Ok(()),
        }
    }

    fn write_field(&self, out: &mut BytesMut) -> Result<bool, Cause> {
        match SqlType::base(self) {
            Some(base) => write_behind_length(out, |out| BaseType::write(base, out)),
            None => {
                out.put_i32(-1);
                Ok(false)
            }
        }
    }

    fn size(&self) -> usize {
        SqlType::base(self).map_or(0, BaseType::size)
    }

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match SqlType::base(self) {
            Some(base) => base.fmt(f),
            None => f.write_str("NULL"),
        }
    }

    fn share(&self) -> Arc<dyn Value> {
        Arc::new(self.clone())
    }

    fn base(&self) -> Option<&dyn Any> {
        SqlType::base(self).map(|base| base as &dyn Any)
    }

    fn same(&self, other: &dyn Value) -> bool {
        match (SqlType::base(self), other.base()) {
            (None, None) => true,
            (Some(mine), Some(other)) => {
                other.downcast_ref().is_some_and(|other| BaseType::same(mine, other))
            }
            _ => false,
        }
    }

    fn equals(&self, other: &dyn Value) -> Option<bool> {
        BaseType::equals(SqlType::base(self)?, other.base()?.downcast_ref()?)
    }

    fn compare(&self, other: &dyn Value) -> Option<Ordering> {
        BaseType::compare(SqlType::base(self)?, other.base()?.downcast_ref()?)
    }

    fn stored(&self) -> Result<Arc<dyn Value>, Cause> {
        let Some(base) = SqlType::base(self) else { return Ok(self.share()) };
        let mut out = BytesMut::new();
        BaseType::write(base, &mut out)?;
        Ok(Arc::new(T::Base::read(&T::Base::TYPE.wire, &out)?))
    }

    fn take_cell(&mut self, ty: &Type, raw: Option<&[u8]>) -> Result<(), Mismatch> {
        let is_same = match (SqlType::base(self), raw) {
            (Some(base), Some(raw)) => base.is_read_from(raw) && T::Base::accepts(ty),
            _ => false,
        };
        if !is_same {
            *self = T::decode(ty, raw)?;
        }
        Ok(())
    }

    fn assign(&mut self, other: &dyn Value) -> bool {
        let base = match other.base() {
            None => None,
            Some(base) => match base.downcast_ref::<T::Base>() {
                Some(base) => Some(base.clone()),
                None => return false,
            },
        };
        match T::from_base(base) {
            Some(value) => {
                *self = value;
                true
            }
            None => false,
        }
    }
}

/// Writes a value that is not NULL behind its length.
#[inline]
pub(super) fn write_behind_length(
    out: &mut BytesMut,
    write: impl FnOnce(&mut BytesMut) -> Result<(), Cause>,
) -> Result<bool, Cause> {
    let start = out.len();
    out.put_i32(0);
    write(out)?;
    let written = i32::try_from(out.len() - start - 4)?;
    out[start..start + 4].copy_from_slice(&written.to_be_bytes());
    Ok(true)
}

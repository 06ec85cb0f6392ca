//! Integers as those of another width: a foreign key may be narrower or wider than what it points at.

use std::sync::Arc;

use bytes::BytesMut;
use tokio_postgres::types::Type;

use super::{Cause, PgType, Value};

/// Whether a type is an integer.
pub(crate) fn is_integer(ty: &Type) -> bool {
    matches!(*ty, Type::INT2 | Type::INT4 | Type::INT8)
}

/// The integer that the bytes of one are, whatever its width.
#[inline]
pub(crate) fn integer_of(raw: &[u8]) -> Option<i64> {
    match *raw {
        [a, b, c, d, e, f, g, h] => Some(i64::from_be_bytes([a, b, c, d, e, f, g, h])),
        [a, b, c, d] => Some(i32::from_be_bytes([a, b, c, d]).into()),
        [a, b] => Some(i16::from_be_bytes([a, b]).into()),
        _ => None,
    }
}

/// The integer that bytes of a type are.
pub(crate) fn integer(ty: &Type, raw: &[u8]) -> Option<i64> {
    if is_integer(ty) { integer_of(raw) } else { None }
}

/// A value as one of a type; the same where it is no integer of another width.
///
/// # Errors
/// If it is an integer that the type cannot hold.
pub(crate) fn as_type(value: &dyn Value, ty: &PgType) -> Result<Arc<dyn Value>, Cause> {
    let own = &value.pg_type().wire;
    if *own == ty.wire || value.is_null() {
        return Ok(value.share());
    }
    let mut bytes = BytesMut::new();
    value.write(&mut bytes)?;
    Ok(match (integer(own, &bytes), &ty.wire) {
        (Some(number), &Type::INT8) => Arc::new(number),
        (Some(number), &Type::INT4) => Arc::new(i32::try_from(number)?),
        (Some(number), &Type::INT2) => Arc::new(i16::try_from(number)?),
        _ => value.share(),
    })
}

#[cfg(test)]
mod tests {
    use super::as_type;
    use crate::types::BaseType;

    #[test]
    fn an_integer_is_made_wider_or_narrower_where_it_fits() {
        assert!(as_type(&7_i64, i16::TYPE).is_ok_and(|value| value.same(&7_i16)));
        assert!(as_type(&7_i16, i64::TYPE).is_ok_and(|value| value.same(&7_i64)));
        assert!(as_type(&i64::MAX, i32::TYPE).is_err());
        assert!(as_type(&"7".to_owned(), i32::TYPE).is_ok_and(|value| value.same(&"7".to_owned())));
    }
}

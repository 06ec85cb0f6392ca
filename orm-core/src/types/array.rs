//! Arrays as parameters: the lists of `in_`, and the values of many rows sent at once.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use bytes::{BufMut, Bytes, BytesMut};

use super::parameter::Array;
use super::{BaseType, Cause, Parameter, PgType, Value};

struct List<B>(Vec<B>);

/// A parameter that holds the values of a list, for `= ANY(..)`.
pub(crate) fn list<B: BaseType>(values: Vec<B>) -> Parameter {
    const {
        assert!(
            B::TYPE.array.is_some(),
            "a list of this type cannot be sent: PostgreSQL has no arrays of arrays"
        )
    };
    Parameter::array(Arc::new(List(values)), B::TYPE)
}

impl<B: BaseType> Array for List<B> {
    fn write(&self, out: &mut BytesMut) -> Result<(), Cause> {
        write_array(B::TYPE, self.0.iter().map(|value| value as &dyn Value), out)
    }

    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.0).finish()
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn size(&self) -> usize {
        self.0.iter().map(BaseType::size).sum()
    }

    fn contains(&self, value: &dyn Value) -> Option<bool> {
        let mut found = false;
        for element in &self.0 {
            found |= Value::equals(element, value)?;
        }
        Some(found)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn same(&self, other: &dyn Array) -> bool {
        let Some(List(others)) = other.as_any().downcast_ref::<List<B>>() else { return false };
        self.0.len() == others.len()
            && self.0.iter().zip(others).all(|(one, other)| BaseType::same(one, other))
    }
}

/// A column of many rows, already in the form that is sent.
struct Bulk {
    count: usize,
    content: Bytes,
}

/// A parameter that holds one column of many rows, NULLs included.
///
/// # Errors
/// If PostgreSQL cannot hold one of the values.
pub(crate) fn bulk_array<'a>(
    ty: &'static PgType,
    values: impl ExactSizeIterator<Item = &'a dyn Value>,
) -> Result<Parameter, Cause> {
    let count = values.len();
    let mut out = BytesMut::with_capacity(20 + count * 12);
    write_array(ty, values, &mut out)?;
    Ok(Parameter::array(Arc::new(Bulk { count, content: out.freeze() }), ty))
}

impl Array for Bulk {
    fn write(&self, out: &mut BytesMut) -> Result<(), Cause> {
        out.extend_from_slice(&self.content);
        Ok(())
    }

    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{} values]", self.count)
    }

    fn is_empty(&self) -> bool {
        self.count == 0
    }

    fn size(&self) -> usize {
        self.content.len()
    }

    fn contains(&self, _: &dyn Value) -> Option<bool> {
        None
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn same(&self, other: &dyn Array) -> bool {
        other.as_any().downcast_ref::<Bulk>().is_some_and(|other| self.content == other.content)
    }
}

/// A parameter that holds elements in the form in which arrays contain them.
///
/// # Errors
/// If there are too many.
pub(super) fn encoded(ty: &'static PgType, count: usize, elements: &[u8]) -> Result<Parameter, Cause> {
    let mut out = BytesMut::with_capacity(20 + elements.len());
    // The server looks at the elements themselves: the flag that some are NULL is only a hint.
    write_head(ty, count, &mut out)?;
    out.put_slice(elements);
    Ok(Parameter::array(Arc::new(Bulk { count, content: out.freeze() }), ty))
}

/// Writes PostgreSQL's binary array: its head, and each element behind its length.
pub(super) fn write_array<'a>(
    ty: &PgType,
    values: impl ExactSizeIterator<Item = &'a dyn Value>,
    out: &mut BytesMut,
) -> Result<(), Cause> {
    write_elements(ty, values, |value, out| value.write_field(out), out)
}

/// As `write_array`, of whatever `write_field` can write; it says whether an element is something else than NULL.
pub(super) fn write_elements<E>(
    ty: &PgType,
    elements: impl ExactSizeIterator<Item = E>,
    write_field: impl Fn(E, &mut BytesMut) -> Result<bool, Cause>,
    out: &mut BytesMut,
) -> Result<(), Cause> {
    let flag = out.len() + 4;
    write_head(ty, elements.len(), out)?;
    for element in elements {
        if !write_field(element, out)? {
            out[flag + 3] = 1;
        }
    }
    Ok(())
}

/// Writes dimensions, a flag for NULLs, the element type, length and lower bound.
fn write_head(ty: &PgType, count: usize, out: &mut BytesMut) -> Result<(), Cause> {
    let length = i32::try_from(count)?;
    out.put_i32(i32::from(length > 0));
    out.put_i32(0);
    out.put_u32(ty.wire.oid());
    if length > 0 {
        out.put_i32(length);
        out.put_i32(1);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use bytes::BytesMut;
    use tokio_postgres::types::{FromSql, ToSql, Type};

    use super::{Value, bulk_array, list};

    fn bytes_of(parameter: &super::Parameter) -> BytesMut {
        let mut out = BytesMut::new();
        parameter.to_sql(&Type::INT8_ARRAY, &mut out).unwrap();
        out
    }

    #[test]
    fn the_driver_reads_back_what_was_written() {
        let column = [Some(1_i64), None, Some(-3)];
        let written =
            bulk_array(<i64 as crate::types::BaseType>::TYPE, column.iter().map(|value| value as &dyn Value))
                .unwrap();
        assert_eq!(Vec::<Option<i64>>::from_sql(&Type::INT8_ARRAY, &bytes_of(&written)).unwrap(), column);
        let empty = list(Vec::<i64>::new());
        assert_eq!(Vec::<i64>::from_sql(&Type::INT8_ARRAY, &bytes_of(&empty)).unwrap(), Vec::<i64>::new());
    }

    #[test]
    fn membership_is_decided_by_value() {
        let ids = list(vec![1_i64, 2]);
        assert_eq!(ids.contains(&2_i64), Some(true));
        assert_eq!(ids.contains(&Some(3_i64)), Some(false));
        assert_eq!(ids.contains(&None::<i64>), None);
    }
}

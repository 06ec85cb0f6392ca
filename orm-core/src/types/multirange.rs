//! Multiranges of PostgreSQL: `int4multirange`, `int8multirange`, `nummultirange`, `tsmultirange`, `tstzmultirange`,
//! `datemultirange`.

use bytes::{Buf, BufMut, BytesMut};
use tokio_postgres::types::{Kind, Type};

use super::declare::generic_sql_type;
use super::value::write_behind_length;
use super::{BaseType, Cause, Element, Overlap, PgType, Range, RangeElement, Set};

/// Several ranges as one value; PostgreSQL 14 or newer.
///
/// The server keeps them in order, and those that meet as one: `{[1,3), [2,5)}` is read as `{[1,5)}`.
///
/// ```
/// use orm_core::prelude::*;
/// use orm_core::types::Multirange;
///
/// #[derive(Model, Clone, Debug)]
/// pub struct Shift {
///     #[orm(primary_key, generated)]
///     pub id: i64,
///     pub hours: Multirange<i32>, // int4multirange
/// }
///
/// let at_noon = select(Shift).filter(Shift.hours.contains(12));
/// let new = NewShift::new([(8..12).into(), (13..17).into()].into_iter().collect::<Multirange<i32>>());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Multirange<T>(
    /// The ranges.
    pub Vec<Range<T>>,
);

impl<T> FromIterator<Range<T>> for Multirange<T> {
    fn from_iter<I: IntoIterator<Item = Range<T>>>(ranges: I) -> Self {
        Multirange(ranges.into_iter().collect())
    }
}

impl<T> From<Vec<Range<T>>> for Multirange<T> {
    fn from(ranges: Vec<Range<T>>) -> Self {
        Multirange(ranges)
    }
}

generic_sql_type!(Multirange<T: RangeElement>);

impl<T: RangeElement> Element for Multirange<T> {}
impl<T: RangeElement> Set for Multirange<T> {}
impl<T: RangeElement> Overlap for Multirange<T> {}

fn cut_off() -> Cause {
    "the multirange ends before its last range".into()
}

impl<T: RangeElement> BaseType for Multirange<T> {
    const TYPE: &'static PgType = T::MULTIRANGE;

    fn read(ty: &Type, mut raw: &[u8]) -> Result<Self, Cause> {
        if !matches!(ty.kind(), Kind::Multirange(_)) {
            return Err(format!("{} is no multirange", ty.name()).into());
        }
        let count = usize::try_from(raw.try_get_u32().map_err(|_| cut_off())?)?;
        let mut ranges = Vec::with_capacity(count.min(raw.len()));
        for _ in 0..count {
            let length = usize::try_from(raw.try_get_i32().map_err(|_| cut_off())?)?;
            ranges.push(Range::read(&T::RANGE.wire, raw.split_off(..length).ok_or_else(cut_off)?)?);
        }
        Ok(Multirange(ranges))
    }

    fn write(&self, out: &mut BytesMut) -> Result<(), Cause> {
        out.put_u32(u32::try_from(self.0.len())?);
        for range in &self.0 {
            write_behind_length(out, |out| range.write(out))?;
        }
        Ok(())
    }

    // Ranges that are written otherwise may come to the same.
    fn equals(&self, other: &Self) -> Option<bool> {
        let alike = self.0.len() == other.0.len()
            && self.0.iter().zip(&other.0).all(|(one, other)| one.equals(other) == Some(true));
        alike.then_some(true)
    }
}

#[cfg(test)]
mod tests {
    use bytes::BytesMut;
    use tokio_postgres::types::Type;

    use super::{BaseType, Multirange};

    #[test]
    fn no_bytes_make_it_panic() {
        let whole: Multirange<i64> = [(1..3).into(), (5..).into()].into_iter().collect();
        let mut out = BytesMut::new();
        whole.write(&mut out).unwrap();
        assert_eq!(Multirange::<i64>::read(&Type::INT8MULTI_RANGE, &out).unwrap(), whole);
        for length in 0..out.len() {
            assert!(Multirange::<i64>::read(&Type::INT8MULTI_RANGE, &out[..length]).is_err());
        }
    }
}

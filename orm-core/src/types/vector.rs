//! `Vec<T>` as an array of PostgreSQL.

use std::cmp::Ordering;

use bytes::{Buf, BytesMut};
use tokio_postgres::types::{Kind, Type};

use super::array::{write_array, write_elements};
use super::declare::generic_sql_type;
use super::value::write_behind_length;
use super::{BaseType, Cause, Mismatch, PgType, SqlType, Unreadable, Value};

/// A type that arrays can be made of: every [`BaseType`] that is no array itself, and `Option` of one.
#[diagnostic::on_unimplemented(
    message = "PostgreSQL has no arrays of `{Self}`",
    label = "expected a column type that is no array, or an `Option` of one",
    note = "rows of another model are no column but a relation: `#[orm(has_many(posts = Post.user_id))]` on the struct"
)]
pub trait Element: SqlType {}

impl<B: BaseType + Element> Element for Option<B> {}

generic_sql_type!(Vec<T: Element>);

impl<T: Element> BaseType for Vec<T> {
    const TYPE: &'static PgType =
        T::Base::TYPE.array.expect("PostgreSQL has no arrays of arrays, under whatever name");
    const EQUALITY_KNOWN: bool = T::Base::EQUALITY_KNOWN;

    fn accepts(ty: &Type) -> bool {
        matches!(ty.kind(), Kind::Array(element) if T::Base::accepts(element))
    }

    fn read(ty: &Type, raw: &[u8]) -> Result<Self, Cause> {
        let Kind::Array(ty) = ty.kind() else { return Err(format!("{} is no array", ty.name()).into()) };
        let (count, mut rest) = open(raw)?;
        let mut elements = Vec::with_capacity(count.min(rest.len()));
        for place in 1..=count {
            let raw = match rest.try_get_i32().map_err(|_| cut_off())? {
                ..0 => None,
                length => Some(rest.split_off(..usize::try_from(length)?).ok_or_else(cut_off)?),
            };
            elements.push(T::decode(ty, raw).map_err(|mismatch| explain(mismatch, place))?);
        }
        Ok(elements)
    }

    fn write(&self, out: &mut BytesMut) -> Result<(), Cause> {
        write_array(T::Base::TYPE, self.iter().map(|value| value as &dyn Value), out)
    }

    fn write_canonical(&self, out: &mut BytesMut) -> Result<(), Cause> {
        let field = |value: &T, out: &mut BytesMut| {
            if value.is_null() {
                return value.write_field(out);
            }
            write_behind_length(out, |out| Value::write_canonical(value, out))
        };
        write_elements(T::Base::TYPE, self.iter(), field, out)
    }

    fn size(&self) -> usize {
        self.iter().map(Value::size).sum()
    }

    fn equals(&self, other: &Self) -> Option<bool> {
        if self.len() != other.len() {
            return Some(false);
        }
        let mut equal = true;
        for (mine, other) in self.iter().zip(other) {
            equal &= match (mine.base(), other.base()) {
                (Some(mine), Some(other)) => BaseType::equals(mine, other)?,
                // Inside arrays, NULL is a value that equals itself.
                (mine, other) => mine.is_none() && other.is_none(),
            };
        }
        Some(equal)
    }

    fn compare(&self, other: &Self) -> Option<Ordering> {
        for (mine, other) in self.iter().zip(other) {
            let order = match (mine.base(), other.base()) {
                (Some(mine), Some(other)) => BaseType::compare(mine, other)?,
                (mine, other) => mine.is_none().cmp(&other.is_none()),
            };
            if order.is_ne() {
                return Some(order);
            }
        }
        Some(self.len().cmp(&other.len()))
    }

    fn same(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().zip(other).all(|(mine, other)| Value::same(mine, other))
    }
}

pub(super) fn cut_off() -> Cause {
    "the array ends before its last element".into()
}

pub(super) fn explain(mismatch: Mismatch, place: usize) -> Cause {
    match mismatch {
        Mismatch::Null => {
            format!("its element {place} is NULL: declare the field as a `Vec` of `Option`").into()
        }
        Mismatch::Type => format!("its element {place} has another type").into(),
        Mismatch::Value(cause) => Unreadable::within(&format!("its element {place}"), cause),
    }
}

/// How many elements the binary form of an array has, and what stands behind its head.
pub(super) fn open(mut raw: &[u8]) -> Result<(usize, &[u8]), Cause> {
    let dimensions = raw.try_get_i32().map_err(|_| cut_off())?;
    if dimensions > 1 {
        return Err(format!(
            "it is an array of {dimensions} dimensions, and a `Vec` has one: declare it as `types::Array`"
        )
        .into());
    }
    let _nulls = raw.try_get_i32().map_err(|_| cut_off())?;
    let _element = raw.try_get_u32().map_err(|_| cut_off())?;
    if dimensions == 0 {
        return Ok((0, raw));
    }
    let count = raw.try_get_i32().map_err(|_| cut_off())?;
    let first = raw.try_get_i32().map_err(|_| cut_off())?;
    if first != 1 {
        return Err(
            format!("its first element has the subscript {first}, and a `Vec` keeps no subscripts: declare it as `types::Array`").into()
        );
    }
    Ok((usize::try_from(count)?, raw))
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use bytes::BytesMut;
    use tokio_postgres::types::{ToSql, Type};

    use super::BaseType;

    #[test]
    fn arrays_compare_as_postgresql_compares_them() {
        let orders = [
            (vec![Some(1)], vec![Some(1), Some(2)], Ordering::Less),
            (vec![Some(2)], vec![Some(1), Some(2)], Ordering::Greater),
            (vec![None], vec![Some(2)], Ordering::Greater),
            (vec![None, Some(1)], vec![None, Some(1)], Ordering::Equal),
        ];
        for (one, other, order) in orders {
            assert_eq!(one.compare(&other), Some(order), "{one:?} {other:?}");
            assert_eq!(one.equals(&other), Some(order.is_eq()));
        }
        assert_eq!(vec!["a".to_owned()].compare(&vec!["b".to_owned()]), None);
        assert_eq!(vec!["a".to_owned()].equals(&vec!["b".to_owned()]), Some(false));
    }

    #[test]
    fn what_the_driver_writes_is_read_and_the_other_way_round() {
        for elements in [vec![], vec![Some(1_i64), None, Some(-3)]] {
            let (mut theirs, mut ours) = (BytesMut::new(), BytesMut::new());
            elements.to_sql(&Type::INT8_ARRAY, &mut theirs).unwrap();
            BaseType::write(&elements, &mut ours).unwrap();
            assert_eq!(Vec::<Option<i64>>::read(&Type::INT8_ARRAY, &theirs).unwrap(), elements);
            assert_eq!(Vec::<Option<i64>>::read(&Type::INT8_ARRAY, &ours).unwrap(), elements);
        }
    }

    #[test]
    fn no_bytes_make_it_panic() {
        let mut whole = BytesMut::new();
        BaseType::write(&vec![1_i64, 2], &mut whole).unwrap();
        for length in 0..whole.len() {
            assert!(Vec::<i64>::read(&Type::INT8_ARRAY, &whole[..length]).is_err());
        }
    }
}

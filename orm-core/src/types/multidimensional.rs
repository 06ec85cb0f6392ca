//! Arrays of PostgreSQL as they are: of several dimensions, with subscripts that begin anywhere.

use bytes::{Buf, BufMut, BytesMut};
use tokio_postgres::types::{Kind, Type};

use super::declare::generic_sql_type;
use super::vector::{cut_off, explain};
use super::{ArrayType, BaseType, Cause, Element, Overlap, PgType, Set, Value};

/// PostgreSQL has no arrays of more dimensions.
const MOST: usize = 6;

/// An array of any number of dimensions, whose subscripts begin with any number. A column of it takes every array; one of
/// a `Vec` those of one dimension that begin with 1, which is what arrays almost always are.
///
/// ```
/// use orm_core::prelude::*;
/// use orm_core::types::Array;
///
/// #[derive(Model, Clone, Debug)]
/// #[orm(table = "boards")]
/// pub struct Board {
///     #[orm(primary_key, generated)]
///     pub id: i64,
///     pub cells: Array<i32>, // integer[]
/// }
///
/// let cells = Array::from_rows(vec![vec![1, 2, 3], vec![4, 5, 6]]).expect("rows of one length");
/// assert_eq!(cells.get(&[2, 1]), Some(&4));
/// let new = NewBoard::new(cells);
/// let corner = select(sql!("({Board.cells})[1][1]").expr::<Option<i32>>());
/// # let _ = (new, corner);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Array<T> {
    dimensions: Vec<Dimension>,
    elements: Vec<T>,
}

/// A dimension of an [`Array`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Dimension {
    /// The first subscript; 1 unless something else was said.
    pub first: i32,
    /// How many there are.
    pub length: usize,
}

impl<T> Array<T> {
    /// An array of these dimensions, and its elements in the order in which the last subscript changes first.
    ///
    /// `None` if the dimensions do not have as many elements, or are more than 6.
    ///
    /// ```
    /// use orm_core::types::{Array, Dimension};
    /// let two = Dimension { first: 1, length: 2 };
    /// let array = Array::new([two, two], vec![1, 2, 3, 4]);
    /// assert_eq!(array, Array::from_rows(vec![vec![1, 2], vec![3, 4]]));
    /// ```
    #[must_use]
    pub fn new(dimensions: impl Into<Vec<Dimension>>, elements: Vec<T>) -> Option<Self> {
        let dimensions = dimensions.into();
        let mut count = usize::from(!dimensions.is_empty());
        for dimension in &dimensions {
            count = count.checked_mul(dimension.length)?;
        }
        if count != elements.len() || dimensions.len() > MOST {
            return None;
        }
        // To PostgreSQL an array without elements has no dimensions.
        Some(Array { dimensions: if count == 0 { Vec::new() } else { dimensions }, elements })
    }

    /// An array of two dimensions; `None` if the rows are not of one length.
    ///
    /// ```
    /// use orm_core::types::Array;
    /// assert!(Array::from_rows(vec![vec![1, 2], vec![3, 4]]).is_some());
    /// assert!(Array::from_rows(vec![vec![1, 2], vec![3]]).is_none());
    /// ```
    #[must_use]
    pub fn from_rows(rows: Vec<Vec<T>>) -> Option<Self> {
        let length = rows.first().map_or(0, Vec::len);
        if rows.iter().any(|row| row.len() != length) {
            return None;
        }
        let dimensions = [rows.len(), length].map(|length| Dimension { first: 1, length });
        Array::new(dimensions, rows.into_iter().flatten().collect())
    }

    /// Its dimensions; none of an array without elements.
    ///
    /// ```
    /// # use orm_core::types::Array;
    /// let array = Array::from_rows(vec![vec![1, 2, 3], vec![4, 5, 6]]).expect("rows of one length");
    /// assert_eq!(array.dimensions().iter().map(|dimension| dimension.length).collect::<Vec<_>>(), [2, 3]);
    /// ```
    #[must_use]
    pub fn dimensions(&self) -> &[Dimension] {
        &self.dimensions
    }

    /// Its elements, in the order in which the last subscript changes first.
    ///
    /// ```
    /// # use orm_core::types::Array;
    /// let array = Array::from_rows(vec![vec![1, 2], vec![3, 4]]).expect("rows of one length");
    /// assert_eq!(array.elements(), [1, 2, 3, 4]);
    /// ```
    #[must_use]
    pub fn elements(&self) -> &[T] {
        &self.elements
    }

    /// As [`elements`](Array::elements), by value.
    ///
    /// ```
    /// # use orm_core::types::Array;
    /// let array = Array::from_rows(vec![vec![1, 2], vec![3, 4]]).expect("rows of one length");
    /// assert_eq!(array.into_elements(), [1, 2, 3, 4]);
    /// ```
    #[must_use]
    pub fn into_elements(self) -> Vec<T> {
        self.elements
    }

    /// The element with these subscripts, one of each dimension, counted as PostgreSQL counts them.
    ///
    /// ```
    /// # use orm_core::types::Array;
    /// let array = Array::from_rows(vec![vec![1, 2], vec![3, 4]]).expect("rows of one length");
    /// assert_eq!(array.get(&[2, 1]), Some(&3)); // the second row, the first column
    /// ```
    #[must_use]
    pub fn get(&self, subscripts: &[i32]) -> Option<&T> {
        if subscripts.len() != self.dimensions.len() {
            return None;
        }
        let mut place = 0;
        for (dimension, subscript) in self.dimensions.iter().zip(subscripts) {
            let offset = usize::try_from(i64::from(*subscript) - i64::from(dimension.first)).ok()?;
            if offset >= dimension.length {
                return None;
            }
            place = place * dimension.length + offset;
        }
        self.elements.get(place)
    }

    /// The elements that differ in the last subscript alone, together: the rows of an array of two dimensions.
    ///
    /// ```
    /// # use orm_core::types::Array;
    /// let array = Array::from_rows(vec![vec![1, 2], vec![3, 4]]).expect("rows of one length");
    /// assert_eq!(array.rows().collect::<Vec<_>>(), [[1, 2], [3, 4]]);
    /// ```
    pub fn rows(&self) -> impl Iterator<Item = &[T]> {
        let length = self.dimensions.last().map_or(1, |dimension| dimension.length);
        self.elements.chunks(length)
    }
}

/// An array of one dimension.
impl<T> From<Vec<T>> for Array<T> {
    fn from(elements: Vec<T>) -> Self {
        let dimension = Dimension { first: 1, length: elements.len() };
        Array { dimensions: if elements.is_empty() { Vec::new() } else { vec![dimension] }, elements }
    }
}

generic_sql_type!(Array<T: Element>);

impl<T: Element> Set for Array<T> {}
impl<T: Element> Overlap for Array<T> {}
#[diagnostic::do_not_recommend]
impl<T: Element> ArrayType for Array<T> {
    type Item = T;
}

impl<T: Element> BaseType for Array<T> {
    const TYPE: &'static PgType = <Vec<T> as BaseType>::TYPE;

    fn accepts(ty: &Type) -> bool {
        <Vec<T> as BaseType>::accepts(ty)
    }

    fn read(ty: &Type, mut raw: &[u8]) -> Result<Self, Cause> {
        let Kind::Array(ty) = ty.kind() else { return Err(format!("{} is no array", ty.name()).into()) };
        let mut number = || raw.try_get_i32().map_err(|_| cut_off());
        let count = usize::try_from(number()?)?;
        let (_nulls, _element) = (number()?, number()?);
        if count > MOST {
            return Err(format!("it has {count} dimensions").into());
        }
        let mut dimensions = Vec::with_capacity(count);
        for _ in 0..count {
            let length = usize::try_from(number()?)?;
            dimensions.push(Dimension { first: number()?, length });
        }
        let mut elements = Vec::new();
        while !raw.is_empty() {
            let field = match raw.try_get_i32().map_err(|_| cut_off())? {
                ..0 => None,
                length => Some(raw.split_off(..usize::try_from(length)?).ok_or_else(cut_off)?),
            };
            elements.push(T::decode(ty, field).map_err(|mismatch| explain(mismatch, elements.len() + 1))?);
        }
        Array::new(dimensions, elements).ok_or_else(cut_off)
    }

    fn write(&self, out: &mut BytesMut) -> Result<(), Cause> {
        out.put_i32(i32::try_from(self.dimensions.len())?);
        let flag = out.len();
        out.put_i32(0);
        out.put_u32(T::Base::TYPE.wire.oid());
        for dimension in &self.dimensions {
            out.put_i32(i32::try_from(dimension.length)?);
            out.put_i32(dimension.first);
        }
        for element in &self.elements {
            if !Value::write_field(element, out)? {
                out[flag + 3] = 1;
            }
        }
        Ok(())
    }

    fn size(&self) -> usize {
        self.elements.iter().map(Value::size).sum()
    }

    fn equals(&self, other: &Self) -> Option<bool> {
        if self.dimensions != other.dimensions {
            return Some(false);
        }
        BaseType::equals(&self.elements, &other.elements)
    }

    fn same(&self, other: &Self) -> bool {
        self.dimensions == other.dimensions && BaseType::same(&self.elements, &other.elements)
    }
}

#[cfg(test)]
mod tests {
    use bytes::BytesMut;
    use tokio_postgres::types::Type;

    use super::{Array, BaseType, Dimension};

    #[test]
    fn elements_are_found_by_subscripts_that_begin_anywhere() {
        let dimensions = [Dimension { first: -1, length: 2 }, Dimension { first: 5, length: 3 }];
        let array = Array::new(dimensions, vec![1, 2, 3, 4, 5, 6]).unwrap();
        assert_eq!(
            (array.get(&[-1, 5]), array.get(&[0, 7]), array.get(&[0, 5])),
            (Some(&1), Some(&6), Some(&4))
        );
        assert_eq!((array.get(&[1, 5]), array.get(&[-1, 4]), array.get(&[-1])), (None, None, None));
        assert_eq!(array.rows().collect::<Vec<_>>(), [[1, 2, 3], [4, 5, 6]]);
        assert_eq!(Array::new(dimensions, vec![1]), None);
        assert_eq!(Array::from_rows(vec![vec![1], vec![]]), None);
        assert_eq!(Array::<i32>::from_rows(vec![vec![], vec![]]).unwrap().dimensions(), []);
        assert_eq!(Array::from(vec![7]).get(&[1]), Some(&7));
    }

    #[test]
    fn no_bytes_make_it_panic() {
        let whole = Array::from_rows(vec![vec![Some(1_i64), None], vec![Some(3), Some(4)]]).unwrap();
        let mut out = BytesMut::new();
        whole.write(&mut out).unwrap();
        assert_eq!(Array::<Option<i64>>::read(&Type::INT8_ARRAY, &out).unwrap(), whole);
        for length in 0..out.len() {
            assert!(Array::<Option<i64>>::read(&Type::INT8_ARRAY, &out[..length]).is_err(), "{length}");
        }
    }
}

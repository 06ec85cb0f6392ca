//! Ranges of PostgreSQL: `int4range`, `int8range`, `numrange`, `tsrange`, `tstzrange`, `daterange`.

use std::ops::{self, Bound};

use bytes::{Buf, BufMut, BytesMut};
use tokio_postgres::types::{Kind, Type};

use super::declare::generic_sql_type;
use super::value::write_behind_length;
use super::{BaseType, Cause, Element, PgType, RangeElement};

const EMPTY: u8 = 0x01;
const LOWER_INCLUDED: u8 = 0x02;
const UPPER_INCLUDED: u8 = 0x04;
const NO_LOWER: u8 = 0x08;
const NO_UPPER: u8 = 0x10;

/// A range of PostgreSQL, made of Rust's own: `Range::from(first..last)`, `..=`, `first..`, `..last`.
///
/// The server keeps a range of whole numbers or days as `first..last`: what is written as `1..=3` is read as `1..4`, which is
/// the same.
///
/// ```
/// use orm_core::prelude::*;
/// use orm_core::types::Range;
/// use chrono::{DateTime, Utc};
///
/// #[derive(Model, Clone, Debug)]
/// pub struct Booking {
///     #[orm(primary_key, generated)]
///     pub id: i64,
///     pub during: Range<DateTime<Utc>>, // tstzrange
/// }
///
/// # let (from, to): (DateTime<Utc>, DateTime<Utc>) = Default::default();
/// let taken = select(Booking).filter(Booking.during.overlaps(from..to));
/// let then = select(Booking).filter(Booking.during.contains(from));
/// let new = NewBooking::new((from..to).into());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Range<T> {
    /// No value at all.
    Empty,
    /// What is between two bounds.
    Bounds(Bound<T>, Bound<T>),
}

impl<T> Range<T> {
    /// The lower bound; `None` of an empty range.
    ///
    /// ```
    /// use orm_core::types::Range;
    /// use std::ops::Bound;
    /// assert_eq!(Range::from(1..10).lower(), Some(Bound::Included(&1)));
    /// assert_eq!(Range::<i32>::Empty.lower(), None);
    /// ```
    pub fn lower(&self) -> Option<Bound<&T>> {
        match self {
            Range::Empty => None,
            Range::Bounds(lower, _) => Some(lower.as_ref()),
        }
    }

    /// The upper bound; `None` of an empty range.
    ///
    /// ```
    /// use orm_core::types::Range;
    /// use std::ops::Bound;
    /// assert_eq!(Range::from(1..10).upper(), Some(Bound::Excluded(&10)));
    /// ```
    pub fn upper(&self) -> Option<Bound<&T>> {
        match self {
            Range::Empty => None,
            Range::Bounds(_, upper) => Some(upper.as_ref()),
        }
    }

    /// Whether a value is in it.
    ///
    /// ```
    /// use orm_core::types::Range;
    /// assert!(Range::from(1..10).contains(&1));
    /// assert!(!Range::from(1..10).contains(&10));
    /// ```
    pub fn contains(&self, value: &T) -> bool
    where
        T: PartialOrd,
    {
        match self {
            Range::Empty => false,
            Range::Bounds(lower, upper) => {
                ops::RangeBounds::contains(&(lower.as_ref(), upper.as_ref()), value)
            }
        }
    }
}

macro_rules! from {
    ($($range:ty, $bounds:ident => $lower:expr, $upper:expr);* $(;)?) => { $(
        impl<T> From<$range> for Range<T> {
            fn from($bounds: $range) -> Range<T> {
                Range::Bounds($lower, $upper)
            }
        }
    )* };
}
from!(
    ops::Range<T>, range => Bound::Included(range.start), Bound::Excluded(range.end);
    ops::RangeFrom<T>, range => Bound::Included(range.start), Bound::Unbounded;
    ops::RangeTo<T>, range => Bound::Unbounded, Bound::Excluded(range.end);
    ops::RangeToInclusive<T>, range => Bound::Unbounded, Bound::Included(range.end);
    ops::RangeFull, _range => Bound::Unbounded, Bound::Unbounded;
);

impl<T> From<ops::RangeInclusive<T>> for Range<T> {
    fn from(range: ops::RangeInclusive<T>) -> Range<T> {
        let (lower, upper) = range.into_inner();
        Range::Bounds(Bound::Included(lower), Bound::Included(upper))
    }
}

generic_sql_type!(Range<T: RangeElement>);

impl<T: RangeElement> Element for Range<T> {}

fn cut_off() -> Cause {
    "the range ends before its bounds".into()
}

fn read_bound<T: BaseType>(
    ty: &Type,
    raw: &mut &[u8],
    missing: bool,
    included: bool,
) -> Result<Bound<T>, Cause> {
    if missing {
        return Ok(Bound::Unbounded);
    }
    let length = usize::try_from(raw.try_get_i32().map_err(|_| cut_off())?)?;
    let value = T::read(ty, raw.split_off(..length).ok_or_else(cut_off)?)?;
    Ok(if included { Bound::Included(value) } else { Bound::Excluded(value) })
}

type Write<T> = fn(&T, &mut BytesMut) -> Result<(), Cause>;

impl<T: RangeElement> Range<T> {
    /// As the server keeps it: a range of counted values from one that is in it to one that is not, none at all as empty.
    fn canonical(&self) -> Range<T> {
        let Range::Bounds(lower, upper) = self else { return Range::Empty };
        let lower = match lower {
            Bound::Excluded(value) => match value.next() {
                Some(next) => Bound::Included(next),
                None => Bound::Excluded(value.clone()),
            },
            other => other.clone(),
        };
        let upper = match upper {
            Bound::Included(value) => match value.next() {
                Some(next) => Bound::Excluded(next),
                None => Bound::Included(value.clone()),
            },
            other => other.clone(),
        };
        let is_empty = match (&lower, &upper) {
            (Bound::Included(_), Bound::Included(_)) | (Bound::Unbounded, _) | (_, Bound::Unbounded) => false,
            (Bound::Included(from) | Bound::Excluded(from), Bound::Included(to) | Bound::Excluded(to)) => {
                from.equals(to) == Some(true)
            }
        };
        if is_empty { Range::Empty } else { Range::Bounds(lower, upper) }
    }

    fn write_by(&self, out: &mut BytesMut, write: Write<T>) -> Result<(), Cause> {
        let Range::Bounds(lower, upper) = self else {
            out.put_u8(EMPTY);
            return Ok(());
        };
        let flags = match lower {
            Bound::Included(_) => LOWER_INCLUDED,
            Bound::Excluded(_) => 0,
            Bound::Unbounded => NO_LOWER,
        };
        out.put_u8(
            flags
                | match upper {
                    Bound::Included(_) => UPPER_INCLUDED,
                    Bound::Excluded(_) => 0,
                    Bound::Unbounded => NO_UPPER,
                },
        );
        for bound in [lower, upper] {
            if let Bound::Included(value) | Bound::Excluded(value) = bound {
                write_behind_length(out, |out| write(value, out))?;
            }
        }
        Ok(())
    }
}

fn same_bound<T: BaseType>(one: &Bound<T>, other: &Bound<T>) -> Option<bool> {
    match (one, other) {
        (Bound::Included(one), Bound::Included(other)) | (Bound::Excluded(one), Bound::Excluded(other)) => {
            one.equals(other)
        }
        (Bound::Unbounded, Bound::Unbounded) => Some(true),
        _ => Some(false),
    }
}

impl<T: RangeElement> BaseType for Range<T> {
    const TYPE: &'static PgType = T::RANGE;
    const EQUALITY_KNOWN: bool = T::EQUALITY_KNOWN;

    fn read(ty: &Type, mut raw: &[u8]) -> Result<Self, Cause> {
        let Kind::Range(element) = ty.kind() else { return Err(format!("{} is no range", ty.name()).into()) };
        let flags = raw.try_get_u8().map_err(|_| cut_off())?;
        if flags & EMPTY != 0 {
            return Ok(Range::Empty);
        }
        let lower = read_bound(element, &mut raw, flags & NO_LOWER != 0, flags & LOWER_INCLUDED != 0)?;
        let upper = read_bound(element, &mut raw, flags & NO_UPPER != 0, flags & UPPER_INCLUDED != 0)?;
        Ok(Range::Bounds(lower, upper))
    }

    fn write(&self, out: &mut BytesMut) -> Result<(), Cause> {
        self.write_by(out, T::write)
    }

    fn write_canonical(&self, out: &mut BytesMut) -> Result<(), Cause> {
        self.canonical().write_by(out, T::write_canonical)
    }

    fn equals(&self, other: &Self) -> Option<bool> {
        match (self.canonical(), other.canonical()) {
            (Range::Empty, Range::Empty) => Some(true),
            (Range::Bounds(lower, upper), Range::Bounds(other_lower, other_upper)) => {
                match (same_bound(&lower, &other_lower)?, same_bound(&upper, &other_upper)?) {
                    (true, true) => Some(true),
                    _ => Some(false),
                }
            }
            _ => Some(false),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::ops::Bound;

    use bytes::BytesMut;
    use tokio_postgres::types::Type;

    use super::{BaseType, Range};

    #[test]
    fn ranges_survive_the_wire() {
        let ranges: [Range<i32>; 6] =
            [(1..5).into(), (1..=5).into(), (1..).into(), (..5).into(), (..).into(), Range::Empty];
        for range in ranges {
            let mut out = BytesMut::new();
            range.write(&mut out).unwrap();
            assert_eq!(Range::<i32>::read(&Type::INT4_RANGE, &out).unwrap(), range);
            for end in 0..out.len() {
                assert!(Range::<i32>::read(&Type::INT4_RANGE, &out[..end]).is_err());
            }
        }
    }

    #[test]
    fn equal_ranges_are_those_of_the_same_values() {
        let equal = |one: Range<i64>, other: Range<i64>| one.equals(&other).unwrap();
        assert!(equal((1..=3).into(), (1..4).into()));
        assert!(equal(Range::Bounds(Bound::Excluded(0), Bound::Included(3)), (1..4).into()));
        assert!(equal((3..3).into(), Range::Empty));
        assert!(!equal((1..).into(), (1..4).into()));
        assert!(!equal((1..=3).into(), (1..=4).into()));
        assert!(Range::from(1..=3).contains(&3) && !Range::from(1..3).contains(&3));
        assert!(!Range::Empty.contains(&3));
    }
}

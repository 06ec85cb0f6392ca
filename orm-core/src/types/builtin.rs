//! The types that need no other crate: integers, floats, `bool`, `String`, `Vec<u8>`.

use std::cmp::Ordering;

use bytes::{BufMut, BytesMut};
use tokio_postgres::types::{FromSql, Type};

use super::declare::pg_type;
use super::{BaseType, Cause, PgType};

/// Calls a macro once for each base type of this crate.
macro_rules! each_base_type {
    ($callback:path) => {
        $callback!(i16);
        $callback!(i32);
        $callback!(i64);
        $callback!(f32);
        $callback!(f64);
        $callback!(bool);
        $callback!(String);
        $callback!(Vec<u8>);
        $callback!(::std::net::IpAddr);
        $callback!(crate::types::Interval);
        $callback!(crate::types::Xmin);
        #[cfg(feature = "uuid")]
        $callback!(::uuid::Uuid);
        #[cfg(feature = "chrono")]
        $callback!(::chrono::DateTime<::chrono::Utc>);
        #[cfg(feature = "chrono")]
        $callback!(::chrono::NaiveDate);
        #[cfg(feature = "chrono")]
        $callback!(::chrono::NaiveTime);
        #[cfg(feature = "chrono")]
        $callback!(::chrono::NaiveDateTime);
        #[cfg(feature = "time")]
        $callback!(::time::OffsetDateTime);
        #[cfg(feature = "time")]
        $callback!(::time::Date);
        #[cfg(feature = "time")]
        $callback!(::time::Time);
        #[cfg(feature = "time")]
        $callback!(::time::PrimitiveDateTime);
        #[cfg(feature = "jiff")]
        $callback!(::jiff::Timestamp);
        #[cfg(feature = "jiff")]
        $callback!(::jiff::civil::Date);
        #[cfg(feature = "jiff")]
        $callback!(::jiff::civil::Time);
        #[cfg(feature = "jiff")]
        $callback!(::jiff::civil::DateTime);
        #[cfg(feature = "serde_json")]
        $callback!(::serde_json::Value);
        #[cfg(feature = "rust_decimal")]
        $callback!(::rust_decimal::Decimal);
    };
}
pub(crate) use each_base_type;

each_base_type!(crate::__sql_type);

macro_rules! integer {
    ($ty:ty, $name:literal, $wire:ident, $array:ident, $put:ident) => {
        impl BaseType for $ty {
            const TYPE: &'static PgType = pg_type!($name, $wire, $array);
            const EQUALITY_KNOWN: bool = true;

            #[inline]
            fn read(ty: &Type, raw: &[u8]) -> Result<Self, Cause> {
                <$ty>::from_sql(ty, raw)
            }

            fn write(&self, out: &mut BytesMut) -> Result<(), Cause> {
                out.$put(*self);
                Ok(())
            }

            fn compare(&self, other: &Self) -> Option<Ordering> {
                Some(self.cmp(other))
            }
        }
    };
}
integer!(i16, "smallint", INT2, INT2_ARRAY, put_i16);
integer!(i32, "integer", INT4, INT4_ARRAY, put_i32);
integer!(i64, "bigint", INT8, INT8_ARRAY, put_i64);

macro_rules! float {
    ($ty:ty, $name:literal, $wire:ident, $array:ident, $put:ident) => {
        impl BaseType for $ty {
            const TYPE: &'static PgType = pg_type!($name, $wire, $array);
            const EQUALITY_KNOWN: bool = true;

            #[inline]
            fn read(ty: &Type, raw: &[u8]) -> Result<Self, Cause> {
                <$ty>::from_sql(ty, raw)
            }

            fn write(&self, out: &mut BytesMut) -> Result<(), Cause> {
                out.$put(*self);
                Ok(())
            }

            // -0.0 and 0.0 are equal, and so is whatever is no number.
            fn write_canonical(&self, out: &mut BytesMut) -> Result<(), Cause> {
                let canonical = match *self {
                    0.0 => 0.0,
                    number if number.is_nan() => <$ty>::NAN,
                    number => number,
                };
                out.$put(canonical);
                Ok(())
            }

            // PostgreSQL calls NaN equal to itself and greater than any other number.
            fn compare(&self, other: &Self) -> Option<Ordering> {
                Some(self.partial_cmp(other).unwrap_or_else(|| self.is_nan().cmp(&other.is_nan())))
            }

            fn same(&self, other: &Self) -> bool {
                self.to_bits() == other.to_bits()
            }
        }
    };
}
float!(f32, "real", FLOAT4, FLOAT4_ARRAY, put_f32);
float!(f64, "double precision", FLOAT8, FLOAT8_ARRAY, put_f64);

impl BaseType for bool {
    const TYPE: &'static PgType = pg_type!("boolean", BOOL, BOOL_ARRAY);
    const EQUALITY_KNOWN: bool = true;

    #[inline]
    fn read(ty: &Type, raw: &[u8]) -> Result<Self, Cause> {
        bool::from_sql(ty, raw)
    }

    fn write(&self, out: &mut BytesMut) -> Result<(), Cause> {
        out.put_u8(u8::from(*self));
        Ok(())
    }

    fn compare(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl BaseType for String {
    const TYPE: &'static PgType = pg_type!("text", TEXT, TEXT_ARRAY);
    const EQUALITY_KNOWN: bool = true;

    fn accepts(ty: &Type) -> bool {
        matches!(*ty, Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UNKNOWN)
    }

    fn equals(&self, other: &Self) -> Option<bool> {
        Some(self == other)
    }

    // A collation orders all but what is the same.
    fn compare(&self, other: &Self) -> Option<Ordering> {
        (self == other).then_some(Ordering::Equal)
    }

    #[inline]
    fn read(ty: &Type, raw: &[u8]) -> Result<Self, Cause> {
        let text = std::str::from_utf8(raw)?;
        // The blanks that `char(n)` is padded with count in no comparison, and are not there once it is cast to text.
        Ok(if *ty == Type::BPCHAR { text.trim_end_matches(' ') } else { text }.to_owned())
    }

    fn write(&self, out: &mut BytesMut) -> Result<(), Cause> {
        write_text(self, out)
    }

    fn is_read_from(&self, raw: &[u8]) -> bool {
        self.as_bytes() == raw
    }

    fn size(&self) -> usize {
        self.len()
    }
}

/// Writes the binary form of a text.
#[inline]
pub(super) fn write_text(text: &str, out: &mut BytesMut) -> Result<(), Cause> {
    if has_zero(text.as_bytes()) {
        return Err(
            "PostgreSQL text cannot hold a zero byte: use a `Vec<u8>` (bytea) column for such data".into()
        );
    }
    out.put_slice(text.as_bytes());
    Ok(())
}

/// Whether there is a zero byte. Looks at eight bytes at a time: most texts are short, and a search that is made for long
/// ones takes longer to begin than to look at each byte.
fn has_zero(bytes: &[u8]) -> bool {
    const ONES: u64 = u64::from_ne_bytes([0x01; 8]);
    const TOPS: u64 = u64::from_ne_bytes([0x80; 8]);
    let (words, rest) = bytes.as_chunks::<8>();
    // Only a zero byte borrows from what it has not.
    let in_word = |word: &[u8; 8]| {
        let word = u64::from_ne_bytes(*word);
        word.wrapping_sub(ONES) & !word & TOPS != 0
    };
    words.iter().any(in_word) || rest.contains(&0)
}

impl BaseType for Vec<u8> {
    const TYPE: &'static PgType = pg_type!("bytea", BYTEA, BYTEA_ARRAY);
    const EQUALITY_KNOWN: bool = true;

    #[inline]
    fn read(_: &Type, raw: &[u8]) -> Result<Self, Cause> {
        Ok(raw.to_vec())
    }

    fn write(&self, out: &mut BytesMut) -> Result<(), Cause> {
        out.put_slice(self);
        Ok(())
    }

    fn is_read_from(&self, raw: &[u8]) -> bool {
        self == raw
    }

    fn size(&self) -> usize {
        self.len()
    }

    fn compare(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use bytes::BytesMut;
    use tokio_postgres::types::Type;

    use super::{BaseType, has_zero};

    #[test]
    fn floats_compare_as_postgresql_compares_them() {
        assert_eq!(f64::NAN.compare(&f64::NAN), Some(Ordering::Equal));
        assert_eq!(f64::NAN.compare(&f64::INFINITY), Some(Ordering::Greater));
        assert_eq!(1.0_f64.compare(&f64::NAN), Some(Ordering::Less));
        assert_eq!(0.0_f64.equals(&-0.0), Some(true));
        assert!(!0.0_f64.same(&-0.0));
    }

    #[test]
    fn equal_floats_are_written_alike_to_be_matched() {
        let canonical = |number: f64| {
            let mut out = BytesMut::new();
            number.write_canonical(&mut out).map(|()| out.to_vec()).ok()
        };
        assert_eq!(canonical(-0.0), canonical(0.0));
        assert_eq!(canonical(-f64::NAN), canonical(f64::NAN));
        assert_ne!(canonical(-1.0), canonical(1.0));
    }

    #[test]
    fn the_blanks_of_char_are_read_as_if_cast_to_text() {
        let read = |ty: Type, raw: &[u8]| String::read(&ty, raw).ok();
        assert_eq!(read(Type::BPCHAR, b" ab   "), Some(" ab".to_owned()));
        assert_eq!(read(Type::TEXT, b" ab   "), Some(" ab   ".to_owned()));
    }

    #[test]
    fn a_zero_byte_is_found_wherever_it_stands_and_nothing_is_taken_for_one() {
        for length in 0..40 {
            let full: Vec<u8> = (0..length).map(|place| [1, 0x7f, 0x80, 0x81, 0xff][place % 5]).collect();
            assert!(!has_zero(&full), "{full:?}");
            for place in 0..length {
                let mut bytes = full.clone();
                bytes[place] = 0;
                assert!(has_zero(&bytes), "{bytes:?}");
            }
        }
    }

    #[test]
    fn text_is_never_ordered_here() {
        assert_eq!("a".to_owned().compare(&"b".to_owned()), None);
    }
}

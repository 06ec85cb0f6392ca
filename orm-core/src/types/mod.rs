//! PostgreSQL types and the Rust types that hold them.
//!
//! | Rust | PostgreSQL |
//! |---|---|
//! | `i16`, `i32`, `i64` | `smallint`, `integer`, `bigint` |
//! | `f32`, `f64` | `real`, `double precision` |
//! | `bool`, `String`, `Vec<u8>` | `boolean`, `text` (`varchar(n)` too, and `char(n)` without its padding), `bytea` |
//! | `std::net::IpAddr` | `inet`, addresses of hosts |
//! | [`Interval`] | `interval` |
//! | `DateTime<Utc>`, `NaiveDateTime` (feature `chrono`) | `timestamp with time zone`, `timestamp without time zone` |
//! | `NaiveDate`, `NaiveTime` (feature `chrono`) | `date`, `time without time zone` |
//! | `OffsetDateTime`, `PrimitiveDateTime`, `Date`, `Time` of `time` (feature `time`) | the same four |
//! | `Timestamp`, `civil::DateTime`, `civil::Date`, `civil::Time` of `jiff` (feature `jiff`) | the same four |
//! | `Decimal` (feature `rust_decimal`) | `numeric` |
//! | `serde_json::Value`, `Json<T>` (feature `serde_json`) | `jsonb` |
//! | `Uuid` (feature `uuid`) | `uuid` |
//! | an enum with `#[derive(Enum)]` | an enum type |
//! | a struct with `#[derive(Composite)]` | a composite type |
//! | a struct of one field with `#[derive(ColumnType)]` | the type of the field, or a domain over it |
//! | [`Range<T>`](Range) of numbers, dates and moments | `int4range`, `int8range`, `numrange`, `daterange`, `tsrange`, `tstzrange` |
//! | [`Multirange<T>`](Multirange) of the same | `int4multirange` .. |
//! | `Vec<T>`, `Vec<Option<T>>` of any of these | an array of one dimension |
//! | [`Array<T>`](Array), `Array<Option<T>>` | an array of any dimensions, whose subscripts begin anywhere |
//!
//! `Option` of any of these is a column that may be NULL. A value that PostgreSQL has and Rust has not, such as
//! `infinity`, is an error that names table and column. Whether two values are equal, or which comes first, is decided in
//! memory only where PostgreSQL is sure to say the same.
//!
//! # A type of your own
//!
//! A struct of one field needs no more than `#[derive(ColumnType)]`. Where values have to be checked or translated, say
//! how in an impl of [`BaseType`], by way of a type that is there already, and add one line:
//!
//! ```
//! use orm_core::column_type;
//! use orm_core::prelude::*;
//! use orm_core::types::{BaseType, BytesMut, Cause, DriverType, PgType};
//!
//! /// A color, kept as text: `#ff8000`.
//! #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
//! pub struct Color {
//!     pub rgb: u32,
//! }
//!
//! impl BaseType for Color {
//!     const TYPE: &'static PgType = String::TYPE;
//!
//!     fn read(ty: &DriverType, raw: &[u8]) -> Result<Self, Cause> {
//!         let text = String::read(ty, raw)?;
//!         let digits = text.strip_prefix('#').ok_or("a color starts with `#`")?;
//!         Ok(Color { rgb: u32::from_str_radix(digits, 16)? })
//!     }
//!
//!     fn write(&self, out: &mut BytesMut) -> Result<(), Cause> {
//!         format!("#{:06x}", self.rgb).write(out)
//!     }
//!
//!     // Only if it is what the server would say: equal colors are equal texts here.
//!     fn equals(&self, other: &Self) -> Option<bool> {
//!         Some(self == other)
//!     }
//! }
//! column_type!(Color);
//!
//! #[derive(Model, Clone, Debug)]
//! pub struct Paint {
//!     #[orm(primary_key)]
//!     pub color: Color,
//!     pub also: Vec<Color>,
//! }
//!
//! let red = select(Paint).filter(Paint.color.eq(Color { rgb: 0xff0000 }));
//! ```
//!
//! What `read` and `write` report is told with the name of the column. Where neither `equals` nor `compare` is written,
//! the server decides, and an object of a session counts as changed whenever the field was assigned: write `same` to
//! tell what is no change. `Option<Color>`, `Vec<Color>`, keys, relations and `in_` follow from the one line.

mod address;
mod arithmetic;
mod array;
mod builtin;
mod bulk;
#[cfg(feature = "chrono")]
mod chrono;
mod composite;
mod copy;
#[cfg(feature = "rust_decimal")]
mod decimal;
mod declare;
mod enumeration;
#[cfg(any(feature = "chrono", feature = "jiff", feature = "time"))]
mod era;
mod fingerprint;
mod function;
mod integer;
mod interval;
#[cfg(feature = "jiff")]
mod jiff;
#[cfg(feature = "serde_json")]
mod json;
#[cfg(any(feature = "jiff", feature = "time"))]
mod moment;
mod multidimensional;
mod multirange;
mod newtype;
mod numeric;
mod parameter;
mod pg_type;
mod range;
mod range_element;
mod raw;
mod search;
mod storable;
mod text_type;
#[cfg(feature = "time")]
mod time;
mod unreadable;
#[cfg(feature = "uuid")]
mod uuid;
mod value;
mod vector;
mod written;
mod xmin;

use std::cmp::Ordering;
use std::fmt::Debug;

use tokio_postgres::types::{FromSql, Type};

pub use crate::error::Cause;
pub use arithmetic::{Arithmetic, Combine, Divided, Minus, Numeric, OfNumbers, Plus, Remainder, Times};
pub(crate) use array::{bulk_array, list};
pub(crate) use builtin::each_base_type;
pub(crate) use bulk::{BulkArrays, BulkColumn, bulk_column};
pub use bytes::BytesMut;
pub use composite::TextForm;
#[doc(hidden)]
pub use composite::{CompositeReader, CompositeWriter, field_name, is_composite};
pub(crate) use copy::{COPY_END, COPY_START, CopyRows, put_cell, write_cell};
pub use enumeration::Enum;
pub(crate) use fingerprint::{Fingerprinted, Keyed, Mixer, fingerprint};
#[cfg(feature = "serde_json")]
pub use function::Document;
pub use function::{
    Aged, ArrayType, Counted, Extreme, Formatted, LowerUpper, Moment, Overlap, RangeType, Real, Round,
    Series, Set, Text, Truncated, Zoned,
};
pub(crate) use integer::{as_type, integer, integer_of, is_integer};
pub use interval::Interval;
#[cfg(feature = "serde_json")]
pub(crate) use json::as_json;
#[cfg(feature = "serde_json")]
pub use json::{Json, JsonContent};
pub use multidimensional::{Array, Dimension};
pub use multirange::Multirange;
pub(crate) use numeric::numeric_type;
pub use numeric::{Average, AverageOf, Integer, Percentile, Sum, SumOf};
pub use parameter::Parameter;
pub(crate) use parameter::{can_name, shown_in_name};
pub use pg_type::{CompositeField, Domain, PgType};
pub use range::Range;
pub use range_element::RangeElement;
pub(crate) use raw::RawValue;
pub use search::{TsQuery, TsVector};
pub use storable::Storable;
/// The type of a cell, as the driver tells it.
pub use tokio_postgres::types::Type as DriverType;
pub(crate) use unreadable::Unreadable;
pub use value::Value;
pub use vector::Element;
pub(crate) use written::{WrittenColumn, content};
pub use xmin::Xmin;

/// Why the bytes of a cell are not a value of a Rust type.
#[derive(Debug)]
pub enum Mismatch {
    /// The cell is NULL and the type is no `Option`.
    Null,
    /// The cell has another PostgreSQL type.
    Type,
    /// The type fits and the value does not.
    Value(Cause),
}

/// A Rust type that is a column's type: a [`BaseType`], or an `Option` of one where the column may be NULL.
#[cfg_attr(
    not(feature = "uuid"),
    diagnostic::on_unimplemented(note = "for `uuid::Uuid` turn on the feature `uuid` of orm-core")
)]
#[cfg_attr(
    not(any(feature = "chrono", feature = "jiff", feature = "time")),
    diagnostic::on_unimplemented(
        note = "for dates and times turn on the feature `chrono`, `jiff` or `time` of orm-core"
    )
)]
#[cfg_attr(
    not(feature = "rust_decimal"),
    diagnostic::on_unimplemented(note = "for `Decimal` turn on the feature `rust_decimal` of orm-core")
)]
#[cfg_attr(
    not(feature = "serde_json"),
    diagnostic::on_unimplemented(
        note = "for documents of JSON turn on the feature `serde_json` of orm-core"
    )
)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a PostgreSQL column type",
    label = "not a column type",
    note = "column types are i16, i32, i64, f32, f64, bool, String, Vec<u8>, `IpAddr`, `Interval`; `Uuid`, `DateTime<Utc>`, \
            `NaiveDateTime`, `NaiveDate`, `NaiveTime`, `Decimal`, `Json<T>` and `serde_json::Value` (each with its \
            feature); enums with `#[derive(Enum)]` and structs of one field with `#[derive(ColumnType)]`; `Vec` of any \
            of these, `orm_core::types::Range` of numbers, dates and moments, and `Option` of any of these"
)]
pub trait SqlType: Clone + Debug + Send + Sync + 'static {
    /// The type without NULL: `i32` for `Option<i32>`.
    type Base: BaseType;
    /// The type with NULL: `Option<i32>` for `i32`.
    type Nullable: SqlType<Base = Self::Base, Nullable = Self::Nullable>;
    /// `U`, with NULL if this type has it.
    type With<U: SqlType>: SqlType<Base = U::Base>;
    /// Whether NULL is a value of this type.
    const NULLABLE: bool;

    /// Reads a cell; `None` is NULL.
    ///
    /// # Errors
    /// If the cell has another type, or holds what this type cannot.
    fn decode(ty: &Type, raw: Option<&[u8]>) -> Result<Self, Mismatch>;
    /// The value, or `None` for NULL.
    fn base(&self) -> Option<&Self::Base>;
    /// The value made of its base; `None` if NULL is no value of this type.
    fn from_base(base: Option<Self::Base>) -> Option<Self>;
}

/// A Rust type that holds the values of one PostgreSQL type, without NULL.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a PostgreSQL column type",
    label = "expected a column type that is no `Option`: what may be NULL becomes one by itself"
)]
pub trait BaseType: SqlType<Base = Self, Nullable = Option<Self>> {
    /// The PostgreSQL type.
    const TYPE: &'static PgType;

    /// The domain that columns of this type are of, if they are of one: what `#[orm(domain = "..")]` says. Its values are
    /// sent, compared and read as those of [`TYPE`](BaseType::TYPE).
    const DOMAIN: Option<&'static Domain> = None;

    /// Whether a cell of this type can be read.
    fn accepts(ty: &Type) -> bool {
        *ty == Self::TYPE.wire
    }

    /// Whether [`write_canonical`](BaseType::write_canonical) says just what PostgreSQL's `=` says, whatever the column's
    /// collation is, so that relations match rows in memory. Where it is `false`, as by default, the server matches them.
    const EQUALITY_KNOWN: bool = false;

    /// Reads the binary form of a value.
    ///
    /// # Errors
    /// If the bytes are not a value of this type.
    fn read(ty: &Type, raw: &[u8]) -> Result<Self, Cause>;

    /// Writes the binary form of the value.
    ///
    /// # Errors
    /// If PostgreSQL cannot hold the value.
    fn write(&self, out: &mut BytesMut) -> Result<(), Cause>;

    /// Writes what values have alike that PostgreSQL's `=` calls equal, and no others: a session matches rows by
    /// it, and relations if `EQUALITY_KNOWN`. The binary form by default; worth an answer of its own where equal values differ in it, as `1.0` and `1.00`
    /// do, or texts of `citext`. A type that is a key compares (`Eq` and `Hash`) in the same way.
    ///
    /// # Errors
    /// As [`write`](BaseType::write).
    fn write_canonical(&self, out: &mut BytesMut) -> Result<(), Cause> {
        self.write(out)
    }

    /// Whether [`read`](BaseType::read) of these bytes gives just this value, so that nothing has to be read. Worth an
    /// answer where it costs less than reading; `false` by default.
    fn is_read_from(&self, _raw: &[u8]) -> bool {
        false
    }

    /// About how many bytes [`write`](BaseType::write) writes, told without writing them: how much is sent at a time
    /// depends on it. Worth an answer of its own where values can be large; what the value itself takes by default.
    fn size(&self) -> usize {
        size_of_val(self)
    }

    /// Whether the two are the same value to PostgreSQL's `=`; `None` where only the server can tell.
    fn equals(&self, other: &Self) -> Option<bool> {
        self.compare(other).map(Ordering::is_eq)
    }

    /// How PostgreSQL orders the two; `None` where only the server can tell, as for text, which depends on a collation.
    fn compare(&self, _other: &Self) -> Option<Ordering> {
        None
    }

    /// Whether storing the one over the other would change nothing.
    fn same(&self, other: &Self) -> bool {
        self.equals(other) == Some(true)
    }
}

/// Writes what values have alike that PostgreSQL calls equal, from the bytes of one of a type.
pub(crate) type Canonical = fn(&Type, &[u8], &mut BytesMut) -> Result<(), Cause>;

/// How values of `B` are told apart in memory, if that can be told.
pub(crate) const fn canonical_of<B: BaseType>() -> Option<Canonical> {
    if B::EQUALITY_KNOWN { Some(canonical::<B>) } else { None }
}

/// Reads a value of `B` and writes it as [`BaseType::write_canonical`] does.
fn canonical<B: BaseType>(ty: &Type, raw: &[u8], out: &mut BytesMut) -> Result<(), Cause> {
    B::read(ty, raw)?.write_canonical(out)
}

impl<B: BaseType> SqlType for Option<B> {
    type Base = B;
    type Nullable = Self;
    type With<U: SqlType> = U::Nullable;
    const NULLABLE: bool = true;

    #[inline]
    fn decode(ty: &Type, raw: Option<&[u8]>) -> Result<Self, Mismatch> {
        match raw {
            Some(_) => B::decode(ty, raw).map(Some),
            None if B::accepts(ty) => Ok(None),
            None => Err(Mismatch::Type),
        }
    }

    fn base(&self) -> Option<&B> {
        self.as_ref()
    }

    fn from_base(base: Option<B>) -> Option<Self> {
        Some(base)
    }
}

/// Reads a cell of a base type: the one way, for all of them.
#[inline]
pub fn decode_base<B: BaseType>(ty: &Type, raw: Option<&[u8]>) -> Result<B, Mismatch> {
    if !B::accepts(ty) {
        return Err(Mismatch::Type);
    }
    B::read(ty, raw.ok_or(Mismatch::Null)?).map_err(Mismatch::Value)
}

/// A cell that was decoded where it was found, or why it could not be.
pub(crate) struct Decoded<T>(pub(crate) Result<T, Mismatch>);

impl<'a, T: SqlType> FromSql<'a> for Decoded<T> {
    #[inline]
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Cause> {
        Ok(Decoded(T::decode(ty, Some(raw))))
    }

    #[inline]
    fn from_sql_null(ty: &Type) -> Result<Self, Cause> {
        Ok(Decoded(T::decode(ty, None)))
    }

    #[inline]
    fn accepts(_: &Type) -> bool {
        true
    }
}

/// The bytes of a cell as they came, for decoding by the caller's own type; `None` for NULL.
pub(crate) struct Cell<'a>(pub(crate) Option<&'a [u8]>);

impl<'a> FromSql<'a> for Cell<'a> {
    #[inline]
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Cause> {
        Ok(Cell(Some(raw)))
    }

    #[inline]
    fn from_sql_null(_: &Type) -> Result<Self, Cause> {
        Ok(Cell(None))
    }

    #[inline]
    fn accepts(_: &Type) -> bool {
        true
    }
}

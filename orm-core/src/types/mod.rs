//! PostgreSQL types and the Rust types that hold them.

mod array;
mod builtin;
#[cfg(feature = "chrono")]
mod chrono;
#[cfg(feature = "rust_decimal")]
mod decimal;
mod enumeration;
mod function;
mod numeric;
mod parameter;
#[cfg(feature = "uuid")]
mod uuid;
mod value;

use std::cmp::Ordering;
use std::fmt::Debug;

use bytes::BytesMut;
use tokio_postgres::types::{FromSql, Type};

pub use crate::error::Cause;
pub(crate) use array::{bulk_array, list};
pub(crate) use builtin::each_base_type;
pub use enumeration::Enum;
pub use function::{Extreme, Moment, Round, Text};
pub use numeric::{Average, AverageOf, Numeric, Sum, SumOf};
pub use parameter::Parameter;
pub use value::Value;

/// A PostgreSQL type, as statements and tables name it.
#[derive(Debug)]
pub struct PgType {
    /// The name in SQL, quoted where it must be: `bigint`, `"mood"`.
    pub name: &'static str,
    /// The type of a parameter on the wire; `text` for enums, which are cast in the statement.
    pub wire: Type,
    /// The array of `wire`.
    pub array: Type,
    /// The labels of an enum type, in order; empty for any other type.
    pub labels: &'static [&'static str],
}

impl PgType {
    /// Whether the server knows this type under a number that is the same everywhere.
    pub(crate) fn is_builtin(&self) -> bool {
        self.labels.is_empty()
    }
}

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
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a PostgreSQL column type",
    label = "not a column type",
    note = "column types are i16, i32, i64, f32, f64, bool, String, Vec<u8>, `Uuid`, `DateTime<Utc>` and `Decimal` \
            (each with its feature), enums with `#[derive(Enum)]`, and `Option` of any of these"
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
    label = "expected a column type that is no `Option`"
)]
pub trait BaseType: SqlType<Base = Self, Nullable = Option<Self>> {
    /// The PostgreSQL type.
    const TYPE: &'static PgType;

    /// Whether a cell of this type can be read.
    fn accepts(ty: &Type) -> bool {
        *ty == Self::TYPE.wire
    }

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

/// A cell as it came, for decoding by the caller's own type.
pub(crate) struct Cell<'a> {
    pub(crate) ty: Type,
    pub(crate) raw: Option<&'a [u8]>,
}

impl<'a> FromSql<'a> for Cell<'a> {
    #[inline]
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Cause> {
        Ok(Cell { ty: ty.clone(), raw: Some(raw) })
    }

    #[inline]
    fn from_sql_null(ty: &Type) -> Result<Self, Cause> {
        Ok(Cell { ty: ty.clone(), raw: None })
    }

    #[inline]
    fn accepts(_: &Type) -> bool {
        true
    }
}

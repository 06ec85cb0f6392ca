//! Enums and types of one's own.

use std::fmt::Debug;

use tokio_postgres::types::{Kind, Type};

use crate::types::{Cause, Enum, PgType, Unreadable};

/// What an enum must have besides its labels.
// The lifetime makes a bound on a known type one that the compiler assumes instead of checking it at once.
#[diagnostic::on_unimplemented(
    message = "the enum `{Self}` cannot be a column type",
    label = "write `#[derive(Enum, Clone, Debug)]`"
)]
pub trait EnumParts<'a>: std::clone::Clone + Debug + Send + Sync + 'static {}
impl<E: std::clone::Clone + Debug + Send + Sync + 'static> EnumParts<'_> for E {}

/// Reports what an enum lacks.
pub const fn enum_parts<E: for<'a> EnumParts<'a>>() {}

/// What a struct must have to be a column type.
// With a lifetime for the same reason.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a column type",
    label = "write `#[derive(ColumnType, Clone, Debug)]`"
)]
pub trait OwnType<'a>: std::clone::Clone + Debug + Send + Sync + 'static {}
impl<T: std::clone::Clone + Debug + Send + Sync + 'static> OwnType<'_> for T {}

/// Reports what such a struct lacks.
pub const fn own_type<T: for<'a> OwnType<'a>>() {}

/// Whether a cell can hold the label of an enum.
pub fn is_enum(ty: &Type) -> bool {
    *ty == Type::TEXT || matches!(ty.kind(), Kind::Enum(_))
}

/// Reads the label of an enum.
///
/// # Errors
/// If no variant has it.
pub fn read_label<E: Enum>(raw: &[u8]) -> Result<E, Cause> {
    let label = std::str::from_utf8(raw)?;
    E::from_label(label).ok_or_else(|| unknown_label(label, E::TYPE))
}

fn unknown_label(label: &str, ty: &PgType) -> Cause {
    let why =
        format!("{} has no variant with the label that it has: its labels are {:?}", ty.name, ty.labels);
    Unreadable::cause(why, format!("label {label:?}"))
}

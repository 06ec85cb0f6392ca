//! Rust enums as PostgreSQL enum types.

use super::BaseType;

/// A Rust enum that is a PostgreSQL enum type; written by `#[derive(Enum)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a PostgreSQL enum",
    note = "write `#[derive(Enum)]` on an enum whose variants have no fields"
)]
pub trait Enum: BaseType {
    /// The label PostgreSQL stores for this variant.
    fn label(&self) -> &'static str;
    /// The variant with a label.
    fn from_label(label: &str) -> Option<Self>;
}

/// Makes a Rust enum a column type: what `#[derive(Enum)]` expands to.
#[doc(hidden)]
#[macro_export]
macro_rules! __enum_type {
    ($ty:ident, $name:literal, [$($variant:ident => $label:literal),* $(,)?]) => {
        const _: () = {
            use $crate::codegen::{Type, BytesMut, Kind};
            use $crate::types::{BaseType, Cause, Enum, PgType};

            static TYPE: PgType =
                PgType { name: $name, wire: Type::TEXT, array: Type::TEXT_ARRAY, labels: &[$($label),*] };

            impl Enum for $ty {
                fn label(&self) -> &'static str {
                    match self {
                        $($ty::$variant => $label,)*
                    }
                }

                fn from_label(label: &str) -> Option<Self> {
                    match label {
                        $($label => Some($ty::$variant),)*
                        _ => None,
                    }
                }
            }

            impl BaseType for $ty {
                const TYPE: &'static PgType = &TYPE;

                fn accepts(ty: &Type) -> bool {
                    *ty == Type::TEXT || matches!(ty.kind(), Kind::Enum(_))
                }

                fn read(_: &Type, raw: &[u8]) -> Result<Self, Cause> {
                    let label = ::core::str::from_utf8(raw)?;
                    Enum::from_label(label).ok_or_else(|| $crate::codegen::unknown_label(label, &TYPE))
                }

                fn write(&self, out: &mut BytesMut) -> Result<(), Cause> {
                    out.extend_from_slice(self.label().as_bytes());
                    Ok(())
                }

                fn equals(&self, other: &Self) -> Option<bool> {
                    Some(self.label() == other.label())
                }

                fn same(&self, other: &Self) -> bool {
                    self.label() == other.label()
                }
            }
        };
        $crate::__sql_type!($ty);
        $crate::__plain_row!($ty);
    };
}

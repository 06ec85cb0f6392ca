//! Rust enums as PostgreSQL enum types.

use super::BaseType;

/// A Rust enum that is a PostgreSQL enum type; written by `#[derive(Enum)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a PostgreSQL enum",
    note = "write `#[derive(Enum)]` on an enum whose variants have no fields"
)]
pub trait Enum: BaseType {
    /// The label PostgreSQL stores for this variant.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// assert_eq!(Mood::VerySad.label(), "very_sad");
    /// ```
    fn label(&self) -> &'static str;
    /// The variant with a label.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// assert!(Mood::from_label("very_sad").is_some());
    /// ```
    fn from_label(label: &str) -> Option<Self>;
}

/// Makes a Rust enum a column type: what `#[derive(Enum)]` expands to.
// Full paths throughout: an enum may be called `Kind` or `Type`, and have a variant `None` or `Ok`. The bounds put off
// what the enum lacks until `enum_parts`, which says it once.
#[doc(hidden)]
#[macro_export]
macro_rules! __enum_type {
    ($ty:ident, $name:literal, [$($variant:ident => $label:literal),* $(,)?]) => {
        const _: () = {
            impl $crate::types::Enum for $ty
            where
                for<'a> $ty: $crate::codegen::EnumParts<'a>,
            {
                fn label(&self) -> &'static str {
                    match self {
                        $($ty::$variant => $label,)*
                    }
                }

                fn from_label(label: &str) -> ::core::option::Option<Self> {
                    match label {
                        $($label => ::core::option::Option::Some($ty::$variant),)*
                        _ => ::core::option::Option::None,
                    }
                }
            }

            impl $crate::types::BaseType for $ty
            where
                for<'a> $ty: $crate::codegen::EnumParts<'a>,
            {
                const TYPE: &'static $crate::types::PgType =
                    $crate::__pg_type!($name, [$($label),*]);
                const EQUALITY_KNOWN: bool = true;

                fn accepts(ty: &$crate::codegen::Type) -> bool {
                    $crate::codegen::is_enum(ty)
                }

                fn read(
                    _: &$crate::codegen::Type,
                    raw: &[u8],
                ) -> ::core::result::Result<Self, $crate::types::Cause> {
                    $crate::codegen::read_label(raw)
                }

                fn write(
                    &self,
                    out: &mut $crate::codegen::BytesMut,
                ) -> ::core::result::Result<(), $crate::types::Cause> {
                    out.extend_from_slice($crate::types::Enum::label(self).as_bytes());
                    ::core::result::Result::Ok(())
                }

                fn equals(&self, other: &Self) -> ::core::option::Option<bool> {
                    ::core::option::Option::Some($crate::types::BaseType::same(self, other))
                }

                fn same(&self, other: &Self) -> bool {
                    $crate::types::Enum::label(self) == $crate::types::Enum::label(other)
                }
            }
            #[diagnostic::do_not_recommend]
            impl $crate::types::TextForm for $ty
            where
                for<'a> $ty: $crate::codegen::EnumParts<'a>,
            {
                fn to_text(
                    &self,
                ) -> ::core::result::Result<::std::string::String, $crate::types::Cause> {
                    ::core::result::Result::Ok($crate::types::Enum::label(self).into())
                }

                fn from_text(text: &str) -> ::core::result::Result<Self, $crate::types::Cause> {
                    $crate::codegen::read_label(text.as_bytes())
                }
            }
            #[diagnostic::do_not_recommend]
            impl $crate::types::Extreme for $ty where for<'a> $ty: $crate::codegen::EnumParts<'a> {}

            $crate::codegen::enum_parts::<$ty>()
        };
        $crate::__column_type!($ty where for<'a> $ty: $crate::codegen::EnumParts<'a>);
    };
}

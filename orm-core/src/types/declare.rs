//! Macros that declare column types and the PostgreSQL types behind them.

/// Makes a base type a column type.
#[doc(hidden)]
#[macro_export]
macro_rules! __sql_type {
    ($ty:ty $(where $($bound:tt)+)?) => {
        impl $crate::types::SqlType for $ty $(where $($bound)+)? {
            type Base = Self;
            type Nullable = ::core::option::Option<Self>;
            type With<U: $crate::types::SqlType> = U;
            const NULLABLE: bool = false;

            #[inline]
            fn decode(
                ty: &$crate::codegen::Type,
                raw: ::core::option::Option<&[u8]>,
            ) -> ::core::result::Result<Self, $crate::types::Mismatch> {
                $crate::types::decode_base(ty, raw)
            }

            fn base(&self) -> ::core::option::Option<&Self> {
                ::core::option::Option::Some(self)
            }

            fn from_base(base: ::core::option::Option<Self>) -> ::core::option::Option<Self> {
                base
            }
        }

        impl $crate::types::Element for $ty $(where $($bound)+)? {}
    };
}

/// Makes a base type with a parameter a column type.
macro_rules! generic_sql_type {
    ($ty:ident<$parameter:ident: $bound:path>) => {
        impl<$parameter: $bound> $crate::types::SqlType for $ty<$parameter> {
            type Base = Self;
            type Nullable = Option<Self>;
            type With<U: $crate::types::SqlType> = U;
            const NULLABLE: bool = false;

            fn decode(
                ty: &tokio_postgres::types::Type,
                raw: Option<&[u8]>,
            ) -> Result<Self, $crate::types::Mismatch> {
                $crate::types::decode_base(ty, raw)
            }

            fn base(&self) -> Option<&Self> {
                Some(self)
            }

            fn from_base(base: Option<Self>) -> Option<Self> {
                base
            }
        }
    };
}
pub(super) use generic_sql_type;

/// Makes a type with its array; an enum says its labels and travels as text.
#[doc(hidden)]
#[macro_export]
macro_rules! __pg_type {
    ($name:literal, $wire:ident, $array:ident) => {
        $crate::__pg_type!($name, $wire, $array, None, None, &[], None)
    };
    ($name:literal, [$($label:literal),*]) => {
        $crate::__pg_type!($name, TEXT, TEXT_ARRAY, Some("text"), Some("text[]"), &[$($label),*], None)
    };
    ($name:literal, composite [$($field:expr),*]) => {
        $crate::__pg_type!($name, TEXT, TEXT_ARRAY, Some("text"), Some("text[]"), &[], Some(&[$($field),*]))
    };
    ($name:literal, $wire:ident, $array:ident, $sent_as:expr, $array_sent_as:expr, $labels:expr, $fields:expr) => {{
        use $crate::codegen::{None, Some, Type};
        static TYPE: $crate::types::PgType = $crate::types::PgType {
            name: $name,
            wire: Type::$wire,
            array: Some(&ARRAY),
            element: None,
            sent_as: $sent_as,
            labels: $labels,
            fields: $fields,
        };
        static ARRAY: $crate::types::PgType = $crate::types::PgType {
            name: ::core::concat!($name, "[]"),
            wire: Type::$array,
            array: None,
            element: Some(&TYPE),
            sent_as: $array_sent_as,
            labels: &[],
            fields: None,
        };
        &TYPE
    }};
}
pub(super) use crate::__pg_type as pg_type;

//! Types of a program's own.

/// Makes a type with an impl of [`BaseType`](crate::types::BaseType) a column type; see [`types`](crate::types).
#[macro_export]
macro_rules! column_type {
    ($ty:ty) => {
        const _: () = ::core::assert!(
            <$ty as $crate::types::BaseType>::TYPE.array.is_some(),
            "the `PgType` of a column type names the type of its arrays, which lists and rows sent together use: \
             `array: Some(&COLORS)`, with the name `color[]`"
        );
        $crate::__column_type!($ty);
    };
}

/// What [`column_type!`] writes, for a type whose arrays are known.
#[doc(hidden)]
#[macro_export]
macro_rules! __column_type {
    ($ty:ty $(where $($bound:tt)+)?) => {
        $crate::__sql_type!($ty $(where $($bound)+)?);
        $crate::__plain_row!($ty);
        $crate::__raw_value!($ty);
        $crate::__key_type!($ty);
    };
}

/// Makes a struct of one field a column type: what `#[derive(ColumnType)]` expands to.
// The bound puts off what the struct lacks until `own_type`, which says it once.
#[doc(hidden)]
#[macro_export]
macro_rules! __newtype {
    ($ty:ident, $field:tt, $inner:ty) => {
        $crate::__newtype!(@impl $ty, $field, $inner, <$inner as $crate::types::BaseType>::DOMAIN);
    };
    ($ty:ident, $field:tt, $inner:ty, $name:literal, $check:expr) => {
        $crate::__newtype!(@impl $ty, $field, $inner, {
            static DOMAIN: $crate::types::Domain = $crate::types::Domain {
                name: $name,
                base: <$inner as $crate::types::BaseType>::TYPE,
                check: $check,
            };
            $crate::codegen::Some(&DOMAIN)
        });
    };
    (@impl $ty:ident, $field:tt, $inner:ty, $domain:expr) => {
        impl $crate::types::BaseType for $ty
        where
            for<'a> $ty: $crate::codegen::OwnType<'a>,
        {
            const TYPE: &'static $crate::types::PgType = <$inner as $crate::types::BaseType>::TYPE;
            const DOMAIN: $crate::codegen::Option<&'static $crate::types::Domain> = $domain;
            const EQUALITY_KNOWN: bool = <$inner as $crate::types::BaseType>::EQUALITY_KNOWN;

            fn accepts(ty: &$crate::codegen::Type) -> bool {
                <$inner as $crate::types::BaseType>::accepts(ty)
            }

            fn read(
                ty: &$crate::codegen::Type,
                raw: &[u8],
            ) -> ::core::result::Result<Self, $crate::types::Cause> {
                ::core::result::Result::Ok($ty { $field: $crate::types::BaseType::read(ty, raw)? })
            }

            fn write(
                &self,
                out: &mut $crate::codegen::BytesMut,
            ) -> ::core::result::Result<(), $crate::types::Cause> {
                $crate::types::BaseType::write(&self.$field, out)
            }

            fn write_canonical(
                &self,
                out: &mut $crate::codegen::BytesMut,
            ) -> ::core::result::Result<(), $crate::types::Cause> {
                $crate::types::BaseType::write_canonical(&self.$field, out)
            }

            fn is_read_from(&self, raw: &[u8]) -> bool {
                $crate::types::BaseType::is_read_from(&self.$field, raw)
            }

            fn size(&self) -> usize {
                $crate::types::BaseType::size(&self.$field)
            }

            fn equals(&self, other: &Self) -> ::core::option::Option<bool> {
                $crate::types::BaseType::equals(&self.$field, &other.$field)
            }

            fn compare(&self, other: &Self) -> ::core::option::Option<::core::cmp::Ordering> {
                $crate::types::BaseType::compare(&self.$field, &other.$field)
            }

            fn same(&self, other: &Self) -> bool {
                $crate::types::BaseType::same(&self.$field, &other.$field)
            }
        }
        #[diagnostic::do_not_recommend]
        impl $crate::types::Extreme for $ty
        where
            for<'a> $ty: $crate::codegen::OwnType<'a>,
            for<'a> $inner: $crate::types::Extreme,
        {
        }
        const _: () = $crate::codegen::own_type::<$ty>();
        $crate::__column_type!($ty where for<'a> $ty: $crate::codegen::OwnType<'a>);
    };
}

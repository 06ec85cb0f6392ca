//! Types of PostgreSQL that go to and fro as text.

/// Declares a type of PostgreSQL that Rust has no type for, as a struct that holds its text:
///
/// ```
/// use orm_core::prelude::*;
///
/// orm_core::text_type! {
///     /// Text in which small letters equal capital ones.
///     #[derive(PartialEq, Eq, Hash)]
///     pub struct Email("citext");
/// }
///
/// #[derive(Model, Clone, Debug)]
/// pub struct Account {
///     #[orm(primary_key, generated)]
///     pub id: i64,
///     pub email: Email,
/// }
///
/// let ann = select(Account).filter(Account.email.eq("Ann@example.com"));
/// ```
///
/// The type may be any whose values can be written as text: of an extension, a domain, `macaddr`, `xml`. What is equal and
/// what comes first, only the server knows.
#[macro_export]
macro_rules! text_type {
    ($($(#[$attribute:meta])* $visibility:vis struct $name:ident($sql:literal);)+) => { $(
        $crate::__sent_as_text! { $(#[$attribute])* $visibility struct $name($sql); }

        #[diagnostic::do_not_recommend]
        impl $crate::types::Text for $name {}

        #[diagnostic::do_not_recommend]
        impl $crate::types::LowerUpper for $name {
            type Type<T: $crate::types::SqlType<Base = Self>> = T;
        }

        #[diagnostic::do_not_recommend]
        impl $crate::types::TextForm for $name {
            fn to_text(&self) -> ::core::result::Result<::std::string::String, $crate::types::Cause> {
                ::core::result::Result::Ok(self.0.clone())
            }

            fn from_text(text: &str) -> ::core::result::Result<Self, $crate::types::Cause> {
                ::core::result::Result::Ok($name(text.into()))
            }
        }
    )+ };
}

/// The same, of what functions of text do not take.
#[doc(hidden)]
#[macro_export]
macro_rules! __sent_as_text {
    ($($(#[$attribute:meta])* $visibility:vis struct $name:ident($sql:literal);)+) => { $(
        $(#[$attribute])*
        #[derive(::core::clone::Clone, ::core::fmt::Debug)]
        $visibility struct $name(
            /// The value as text.
            pub ::std::string::String,
        );

        impl $crate::types::BaseType for $name {
            const TYPE: &'static $crate::types::PgType =
                $crate::__pg_type!($sql, []);

            fn accepts(ty: &$crate::codegen::Type) -> bool {
                <::std::string::String as $crate::types::BaseType>::accepts(ty)
            }

            fn read(
                ty: &$crate::codegen::Type,
                raw: &[u8],
            ) -> ::core::result::Result<Self, $crate::types::Cause> {
                ::core::result::Result::Ok($name(<::std::string::String as $crate::types::BaseType>::read(ty, raw)?))
            }

            fn write(
                &self,
                out: &mut $crate::codegen::BytesMut,
            ) -> ::core::result::Result<(), $crate::types::Cause> {
                $crate::types::BaseType::write(&self.0, out)
            }

            fn same(&self, other: &Self) -> bool {
                self.0 == other.0
            }
        }
        $crate::column_type!($name);

        impl ::core::convert::From<&str> for $name {
            fn from(text: &str) -> Self {
                $name(text.into())
            }
        }

        impl ::core::convert::From<::std::string::String> for $name {
            fn from(text: ::std::string::String) -> Self {
                $name(text)
            }
        }

        #[diagnostic::do_not_recommend]
        impl<N> $crate::query::Operand<$name, N> for &str {
            type Type = $name;

            fn operand(self) -> $crate::query::Expr<$name> {
                $crate::query::lit($name(self.into()))
            }
        }

        #[diagnostic::do_not_recommend]
        impl $crate::query::Assign<$name> for &str {
            fn assigned(self) -> $crate::query::Expr<$name> {
                $crate::query::lit($name(self.into()))
            }
        }
    )+ };
}

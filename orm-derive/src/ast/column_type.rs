//! What an enum or a newtype says of itself.

use proc_macro2::TokenStream;
use syn::{Ident, Member, Type};

use super::Text;

/// An enum with `#[derive(Enum)]`.
pub(crate) struct Enumeration {
    pub(crate) name: Ident,
    /// The path of orm-core.
    pub(crate) root: TokenStream,
    pub(crate) type_name: Text,
    pub(crate) variants: Vec<Variant>,
    /// Whether code can be written for it, apart from what else is wrong.
    pub(crate) can_be_written: bool,
}

/// A variant, which is a label.
pub(crate) struct Variant {
    pub(crate) name: Ident,
    pub(crate) label: Text,
}

/// A struct of one field with `#[derive(ColumnType)]`.
pub(crate) struct Newtype {
    pub(crate) name: Ident,
    /// The path of orm-core.
    pub(crate) root: TokenStream,
    pub(crate) field: Member,
    pub(crate) inner: Type,
    pub(crate) domain: Option<Domain>,
}

/// A domain of PostgreSQL over the type of the field.
pub(crate) struct Domain {
    pub(crate) name: Text,
    /// In SQL.
    pub(crate) check: Option<Text>,
}

/// A struct with `#[derive(Composite)]`.
pub(crate) struct Composite {
    pub(crate) name: Ident,
    /// The path of orm-core.
    pub(crate) root: TokenStream,
    pub(crate) type_name: Text,
    pub(crate) fields: Vec<(Ident, Type)>,
}

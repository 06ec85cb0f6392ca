//! Writes the impls of a struct of one field, which a macro of orm-core holds.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ast::Newtype;

/// A column type.
pub(crate) fn newtype(newtype: &Newtype) -> TokenStream {
    let Newtype { name, root, field, inner } = newtype;
    quote!(#root::__newtype!(#name, #field, #inner);)
}

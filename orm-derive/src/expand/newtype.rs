//! Writes the impls of a struct of one field, which a macro of orm-core holds.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ast::{Domain, Newtype, Text};

/// A column type.
pub(crate) fn newtype(newtype: &Newtype) -> TokenStream {
    let Newtype { name, root, field, inner, domain } = newtype;
    let Some(Domain { name: domain, check }) = domain else {
        return quote!(#root::__newtype!(#name, #field, #inner););
    };
    let quoted = format!("\"{}\"", domain.value.replace('"', "\"\""));
    let check = match check {
        Some(Text { value, .. }) => quote!(#root::codegen::Some(#value)),
        None => quote!(#root::codegen::None),
    };
    quote!(#root::__newtype!(#name, #field, #inner, #quoted, #check);)
}

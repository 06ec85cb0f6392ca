//! Writes the impls of an enum, which a macro of orm-core holds.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ast::{Enumeration, Text};

/// A column type.
pub(crate) fn enumeration(enumeration: &Enumeration) -> TokenStream {
    let Enumeration { name, root, type_name: Text { value, .. }, variants, .. } = enumeration;
    let quoted = format!("\"{}\"", value.replace('"', "\"\""));
    let names = variants.iter().map(|variant| &variant.name);
    let labels = variants.iter().map(|variant| &variant.label.value);
    quote!(#root::__enum_type!(#name, #quoted, [#(#names => #labels),*]);)
}

//! Writes the impls of a composite type, which a macro of orm-core holds.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ast::{Composite, Text};

/// A column type.
pub(crate) fn composite(composite: &Composite) -> TokenStream {
    let Composite { name, root, type_name: Text { value, .. }, fields } = composite;
    let quoted = format!("\"{}\"", value.replace('"', "\"\""));
    let (names, types): (Vec<_>, Vec<_>) = fields.iter().map(|(name, ty)| (name, ty)).unzip();
    quote!(#root::__composite_type!(#name, #quoted, [#(#names: #types),*]);)
}

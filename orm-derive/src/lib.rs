//! Derives of orm-core.

use proc_macro::TokenStream;

/// Placeholder.
#[proc_macro_derive(Model, attributes(orm))]
pub fn model(_: TokenStream) -> TokenStream {
    TokenStream::new()
}

/// Placeholder.
#[proc_macro_derive(Enum, attributes(orm))]
pub fn enumeration(_: TokenStream) -> TokenStream {
    TokenStream::new()
}

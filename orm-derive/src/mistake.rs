//! The mistakes found so far, so that all of them are reported and not only the first.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::Error;

/// A list of mistakes, each on its own tokens.
#[derive(Debug, Default)]
pub(crate) struct Mistakes(Vec<Error>);

impl Mistakes {
    /// Adds a mistake on some tokens.
    pub(crate) fn on(&mut self, tokens: impl ToTokens, message: impl std::fmt::Display) {
        self.0.push(Error::new_spanned(tokens, message));
    }

    /// Adds a mistake on a span.
    pub(crate) fn at(&mut self, span: Span, message: impl std::fmt::Display) {
        self.0.push(Error::new(span, message));
    }

    /// The code that makes the compiler report them.
    pub(crate) fn into_tokens(self) -> TokenStream {
        self.0.iter().map(Error::to_compile_error).collect()
    }

    /// The mistakes, for tests.
    #[cfg(test)]
    pub(crate) fn list(&self) -> &[Error] {
        &self.0
    }
}

//! The derives of orm-core.

mod ast;
mod attr;
mod check;
mod expand;
mod mistake;
mod name;
#[cfg(test)]
mod tests;

use mistake::Mistakes;
use proc_macro::TokenStream;
use proc_macro2::TokenStream as Tokens;
use syn::DeriveInput;

/// Placeholder.
#[proc_macro_derive(Model, attributes(orm))]
pub fn model(input: TokenStream) -> TokenStream {
    derive_model(input.into()).into()
}

/// Placeholder.
#[proc_macro_derive(Enum, attributes(orm))]
pub fn enumeration(input: TokenStream) -> TokenStream {
    derive_enum(input.into()).into()
}

/// The mistakes in a model, and the code of what is right about it.
fn derive_model(input: Tokens) -> Tokens {
    let (model, mistakes) = match syn::parse2(input) {
        Ok(input) => read_model(&input),
        Err(error) => return error.to_compile_error(),
    };
    let mut tokens = mistakes.into_tokens();
    tokens.extend(model.filter(|model| model.can_be_written).as_ref().map(expand::model));
    tokens
}

fn read_model(input: &DeriveInput) -> (Option<ast::Model>, Mistakes) {
    let mut mistakes = Mistakes::default();
    let mut model = attr::model(input, &mut mistakes);
    if let Some(model) = &mut model {
        check::model(model, &mut mistakes);
    }
    (model, mistakes)
}

/// The mistakes in an enum, and the code of what is right about it.
fn derive_enum(input: Tokens) -> Tokens {
    let (enumeration, mistakes) = match syn::parse2(input) {
        Ok(input) => read_enum(&input),
        Err(error) => return error.to_compile_error(),
    };
    let mut tokens = mistakes.into_tokens();
    tokens.extend(enumeration.filter(|found| found.can_be_written).as_ref().map(expand::enumeration));
    tokens
}

fn read_enum(input: &DeriveInput) -> (Option<ast::Enumeration>, Mistakes) {
    let mut mistakes = Mistakes::default();
    let enumeration = attr::enumeration(input, &mut mistakes);
    if let Some(enumeration) = &enumeration {
        check::enumeration(enumeration, &mut mistakes);
    }
    (enumeration, mistakes)
}

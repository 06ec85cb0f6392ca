//! What each derive makes of its input: read, check, expand.

use proc_macro2::TokenStream as Tokens;
use syn::DeriveInput;

use crate::mistake::Mistakes;
use crate::{ast, attr, check, expand};

/// The mistakes in a model, and the code of what is right about it.
pub(crate) fn derive_model(input: Tokens) -> Tokens {
    let (model, mistakes) = match syn::parse2(input) {
        Ok(input) => read_model(&input),
        Err(error) => return error.to_compile_error(),
    };
    let mut tokens = mistakes.into_tokens();
    tokens.extend(model.filter(|model| model.can_be_written).as_ref().map(expand::model));
    tokens
}

pub(crate) fn read_model(input: &DeriveInput) -> (Option<ast::Model>, Mistakes) {
    let mut mistakes = Mistakes::default();
    let mut model = attr::model(input, &mut mistakes);
    if let Some(model) = &mut model {
        check::model(model, &mut mistakes);
    }
    (model, mistakes)
}

/// The mistakes in a row with names, and the code of what is right about it.
pub(crate) fn derive_row(input: Tokens) -> Tokens {
    let (row, mistakes) = match syn::parse2(input) {
        Ok(input) => read_row(&input),
        Err(error) => return error.to_compile_error(),
    };
    let mut tokens = mistakes.into_tokens();
    tokens.extend(row.filter(|row| row.can_be_written).as_ref().map(expand::row));
    tokens
}

pub(crate) fn read_row(input: &DeriveInput) -> (Option<ast::Row>, Mistakes) {
    let mut mistakes = Mistakes::default();
    let row = attr::row(input, &mut mistakes);
    (row, mistakes)
}

/// The mistakes in an enum, and the code of what is right about it.
pub(crate) fn derive_enum(input: Tokens) -> Tokens {
    let (enumeration, mistakes) = match syn::parse2(input) {
        Ok(input) => read_enum(&input),
        Err(error) => return error.to_compile_error(),
    };
    let mut tokens = mistakes.into_tokens();
    tokens.extend(enumeration.filter(|found| found.can_be_written).as_ref().map(expand::enumeration));
    tokens
}

pub(crate) fn read_enum(input: &DeriveInput) -> (Option<ast::Enumeration>, Mistakes) {
    let mut mistakes = Mistakes::default();
    let enumeration = attr::enumeration(input, &mut mistakes);
    if let Some(enumeration) = &enumeration {
        check::enumeration(enumeration, &mut mistakes);
    }
    (enumeration, mistakes)
}

/// The mistakes in a composite type, and the code if there is none.
pub(crate) fn derive_composite(input: Tokens) -> Tokens {
    let input = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.to_compile_error(),
    };
    let mut mistakes = Mistakes::default();
    let composite = attr::composite(&input, &mut mistakes);
    if let Some(composite) = &composite {
        check::type_name(&composite.type_name, &mut mistakes);
    }
    let mut tokens = mistakes.into_tokens();
    tokens.extend(composite.as_ref().map(expand::composite));
    tokens
}

/// The mistakes in a struct of one field, and the code if there is none.
pub(crate) fn derive_newtype(input: Tokens) -> Tokens {
    let (newtype, mistakes) = match syn::parse2(input) {
        Ok(input) => read_newtype(&input),
        Err(error) => return error.to_compile_error(),
    };
    let mut tokens = mistakes.into_tokens();
    tokens.extend(newtype.as_ref().map(expand::newtype));
    tokens
}

pub(crate) fn read_newtype(input: &DeriveInput) -> (Option<ast::Newtype>, Mistakes) {
    let mut mistakes = Mistakes::default();
    let newtype = attr::newtype(input, &mut mistakes);
    (newtype, mistakes)
}

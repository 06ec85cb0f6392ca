//! Writes the checks that foreign keys fit their targets, each reported where its field or relation stands.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use super::{at_type, relation};
use crate::ast::{Model, Target};

pub(super) fn references(model: &Model) -> TokenStream {
    let checks: Vec<_> = single(model).chain(composite(model)).chain(relation::checks(model)).collect();
    let checks = (!checks.is_empty()).then(|| quote!(const _: () = { #(#checks)* };));
    let name = &model.name;
    let single = model.fields.iter().filter_map(|field| Some(&field.references.as_ref()?.model));
    let targets = single.chain(model.foreign_keys.iter().map(|key| &key.target)).enumerate();
    let marks = targets.map(|(number, target)| quote!(impl __orm::References<#target, #number> for #name {}));
    quote!(#(#marks)* #checks)
}

fn single(model: &Model) -> impl Iterator<Item = TokenStream> {
    model.fields.iter().filter_map(|field| {
        let name = &model.name;
        let Target { model, column } = field.references.as_ref()?;
        let span = at_type(&field.ty);
        let (name, foreign_key) = (at(name, span), at(&field.name, span));
        Some(quote_spanned!(span=> __orm::references(#model.#column, #name.#foreign_key);))
    })
}

fn composite(model: &Model) -> impl Iterator<Item = TokenStream> {
    model.foreign_keys.iter().flat_map(|key| {
        let (name, target, count) = (&model.name, &key.target, key.columns.len());
        let first = key.columns.first().map_or_else(Span::call_site, Ident::span);
        let span = Span::call_site().located_at(first);
        let whole = quote_spanned!(span=> __orm::references_parts::<#target>(#count););
        let parts = key.columns.iter().enumerate().map(move |(place, column)| {
            let span = Span::call_site().located_at(column.span());
            let (name, column) = (at(name, span), at(column, span));
            quote_spanned!(span=> __orm::references_part::<#target, _, _, #place>(#name.#column);)
        });
        std::iter::once(whole).chain(parts)
    })
}

fn at(name: &Ident, span: Span) -> Ident {
    let mut name = name.clone();
    name.set_span(span);
    name
}

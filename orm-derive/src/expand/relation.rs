//! Writes the relations of a model: their types, and by which foreign keys they go.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Path, Visibility};

use crate::ast::{Model, Related, RelatedKind};

/// A relation as the table's struct has it.
pub(super) struct Relation<'a> {
    pub(super) name: &'a Ident,
    pub(super) visibility: &'a Visibility,
    /// The model it leads to.
    model: &'a Path,
    arity: &'static str,
    path: TokenStream,
}

impl Relation<'_> {
    /// The type of its field.
    pub(super) fn ty(&self, model: &Ident) -> TokenStream {
        let (target, arity) = (self.model, Ident::new(self.arity, Span::call_site()));
        quote!(__orm::Relation<#model, #target, __orm::#arity>)
    }

    /// Its value.
    pub(super) fn value(&self) -> TokenStream {
        // A function, so that models may refer to each other.
        let path = &self.path;
        quote!(__orm::Relation::new(|| #path))
    }
}

/// All relations: those of the model's own foreign keys first.
pub(super) fn relations(model: &Model) -> Vec<Relation<'_>> {
    let single = model.fields.iter().enumerate().filter_map(|(place, field)| {
        let (name, target) = (field.relation.as_ref()?, &field.references.as_ref()?.model);
        let (key, _) = model.foreign_key(field)?;
        let arity = if field.is_option() { "Maybe" } else { "One" };
        let path = quote!(__orm::to_target(&COLUMNS[#place], #key));
        Some(Relation { name, visibility: &field.visibility, model: target, arity, path })
    });
    let singles = model.fields.iter().filter(|field| field.references.is_some()).count();
    let composite = model.foreign_keys.iter().enumerate().filter_map(move |(nth, key)| {
        let place = model.place(key.columns.first()?)?;
        let (name, key_number) = (key.relation.as_ref()?, singles + nth);
        let mut fields = key.columns.iter().filter_map(|column| Some(&model.fields[model.place(column)?]));
        let arity = if fields.any(|field| field.is_option()) { "Maybe" } else { "One" };
        let path = quote!(__orm::to_target(&COLUMNS[#place], #key_number));
        Some(Relation { name, visibility: &model.visibility, model: &key.target, arity, path })
    });
    let related = model.related.iter().map(|related| of_others(model, related));
    single.chain(composite).chain(related).collect()
}

/// A relation by the foreign keys of other models.
fn of_others<'a>(model: &'a Model, related: &'a Related) -> Relation<'a> {
    let (arity, path) = match &related.kind {
        RelatedKind::Many(key) | RelatedKind::One(key) => {
            let (many, column) = (&key.model, &key.column);
            let arity = if matches!(related.kind, RelatedKind::Many(_)) { "Many" } else { "Maybe" };
            (arity, quote!(__orm::to_children(#many.#column)))
        }
        RelatedKind::Through { named: Some((from, to)), .. } => {
            let (near, near_column) = (&from.model, &from.column);
            let (far, far_column) = (&to.model, &to.column);
            ("Many", quote!(__orm::through_columns(#near.#near_column, #far.#far_column)))
        }
        RelatedKind::Through { model: target, through, named: None } => {
            let name = &model.name;
            let span = at_name(&related.name);
            let target = respanned(target.to_token_stream(), span);
            ("Many", quote_spanned!(span=> __orm::through::<#name, #through, #target, _, _>()))
        }
    };
    Relation { name: &related.name, visibility: &model.visibility, model: related.model(), arity, path }
}

/// Holds the relations and the foreign keys of other models together, each reported where the relation stands.
pub(super) fn checks(model: &Model) -> impl Iterator<Item = TokenStream> {
    model.related.iter().filter_map(|related| {
        let name = &model.name;
        let span = at_name(&related.name);
        let by = |from: &TokenStream, of: &TokenStream, column: &Ident| {
            quote_spanned!(span=> __orm::related_by::<#from, #of, { __orm::key_of(#from.#column) }>();)
        };
        match &related.kind {
            RelatedKind::Many(key) => {
                let many = respanned(key.model.to_token_stream(), span);
                Some(by(&many, &at(name, span).to_token_stream(), &key.column))
            }
            RelatedKind::One(key) => {
                let (one, column) = (respanned(key.model.to_token_stream(), span), &key.column);
                let mut checks = by(&one, &at(name, span).to_token_stream(), column);
                checks.extend(quote_spanned!(span=> __orm::has_one(#one.#column);));
                Some(checks)
            }
            RelatedKind::Through { model: target, named: Some((from, to)), .. } => {
                let own = at(name, span).to_token_stream();
                let target = respanned(target.to_token_stream(), span);
                let [near, far] =
                    [from, to].map(|key| respanned(key.model.to_token_stream(), span));
                let mut checks = by(&near, &own, &from.column);
                checks.extend(by(&far, &target, &to.column));
                Some(checks)
            }
            RelatedKind::Through { named: None, .. } => None,
        }
    })
}

fn at_name(name: &Ident) -> Span {
    Span::call_site().located_at(name.span())
}

fn at(name: &Ident, span: Span) -> Ident {
    let mut name = name.clone();
    name.set_span(span);
    name
}

/// The same tokens, resolved as they were and reported elsewhere.
fn respanned(tokens: TokenStream, span: Span) -> TokenStream {
    let at = |mut token: proc_macro2::TokenTree| {
        token.set_span(token.span().located_at(span));
        token
    };
    tokens.into_iter().map(at).collect()
}

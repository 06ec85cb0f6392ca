//! Writes the relations of a model: their types, and by which foreign keys they go.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Path, Visibility};

use crate::ast::{Field, Model, Related, RelatedKind};

/// A relation as the table's struct has it.
pub(super) struct Relation<'a> {
    pub(super) name: &'a Ident,
    pub(super) visibility: &'a Visibility,
    /// The model it leads to.
    model: &'a Path,
    arity: TokenStream,
    path: TokenStream,
}

impl Relation<'_> {
    /// The type of its field.
    pub(super) fn ty(&self, model: &Ident) -> TokenStream {
        let (target, arity) = (self.model, &self.arity);
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
        let arity = to_one(field.is_option());
        let path = quote!(__orm::to_target(&COLUMNS[#place], #key));
        Some(Relation { name, visibility: &field.visibility, model: target, arity, path })
    });
    let singles = model.fields.iter().filter(|field| field.references.is_some()).count();
    let composite = model.foreign_keys.iter().enumerate().filter_map(move |(nth, key)| {
        let place = model.place(key.columns.first()?)?;
        let (name, key_number) = (key.relation.as_ref()?, singles + nth);
        let mut fields = key.columns.iter().filter_map(|column| Some(&model.fields[model.place(column)?]));
        let arity = to_one(fields.any(|field| field.is_option()));
        let path = quote!(__orm::to_target(&COLUMNS[#place], #key_number));
        Some(Relation { name, visibility: &model.visibility, model: &key.target, arity, path })
    });
    let related = model.related.iter().map(|related| of_others(model, related));
    single.chain(composite).chain(related).collect()
}

fn to_one(may_be_missing: bool) -> TokenStream {
    if may_be_missing { quote!(Maybe) } else { quote!(One) }
}

/// A relation by the foreign keys of other models.
fn of_others<'a>(model: &'a Model, related: &'a Related) -> Relation<'a> {
    let (arity, path) = match &related.kind {
        RelatedKind::Many(key) | RelatedKind::One(key) => {
            let (many, column) = (&key.model, &key.column);
            let arity =
                if matches!(related.kind, RelatedKind::Many(_)) { quote!(Many) } else { quote!(Maybe) };
            (arity, quote!(__orm::to_children(#many.#column)))
        }
        RelatedKind::Through { named: Some((from, to)), .. } => {
            let (near, near_column) = (&from.model, &from.column);
            let (far, far_column) = (&to.model, &to.column);
            (quote!(Through<#near>), quote!(__orm::through_columns(#near.#near_column, #far.#far_column)))
        }
        RelatedKind::Through { model: target, through, named: None } => {
            let name = &model.name;
            let span = at_name(&related.name);
            let target = respanned(target.to_token_stream(), span);
            let path = quote_spanned!(span=> __orm::through::<#name, #through, #target, _, _>());
            (quote!(Through<#through>), path)
        }
    };
    Relation { name: &related.name, visibility: &model.visibility, model: related.model(), arity, path }
}

/// How a row is made of the two rows that it links, where it needs nothing else.
pub(super) fn link(model: &Model) -> Option<TokenStream> {
    let single = model.fields.iter().filter(|field| field.references.is_some()).count();
    let is_link = model.view.is_none() && single + model.foreign_keys.len() >= 2;
    let has_value = |field: &Field| !field.is_required() || model.foreign_key(field).is_some();
    if !is_link || !model.insertable().all(|(_, field)| has_value(field)) {
        return None;
    }
    let (name, new) = (&model.name, model.new_name());
    let fields = model.insertable().map(|(place, field)| {
        let name = &field.name;
        match model.foreign_key(field) {
            None => quote!(#name: __orm::None),
            Some(_) => quote! {
                #name: match __orm::LinkReference::linked(rows, #place) {
                    __orm::Some(reference) => reference,
                    __orm::None => return __orm::None,
                }
            },
        }
    });
    Some(quote! {
        #[diagnostic::do_not_recommend]
        impl __orm::LinkModel for #name {
            fn linking(rows: &__orm::Linked) -> __orm::Option<#new> {
                __orm::Some(#new { #(#fields,)* })
            }
        }
    })
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

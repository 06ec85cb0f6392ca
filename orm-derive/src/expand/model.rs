//! Writes the `Model` impl: the table, the key, rows in and columns out.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};

use super::relation;
use crate::ast::{Field, Model};

/// `impl Model for User`.
pub(super) fn implementation(model: &Model, table: &Ident) -> TokenStream {
    let name = &model.name;
    let constant = constant(model, table);
    let (key_type, key) = key(model);
    let (kind, new) = match model.view {
        None => (quote!(Entity), model.new_name().to_token_stream()),
        Some(_) => (quote!(View), quote!(__orm::NoNew<#name>)),
    };
    let reads = each(model, |field, _| {
        let Field { name, ty, .. } = field;
        // The compiler takes longer over a `?`.
        quote! {
            #name: match <#ty as __orm::ColumnType>::read(cells, &TABLE) {
                __orm::Ok(value) => value,
                __orm::Err(error) => return __orm::Err(error),
            }
        }
    });
    let values = each(model, |field, place| {
        let Field { name, ty, .. } = field;
        quote!(#place => <#ty as __orm::ColumnType>::value(&self.#name))
    });
    let values_mut = each(model, |field, place| {
        let Field { name, ty, .. } = field;
        quote!(#place => <#ty as __orm::ColumnType>::value_mut(&mut self.#name))
    });
    quote! {
        #[diagnostic::do_not_recommend]
        impl __orm::Model for #name {
            type Table = #table;
            type Key = #key_type;
            type Kind = __orm::#kind;
            type New = #new;
            #constant
            const META: &'static __orm::TableMeta = &TABLE;
            fn decode(cells: &mut __orm::Cells<'_>) -> __orm::Result<Self, __orm::Error> {
                __orm::Ok(Self { #(#reads,)* })
            }
            fn key(&self) -> Self::Key {
                #key
            }
            fn value_at(&self, place: usize) -> &dyn __orm::Value {
                match place {
                    #(#values,)*
                    _ => __orm::no_column(&TABLE, place),
                }
            }
            fn value_at_mut(&mut self, place: usize) -> &mut dyn __orm::Value {
                match place {
                    #(#values_mut,)*
                    _ => __orm::no_column(&TABLE, place),
                }
            }
        }
    }
}

fn each(model: &Model, write: impl Fn(&Field, usize) -> TokenStream) -> Vec<TokenStream> {
    model.fields.iter().enumerate().map(|(place, field)| write(field, place)).collect()
}

/// The value of the constant: every column and relation.
fn constant(model: &Model, table: &Ident) -> TokenStream {
    let columns = each(model, |field, place| {
        let name = &field.name;
        quote!(#name: __orm::Column::new(&COLUMNS[#place]))
    });
    let relations = relation::relations(model);
    let relations = relations.iter().map(|relation| {
        let (name, value) = (relation.name, relation.value());
        quote!(#name: #value)
    });
    quote! {
        const TABLE: #table = #table {
            __alias: __orm::None,
            #(#columns,)*
            #(#relations,)*
        };
    }
}

/// The type of the key, and how an object gives it.
fn key(model: &Model) -> (TokenStream, TokenStream) {
    let types: Vec<_> = model.key().map(|(_, field)| &field.ty).collect();
    let values: Vec<_> = model
        .key()
        .map(|(_, field)| {
            let name = &field.name;
            quote!(__orm::Clone::clone(&self.#name))
        })
        .collect();
    match (&types[..], &values[..]) {
        ([], _) if model.view.is_some() => (quote!(__orm::NoKey), quote!(__orm::no_key(&TABLE))),
        // A model without a key is a mistake that has been reported.
        ([], _) => (quote!(i64), quote!(__orm::no_column(&TABLE, 0))),
        ([ty], [value]) => (quote!(#ty), quote!(#value)),
        _ => (quote!((#(#types),*)), quote!((#(#values),*))),
    }
}

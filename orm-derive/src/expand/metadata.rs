//! Writes the table as data, and the checks that foreign keys fit their targets.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;

use super::at_type;
use crate::ast::{Field, Model, OnDelete, Target};

/// The table and its columns, each in a static that points at the other.
pub(super) fn metadata(model: &Model) -> TokenStream {
    let entity = model.name.unraw().to_string();
    let table = &model.table.value;
    let count = model.fields.len();
    let key = model.key().map(|(place, _)| place);
    let columns = model.fields.iter().enumerate().map(|(place, field)| column(place, field));
    quote! {
        static TABLE: __orm::TableMeta = __orm::TableMeta {
            entity: #entity,
            name: #table,
            columns: &COLUMNS,
            primary_key: &[#(#key),*],
        };
        static COLUMNS: [__orm::ColumnMeta; #count] = [#(#columns),*];
    }
}

fn column(place: usize, field: &Field) -> TokenStream {
    let name = field.name.unraw().to_string();
    let (column, ty) = (&field.column.value, &field.ty);
    let default = match &field.default {
        _ if field.generated.is_some() => quote!(__orm::Default::Identity),
        Some(sql) => {
            let sql = &sql.value;
            quote!(__orm::Default::Sql(#sql))
        }
        None => quote!(__orm::Default::None),
    };
    let references = match &field.references {
        Some(Target { model, column }) => {
            let on_delete = on_delete(field.on_delete.map_or(OnDelete::NoAction, |(action, _)| action));
            quote! {
                __orm::Some(__orm::ForeignKey { target: || #model.#column.meta(), on_delete: __orm::OnDelete::#on_delete })
            }
        }
        None => quote!(__orm::None),
    };
    quote!(__orm::column(&TABLE, #place, #name, #column, <#ty as __orm::ColumnType>::KIND, #default, #references))
}

fn on_delete(action: OnDelete) -> TokenStream {
    match action {
        OnDelete::NoAction => quote!(NoAction),
        OnDelete::Restrict => quote!(Restrict),
        OnDelete::Cascade => quote!(Cascade),
        OnDelete::SetNull => quote!(SetNull),
        OnDelete::SetDefault => quote!(SetDefault),
    }
}

/// A check for each foreign key, reported where its field or relation stands.
pub(super) fn references(model: &Model) -> TokenStream {
    let name = &model.name;
    let own = model.fields.iter().filter_map(|field| {
        let Target { model, column } = field.references.as_ref()?;
        let span = at_type(field);
        let (name, foreign_key) = (at(name, span), at(&field.name, span));
        Some(quote_spanned!(span=> __orm::references(#model.#column, #name.#foreign_key);))
    });
    let key = match model.key().collect::<Vec<_>>()[..] {
        [(_, only)] => Some(&only.name),
        _ => None,
    };
    let others = model.has_many.iter().filter_map(|relation| {
        let Target { model, column } = &relation.foreign_key;
        let span = Span::call_site().located_at(relation.name.span());
        let (name, key) = (at(name, span), at(key?, span));
        Some(quote_spanned!(span=> __orm::has_many(#name.#key, #model.#column);))
    });
    let checks: Vec<_> = own.chain(others).collect();
    if checks.is_empty() { TokenStream::new() } else { quote!(const _: () = { #(#checks)* };) }
}

fn at(name: &Ident, span: Span) -> Ident {
    let mut name = name.clone();
    name.set_span(span);
    name
}

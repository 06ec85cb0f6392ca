//! Writes the constant that has the model's name, and the struct it is of.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::ext::IdentExt;

use super::relation;
use crate::ast::{Field, Model, Related, mentions};

/// `const User`, so that `User.age` is a column.
pub(super) fn constant(model: &Model) -> TokenStream {
    let Model { name, visibility, root, .. } = model;
    // Taken for the derive's own, the name does not offend `non_upper_case_globals`, which a user may forbid.
    let mut constant = name.clone();
    constant.set_span(Span::mixed_site().located_at(name.span()));
    // Hidden, or a link to [`User`] in a user's documentation would be ambiguous.
    quote! {
        #[doc(hidden)]
        #visibility const #constant: <#name as #root::codegen::Model>::Table =
            <#name as #root::codegen::Model>::TABLE;
    }
}

/// A name for the struct that hides none of the names the model uses.
pub(super) fn table_name(model: &Model) -> Ident {
    let mut name = format_ident!("{}Table", model.name.unraw(), span = model.name.span());
    let used: TokenStream =
        model.fields.iter().map(|field| &field.ty).map(ToTokens::to_token_stream).collect();
    let targets = model.fields.iter().filter_map(|field| field.references.as_ref());
    let models = targets.map(|target| &target.model).chain(model.foreign_keys.iter().map(|key| &key.target));
    let models = models.chain(model.related.iter().flat_map(Related::models));
    let used: TokenStream = used.into_iter().chain(models.flat_map(ToTokens::to_token_stream)).collect();
    while mentions(used.clone(), &name) {
        name = format_ident!("{name}_", span = name.span());
    }
    name
}

/// The struct of columns and relations.
pub(super) fn table(model: &Model, table: &Ident) -> TokenStream {
    let Model { name, visibility, .. } = model;
    let columns = model.fields.iter().map(|field| {
        let Field { name: column, visibility, docs, ty, .. } = field;
        quote!(#(#docs)* #visibility #column: __orm::Column<#name, #ty>)
    });
    let relations = relation::relations(model);
    let fields = relations.iter().map(|relation| {
        let (relation, visibility, ty) = (relation.name, relation.visibility, relation.ty(name));
        quote!(#visibility #relation: #ty)
    });
    let names = model.fields.iter().map(|field| &field.name);
    let names = names.chain(relations.iter().map(|relation| relation.name));
    let aliased = names.map(|name| quote!(#name: self.#name.aliased(alias)));
    quote! {
        #[doc(hidden)]
        #[non_exhaustive]
        #visibility struct #table {
            __alias: __orm::Option<__orm::Alias>,
            #(#columns,)*
            #(#fields,)*
        }

        // Written out: a derived `Clone` checks every field by itself, a tenth of what a model costs to compile.
        #[automatically_derived]
        impl ::core::clone::Clone for #table {
            fn clone(&self) -> Self {
                *self
            }
        }

        #[automatically_derived]
        impl ::core::marker::Copy for #table {}

        impl #table {
            /// The same table under another name.
            #[must_use]
            #visibility const fn alias(self, name: &'static str) -> Self {
                self.__under(__orm::Alias::new(name))
            }

            const fn __under(self, alias: __orm::Alias) -> Self {
                Self { __alias: __orm::Some(alias), #(#aliased,)* }
            }
        }

        // A use, or `dead_code` would name the columns of a private model that no statement names yet.
        const _: fn(#table, &'static str) -> #table = #table::alias;

        impl __orm::Table for #table {
            type Model = #name;
            fn named(&self) -> __orm::Option<__orm::Alias> {
                self.__alias
            }
            fn under(self, alias: __orm::Alias) -> Self {
                self.__under(alias)
            }
        }

        // An alias that is kept in a variable stands as `&boss` too. For `&T` of all tables, other crates could write it.
        #[diagnostic::do_not_recommend]
        impl __orm::IntoSource for &#table {
            fn into_source(self) -> __orm::SourceNode {
                __orm::IntoSource::into_source(*self)
            }
        }

        #[diagnostic::do_not_recommend]
        impl __orm::TableRow for #name {
            type Columns = #table;
            fn columns(alias: __orm::Alias) -> #table {
                <#name as __orm::Model>::TABLE.__under(alias)
            }
            fn table() -> &'static __orm::TableMeta {
                &TABLE
            }
        }

        // One impl for each model: of one for all tables, the compiler could not say why another type cannot be selected.
        #[diagnostic::do_not_recommend]
        impl __orm::Selectable for #table {
            type Row = #name;
            fn items(self, items: &mut __orm::Items) {
                items.entity(self)
            }
            fn decode(cells: &mut __orm::Cells<'_>) -> __orm::Result<#name, __orm::Error> {
                <#name as __orm::Model>::decode(cells)
            }
            fn width() -> usize {
                TABLE.columns.len()
            }
        }

        #[diagnostic::do_not_recommend]
        impl __orm::Fill<#name> for #table {
            fn fill_items(self, items: &mut __orm::Items) {
                items.entity(self)
            }
            fn fill(cells: &mut __orm::Cells<'_>) -> __orm::Result<#name, __orm::Error> {
                <#name as __orm::Model>::decode(cells)
            }
            fn fill_width() -> usize {
                TABLE.columns.len()
            }
        }
    }
}

//! Writes a row `of` a model: a constant that selects its columns by their names.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Path;

use super::at_type;
use super::row::located;
use crate::ast::{Row, RowContent, RowField, RowRelation};

/// `const UserCard`, so that `select(UserCard)` is this row.
pub(super) fn constant(row: &Row) -> TokenStream {
    let Row { name, visibility, root, .. } = row;
    let constant = located(name);
    quote! {
        #[doc(hidden)]
        #visibility const #constant: <#name as #root::codegen::RowOf>::Columns =
            <#name as #root::codegen::RowOf>::COLUMNS;
    }
}

/// The struct the constant is of, and that it can be selected.
pub(super) fn selectable(row: &Row, model: &Path) -> TokenStream {
    let Row { name, visibility, root, fields, .. } = row;
    let columns = row.columns_name();
    let items = fields.iter().map(|field| {
        let RowField { name, ty, content, .. } = field;
        let span = at_type(ty);
        let fill = quote_spanned!(span=> __orm::fill::<#ty, _>);
        match content {
            RowContent::Column => quote!(#fill(self.__table.#name, items);),
            RowContent::Count(RowRelation { name, part }) => {
                let count = quote_spanned!(name.span()=> __orm::count_related(self.__table.#name #part));
                quote!(#fill(#count, items);)
            }
            RowContent::Related(relation) => {
                let RowRelation { name, part } = relation;
                let fill = match relation.is_of_something_else() {
                    true => quote_spanned!(span=> __orm::fill_only::<#ty, _>),
                    false => quote_spanned!(span=> __orm::fill_related::<#ty, _>),
                };
                quote!(#fill(self.__table.#name #part, items);)
            }
        }
    });
    let reads = fields.iter().map(|field| {
        let RowField { name, ty, content, .. } = field;
        let read = match content {
            RowContent::Column => quote!(read_of::<#ty>(<#model as __orm::Model>::META)),
            RowContent::Count(_) => quote!(read::<#ty>()),
            RowContent::Related(_) => quote!(related::<#ty>()),
        };
        quote! {
            #name: match cells.#read {
                __orm::Ok(value) => value,
                __orm::Err(error) => return __orm::Err(error),
            }
        }
    });
    let related = fields.iter().filter_map(|field| match &field.content {
        RowContent::Related(relation) => Some(&relation.name),
        _ => None,
    });
    let widths: Vec<_> = related
        .map(|relation| quote!(+ __orm::related_width(<#model as __orm::Model>::TABLE.#relation)))
        .collect();
    let plain = fields.len() - widths.len();
    let width = quote!(#plain #(#widths)*);
    quote! {
        #[doc(hidden)]
        #[derive(::core::clone::Clone, ::core::marker::Copy)]
        #visibility struct #columns { __table: <#model as __orm::Model>::Table }

        impl __orm::RowOf for #name {
            type Columns = #columns;
            const COLUMNS: #columns = #columns { __table: <#model as __orm::Model>::TABLE };
        }

        impl #columns {
            /// The same row of an alias of its table.
            #[must_use]
            #visibility const fn of(self, table: <#model as __orm::Model>::Table) -> Self {
                Self { __table: table }
            }

            /// The row as an `Option`: `None` where all its columns are NULL, as on the right side of a left join.
            #[must_use]
            #visibility const fn optional(self) -> __orm::Optional<Self> {
                __orm::Optional::new(self)
            }
        }

        impl __orm::ShapeOf<#model> for #name {
            type Columns = #columns;
            fn columns() -> #columns {
                <#name as __orm::RowOf>::COLUMNS
            }
        }

        // The columns of the model by their names: `select(UserCard).order_by(UserCard.name)`.
        impl ::core::ops::Deref for #columns {
            type Target = <#model as __orm::Model>::Table;
            fn deref(&self) -> &Self::Target {
                &self.__table
            }
        }

        impl __orm::Selectable for #columns {
            type Row = #name;
            fn items(self, items: &mut __orm::Items) {
                #(#items)*
            }
            fn decode(cells: &mut __orm::Cells<'_>) -> __orm::Result<#name, __orm::Error> {
                __orm::Ok(#name { #(#reads,)* })
            }
            fn width() -> usize {
                #width
            }
        }

        #root::__fill_row!(#columns, #name);
    }
}

/// What a column is called in its table.
pub(super) fn column_name(model: &Path, field: &RowField) -> TokenStream {
    let name = &field.name;
    quote!(<#model as __orm::Model>::TABLE.#name.meta().name)
}

//! Writes that a row with names is the row of a table: of a derived table, a CTE, a function in FROM, a list of values.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;

use super::row::{column_names, unknown_types};
use crate::ast::Row;

/// `impl TableRow`, and `impl ValueRow`.
pub(super) fn table(row: &Row) -> TokenStream {
    let Row { name, fields, .. } = row;
    let (table, columns) = match &row.of {
        Some(model) => {
            let columns = row.columns_name();
            let columns = quote! {
                type Columns = #columns;
                fn columns(alias: __orm::Alias) -> #columns {
                    #columns { __table: __orm::Table::under(<#model as __orm::Model>::TABLE, alias) }
                }
                fn table() -> &'static __orm::TableMeta {
                    <#model as __orm::Model>::META
                }
            };
            (TokenStream::new(), columns)
        }
        None => selected(row),
    };
    let unknown: Vec<_> = unknown_types(row).collect();
    let bounds = (!unknown.is_empty()).then(|| quote!(where #(for<'a> #unknown: __orm::CellType<'a>,)*));
    let fills = match &row.of {
        Some(_) => TokenStream::new(),
        None => {
            quote!(#(for<'a> __orm::RowColumn<#name, #unknown>: __orm::CellColumn<'a, #unknown>,)*)
        }
    };
    let members = fields.iter().map(|field| &field.name);
    quote! {
        #table
        impl __orm::TableRow for #name #bounds #fills {
            #columns
        }

        impl __orm::ValueRow for #name #bounds {
            fn bulk(rows: &[Self], columns: &mut __orm::ValueColumns) {
                #(columns.add(rows, |row| &row.#members);)*
            }
        }
    }
}

/// The columns of a row of its own, as data, and what the trait says of them.
fn selected(row: &Row) -> (TokenStream, TokenStream) {
    let Row { name, fields, .. } = row;
    let (entity, count, select) = (name.unraw().to_string(), fields.len(), row.select_name());
    let members: Vec<_> = fields.iter().map(|field| &field.name).collect();
    let types = fields.iter().map(|field| &field.ty);
    let words = fields.iter().map(|field| field.name.unraw().to_string());
    let names = column_names(row);
    let places = 0..count;
    let table = quote! {
        static TABLE: __orm::TableMeta = __orm::table(#entity, "", &[], &[]);
        static COLUMNS: [__orm::ColumnPair; #count] = __orm::row_columns(&TABLE, [#([#words, #names]),*]);
    };
    let columns = quote! {
        type Columns = #select<#(__orm::RowColumn<#name, #types>),*>;
        fn columns(alias: __orm::Alias) -> Self::Columns {
            #select { #(#members: __orm::row_column(&COLUMNS[#places], alias),)* }
        }
        fn table() -> &'static __orm::TableMeta {
            &TABLE
        }
    };
    (table, columns)
}

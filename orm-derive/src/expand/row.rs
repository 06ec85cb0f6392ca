//! Writes what a row with names is selected by, and how it is read.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::{GenericArgument, PathArguments, Type};

use super::{row_of, row_table};
use crate::ast::{Row, RowField, last_segment, mentions};

/// Everything a row is made of.
pub(crate) fn row(row: &Row) -> TokenStream {
    let Row { name, root, .. } = row;
    let (outside, selected) = match &row.of {
        Some(model) => (row_of::constant(row), row_of::selectable(row, model)),
        None => select_struct(row),
    };
    let named = (!row.has_relations()).then(|| named(row));
    let table = (!row.has_relations()).then(|| row_table::table(row));
    quote! {
        #outside
        #root::__plain_row!(#name);
        const _: () = {
            use #root::codegen as __orm;
            #selected
            #named
            #table
        };
    }
}

/// `struct SelectRevenue`, and that it can be selected.
fn select_struct(row: &Row) -> (TokenStream, TokenStream) {
    let Row { name, visibility, fields, .. } = row;
    let select = row.select_name();
    let parameters = parameters(fields);
    let members = fields.iter().zip(&parameters).map(|(field, parameter)| {
        let RowField { name, visibility, .. } = field;
        let doc = format!("What fills `{}`.", name.unraw());
        quote!(#[doc = #doc] #visibility #name: #parameter)
    });
    let doc = format!("What fills the fields of a `{name}`: `select({select} {{ .. }})`.");
    // No bounds here: each mistake would be told once more.
    let outside = quote! {
        #[doc = #doc]
        #[derive(::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug)]
        #visibility struct #select<#(#parameters),*> { #(#members,)* }
    };
    let names: Vec<_> = fields.iter().map(|field| &field.name).collect();
    let types: Vec<_> = fields.iter().map(|field| &field.ty).collect();
    // With the spans of the fields, what does not fit is shown there, and without advice about derives.
    let bounds = fields.iter().zip(&parameters).map(
        |(RowField { name, ty, .. }, parameter)| quote_spanned!(name.span()=> #parameter: __orm::Fill<#ty>),
    );
    let bounds: Vec<_> = bounds.collect();
    let implementation = quote! {
        impl<#(#bounds),*> __orm::Selectable for #select<#(#parameters),*> {
            type Row = #name;
            fn items(self, items: &mut __orm::Items) {
                #(<#parameters as __orm::Fill<#types>>::fill_items(self.#names, items);)*
            }
            fn decode(cells: &mut __orm::Cells<'_>) -> __orm::Result<#name, __orm::Error> {
                __orm::Ok(#name {
                    #(#names: match <#parameters as __orm::Fill<#types>>::fill(cells) {
                        __orm::Ok(value) => value,
                        __orm::Err(error) => return __orm::Err(error),
                    },)*
                })
            }
            fn width() -> usize {
                0 #(+ <#parameters as __orm::Fill<#types>>::fill_width())*
            }
        }

        #[diagnostic::do_not_recommend]
        impl<#(#bounds),*> __orm::Fill<#name> for #select<#(#parameters),*> {
            fn fill_items(self, items: &mut __orm::Items) {
                __orm::Selectable::items(self, items)
            }
            fn fill(cells: &mut __orm::Cells<'_>) -> __orm::Result<#name, __orm::Error> {
                <Self as __orm::Selectable>::decode(cells)
            }
            fn fill_width() -> usize {
                <Self as __orm::Selectable>::width()
            }
        }

        impl<#(#parameters),*> #select<#(#parameters),*> {
            /// The row as an `Option`: `None` where all its columns are NULL, as on the right side of a left join.
            #[must_use]
            #visibility const fn optional(self) -> __orm::Optional<Self> {
                __orm::Optional::new(self)
            }
        }
    };
    (outside, implementation)
}

/// A type parameter for each field, with a name that hides no type the fields name.
fn parameters(fields: &[RowField]) -> Vec<Ident> {
    let types: TokenStream = fields.iter().map(|field| field.ty.to_token_stream()).collect();
    let mut prefix = "F".to_owned();
    loop {
        let all: Vec<_> = (0..fields.len()).map(|nth| format_ident!("{prefix}{nth}")).collect();
        if !all.iter().any(|name| mentions(types.clone(), name)) {
            return all;
        }
        prefix.push('F');
    }
}

/// `impl FromRow for Revenue`: its fields by the names of columns.
fn named(row: &Row) -> TokenStream {
    let Row { name, fields, .. } = row;
    let entity = name.unraw().to_string();
    let columns = column_names(row);
    let bounds: Vec<_> = unknown_types(row).map(|ty| quote!(for<'a> #ty: __orm::CellType<'a>)).collect();
    let bounds = (!bounds.is_empty()).then(|| quote!(where #(#bounds,)*));
    let reads = fields.iter().map(|field| {
        let RowField { name, ty, .. } = field;
        quote! {
            #name: match cells.read::<#ty>() {
                __orm::Ok(value) => value,
                __orm::Err(error) => return __orm::Err(error),
            }
        }
    });
    quote! {
        impl __orm::FromRow for #name #bounds {
            fn names() -> __orm::Option<__orm::Names> {
                const NAMES: &[&str] = &[#(#columns),*];
                __orm::Some(__orm::Names::new(#entity, NAMES))
            }
            fn from_row(cells: &mut __orm::Cells<'_>) -> __orm::Result<Self, __orm::Error> {
                __orm::Ok(Self { #(#reads,)* })
            }
        }
    }
}

/// What the columns of the fields are called.
pub(super) fn column_names(row: &Row) -> Vec<TokenStream> {
    let name = |field: &RowField| match (&row.of, &field.column) {
        (Some(model), _) => row_of::column_name(model, field),
        (None, Some(column)) => column.value.to_token_stream(),
        (None, None) => field.name.unraw().to_string().to_token_stream(),
    };
    row.fields.iter().map(name).collect()
}

/// The types of fields of which a derive cannot see whether they are those of columns: a bound that is looked at when it is
/// needed.
pub(super) fn unknown_types(row: &Row) -> impl Iterator<Item = &Type> {
    row.fields.iter().map(|field| &field.ty).filter(|ty| !is_known_cell(ty))
}

/// Whether a type is that of a column by the look of it.
fn is_known_cell(ty: &Type) -> bool {
    const KNOWN: [&str; 12] = [
        "i16",
        "i32",
        "i64",
        "f32",
        "f64",
        "bool",
        "String",
        "Decimal",
        "Uuid",
        "NaiveDate",
        "NaiveDateTime",
        "NaiveTime",
    ];
    let Some(last) = last_segment(ty) else { return false };
    match &last.arguments {
        PathArguments::None => KNOWN.iter().any(|known| last.ident == known),
        PathArguments::AngleBracketed(arguments) => match arguments.args.first() {
            Some(GenericArgument::Type(content)) if last.ident == "Option" || last.ident == "Vec" => {
                is_known_cell(content)
            }
            _ => false,
        },
        PathArguments::Parenthesized(_) => false,
    }
}

/// A name at the place of another, resolved as generated code is.
pub(super) fn located(name: &Ident) -> Ident {
    let mut name = name.clone();
    name.set_span(Span::mixed_site().located_at(name.span()));
    name
}

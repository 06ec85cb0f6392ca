//! Writes the struct a new row is made of.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ast::{Field, Model, is_named};

/// `struct NewUser` and `NewUser::new`.
pub(super) fn definition(model: &Model) -> TokenStream {
    let (new, visibility) = (model.new_name(), &model.visibility);
    let fields: Vec<_> = model.insertable().map(|(_, field)| field).collect();
    let members = fields.iter().map(|field| member(field));
    let required: Vec<_> = fields.iter().copied().filter(|field| field.is_required()).collect();
    let parameters = required.iter().map(|field| {
        let (name, ty) = (&field.name, parameter_type(field));
        quote!(#name: #ty)
    });
    let values = fields.iter().map(|field| {
        let name = &field.name;
        if !field.is_required() {
            quote!(#name: ::orm_core::codegen::None)
        } else if converts(field) {
            quote!(#name: ::core::convert::Into::into(#name))
        } else {
            quote!(#name)
        }
    });
    let default = required.is_empty().then(|| quote!(, ::core::default::Default));
    // The one `#[allow]` of the derive, and only where the lint would speak: it is an error where a user forbids the lint.
    let many = (required.len() > 7).then(|| quote!(#[allow(clippy::too_many_arguments)]));
    let row_doc = format!("A new row of `{}`.", model.table.value);
    let new_doc = if required.is_empty() {
        "A new row; every column is left out or NULL."
    } else {
        "A new row from the columns that must be given; the others are left out or NULL."
    };
    quote! {
        #[doc = #row_doc]
        #[derive(::core::clone::Clone, ::core::fmt::Debug #default)]
        #visibility struct #new { #(#members,)* }

        impl #new {
            #[doc = #new_doc]
            #many
            #[must_use]
            #visibility fn new(#(#parameters),*) -> Self {
                Self { #(#values,)* }
            }
        }
    }
}

fn member(field: &Field) -> TokenStream {
    let Field { name, visibility, docs, .. } = field;
    let mut ty = value_type(field);
    if field.default.is_some() {
        ty = quote!(::core::option::Option<#ty>);
    }
    let docs = if docs.is_empty() {
        let doc = format!("The column `{}`.", field.column.value);
        quote!(#[doc = #doc])
    } else {
        quote!(#(#docs)*)
    };
    let default =
        field.default.as_ref().map(|_| quote!(#[doc = ""] #[doc = "`None` leaves it to the database."]));
    quote!(#docs #default #visibility #name: #ty)
}

/// The field's type; for a foreign key, a reference that may be to a row without a key yet.
fn value_type(field: &Field) -> TokenStream {
    let ty = &field.ty;
    match &field.references {
        None => quote!(#ty),
        Some(target) => {
            let model = &target.model;
            let reference = quote!(::orm_core::codegen::Ref<#model>);
            if field.is_option() { quote!(::core::option::Option<#reference>) } else { reference }
        }
    }
}

fn converts(field: &Field) -> bool {
    field.references.is_some() || is_named(&field.ty, "String")
}

fn parameter_type(field: &Field) -> TokenStream {
    let ty = value_type(field);
    if converts(field) { quote!(impl ::core::convert::Into<#ty>) } else { ty }
}

/// `impl NewModel for NewUser`.
pub(super) fn implementation(model: &Model) -> TokenStream {
    let (name, new) = (&model.name, model.new_name());
    let values: Vec<_> = model
        .insertable()
        .map(|(place, field)| {
            let value = value(field);
            quote!(#place => #value)
        })
        .collect();
    let body = if values.is_empty() {
        quote!(__orm::NewValue::Default)
    } else {
        quote!(match place { #(#values,)* _ => __orm::NewValue::Default, })
    };
    let place = if values.is_empty() { quote!(_) } else { quote!(place) };
    quote! {
        impl __orm::NewModel for #new {
            type Model = #name;
            fn value(&self, #place: usize) -> __orm::NewValue<'_> {
                #body
            }
        }
    }
}

fn value(field: &Field) -> TokenStream {
    let Field { name, ty, .. } = field;
    match (&field.references, &field.default) {
        (Some(_), None) => quote!(__orm::ReferenceValue::new_value(&self.#name)),
        (Some(_), Some(_)) => quote!(__orm::reference_or_default(&self.#name)),
        (None, None) => quote!(<#ty as __orm::ColumnType>::new_value(&self.#name)),
        (None, Some(_)) => quote!(<#ty as __orm::ColumnType>::or_default(&self.#name)),
    }
}

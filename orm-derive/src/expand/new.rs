//! Writes the struct a new row is made of.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::{Ident, Path, Type};

use crate::ast::{Field, Model, is_named, last_segment};

/// `struct NewUser` and `NewUser::new`.
pub(super) fn definition(model: &Model) -> TokenStream {
    let (new, visibility, root) = (model.new_name(), &model.visibility, &model.root);
    let fields: Vec<_> = model.insertable().map(|(_, field)| field).collect();
    let members = fields.iter().map(|field| member(model, field));
    let required: Vec<_> = fields.iter().copied().filter(|field| field.is_required()).collect();
    let parameters = required.iter().map(|field| {
        let Field { name, ty, .. } = field;
        match Parameter::of(model, field) {
            Parameter::Reference(target) => quote!(#name: impl #root::codegen::IntoRef<#target, #ty>),
            Parameter::Text => quote!(#name: impl ::core::convert::Into<#ty>),
            Parameter::Value => quote!(#name: #ty),
        }
    });
    let values = fields.iter().map(|field| {
        let name = &field.name;
        if !field.is_required() {
            return quote!(#name: ::core::option::Option::None);
        }
        match Parameter::of(model, field) {
            Parameter::Reference(_) => quote!(#name: #root::codegen::IntoRef::into_ref(#name)),
            Parameter::Text => quote!(#name: ::core::convert::Into::into(#name)),
            Parameter::Value => quote!(#name),
        }
    });
    let derives = derives(model, required.is_empty());
    // The one `#[allow]` of the derive, and only where the lint would speak: it is an error where a user forbids the lint.
    let many = (required.len() > 7).then(|| quote!(#[allow(clippy::too_many_arguments)]));
    let row_doc = format!("A new row of `{}`.", model.table.value);
    let new_doc = if required.is_empty() {
        "A new row; every column is left out or NULL."
    } else {
        "A new row from the columns that must be given; the others are left out or NULL."
    };
    let debug = debug(model, &new, &fields);
    quote! {
        #[doc = #row_doc]
        #[derive(#(#derives),*)]
        #visibility struct #new { #(#members,)* }

        #debug

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

/// What the struct derives: our own, and what the model asks for.
fn derives(model: &Model, default: bool) -> Vec<TokenStream> {
    let mut own = vec![("Clone", quote!(::core::clone::Clone))];
    if !has_secrets(model) {
        own.push(("Debug", quote!(::core::fmt::Debug)));
    }
    if default {
        own.push(("Default", quote!(::core::default::Default)));
    }
    let is_own = |path: &&Path| {
        let is = |name: &str| path.segments.last().is_some_and(|last| last.ident == name);
        is("Debug") || own.iter().any(|(name, _)| is(name))
    };
    let asked = model.new_derives.iter().filter(|path| !is_own(path)).map(ToTokens::to_token_stream);
    let asked: Vec<_> = asked.collect();
    own.into_iter().map(|(_, derive)| derive).chain(asked).collect()
}

fn has_secrets(model: &Model) -> bool {
    model.fields.iter().any(|field| field.secret.is_some())
}

/// `Debug` of a row with values that are not shown.
fn debug(model: &Model, new: &Ident, fields: &[&Field]) -> Option<TokenStream> {
    let shown = |field: &Field| {
        let (name, text) = (&field.name, field.name.unraw().to_string());
        match field.secret {
            Some(_) => quote!(.field(#text, &::core::format_args!(".."))),
            None => quote!(.field(#text, &self.#name)),
        }
    };
    let fields = fields.iter().copied().map(shown);
    let name = new.unraw().to_string();
    has_secrets(model).then(|| {
        quote! {
            impl ::core::fmt::Debug for #new {
                fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    f.debug_struct(#name)#(#fields)*.finish()
                }
            }
        }
    })
}

fn member(model: &Model, field: &Field) -> TokenStream {
    let Field { name, visibility, docs, .. } = field;
    let mut ty = value_type(model, field);
    if field.has_default() {
        ty = quote!(::core::option::Option<#ty>);
    }
    let docs = if docs.is_empty() {
        let doc = format!("The column `{}`.", field.column.value);
        quote!(#[doc = #doc])
    } else {
        quote!(#(#docs)*)
    };
    let default = match (&field.default, &field.client_default) {
        (Some(_), _) => Some(quote!(#[doc = ""] #[doc = "`None` leaves it to the database."])),
        (_, Some(_)) => Some(quote!(#[doc = ""] #[doc = "`None` is filled when the row is added."])),
        _ => None,
    };
    quote!(#docs #default #visibility #name: #ty)
}

/// The field's type; for a foreign key, a reference that may be to a row without a key yet.
fn value_type(model: &Model, field: &Field) -> TokenStream {
    let (ty, root) = (&field.ty, &model.root);
    match model.foreign_key(field) {
        None => quote!(#ty),
        Some((_, target)) => {
            let key = field.base_type();
            let reference = quote!(#root::codegen::Ref<#target, #key>);
            if field.is_option() { quote!(::core::option::Option<#reference>) } else { reference }
        }
    }
}

/// What `NewUser::new` takes for a required column.
enum Parameter<'a> {
    /// For a foreign key to this model.
    Reference(&'a Path),
    /// What may be made of text.
    Text,
    Value,
}

/// Whether it may be a type that `text_type!` declares: a name that is none of the column types there are.
fn may_be_text(ty: &Type) -> bool {
    const OTHERS: [&str; 25] = [
        "i16",
        "i32",
        "i64",
        "f32",
        "f64",
        "bool",
        "Date",
        "DateTime",
        "Decimal",
        "Interval",
        "IpAddr",
        "NaiveDate",
        "NaiveDateTime",
        "NaiveTime",
        "OffsetDateTime",
        "PlainDateTime",
        "PrimitiveDateTime",
        "Time",
        "Timestamp",
        "TsQuery",
        "TsVector",
        "Uuid",
        "UtcDateTime",
        "Value",
        "Xmin",
    ];
    last_segment(ty)
        .is_some_and(|last| last.arguments.is_none() && !OTHERS.iter().any(|other| last.ident == other))
}

impl<'a> Parameter<'a> {
    fn of(model: &'a Model, field: &'a Field) -> Self {
        match model.foreign_key(field) {
            Some((_, target)) => Parameter::Reference(target),
            None if is_named(&field.ty, "String") || may_be_text(&field.ty) => Parameter::Text,
            None => Parameter::Value,
        }
    }
}

/// `impl NewModel for NewUser`.
pub(super) fn implementation(model: &Model) -> TokenStream {
    let (name, new) = (&model.name, model.new_name());
    let initialized = model.fields.iter().enumerate().filter_map(|(place, field)| {
        let value = value(model, field)?;
        Some(quote!(#place => #value))
    });
    let values: Vec<_> = initialized.collect();
    let body = if values.is_empty() {
        quote!(__orm::NewValue::Default)
    } else {
        quote!(match place { #(#values,)* _ => __orm::NewValue::Default, })
    };
    let prepare = prepare(model);
    let place = if values.is_empty() { quote!(_) } else { quote!(place) };
    quote! {
        impl __orm::NewModel for #new {
            type Model = #name;
            fn value(&self, #place: usize) -> __orm::NewValue<'_> {
                #body
            }
            #prepare
        }
    }
}

/// Makes the values of a `client_default`.
fn prepare(model: &Model) -> Option<TokenStream> {
    let made: Vec<_> = model
        .fields
        .iter()
        .filter_map(|field| {
            let (name, function) = (&field.name, field.client_default.as_ref()?);
            Some(quote!(self.#name.get_or_insert_with(#function);))
        })
        .collect();
    (!made.is_empty()).then(|| quote!(fn prepare(&mut self) { #(#made)* }))
}

fn value(model: &Model, field: &Field) -> Option<TokenStream> {
    let Field { name, ty, .. } = field;
    if field.version.is_some() {
        return Some(quote!(__orm::first_version::<#ty>()));
    }
    field.is_insertable().then(|| match (model.foreign_key(field), field.has_default()) {
        (Some(_), false) => quote!(__orm::ReferenceValue::new_value(&self.#name)),
        (Some(_), true) => quote!(__orm::reference_or_default(&self.#name)),
        (None, false) => quote!(<#ty as __orm::ColumnType>::new_value(&self.#name)),
        (None, true) => quote!(<#ty as __orm::ColumnType>::or_default(&self.#name)),
    })
}

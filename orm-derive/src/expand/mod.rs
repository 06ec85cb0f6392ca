//! Writes the code of a model, a row or an enum; whatever it is given, it cannot fail.

mod composite;
mod constant;
mod enumeration;
mod metadata;
mod model;
mod new;
mod newtype;
mod reference;
mod relation;
mod row;
mod row_of;
mod row_table;

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::Type;
use syn::spanned::Spanned;

pub(crate) use composite::composite;
pub(crate) use enumeration::enumeration;
pub(crate) use newtype::newtype;
pub(crate) use row::row;

use crate::ast::Model;

/// The hidden field of a table's struct.
pub(crate) const ALIAS: &str = "__alias";

/// Everything a model is made of.
pub(crate) fn model(model: &Model) -> TokenStream {
    let constant = constant::constant(model);
    let definition = model.view.is_none().then(|| new::definition(model));
    let table_name = constant::table_name(model);
    let table = constant::table(model, &table_name);
    let metadata = metadata::metadata(model);
    let references = reference::references(model);
    let implementation = model::implementation(model, &table_name);
    let new = model.view.is_none().then(|| new::implementation(model));
    let link = relation::link(model);
    let root = &model.root;
    quote! {
        #constant
        #definition
        const _: () = {
            use #root::codegen as __orm;
            #metadata
            #table
            #implementation
            #new
            #link
            #references
        };
    }
}

/// Where what concerns a field's type is reported: on the type. Names resolve as in all generated code.
fn at_type(ty: &Type) -> Span {
    Span::call_site().located_at(ty.span())
}

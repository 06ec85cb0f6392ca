//! Reads an enum.

use syn::ext::IdentExt;
use syn::{Data, DeriveInput, Fields};

use super::item::{Place, items};
use super::value;
use crate::ast::{Enumeration, Text, Variant};
use crate::mistake::Mistakes;
use crate::name::snake;

const NAME: &[&str] = &["name", "crate"];
const LABEL: &[&str] = &["label"];
const PLACE: Place = Place { name: "an enum", keys: NAME, repeated: &[], other: Some(("a variant", LABEL)) };
const VARIANT: Place =
    Place { name: "a variant", keys: LABEL, repeated: &[], other: Some(("the enum", NAME)) };

/// The enum as written; `None` if it is no enum.
pub(crate) fn enumeration(input: &DeriveInput, mistakes: &mut Mistakes) -> Option<Enumeration> {
    let name = &input.ident;
    let generic = !input.generics.params.is_empty();
    if generic {
        mistakes.on(&input.generics, "a PostgreSQL enum has no type parameters or lifetimes: remove them");
    }
    let mut type_name = snake_text(name);
    let mut root = value::default_root();
    for mut item in items(&input.attrs, &PLACE, mistakes) {
        match PLACE.key(&mut item.key, mistakes) {
            Some("crate") => value::set_root(&mut root, &item, mistakes),
            Some(_) => {
                if let Some(source) = value::string(&item, &type_name.value, mistakes) {
                    type_name = source;
                }
            }
            None => {}
        }
    }
    let Data::Enum(data) = &input.data else {
        let message = "`#[derive(Enum)]` needs an enum whose variants have no fields";
        mistakes.on(name, format!("{message}: for a table write `#[derive(Model)]`"));
        return None;
    };
    let variants: Vec<_> = data.variants.iter().map(|source| variant(source, mistakes)).collect();
    let plain = data.variants.iter().all(|source| matches!(source.fields, Fields::Unit));
    let can_be_written = plain && !generic && !variants.is_empty();
    Some(Enumeration { name: name.clone(), root, type_name, variants, can_be_written })
}

fn variant(source: &syn::Variant, mistakes: &mut Mistakes) -> Variant {
    let name = &source.ident;
    if !matches!(source.fields, Fields::Unit) {
        mistakes.on(
            &source.fields,
            format!("a PostgreSQL enum's values are labels without fields: write `{name}` alone"),
        );
    }
    let mut label = snake_text(name);
    for mut item in items(&source.attrs, &VARIANT, mistakes) {
        if VARIANT.key(&mut item.key, mistakes).is_some()
            && let Some(source) = value::string(&item, &label.value, mistakes)
        {
            label = source;
        }
    }
    Variant { name: name.clone(), label }
}

fn snake_text(name: &syn::Ident) -> Text {
    Text { value: snake(&name.unraw().to_string()), span: name.span() }
}

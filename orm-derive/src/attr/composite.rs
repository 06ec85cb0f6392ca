//! Reads a struct that is a composite type.

use syn::DeriveInput;
use syn::ext::IdentExt;

use super::item::{Place, items};
use super::model::named_fields;
use super::value;
use crate::ast::{Composite, Text};
use crate::mistake::Mistakes;
use crate::name::snake;

const PLACE: Place = Place { name: "a composite type", keys: &["name", "crate"], repeated: &[], other: None };

/// The struct as written; `None` if it has no named fields.
pub(crate) fn composite(input: &DeriveInput, mistakes: &mut Mistakes) -> Option<Composite> {
    let name = &input.ident;
    let mut root = value::default_root();
    let mut type_name = Text { value: snake(&name.unraw().to_string()), span: name.span() };
    for mut item in items(&input.attrs, &PLACE, mistakes) {
        match PLACE.key(&mut item.key, mistakes) {
            Some("crate") => value::set_root(&mut root, &item, mistakes),
            Some(_) => {
                if let Some(written) = value::string(&item, &type_name.value, mistakes) {
                    type_name = written;
                }
            }
            None => {}
        }
    }
    let generic = !input.generics.params.is_empty();
    if generic {
        mistakes.on(&input.generics, "a composite type has no type parameters or lifetimes: remove them");
    }
    let named = named_fields(input, "Composite", mistakes)?;
    if named.named.is_empty() {
        mistakes.on(name, "a composite type has at least one field: add one");
        return None;
    }
    let fields = named.named.iter().filter_map(|field| Some((field.ident.clone()?, field.ty.clone())));
    let fields = fields.collect();
    (!generic).then(|| Composite { name: name.clone(), root, type_name, fields })
}

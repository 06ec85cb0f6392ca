//! Reads a field of a model.

use syn::Ident;

use super::item::{Place, items};
use super::{model, value};
use crate::ast::Field;
use crate::mistake::Mistakes;

pub(super) const KEYS: &[&str] =
    &["primary_key", "generated", "column", "default", "references", "relation", "on_delete"];

const PLACE: Place = Place { name: "a field", keys: KEYS, other: Some(("the struct", model::KEYS)) };

/// A field with what its attributes say.
pub(super) fn field(given: &syn::Field, name: &Ident, mistakes: &mut Mistakes) -> Field {
    let mut field = Field {
        name: name.clone(),
        visibility: given.vis.clone(),
        docs: given.attrs.iter().filter(|attribute| attribute.path().is_ident("doc")).cloned().collect(),
        ty: given.ty.clone(),
        column: value::plain(name),
        primary_key: None,
        generated: None,
        default: None,
        references: None,
        relation: None,
        on_delete: None,
    };
    for item in items(&given.attrs, mistakes) {
        match item.key.to_string().as_str() {
            "primary_key" => field.primary_key = value::flag(&item, mistakes),
            "generated" => field.generated = value::flag(&item, mistakes),
            "column" => {
                if let Some(name) = value::string(&item, &field.column.value, mistakes) {
                    field.column = name;
                }
            }
            "default" => field.default = value::string(&item, "now()", mistakes),
            "references" => field.references = value::target(&item, mistakes),
            "relation" => field.relation = value::word(&item, &relation_name(&field), mistakes),
            "on_delete" => field.on_delete = value::on_delete(&item, mistakes),
            _ => PLACE.unknown(&item.key, mistakes),
        }
    }
    field
}

/// `user` for `user_id`.
fn relation_name(field: &Field) -> String {
    let column = &field.column.value;
    column.strip_suffix("_id").map_or_else(|| format!("{column}_row"), str::to_owned)
}

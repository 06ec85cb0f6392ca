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
    let mut unclear = false;
    for item in items(&given.attrs, mistakes) {
        let Some(key) = PLACE.key(&item.key, mistakes) else { continue };
        match key {
            "primary_key" => field.primary_key = value::flag(&item, mistakes),
            "generated" => field.generated = value::flag(&item, mistakes),
            "column" => {
                if let Some(name) = value::string(&item, &field.column.value, mistakes) {
                    field.column = name;
                }
            }
            "default" => field.default = value::string(&item, "now()", mistakes),
            "references" => {
                field.references = value::target(&item, mistakes);
                unclear = field.references.is_none();
            }
            "relation" => field.relation = value::word(&item, &relation_name(&field), mistakes),
            _ => field.on_delete = value::on_delete(&item, mistakes),
        }
    }
    if unclear {
        // The foreign key itself has been reported, so what belongs to it is no further mistake.
        field.relation = None;
        field.on_delete = None;
    }
    field
}

/// `user` for `user_id`.
fn relation_name(field: &Field) -> String {
    let column = &field.column.value;
    column.strip_suffix("_id").map_or_else(|| format!("{column}_row"), str::to_owned)
}

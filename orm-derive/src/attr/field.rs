//! Reads a field of a model.

use syn::{Ident, LitStr};

use super::item::{Item, ItemValue, Place, items};
use super::{constraint, model, value};
use crate::ast::{Actions, Field, Index};
use crate::mistake::Mistakes;

pub(super) const KEYS: &[&str] = &[
    "primary_key",
    "generated",
    "column",
    "default",
    "client_default",
    "computed",
    "version",
    "secret",
    "unique",
    "index",
    "check",
    "references",
    "relation",
    "on_delete",
    "on_update",
    "deferrable",
];

const PLACE: Place =
    Place { name: "a field", keys: KEYS, repeated: &[], other: Some(("the struct", model::KEYS)) };

/// A field with what its attributes say; its index goes to those of the model.
pub(super) fn field(
    source: &syn::Field,
    name: &Ident,
    indexes: &mut Vec<Index>,
    mistakes: &mut Mistakes,
) -> Field {
    let mut field = plain(source, name);
    let mut unclear = false;
    for mut item in items(&source.attrs, &PLACE, mistakes) {
        let Some(key) = PLACE.key(&mut item.key, mistakes) else { continue };
        match key {
            "primary_key" => field.primary_key = value::flag(&item, mistakes),
            "generated" => field.generated = value::generated(&item, mistakes),
            "column" => {
                if let Some(name) = value::string(&item, &field.column.value, mistakes) {
                    field.column = name;
                }
            }
            "default" => field.default = value::default(&item, mistakes),
            "client_default" => field.client_default = value::function(&item, mistakes),
            "computed" => field.computed = value::string(&item, "price * amount", mistakes),
            "version" => field.version = value::flag(&item, mistakes),
            "secret" => field.secret = value::flag(&item, mistakes),
            "unique" => field.unique = constraint::unique_of_field(item, mistakes),
            "index" => indexes.extend(constraint::index_of_field(item, name, mistakes)),
            "check" => field.check = value::string(&item, &format!("{} > 0", field.column.value), mistakes),
            "references" => {
                field.references = value::target(&item, mistakes);
                unclear = field.references.is_none();
            }
            "relation" => field.relation = value::word(&item, &relation_name(&field), mistakes),
            "on_delete" => field.actions.on_delete = value::action(&item, mistakes),
            "deferrable" => field.deferrable = value::deferrable(&item, mistakes),
            _ => on_update(&item, &mut field, mistakes),
        }
    }
    if unclear {
        // The foreign key itself has been reported, so what belongs to it is no further mistake.
        field.relation = None;
        field.actions = Actions::default();
        field.deferrable = None;
    }
    field
}

/// A field without attributes of ours.
fn plain(source: &syn::Field, name: &Ident) -> Field {
    Field {
        name: name.clone(),
        visibility: source.vis.clone(),
        docs: value::docs(&source.attrs),
        ty: source.ty.clone(),
        column: value::plain(name),
        primary_key: None,
        generated: None,
        default: None,
        client_default: None,
        computed: None,
        version: None,
        secret: None,
        on_update: None,
        unique: None,
        check: None,
        references: None,
        relation: None,
        actions: Actions::default(),
        deferrable: None,
    }
}

/// `on_update = "now()"`, what the column becomes; `on_update = cascade`, what a foreign key does.
fn on_update(item: &Item, field: &mut Field, mistakes: &mut Mistakes) {
    let is_text = match &item.value {
        ItemValue::Equals(value) => syn::parse2::<LitStr>(value.clone()).is_ok(),
        _ => false,
    };
    if is_text {
        field.on_update = value::string(item, "now()", mistakes);
    } else if field.references.is_some() {
        field.actions.on_update = value::action(item, mistakes);
    } else if let Some((_, span)) = value::action(item, &mut Mistakes::default()) {
        mistakes.at(
            span,
            "`on_update` of a foreign key is what happens to it, and stands behind `references = User.id`; of another \
             column it is SQL in quotes: write `on_update = \"now()\"`",
        );
    } else {
        field.on_update = value::string(item, "now()", mistakes);
    }
}

/// `user` for `user_id`.
fn relation_name(field: &Field) -> String {
    let column = &field.column.value;
    column.strip_suffix("_id").map_or_else(|| format!("{column}_row"), str::to_owned)
}

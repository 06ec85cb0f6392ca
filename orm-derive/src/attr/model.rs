//! Reads the struct of a model.

use syn::ext::IdentExt;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Data, DeriveInput, Fields, FieldsNamed, Path, Token};

use super::item::{Item, ItemValue, Place, items, split};
use super::{constraint, field, filter, policy, relation, value};
use crate::ast::{Model, Text, View};
use crate::mistake::Mistakes;
use crate::name::{plural, snake};

pub(super) const KEYS: &[&str] = &[
    "table",
    "schema",
    "view",
    "has_many",
    "has_one",
    "many_to_many",
    "foreign_key",
    "unique",
    "index",
    "check",
    "policy",
    "row_security",
    "filter",
    "soft_delete",
    "new",
    "crate",
];

const PLACE: Place = Place {
    name: "a model",
    keys: KEYS,
    repeated: &[
        "has_many",
        "has_one",
        "many_to_many",
        "foreign_key",
        "unique",
        "index",
        "check",
        "policy",
        "filter",
    ],
    other: Some(("a field", field::KEYS)),
};

/// The model as written; `None` if it is no struct with named fields.
pub(crate) fn model(input: &DeriveInput, mistakes: &mut Mistakes) -> Option<Model> {
    let named = named_fields(input, "Model", mistakes);
    let mut model = plain(input);
    if !model.can_be_written {
        mistakes.on(
            &input.generics,
            "a model has no type parameters or lifetimes: its table has columns of fixed, owned types",
        );
    }
    for mut item in items(&input.attrs, &PLACE, mistakes) {
        let Some(key) = PLACE.key(&mut item.key, mistakes) else { continue };
        match key {
            "table" => {
                if let Some(name) = value::string(&item, &model.table.value, mistakes) {
                    model.table = name;
                }
            }
            "schema" => model.schema = value::string(&item, "shop", mistakes),
            "view" => model.view = view(&item, mistakes),
            "has_many" => model.related.extend(relation::has_many(item, mistakes)),
            "has_one" => model.related.extend(relation::has_one(item, mistakes)),
            "many_to_many" => model.related.extend(relation::many_to_many(item, mistakes)),
            "foreign_key" => model.foreign_keys.extend(constraint::foreign_key(item, mistakes)),
            "unique" => model.uniques.extend(constraint::unique(item, mistakes)),
            "index" => model.indexes.extend(constraint::index(item, mistakes)),
            "check" => model.checks.extend(value::string(&item, "price > 0", mistakes)),
            "policy" => model.policies.extend(policy::policy(item, mistakes)),
            "row_security" => model.row_security = policy::row_security(&item, mistakes),
            "filter" => model.filters.extend(filter::filters(item, mistakes)),
            "soft_delete" => model.soft_delete = value::word(&item, "deleted_at", mistakes),
            "new" => model.new_derives = new_derives(item, mistakes),
            _ => value::set_root(&mut model.root, &item, mistakes),
        }
    }
    without_schema(&model, mistakes);
    for source in &named?.named {
        if let Some(name) = &source.ident {
            let field = field::field(source, name, &mut model.indexes, mistakes);
            model.fields.push(field);
        }
    }
    Some(model)
}

/// A model without attributes and fields.
fn plain(input: &DeriveInput) -> Model {
    let table = plural(&snake(&input.ident.unraw().to_string()));
    Model {
        name: input.ident.clone(),
        visibility: input.vis.clone(),
        docs: value::docs(&input.attrs),
        root: value::default_root(),
        view: None,
        schema: None,
        table: Text { value: table, span: input.ident.span() },
        fields: Vec::new(),
        related: Vec::new(),
        foreign_keys: Vec::new(),
        uniques: Vec::new(),
        indexes: Vec::new(),
        checks: Vec::new(),
        row_security: None,
        policies: Vec::new(),
        filters: Vec::new(),
        soft_delete: None,
        new_derives: Vec::new(),
        can_be_written: input.generics.params.is_empty(),
    }
}

/// The name is quoted, so that a dot is a part of it for PostgreSQL: `"shop.users"` would be a table of the first schema. Beside
/// another schema it is meant.
fn without_schema(model: &Model, mistakes: &mut Mistakes) {
    let Some((schema, table)) = model.table.value.split_once('.') else { return };
    if model.schema.as_ref().is_none_or(|said| said.value == schema) {
        let message = format!(
            "a name with a dot is no table of a schema: write `schema = {schema:?}, table = {table:?}`"
        );
        mistakes.at(model.table.span, message);
    }
}

/// `view`, or `view = "SELECT .."`.
fn view(item: &Item, mistakes: &mut Mistakes) -> Option<View> {
    let query = match item.value {
        ItemValue::Nothing => None,
        _ => value::string(item, "SELECT ..", mistakes),
    };
    Some(View { query })
}

/// `new(derive(PartialEq))`.
fn new_derives(item: Item, mistakes: &mut Mistakes) -> Vec<Path> {
    const FORM: &str = "expected what the insert struct derives: write `new(derive(PartialEq))`";
    let ItemValue::List(list) = item.value else {
        mistakes.on(item, FORM);
        return Vec::new();
    };
    let mut derives = Vec::new();
    for part in split(list, mistakes) {
        match part.value {
            ItemValue::List(paths) if part.key == "derive" => {
                let parsed = Punctuated::<Path, Token![,]>::parse_terminated.parse2(paths.clone());
                match parsed {
                    Ok(paths) => derives.extend(paths),
                    Err(_) => mistakes.on(paths, FORM),
                }
            }
            _ => mistakes.on(part.key, FORM),
        }
    }
    derives
}

/// The fields of a struct with named ones, as this derive needs it.
pub(super) fn named_fields<'a>(
    input: &'a DeriveInput,
    derive: &str,
    mistakes: &mut Mistakes,
) -> Option<&'a FieldsNamed> {
    let name = &input.ident;
    let found = match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => return Some(fields),
            Fields::Unnamed(_) => "a tuple struct",
            Fields::Unit => "a unit struct",
        },
        Data::Enum(_) => "an enum",
        Data::Union(_) => "a union",
    };
    mistakes.on(
        name,
        format!(
            "`#[derive({derive})]` needs a struct with named fields, and `{name}` is {found}: write \
             `struct {name} {{ .. }}`"
        ),
    );
    None
}

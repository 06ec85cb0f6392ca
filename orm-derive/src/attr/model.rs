//! Reads the struct of a model.

use syn::ext::IdentExt;
use syn::{Data, DeriveInput, Fields, FieldsNamed};

use super::item::{Given, Item, Place, items, split};
use super::{field, value};
use crate::ast::{HasMany, Model, Text};
use crate::mistake::Mistakes;
use crate::name::{plural, snake};

pub(super) const KEYS: &[&str] = &["table", "has_many"];

const PLACE: Place = Place { name: "a model", keys: KEYS, other: Some(("a field", field::KEYS)) };

/// The model as written; `None` if it is no struct with named fields.
pub(crate) fn model(input: &DeriveInput, mistakes: &mut Mistakes) -> Option<Model> {
    let named = named_fields(input, mistakes);
    let generic = !input.generics.params.is_empty();
    if generic {
        mistakes.on(
            &input.generics,
            "a model has no type parameters or lifetimes: its table has columns of fixed, owned types",
        );
    }
    let table = plural(&snake(&input.ident.unraw().to_string()));
    let mut model = Model {
        name: input.ident.clone(),
        visibility: input.vis.clone(),
        table: Text { value: table, span: input.ident.span() },
        fields: Vec::new(),
        has_many: Vec::new(),
        can_be_written: !generic,
    };
    for item in items(&input.attrs, mistakes) {
        let Some(key) = PLACE.key(&item.key, mistakes) else { continue };
        match key {
            "table" => {
                if let Some(name) = value::string(&item, &model.table.value, mistakes) {
                    model.table = name;
                }
            }
            _ => model.has_many = has_many(item, mistakes),
        }
    }
    for given in &named?.named {
        if let Some(name) = &given.ident {
            model.fields.push(field::field(given, name, mistakes));
        }
    }
    Some(model)
}

fn named_fields<'a>(input: &'a DeriveInput, mistakes: &mut Mistakes) -> Option<&'a FieldsNamed> {
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
            "`#[derive(Model)]` needs a struct with named fields, and `{name}` is {found}: write \
             `struct {name} {{ .. }}`"
        ),
    );
    None
}

/// `has_many(posts = Post.user_id, ..)`.
fn has_many(item: Item, mistakes: &mut Mistakes) -> Vec<HasMany> {
    let Given::List(list) = item.value else {
        let message = "expected a list of relations: write `has_many(posts = Post.user_id)`";
        mistakes.on(item, message);
        return Vec::new();
    };
    let relations = split(list, mistakes);
    if relations.is_empty() {
        mistakes.on(&item.key, "expected a relation: write `has_many(posts = Post.user_id)`");
    }
    relations
        .into_iter()
        .filter_map(|relation| {
            let foreign_key = value::target(&relation, mistakes)?;
            Some(HasMany { name: relation.key, foreign_key })
        })
        .collect()
}

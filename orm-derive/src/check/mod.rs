//! Finds every mistake in a model or an enum that parsed, and takes out what would only cause further errors.

mod column;
mod filter;
mod foreign_key;
mod key;
mod origin;
mod policy;
mod relation;
mod table;
mod view;

use crate::ast::{Enumeration, Model, Text};
use crate::expand::ALIAS;
use crate::mistake::Mistakes;

/// PostgreSQL cuts longer names off, silently.
const LONGEST_NAME: usize = 63;

/// Checks a model.
pub(crate) fn model(model: &mut Model, mistakes: &mut Mistakes) {
    name("table", &model.table, mistakes);
    if let Some(schema) = &model.schema {
        name("schema", schema, mistakes);
    }
    view::check(model, mistakes);
    for field in &mut model.fields {
        column::check(field, mistakes);
        origin::check(field, mistakes);
        foreign_key::single(field, mistakes);
    }
    twice(model.fields.iter().map(|field| &field.column), "column", mistakes);
    // Such a field would stand twice in the table's struct.
    model.can_be_written &= model.fields.iter().all(|field| field.name != ALIAS);
    key::check(model, mistakes);
    origin::version(model, mistakes);
    foreign_key::composite(model, mistakes);
    table::check(model, mistakes);
    policy::check(model, mistakes);
    filter::check(model, mistakes);
    relation::names(model, mistakes);
}

/// Checks the name of a type.
pub(crate) fn type_name(written: &Text, mistakes: &mut Mistakes) {
    name("type", written, mistakes);
}

/// Checks an enum.
pub(crate) fn enumeration(enumeration: &Enumeration, mistakes: &mut Mistakes) {
    name("type", &enumeration.type_name, mistakes);
    if enumeration.variants.is_empty() {
        mistakes.on(&enumeration.name, "a PostgreSQL enum has at least one label: add a variant");
    }
    for variant in &enumeration.variants {
        name("label", &variant.label, mistakes);
    }
    twice(enumeration.variants.iter().map(|variant| &variant.label), "label", mistakes);
}

/// A name in the database.
fn name(what: &str, name: &Text, mistakes: &mut Mistakes) {
    let Text { value, span } = name;
    if value.is_empty() {
        mistakes.at(*span, format!("a {what} has a name: write at least one letter"));
    }
    if value.contains('\0') {
        mistakes.at(*span, format!("PostgreSQL has no {what} with a zero byte in its name: remove it"));
    }
    if value.len() > LONGEST_NAME {
        mistakes.at(
            *span,
            format!(
                "PostgreSQL cuts names off after {LONGEST_NAME} bytes, and the {what} `{value}` has {}: write a \
                 shorter one with {}",
                value.len(),
                attribute(what)
            ),
        );
    }
}

/// What gives another name.
fn attribute(what: &str) -> String {
    match what {
        "constraint" | "index" | "constraint or index" | "policy" => "`name = \"..\"`".to_owned(),
        "role" => "`to = \"..\"`".to_owned(),
        "type" => "`#[orm(name = \"..\")]`".to_owned(),
        _ => format!("`#[orm({what} = \"..\")]`"),
    }
}

/// Names that must differ.
fn twice<'a>(names: impl Iterator<Item = &'a Text>, what: &str, mistakes: &mut Mistakes) {
    let mut seen: Vec<&str> = Vec::new();
    for name in names {
        if seen.contains(&name.value.as_str()) {
            mistakes.at(
                name.span,
                format!("there is a {what} `{}` already: write another with {}", name.value, attribute(what)),
            );
        }
        seen.push(&name.value);
    }
}

//! Finds every mistake in a model or an enum that parsed, and takes out what would only cause further errors.

use proc_macro2::Span;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{Ident, Type};

use crate::ast::{Enumeration, Field, Model, OnDelete, Text, last_segment};
use crate::expand::ALIAS;
use crate::mistake::Mistakes;

/// PostgreSQL cuts longer names off, silently.
const LONGEST_NAME: usize = 63;

/// How many columns a primary key may have.
const LONGEST_KEY: usize = 4;

/// The columns every table has anyway.
const SYSTEM_COLUMNS: [&str; 6] = ["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"];

/// Checks a model.
pub(crate) fn model(model: &mut Model, mistakes: &mut Mistakes) {
    name("table", &model.table, mistakes);
    for field in &mut model.fields {
        column(field, mistakes);
        origin(field, mistakes);
        foreign_key(field, mistakes);
    }
    twice(model.fields.iter().map(|field| &field.column), "column", mistakes);
    // Such a field would stand twice in the table's struct.
    model.can_be_written &= model.fields.iter().all(|field| field.name != ALIAS);
    key(model, mistakes);
    relation_names(model, mistakes);
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
        let attribute = match what {
            "table" => "table",
            "type" => "name",
            _ => what,
        };
        mistakes.at(
            *span,
            format!(
                "PostgreSQL cuts names off after {LONGEST_NAME} bytes, and the {what} `{value}` has {}: write a \
                 shorter one with `#[orm({attribute} = \"..\")]`",
                value.len()
            ),
        );
    }
}

/// Names that must differ.
fn twice<'a>(names: impl Iterator<Item = &'a Text>, what: &str, mistakes: &mut Mistakes) {
    let mut seen: Vec<&str> = Vec::new();
    for name in names {
        if seen.contains(&name.value.as_str()) {
            mistakes.at(
                name.span,
                format!(
                    "there is a {what} `{0}` already: write another with `#[orm({what} = \"..\")]`",
                    name.value
                ),
            );
        }
        seen.push(&name.value);
    }
}

/// A field's names: in the database, and in the struct of the table.
fn column(field: &Field, mistakes: &mut Mistakes) {
    name("column", &field.column, mistakes);
    if SYSTEM_COLUMNS.contains(&field.column.value.as_str()) {
        mistakes.at(
            field.column.span,
            format!(
                "every PostgreSQL table has a system column `{}`: write another name with `#[orm(column = \"..\")]`",
                field.column.value
            ),
        );
    }
    if field.name == ALIAS {
        mistakes.on(&field.name, format!("`{ALIAS}` is used by the derive: call the field something else"));
    }
}

/// Where a new row's value comes from.
fn origin(field: &mut Field, mistakes: &mut Mistakes) {
    if let Some(default) = &field.default
        && default.value.trim().is_empty()
    {
        mistakes.at(default.span, "expected an SQL expression: write `default = \"''\"` for an empty text");
    }
    let Some(span) = field.generated else { return };
    if let Some(default) = field.default.take() {
        mistakes.at(
            default.span,
            "a `generated` column is numbered by the database, so it has no `default`: remove one of the two",
        );
    }
    if field.references.is_some() {
        mistakes.at(
            span,
            "a foreign key is the key of another row, so it is not `generated`: remove one of the two",
        );
        field.generated = None;
    } else if let Some(content) = field.option_content() {
        let content = content.to_token_stream();
        mistakes.on(&field.ty, format!("a `generated` column is never NULL: write `{content}`"));
    } else if is_no_integer(&field.ty) {
        mistakes.on(&field.ty, "a `generated` column is an integer: write `i64`, or give it a `default`");
    }
}

/// Whether the type is surely no integer; of a user's own types a derive knows nothing.
fn is_no_integer(ty: &Type) -> bool {
    const OTHERS: [&str; 15] = [
        "String",
        "bool",
        "f32",
        "f64",
        "Vec",
        "Uuid",
        "DateTime",
        "NaiveDateTime",
        "NaiveDate",
        "NaiveTime",
        "Interval",
        "IpAddr",
        "Json",
        "Value",
        "Decimal",
    ];
    last_segment(ty).is_some_and(|last| OTHERS.iter().any(|other| last.ident == other))
}

/// What goes with `references`.
fn foreign_key(field: &mut Field, mistakes: &mut Mistakes) {
    if field.references.is_none() {
        if let Some(relation) = field.relation.take() {
            mistakes.on(relation, "a relation needs its foreign key: write `references = User.id` before it");
        }
        if let Some((_, span)) = field.on_delete.take() {
            mistakes.at(span, "`on_delete` belongs to a foreign key: write `references = User.id` before it");
        }
    }
    match field.on_delete {
        Some((OnDelete::SetNull, span)) if !field.is_option() => {
            let ty = field.ty.to_token_stream();
            mistakes.at(
                span,
                format!("`set_null` needs a column that can be NULL: make the field an `Option<{ty}>`"),
            );
        }
        Some((OnDelete::SetDefault, span)) if field.default.is_none() && !field.is_option() => {
            mistakes.at(span, "`set_default` needs a default: write `default = \"..\"` too");
        }
        _ => {}
    }
}

/// The primary key.
fn key(model: &mut Model, mistakes: &mut Mistakes) {
    let name = model.name.unraw();
    if model.key().next().is_none() {
        let example = match model.fields.iter().find(|field| field.name == "id") {
            Some(_) => "the field `id`",
            None => "the field that identifies a row",
        };
        mistakes.on(
            &model.name,
            format!("`{name}` has no primary key: write `#[orm(primary_key)]` on {example}"),
        );
    }
    let mut length = 0;
    for field in &mut model.fields {
        let Some(span) = field.primary_key else { continue };
        length += 1;
        if let Some(content) = field.option_content() {
            let content = content.to_token_stream();
            mistakes.on(&field.ty, format!("a primary key is never NULL: write `{content}`"));
            field.primary_key = None;
        } else if length > LONGEST_KEY {
            mistakes
                .at(span, format!("a primary key has at most {LONGEST_KEY} columns: remove `primary_key`"));
            field.primary_key = None;
        }
    }
    if length > 1 {
        for relation in &model.has_many {
            mistakes.on(
                &relation.name,
                format!("`has_many` needs a primary key of one column, and `{name}` has {length}"),
            );
        }
    }
}

/// Relations stand beside the columns in the table's struct.
fn relation_names(model: &mut Model, mistakes: &mut Mistakes) {
    let columns: Vec<Ident> = model.fields.iter().map(|field| field.name.clone()).collect();
    let mut relations: Vec<Ident> = Vec::new();
    let mut is_free = |name: &Ident, span: Span| {
        let text = name.unraw();
        let clash = if columns.iter().any(|column| column.unraw() == text) {
            Some("column")
        } else if relations.contains(name) {
            Some("relation")
        } else if name == ALIAS {
            mistakes.at(span, format!("`{ALIAS}` is used by the derive: call the relation something else"));
            return false;
        } else {
            relations.push(name.clone());
            None
        };
        if let Some(other) = clash {
            mistakes
                .at(span, format!("there is a {other} `{text}` already: call the relation something else"));
        }
        clash.is_none()
    };
    for field in &mut model.fields {
        field.relation = field.relation.take().filter(|name| is_free(name, name.span()));
    }
    model.has_many.retain(|relation| is_free(&relation.name, relation.name.span()));
}

//! Checks what is said of several columns together: unique constraints and indexes.

use syn::Ident;
use syn::ext::IdentExt;

use super::{name, twice};
use crate::ast::{IndexPart, Model};
use crate::mistake::Mistakes;
use crate::name::similar;

pub(super) fn check(model: &mut Model, mistakes: &mut Mistakes) {
    for sql in &model.checks {
        if sql.value.trim().is_empty() {
            mistakes.at(
                sql.span,
                "expected an SQL condition: write, for example, `check = \"starts_on < ends_on\"`",
            );
        }
    }
    let mut uniques = std::mem::take(&mut model.uniques);
    uniques.retain(|unique| known(model, unique.columns.iter(), mistakes));
    let mut indexes = std::mem::take(&mut model.indexes);
    indexes.retain(|index| {
        let columns = index.parts.iter().filter_map(|part| match part {
            IndexPart::Column(column) => Some(column),
            IndexPart::Expression(_) => None,
        });
        known(model, columns, mistakes)
    });
    for sql in indexes.iter().flat_map(|index| &index.parts) {
        if let IndexPart::Expression(sql) = sql
            && sql.value.trim().is_empty()
        {
            mistakes
                .at(sql.span, "expected an SQL expression: write, for example, `index(\"lower(email)\")`");
        }
    }
    let of_uniques: Vec<_> = uniques.iter().filter_map(|unique| unique.name.as_ref()).collect();
    let of_indexes: Vec<_> = indexes.iter().filter_map(|index| index.name.as_ref()).collect();
    of_uniques.iter().for_each(|written| name("constraint", written, mistakes));
    of_indexes.iter().for_each(|written| name("index", written, mistakes));
    twice(of_uniques.into_iter().chain(of_indexes), "constraint or index", mistakes);
    model.uniques = uniques;
    model.indexes = indexes;
}

/// Whether all of these are fields, each once.
fn known<'a>(model: &Model, columns: impl Iterator<Item = &'a Ident>, mistakes: &mut Mistakes) -> bool {
    let mut seen: Vec<&Ident> = Vec::new();
    let mut right = true;
    for column in columns {
        if model.place(column).is_none() {
            mistakes.on(column, unknown(model, column));
            right = false;
        } else if seen.contains(&column) {
            mistakes.on(column, format!("`{column}` is named twice here: remove one"));
            right = false;
        }
        seen.push(column);
    }
    right
}

/// A column that is no field.
pub(super) fn unknown(model: &Model, column: &Ident) -> String {
    let fields: Vec<String> = model.fields.iter().map(|field| field.name.unraw().to_string()).collect();
    let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
    let question = similar(&column.unraw().to_string(), &fields);
    let question = question.map(|name| format!(": did you mean `{name}`?")).unwrap_or_default();
    format!("`{}` has no field `{column}`{question}", model.name.unraw())
}

//! Reads what a model says of several columns together: foreign keys, unique constraints, indexes.

use proc_macro2::{Ident, Span, TokenTree};
use quote::ToTokens;
use syn::parse::Parser;
use syn::{LitStr, Path};

use super::item::{Item, ItemValue, commas, item, split};
use super::value;
use crate::ast::{Actions, Deferrable, ForeignKey, Index, IndexPart, Text, Unique};
use crate::mistake::Mistakes;
use crate::name::similar;

/// `foreign_key(tenant_id, order_id = Order, on_delete = cascade)`.
pub(super) fn foreign_key(attribute: Item, mistakes: &mut Mistakes) -> Option<ForeignKey> {
    const FORM: &str = "expected the columns, and the model they point at behind the last: write \
                        `foreign_key(tenant_id, order_id = Order)`";
    let ItemValue::List(list) = attribute.value else {
        mistakes.on(attribute, FORM);
        return None;
    };
    let (mut columns, mut target, mut actions) = (Vec::new(), None, Actions::default());
    let (mut deferrable, mut relation) = (Deferrable::No, None);
    for part in split(list, mistakes) {
        match (&part.value, part.key.to_string().as_str()) {
            (_, "on_delete") => actions.on_delete = value::action(&part, mistakes),
            (_, "on_update") => actions.on_update = value::action(&part, mistakes),
            (_, "deferrable") => deferrable = self::deferrable(&part, mistakes),
            (_, "relation") => relation = value::word(&part, "order", mistakes),
            (ItemValue::Nothing, _) if target.is_none() => columns.push(part.key),
            (ItemValue::Equals(model), _) if target.is_none() => {
                let path = Path::parse_mod_style.parse2(model.clone());
                if path.is_err() {
                    mistakes
                        .on(model, "expected a model, whose primary key is meant: write `order_id = Order`");
                }
                columns.push(part.key);
                target = Some(path.ok());
            }
            _ => mistakes.on(&part.key, FORM),
        }
    }
    match target {
        None => mistakes.on(&attribute.key, FORM),
        Some(_) if columns.len() == 1 => mistakes.on(
            &columns[0],
            format!(
                "a foreign key of one column stands on its field: write `references = Order.id` on `{}`",
                columns[0]
            ),
        ),
        Some(target) => return Some(ForeignKey { columns, target: target?, relation, actions, deferrable }),
    }
    None
}

/// `unique(a, b, name = "..", deferrable)` on a struct.
pub(super) fn unique(attribute: Item, mistakes: &mut Mistakes) -> Option<Unique> {
    const FORM: &str = "expected columns: write `unique(tenant_id, email)`";
    let ItemValue::List(list) = attribute.value else {
        mistakes.on(attribute, FORM);
        return None;
    };
    let mut unique = Unique { name: None, columns: Vec::new(), deferrable: Deferrable::No };
    for part in split(list, mistakes) {
        match (&part.value, part.key.to_string().as_str()) {
            (_, "deferrable") => unique.deferrable = deferrable(&part, mistakes),
            (ItemValue::Nothing, _) => unique.columns.push(part.key),
            (_, "name") => unique.name = value::string(&part, "users_email_key", mistakes),
            (_, "where" | "method") => mistakes.on(
                &part.key,
                "a unique constraint is of all rows, and of columns: write `index(.., unique)` for one of some rows",
            ),
            _ => mistakes.on(&part.key, FORM),
        }
    }
    if unique.columns.is_empty() {
        mistakes.on(&attribute.key, FORM);
        return None;
    }
    Some(unique)
}

/// `unique`, or `unique(deferrable)`, on a field.
pub(super) fn unique_of_field(attribute: Item, mistakes: &mut Mistakes) -> Option<(Deferrable, Span)> {
    const FORM: &str = "expected nothing, or when it is checked: write `unique` or `unique(deferrable)`";
    let span = attribute.key.span();
    let ItemValue::List(list) = attribute.value else {
        return value::flag(&attribute, mistakes).map(|span| (Deferrable::No, span));
    };
    let mut found = Deferrable::No;
    for part in split(list, mistakes) {
        match part.key.to_string().as_str() {
            "deferrable" => found = deferrable(&part, mistakes),
            _ => {
                mistakes.on(&part.key, format!("{FORM}; constraints of several columns stand on the struct"))
            }
        }
    }
    Some((found, span))
}

fn deferrable(part: &Item, mistakes: &mut Mistakes) -> Deferrable {
    value::deferrable(part, mistakes).map_or(Deferrable::No, |(found, _)| found)
}

/// `index(a, "lower(b)", method = "gin", where = "c > 0", name = "..", unique)` on a struct.
pub(super) fn index(attribute: Item, mistakes: &mut Mistakes) -> Option<Index> {
    const FORM: &str =
        "expected columns, or SQL expressions in quotes: write `index(name, \"lower(email)\")`";
    let key = attribute.key.clone();
    let index = index_parts(attribute, FORM, mistakes)?;
    if index.parts.is_empty() {
        mistakes.on(key, FORM);
        return None;
    }
    Some(index)
}

/// `index`, or `index(method = "gin")`, on a field.
pub(super) fn index_of_field(attribute: Item, field: &Ident, mistakes: &mut Mistakes) -> Option<Index> {
    const FORM: &str = "expected nothing, or how: write `index` or `index(method = \"gin\")`";
    let key = attribute.key.clone();
    let mut index = match attribute.value {
        ItemValue::Nothing => empty(),
        _ => index_parts(attribute, FORM, mistakes)?,
    };
    if !index.parts.is_empty() {
        mistakes
            .on(key, "an index of several columns or of an expression stands on the struct: move it there");
        return None;
    }
    index.parts.push(IndexPart::Column(field.clone()));
    Some(index)
}

fn empty() -> Index {
    Index { name: None, unique: false, method: None, parts: Vec::new(), predicate: None }
}

fn index_parts(attribute: Item, form: &str, mistakes: &mut Mistakes) -> Option<Index> {
    let ItemValue::List(list) = attribute.value else {
        value::wrong(&attribute, mistakes, form);
        return None;
    };
    let mut index = empty();
    for part in commas(list, mistakes) {
        if let [TokenTree::Literal(literal)] = &part[..]
            && let Ok(text) = syn::parse2::<LitStr>(literal.to_token_stream())
        {
            index.parts.push(IndexPart::Expression(Text { value: text.value(), span: text.span() }));
            continue;
        }
        let Some(part) = item(part, mistakes) else { continue };
        match (&part.value, part.key.to_string().as_str()) {
            (_, "unique") => index.unique = value::flag(&part, mistakes).is_some(),
            (ItemValue::Nothing, _) => index.parts.push(IndexPart::Column(part.key)),
            (_, "name") => index.name = value::string(&part, "users_email_idx", mistakes),
            (_, "method") => index.method = value::string(&part, "gin", mistakes),
            (_, "where") => index.predicate = value::string(&part, "deleted_at IS NULL", mistakes),
            _ => mistakes.on(&part.key, unknown_of_index(&part.key)),
        }
    }
    Some(index)
}

fn unknown_of_index(key: &Ident) -> String {
    let meant = similar(&key.to_string(), &["name", "method", "where", "unique"]);
    let question = meant.map(|name| format!("did you mean `{name}`? ")).unwrap_or_default();
    format!(
        "{question}an index has columns, expressions in quotes, `method = \"..\"`, `where = \"..\"`, `name = \"..\"` and \
         `unique`"
    )
}

//! Checks the primary key.

use quote::ToTokens;
use syn::Type;
use syn::ext::IdentExt;

use crate::ast::{Model, last_segment};
use crate::mistake::Mistakes;

/// How many columns a primary key may have.
const LONGEST_KEY: usize = 4;

pub(super) fn check(model: &mut Model, mistakes: &mut Mistakes) {
    if model.view.is_some() {
        return;
    }
    let name = model.name.unraw();
    if model.key().next().is_none() {
        let example = match model.fields.iter().find(|field| field.name == "id") {
            Some(_) => "the field `id`",
            None => "the field that identifies a row",
        };
        mistakes.on(
            &model.name,
            format!(
                "`{name}` has no primary key: write `#[orm(primary_key)]` on {example}, or `#[orm(view)]` on the struct if \
                 it is a view"
            ),
        );
    }
    let mut length = 0;
    for field in &mut model.fields {
        let Some(span) = field.primary_key else { continue };
        length += 1;
        if let Some(span) = field.secret.take() {
            mistakes.at(
                span,
                "a primary key names its row in messages, so it cannot be `secret`: remove one of the two",
            );
        }
        if let Some(content) = field.option_content() {
            let content = content.to_token_stream();
            mistakes.on(&field.ty, format!("a primary key is never NULL: write `{content}`"));
            field.primary_key = None;
        } else if let Some(name) = inexact(&field.ty) {
            mistakes.on(
                &field.ty,
                format!("a primary key is compared exactly, and a `{name}` is not: write `i64`, `String` or `Uuid`"),
            );
            field.primary_key = None;
        } else if length > LONGEST_KEY {
            mistakes
                .at(span, format!("a primary key has at most {LONGEST_KEY} columns: remove `primary_key`"));
            field.primary_key = None;
        }
    }
    if length == 1 {
        let only = model.fields.iter_mut().find(|field| field.primary_key.is_some());
        if let Some((_, span)) = only.and_then(|field| field.unique.take()) {
            mistakes.at(span, "a primary key is unique already: remove `unique`");
        }
    }
}

/// The name of a type whose values are surely no keys; of a user's own types a derive knows nothing.
fn inexact(ty: &Type) -> Option<String> {
    const INEXACT: [&str; 4] = ["f32", "f64", "Json", "Value"];
    let name = last_segment(ty)?.ident.to_string();
    INEXACT.contains(&name.as_str()).then_some(name)
}

//! Checks where the values of a column come from, of which there can be one source.

use proc_macro2::Span;
use quote::ToTokens;
use syn::Type;
use syn::spanned::Spanned;

use crate::ast::{Field, Model, last_segment};
use crate::mistake::Mistakes;

pub(super) fn check(field: &mut Field, mistakes: &mut Mistakes) {
    for (sql, key) in [
        (&field.default, "default = \"''\""),
        (&field.computed, "computed = \"price * amount\""),
        (&field.on_update, "on_update = \"now()\""),
        (&field.check, "check = \"price > 0\""),
    ] {
        if let Some(sql) = sql
            && sql.value.trim().is_empty()
        {
            mistakes.at(sql.span, format!("expected an SQL expression: write, for example, `{key}`"));
        }
    }
    one_source(field, mistakes);
    if let Some((_, span)) = field.generated {
        generated(field, span, mistakes);
    }
}

/// Takes out all sources of a value but one.
fn one_source(field: &mut Field, mistakes: &mut Mistakes) {
    const GENERATED: &str = "a `generated` column is numbered by the database";
    const COMPUTED: &str = "a `computed` column is kept up to date by the database";
    const VERSION: &str = "a `version` is counted by the flush";
    let owner = if field.computed.is_some() {
        COMPUTED
    } else if field.version.is_some() {
        VERSION
    } else if field.generated.is_some() {
        GENERATED
    } else {
        if field.default.is_some()
            && let Some(function) = field.client_default.take()
        {
            let message = "a value comes from the database's `default` or from the program's `client_default`: remove one";
            mistakes.on(function, message);
        }
        return;
    };
    let default = field.default.take().map(|sql| ("default", sql.span));
    let client = field.client_default.take().map(|path| ("client_default", path.span()));
    let on_update = field.on_update.take().map(|sql| ("on_update", sql.span));
    for (key, span) in [default, client, on_update].into_iter().flatten() {
        mistakes.at(span, format!("{owner}, so it has no `{key}`: remove one of the two"));
    }
    if owner != GENERATED
        && let Some((_, span)) = field.generated.take()
    {
        mistakes.at(span, format!("{owner}, so it is not `generated`: remove one of the two"));
    }
    if owner == COMPUTED
        && let Some(span) = field.version.take()
    {
        mistakes.at(span, format!("{owner}, so it is no `version`: remove one of the two"));
    }
    if owner != GENERATED
        && let Some(span) = field.primary_key.take()
    {
        mistakes.at(span, format!("{owner}, so it cannot be a primary key: remove one of the two"));
    }
}

fn generated(field: &mut Field, span: Span, mistakes: &mut Mistakes) {
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

/// The column that counts changes.
pub(super) fn version(model: &mut Model, mistakes: &mut Mistakes) {
    let mut first = true;
    for field in &mut model.fields {
        let Some(span) = field.version else { continue };
        if !std::mem::take(&mut first) {
            mistakes.at(span, "a row has one `version`: remove the others");
            field.version = None;
        } else if field.references.is_some() {
            mistakes.at(
                span,
                "a foreign key is the key of another row, so it is no `version`: remove one of the two",
            );
            field.version = None;
        } else if let Some(content) = field.option_content() {
            let content = content.to_token_stream();
            mistakes.on(&field.ty, format!("a `version` is never NULL: write `{content}`"));
            field.version = None;
        }
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

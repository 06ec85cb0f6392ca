//! Checks foreign keys, and what goes with them.

use proc_macro2::Span;
use quote::ToTokens;

use super::table::unknown;
use crate::ast::{Action, Field, Model};
use crate::mistake::Mistakes;

/// That of a single column.
pub(super) fn single(field: &mut Field, mistakes: &mut Mistakes) {
    if field.references.is_none() {
        if let Some(relation) = field.relation.take() {
            mistakes.on(relation, "a relation needs its foreign key: write `references = User.id` before it");
        }
        if let Some((_, span)) = field.actions.on_delete.take() {
            mistakes.at(span, "`on_delete` belongs to a foreign key: write `references = User.id` before it");
        }
        if let Some((_, span)) = field.deferrable.take() {
            mistakes.at(
                span,
                "`deferrable` of a field belongs to its foreign key: write `references = User.id` before it, or \
                 `unique(deferrable)` for a unique column",
            );
        }
        return;
    }
    if let Some(sql) = &field.computed {
        mistakes.at(
            sql.span,
            "a foreign key is the key of another row, so it is not `computed`: remove one of the two",
        );
        field.computed = None;
    }
    if let Some(function) = field.client_default.take() {
        mistakes.on(
            function,
            "a foreign key is the key of another row, so it has no `client_default`: remove one of the two",
        );
    }
    for (action, span) in [field.actions.on_delete, field.actions.on_update].into_iter().flatten() {
        possible(field, action, span, mistakes);
    }
}

/// Whether a column can become what an action makes of it.
fn possible(field: &Field, action: Action, span: Span, mistakes: &mut Mistakes) {
    match action {
        Action::SetNull if !field.is_option() => {
            let (name, ty) = (&field.name, field.ty.to_token_stream());
            mistakes.at(
                span,
                format!("`set_null` needs a column that can be NULL: make `{name}` an `Option<{ty}>`"),
            );
        }
        Action::SetDefault if field.default.is_none() && !field.is_option() => {
            mistakes.at(
                span,
                format!("`set_default` needs a default: write `default = \"..\"` on `{}` too", field.name),
            );
        }
        _ => {}
    }
}

/// Those of several columns.
pub(super) fn composite(model: &mut Model, mistakes: &mut Mistakes) {
    let mut keys = std::mem::take(&mut model.foreign_keys);
    keys.retain(|key| {
        let mut right = true;
        for (nth, column) in key.columns.iter().enumerate() {
            let Some(place) = model.place(column) else {
                mistakes.on(column, unknown(model, column));
                right = false;
                continue;
            };
            let field = &model.fields[place];
            if key.columns[..nth].contains(column) {
                mistakes.on(column, format!("`{column}` is twice in this foreign key: remove one"));
                right = false;
            } else if !field.is_insertable() {
                mistakes.on(
                    column,
                    format!("`{column}` gets its value by itself, so it cannot be a foreign key"),
                );
                right = false;
            } else if field.client_default.is_some() {
                mistakes.on(
                    column,
                    format!("`{column}` is part of a foreign key, so it has no `client_default`"),
                );
                right = false;
            }
            for (action, span) in [key.actions.on_delete, key.actions.on_update].into_iter().flatten() {
                possible(field, action, span, mistakes);
            }
        }
        right
    });
    model.foreign_keys = keys;
}

//! Checks that a view has nothing that only a table can have.

use proc_macro2::Span;
use syn::spanned::Spanned;

use crate::ast::{Actions, Field, IndexPart, Model};
use crate::mistake::Mistakes;

/// Takes out what a view cannot have.
pub(super) fn check(model: &mut Model, mistakes: &mut Mistakes) {
    let Some(view) = &model.view else { return };
    if let Some(query) = &view.query
        && query.value.trim().is_empty()
    {
        mistakes
            .at(query.span, "expected the query of the view: write `view = \"SELECT ..\"`, or `view` alone");
    }
    let mut refused: Vec<(&str, Span)> = Vec::new();
    refused.extend(model.related.drain(..).map(|relation| ("relations", relation.name.span())));
    refused.extend(model.foreign_keys.drain(..).map(|key| ("foreign keys", key.target.span())));
    refused.extend(model.uniques.drain(..).map(|unique| ("constraints", unique.columns[0].span())));
    refused.extend(model.checks.drain(..).map(|sql| ("constraints", sql.span)));
    refused.extend(model.policies.drain(..).map(|policy| ("policies", policy.name.span)));
    refused.extend(model.row_security.take().map(|(_, span)| ("policies", span)));
    refused.extend(model.soft_delete.take().map(|column| ("rows to delete", column.span())));
    refused.extend(model.new_derives.drain(..).map(|path| ("new rows", path.span())));
    refused.extend(model.indexes.drain(..).filter_map(|index| Some(("indexes", span(index.parts.first()?)))));
    model.fields.iter_mut().for_each(|field| of_field(field, &mut refused));
    for (what, span) in refused {
        mistakes.at(span, format!("a view has no {what}: remove this, or `view`"));
    }
}

fn span(part: &IndexPart) -> Span {
    match part {
        IndexPart::Column(column) => column.span(),
        IndexPart::Expression(sql) => sql.span,
    }
}

fn of_field(field: &mut Field, refused: &mut Vec<(&'static str, Span)>) {
    let flags = [
        ("primary key", field.primary_key.take()),
        ("generated columns", field.generated.take().map(|(_, span)| span)),
        ("version", field.version.take()),
        ("constraints", field.unique.take().map(|(_, span)| span)),
    ];
    let texts = [
        ("defaults", field.default.take()),
        ("computed columns", field.computed.take()),
        ("updates", field.on_update.take()),
        ("constraints", field.check.take()),
    ];
    refused.extend(flags.into_iter().filter_map(|(what, span)| Some((what, span?))));
    refused.extend(texts.into_iter().filter_map(|(what, text)| Some((what, text?.span))));
    refused.extend(field.client_default.take().map(|path| ("defaults", path.span())));
    if let Some(target) = field.references.take() {
        refused.push(("foreign keys", target.model.span()));
        field.relation = None;
        field.actions = Actions::default();
        field.deferrable = None;
    }
}

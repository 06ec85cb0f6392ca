//! Checks the names of relations, which stand beside the columns in the table's struct.

use proc_macro2::Span;
use syn::Ident;
use syn::ext::IdentExt;

use crate::ast::Model;
use crate::expand::ALIAS;
use crate::mistake::Mistakes;

pub(super) fn names(model: &mut Model, mistakes: &mut Mistakes) {
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
    for key in &mut model.foreign_keys {
        key.relation = key.relation.take().filter(|name| is_free(name, name.span()));
    }
    model.related.retain(|relation| is_free(&relation.name, relation.name.span()));
}

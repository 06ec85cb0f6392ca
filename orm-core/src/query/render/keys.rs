//! Renders the statement that reads rows by their keys.

use super::{Rendered, Renderer};
use crate::query::ast::{Item, Source};
use crate::schema::TableMeta;
use crate::types::Parameter;

/// Whole rows by arrays of their keys, one for each column of the key.
pub(crate) fn by_keys(table: &'static TableMeta, keys: Vec<Parameter>) -> Rendered {
    let source = Source { table, alias: None };
    let mut out = Renderer::new();
    out.push("SELECT ");
    out.items(&[Item::Entity { source, optional: false }], true);
    out.push(" FROM ");
    out.source(source);
    out.push(" WHERE (");
    out.separated(", ", table.key(), |this, column| {
        this.name(table.name);
        this.push(".");
        this.name(column.name);
    });
    out.push(") IN (SELECT * FROM unnest(");
    out.separated(", ", &keys, Renderer::parameter);
    out.push("))");
    out.finish()
}

//! Checks the conditions that rows are read with by themselves, and the column that marks rows as deleted.

use syn::ext::IdentExt;

use super::table::unknown;
use crate::ast::Model;
use crate::condition::{Condition, condition};
use crate::mistake::Mistakes;

pub(super) fn check(model: &mut Model, mistakes: &mut Mistakes) {
    if let Some(column) = &model.soft_delete
        && model.place(column).is_none()
    {
        mistakes.on(column, unknown(model, column));
        model.soft_delete = None;
    }
    let mut filters = std::mem::take(&mut model.filters);
    let mut seen: Vec<String> = model.soft_delete.iter().map(|column| column.unraw().to_string()).collect();
    filters.retain(|filter| {
        let name = filter.name.unraw().to_string();
        if seen.contains(&name) {
            mistakes.on(
                &filter.name,
                format!("there is a filter `{name}` already: write another name, or one condition"),
            );
            return false;
        }
        seen.push(name);
        match condition(&filter.sql.value, &model.columns()) {
            Ok(Condition { places, .. }) if places.is_empty() => {
                let columns: Vec<_> = model.columns().iter().map(|column| format!("`{column}`")).collect();
                mistakes.at(
                    filter.sql.span,
                    format!("the condition names no column of the table: known are {}", columns.join(", ")),
                );
                false
            }
            Ok(_) => true,
            Err(message) => {
                mistakes.at(filter.sql.span, message);
                false
            }
        }
    });
    model.filters = filters;
}

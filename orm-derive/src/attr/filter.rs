//! Reads `filter(active = "deleted_at IS NULL")`.

use super::item::{Item, ItemValue, split};
use super::value;
use crate::ast::Filter;
use crate::mistake::Mistakes;

const FORM: &str = "expected a name and an SQL condition: write `filter(active = \"deleted_at IS NULL\")`";

/// `filter(name = "condition", ..)`.
pub(super) fn filters(item: Item, mistakes: &mut Mistakes) -> Vec<Filter> {
    let ItemValue::List(list) = item.value else {
        mistakes.on(item, FORM);
        return Vec::new();
    };
    let parts = split(list, mistakes);
    if parts.is_empty() {
        mistakes.on(&item.key, FORM);
    }
    let filters = parts.into_iter().filter_map(|part| {
        if let ItemValue::Equals(_) = part.value {
            let sql = value::string(&part, "deleted_at IS NULL", mistakes)?;
            return Some(Filter { name: part.key, sql });
        }
        mistakes.on(part, FORM);
        None
    });
    filters.collect()
}

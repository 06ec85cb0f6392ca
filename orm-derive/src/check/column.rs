//! Checks a column's names: in the database, and in the struct of the table.

use super::name;
use crate::ast::Field;
use crate::expand::ALIAS;
use crate::mistake::Mistakes;

/// The columns every table has anyway.
const SYSTEM_COLUMNS: [&str; 6] = ["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"];

pub(super) fn check(field: &Field, mistakes: &mut Mistakes) {
    name("column", &field.column, mistakes);
    if SYSTEM_COLUMNS.contains(&field.column.value.as_str()) && !field.is_system() {
        mistakes.at(
            field.column.span,
            format!(
                "every PostgreSQL table has a system column `{}`: write another name with `#[orm(column = \"..\")]`",
                field.column.value
            ),
        );
    }
    if field.name == ALIAS {
        mistakes.on(&field.name, format!("`{ALIAS}` is used by the derive: call the field something else"));
    }
}

//! Orders tables so that every foreign key finds its target.

use super::TableMeta;

/// Puts referenced tables first, each table once; a table's references to itself do not count, and tables whose
/// references form a circle stay as given.
pub(crate) fn order_by_foreign_keys(tables: &[&'static TableMeta]) -> Vec<&'static TableMeta> {
    let mut ordered = Vec::with_capacity(tables.len());
    let mut path = Vec::new();
    for table in tables {
        visit(table, tables, &mut path, &mut ordered);
    }
    ordered
}

fn visit(
    table: &'static TableMeta,
    tables: &[&'static TableMeta],
    path: &mut Vec<&'static TableMeta>,
    ordered: &mut Vec<&'static TableMeta>,
) {
    if ordered.contains(&table) || path.contains(&table) {
        return;
    }
    path.push(table);
    for target in table.targets() {
        if tables.contains(&target) {
            visit(target, tables, path, ordered);
        }
    }
    path.pop();
    ordered.push(table);
}

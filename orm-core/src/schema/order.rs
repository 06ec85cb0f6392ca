//! Orders tables so that every foreign key finds its target.

use super::TableMeta;

/// Tables in an order in which each comes after those it references.
#[derive(Debug)]
pub(crate) struct Order {
    /// Every table once, the referenced ones first; tables of a circle in the order given.
    pub(crate) tables: Vec<&'static TableMeta>,
    /// Whether foreign keys of different tables form a circle.
    pub(crate) circular: bool,
}

/// Puts referenced tables first; a table's references to itself do not count.
pub(crate) fn order_by_foreign_keys(given: &[&'static TableMeta]) -> Order {
    let mut order = Order { tables: Vec::with_capacity(given.len()), circular: false };
    let mut path = Vec::new();
    for table in given {
        visit(table, given, &mut path, &mut order);
    }
    order
}

fn visit(
    table: &'static TableMeta,
    given: &[&'static TableMeta],
    path: &mut Vec<&'static TableMeta>,
    order: &mut Order,
) {
    if order.tables.contains(&table) {
        return;
    }
    if path.contains(&table) {
        order.circular = true;
        return;
    }
    path.push(table);
    for target in targets(table) {
        if target != table && given.contains(&target) {
            visit(target, given, path, order);
        }
    }
    path.pop();
    order.tables.push(table);
}

fn targets(table: &TableMeta) -> impl Iterator<Item = &'static TableMeta> {
    table.columns.iter().filter_map(|column| column.references.as_ref()).map(|key| (key.target)().table)
}

//! The order of tables in which all flushes lock rows.

use crate::schema::TableMeta;

/// Where a table stands among those whose rows are locked: referencing tables first, for foreign keys and triggers lock in
/// that order too.
pub(super) fn order_of_locks(table: &'static TableMeta) -> (isize, (Option<&'static str>, &'static str)) {
    (-rank(table), (table.schema, table.name))
}

/// How many tables the foreign keys of a table lead to: more than those of a table that it refers to.
fn rank(table: &'static TableMeta) -> isize {
    let mut reached = vec![table];
    let mut next = 0;
    while let Some(&table) = reached.get(next) {
        next += 1;
        for target in table.targets() {
            if !reached.contains(&target) {
                reached.push(target);
            }
        }
    }
    reached.len() as isize
}

//! How rows of a table hang on rows of another: by a foreign key, or by several, where the rows between need not be loaded
//! to tell.

use crate::schema::{Action, ForeignKey, TableMeta};

/// Columns of a table that hold what columns of another hold, and what happens to its rows when those change or go.
#[derive(Clone, Debug)]
pub(super) struct Link {
    pub(super) table: &'static TableMeta,
    pub(super) columns: Vec<usize>,
    pub(super) target: &'static TableMeta,
    pub(super) places: Vec<usize>,
    pub(super) on_delete: Action,
    pub(super) on_update: Action,
    /// The foreign key it begins with, where there are tables between.
    pub(super) first: Option<&'static ForeignKey>,
}

impl Link {
    /// The columns of the foreign key it begins with.
    pub(super) fn reference(&self) -> &[usize] {
        self.first.map_or(&self.columns, |key| key.columns)
    }

    pub(super) fn action(&self, is_deleted: bool) -> Action {
        if is_deleted { self.on_delete } else { self.on_update }
    }
}

/// The links of a table: its foreign keys that act, and those of the tables they lead to whose columns are part of what
/// they point at.
pub(super) fn links(table: &'static TableMeta) -> Vec<Link> {
    let mut found = Vec::new();
    add(table, &mut Vec::new(), &mut found);
    found
}

fn add(table: &'static TableMeta, on_the_way: &mut Vec<&'static TableMeta>, found: &mut Vec<Link>) {
    on_the_way.push(table);
    for key in table.foreign_keys.iter().filter(|key| key.on_delete.acts() || key.on_update.acts()) {
        let target = (key.target)();
        found.push(Link {
            table,
            columns: key.columns.to_vec(),
            target: target.table,
            places: target.places.to_vec(),
            on_delete: key.on_delete,
            on_update: key.on_update,
            first: None,
        });
        if on_the_way.contains(&target.table) {
            continue;
        }
        let mut further = Vec::new();
        add(target.table, on_the_way, &mut further);
        found.extend(further.iter().filter_map(|link| through(table, key, link)));
    }
    on_the_way.pop();
}

/// A link of the table that a key points at, as one of the key's own table; `None` where its columns are not all part of
/// what the key points at.
fn through(table: &'static TableMeta, key: &'static ForeignKey, link: &Link) -> Option<Link> {
    let places = (key.target)().places;
    let own = |column: &usize| places.iter().position(|place| place == column).map(|nth| key.columns[nth]);
    let passes =
        |between: Action, own: Action| if between == Action::Cascade { own } else { Action::NoAction };
    Some(Link {
        table,
        columns: link.columns.iter().map(own).collect::<Option<Vec<_>>>()?,
        target: link.target,
        places: link.places.clone(),
        on_delete: passes(link.on_delete, key.on_delete),
        on_update: passes(link.on_update, key.on_update),
        first: Some(key),
    })
}

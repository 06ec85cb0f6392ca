//! Renders an UPDATE that changes keys, so that the statements behind it find the rows by the keys they had.
//!
//! Before PostgreSQL 18 RETURNING knows only what a row holds afterwards, so the UPDATE is joined to its own table. The
//! values before and after it stay on the server, in settings that end with the transaction: what was sent in the same
//! pipeline cannot know them.

use super::own::Own;
use super::{Rendered, Renderer};
use crate::query::ast::{Item, Logical, Node, Source, Update};
use crate::query::resolve;
use crate::schema::{ColumnMeta, TableMeta};
use crate::types::BulkColumn;

/// Columns of the rows to be read that follow columns of the changed table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CascadedColumns {
    /// Each with its place among what is sent of the rows.
    pub(crate) columns: Vec<(usize, &'static ColumnMeta)>,
}

/// Locks the rows an UPDATE will change: a key that another transaction changes at the same moment would be missed by the
/// join.
pub(crate) fn lock(update: &Update) -> Rendered {
    let mut out = Renderer::new();
    out.push("SELECT count(*) FROM (");
    out.open(resolve::update(update));
    out.push("SELECT 1 FROM ");
    out.source(update.source);
    for source in update.beside() {
        out.push(", ");
        out.table_source(source.content);
    }
    out.filter_by(&update.filter, &update.default_filters());
    out.push(" FOR UPDATE OF ");
    out.name(update.source.name());
    out.push(") AS locked");
    out.finish()
}

/// An UPDATE that keeps what these columns, the key among them, held before and hold after it. It gives what its
/// RETURNING asks for, or else one row with the number of the changed ones.
pub(crate) fn update_with_key_changes(update: &Update, columns: &[&'static ColumnMeta]) -> Rendered {
    let mut out = Renderer::new();
    let returned = Renderer::names_of(&update.returning);
    out.push("WITH u(");
    out.separated(", ", &returned, |this, (name, _)| this.name(name));
    out.push(if returned.is_empty() { "" } else { ", " });
    out.separated(", ", columns, |this, column| {
        this.push(&format!("\"orm b{0}\", \"orm a{0}\"", column.place));
    });
    out.push(") AS (");
    out.update_joined(update, columns);
    out.push(" RETURNING ");
    if !update.returning.is_empty() {
        out.items(&update.returning, true);
        out.push(", ");
    }
    out.before_and_after(update, columns);
    out.push("), s AS MATERIALIZED (SELECT count(*) AS n");
    for column in columns {
        out.keep(column, "before", 'b');
        out.keep(column, "after", 'a');
    }
    out.push(" FROM u) SELECT ");
    if returned.is_empty() {
        out.push("* FROM s");
    } else {
        out.separated(", ", &returned, |this, (name, label)| {
            this.push("u.");
            this.name(name);
            this.push(" AS ");
            this.name(label.as_deref().unwrap_or("?column?"));
        });
        out.push(" FROM s, u");
    }
    out.finish()
}

/// Whole rows beside `o`, the number of the row among those sent, found by what their keys have become; NULLs where there
/// is no such row. What is sent begins with the key.
pub(crate) fn numbered_by_changed_keys(
    table: &'static TableMeta,
    sent: &[BulkColumn],
    key_changes: &[CascadedColumns],
) -> Rendered {
    let key = |out: &mut Renderer, place: usize| {
        let key_change = key_changes.iter().enumerate().find_map(|(nth, key_change)| {
            key_change.columns.iter().position(|(sent, _)| *sent == place).map(|column| (nth, column))
        });
        out.push(&match key_change {
            Some((nth, column)) => format!("coalesce(m{nth}.a{column}, u.c{place})"),
            None => format!("u.c{place}"),
        });
    };
    let join = |out: &mut Renderer| {
        key_changes.iter().enumerate().for_each(|(nth, key_change)| out.join_changed_key(nth, key_change));
    };
    let mut out = Renderer::new();
    out.numbered_by_keys(table, sent, &key, &join);
    out.finish()
}

impl Renderer {
    /// What the returned columns are called inside the statement, and to the user, where he can tell.
    pub(super) fn names_of(items: &[Item]) -> Vec<(String, Option<String>)> {
        let mut names = Vec::new();
        for item in items {
            let labels: Vec<Option<&str>> = match item {
                Item::Value { node: Node::Column(column), label: None, .. } => vec![Some(column.meta.name)],
                Item::Value { label, .. } => vec![*label],
                Item::Entity { source, .. } => {
                    source.table.columns.iter().map(|column| Some(column.name)).collect()
                }
            };
            for label in labels {
                names.push((format!("orm r{}", names.len()), label.map(str::to_owned)));
            }
        }
        names
    }

    /// The UPDATE up to its RETURNING, joined to what these columns of its rows held before.
    pub(super) fn update_joined(&mut self, update: &Update, columns: &[&'static ColumnMeta]) {
        let Source { table, .. } = update.source;
        let own = Own::of(&[table]);
        self.open(resolve::update(update));
        self.update_set(update);
        // Its columns have other names, so that SQL of the user's own, without the table's name, means one table only.
        self.push(" FROM (SELECT ");
        self.separated(", ", columns, |this, column| {
            this.name(column.name);
            this.push(&format!(" AS {}", own.old(column.place)));
        });
        self.push(" FROM ");
        self.table(table);
        self.push(&format!(") AS {}", own.before()));
        for source in update.beside() {
            self.push(", ");
            self.table_source(source.content);
        }
        self.push(" WHERE ");
        self.separated(" AND ", table.key(), |this, column| {
            this.name(update.source.name());
            this.push(".");
            this.name(column.name);
            this.push(&format!(" = {}.{}", own.before(), own.old(column.place)));
        });
        let defaults = update.default_filters();
        for condition in update.filter.iter().map(|condition| &condition.content).chain(&defaults) {
            self.push(" AND ");
            self.condition(Logical::And, condition);
        }
    }

    /// What each of these columns held before the UPDATE, and what it holds after it.
    pub(super) fn before_and_after(&mut self, update: &Update, columns: &[&'static ColumnMeta]) {
        let own = Own::of(&[update.source.table]);
        self.separated(", ", columns, |this, column| {
            this.push(&format!("{}.{}, ", own.before(), own.old(column.place)));
            this.name(update.source.name());
            this.push(".");
            this.name(column.name);
        });
    }

    fn keep(&mut self, column: &ColumnMeta, when: &str, name: char) {
        let place = column.place;
        self.push(&format!(
            ", set_config('orm.{when}_{place}', coalesce(array_agg(\"orm {name}{place}\"), '{{}}')::text, true)"
        ));
    }

    fn join_changed_key(&mut self, nth: usize, key_change: &CascadedColumns) {
        self.push(" LEFT JOIN unnest(");
        self.separated(", ", ["before", "after"], |this, when| {
            this.separated(", ", &key_change.columns, |this, (_, column)| {
                this.push(&format!("current_setting('orm.{when}_{}')::", column.place));
                this.push(column.ty.array.map_or(column.ty.name, |array| array.name));
            });
        });
        self.push(&format!(") AS m{nth}("));
        self.separated(", ", ['b', 'a'], |this, when| {
            this.separated(", ", 0..key_change.columns.len(), |this, column| {
                this.push(&format!("{when}{column}"))
            });
        });
        self.push(") ON ");
        self.separated(" AND ", key_change.columns.iter().enumerate(), |this, (column, (place, _))| {
            this.push(&format!("m{nth}.b{column} = u.c{place}"));
        });
    }
}

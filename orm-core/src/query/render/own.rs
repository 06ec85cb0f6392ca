//! Names for the parts of a statement of a flush: unlike any that SQL of the user's own could mean.
//!
//! In `UPDATE .. FROM` an `on_update` of the model sees the columns of both tables, and in WITH it sees every name there.

use crate::schema::{ColumnDefault, TableMeta};

/// What all these names begin with, unless the user has such a name.
const PREFIX: &str = "orm:";

/// The names, each quoted.
#[derive(Clone, Debug)]
pub(super) struct Own {
    prefix: String,
    /// Which part of the statement is meant, where there are several.
    part: Option<usize>,
    /// How many of the first parts are done before this one.
    after: usize,
}

impl Own {
    /// For a statement that writes these tables.
    pub(super) fn of(tables: &[&'static TableMeta]) -> Own {
        let mut prefix = PREFIX.to_owned();
        while tables.iter().flat_map(|table| texts(table)).any(|text| text.contains(&prefix)) {
            prefix.push(':');
        }
        Own { prefix, part: None, after: 0 }
    }

    /// The same names for one of several parts, which waits for so many of the first.
    pub(super) fn part(&self, nth: usize, after: usize) -> Own {
        Own { part: Some(nth), after, ..self.clone() }
    }

    /// A condition that is true once the parts are done that this one waits for: a count needs all that they give.
    pub(super) fn done(&self) -> Option<String> {
        let guards: Vec<String> = (0..self.after).map(|nth| self.part(nth, 0).guard()).collect();
        (!guards.is_empty()).then(|| format!("(SELECT count(*) FROM {}) > 0", guards.join(", ")))
    }

    /// Which part it is.
    pub(super) fn nth(&self) -> usize {
        self.part.unwrap_or(0)
    }

    /// The rows that are sent.
    pub(super) fn sent(&self) -> String {
        self.table("sent")
    }

    /// The rows that were written.
    pub(super) fn written(&self) -> String {
        self.table("written")
    }

    /// What fails if a row was missed.
    pub(super) fn guard(&self) -> String {
        self.table("guard")
    }

    fn table(&self, name: &str) -> String {
        let part = self.part.map_or_else(String::new, |nth| nth.to_string());
        format!("\"{}{name}{part}\"", self.prefix)
    }

    /// The column with the number of a row among those sent.
    pub(super) fn number(&self) -> String {
        format!("\"{}number\"", self.prefix)
    }

    /// A column of the rows that are sent.
    pub(super) fn cell(&self, place: usize) -> String {
        format!("\"{}c{place}\"", self.prefix)
    }

    /// The values that a key had.
    pub(super) fn before(&self) -> String {
        self.table("before")
    }

    /// A column of what a key had.
    pub(super) fn old(&self, place: usize) -> String {
        format!("\"{}b{place}\"", self.prefix)
    }

    /// A column of keys that the database makes before the rows.
    pub(super) fn made(&self, nth: usize) -> String {
        format!("\"{}k{nth}\"", self.prefix)
    }
}

/// All that a model says and a statement may hold.
fn texts(table: &'static TableMeta) -> impl Iterator<Item = &'static str> {
    let columns = table.columns.iter().flat_map(|column| {
        let default = match column.default {
            ColumnDefault::Sql(sql) => Some(sql),
            _ => None,
        };
        [Some(column.name), column.on_update, default]
    });
    columns.flatten().chain([table.name])
}

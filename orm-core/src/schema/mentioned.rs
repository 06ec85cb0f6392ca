//! Columns that SQL of a model names.

use super::{ColumnMeta, TableMeta};

impl TableMeta {
    /// The places of the columns whose names stand in an SQL text, as whole words.
    pub(crate) fn mentioned(&self, sql: &str) -> impl Iterator<Item = usize> {
        let sql = sql.to_lowercase();
        let is_mentioned = move |column: &&'static ColumnMeta| has_word(&sql, &column.name.to_lowercase());
        self.columns.iter().filter(is_mentioned).map(|column| column.place)
    }
}

/// Whether a text has a name in it that is no part of a longer one.
fn has_word(text: &str, name: &str) -> bool {
    let is_part = |other: char| other.is_alphanumeric() || other == '_' || other == '$';
    text.match_indices(name).any(|(at, _)| {
        let (before, behind) = (&text[..at], &text[at + name.len()..]);
        !before.ends_with(is_part) && !behind.starts_with(is_part)
    })
}

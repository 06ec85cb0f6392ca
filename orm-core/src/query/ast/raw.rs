//! SQL text of the program, with expressions, tables and statements in it.

use std::panic::Location;
use std::sync::Arc;

use super::{Node, Source};

/// A text with nodes in it: `texts` is one longer than `nodes`, which stand between.
#[derive(Clone, Debug)]
pub(crate) struct Raw {
    pub(crate) texts: Vec<SqlText>,
    pub(crate) nodes: Vec<Node>,
    /// Where the program wrote it.
    pub(crate) at: Option<&'static Location<'static>>,
}

/// A piece of SQL.
#[derive(Clone, Debug)]
pub(crate) enum SqlText {
    Static(&'static str),
    Made(Arc<str>),
}

impl SqlText {
    pub(crate) fn as_str(&self) -> &str {
        match self {
            SqlText::Static(text) => text,
            SqlText::Made(text) => text,
        }
    }
}

impl Raw {
    /// Whether the text itself names this source as a table, so that its columns are not those of the statement around.
    pub(crate) fn has(&self, source: Source) -> bool {
        self.nodes.iter().any(|node| matches!(node, Node::Table(table) if *table == source))
    }

    /// The tables that the text itself names.
    pub(crate) fn tables(&self) -> impl Iterator<Item = Source> {
        self.nodes.iter().filter_map(|node| match node {
            Node::Table(table) => Some(*table),
            _ => None,
        })
    }

    pub(super) fn is_text_of(&self, other: &Raw) -> bool {
        self.texts.iter().map(SqlText::as_str).eq(other.texts.iter().map(SqlText::as_str))
    }
}

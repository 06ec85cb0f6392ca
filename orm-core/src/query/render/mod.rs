//! Renders the tree to SQL text and parameters.

mod batch;
mod keys;
mod node;
mod select;
mod write;

pub(crate) use batch::{MISSED, delete_batch, insert_batch, update_batch};
pub(crate) use keys::by_keys;
pub(crate) use select::select;
pub(crate) use write::{delete, insert, update};

use std::fmt::Write;

use crate::types::Parameter;

/// A statement as it is sent.
#[derive(Clone, Debug, Default)]
pub struct Rendered {
    pub(crate) sql: String,
    pub(crate) parameters: Vec<Parameter>,
    /// Whether result columns have types that the driver must look up before it can read them.
    pub(crate) looks_up: bool,
}

/// Writes a statement.
#[derive(Default)]
pub(crate) struct Renderer {
    out: Rendered,
    /// Whether equal parameters share a number: PostgreSQL takes `$1` and `$2` for different expressions, and so would
    /// not find `age / $2` in `GROUP BY age / $1`.
    share: bool,
}

impl Renderer {
    pub(crate) fn finish(self) -> Rendered {
        self.out
    }

    fn push(&mut self, text: &str) {
        self.out.sql.push_str(text);
    }

    /// A name, quoted; a quote inside is doubled.
    fn name(&mut self, name: &str) {
        self.out.sql.push('"');
        for (nth, part) in name.split('"').enumerate() {
            if nth > 0 {
                self.out.sql.push_str("\"\"");
            }
            self.out.sql.push_str(part);
        }
        self.out.sql.push('"');
    }

    /// A parameter's number, with a cast where the server must be told the type.
    fn parameter(&mut self, parameter: &Parameter) {
        let number = self.number(parameter);
        let ty = parameter.pg_type();
        // Writing to a String cannot fail.
        let _ = match (ty.is_builtin(), parameter.is_array()) {
            (true, _) => write!(self.out.sql, "${number}"),
            (false, false) => write!(self.out.sql, "${number}::{}", ty.name),
            (false, true) => write!(self.out.sql, "${number}::{}[]", ty.name),
        };
    }

    fn number(&mut self, parameter: &Parameter) -> usize {
        if self.share
            && let Some(place) = self.out.parameters.iter().position(|other| other.is_same(parameter))
        {
            return place + 1;
        }
        self.out.parameters.push(parameter.clone());
        self.out.parameters.len()
    }

    /// Each element, with `separator` between.
    fn separated<T>(
        &mut self,
        separator: &str,
        elements: impl IntoIterator<Item = T>,
        mut write: impl FnMut(&mut Self, T),
    ) {
        for (nth, element) in elements.into_iter().enumerate() {
            if nth > 0 {
                self.push(separator);
            }
            write(self, element);
        }
    }
}

//! Renders the tree to SQL text and parameters.

mod batch;
mod cascade;
mod copy;
mod copy_out;
mod debug;
mod explain;
mod guard;
mod key_update;
mod keys;
mod lock;
mod merge;
mod node;
mod own;
mod referenced;
mod rows;
mod select;
mod sent;
mod set_operation;
mod stale;
mod table;
mod targets;
#[cfg(test)]
mod tests;
mod together;
mod touched;
mod truncate;
mod window;
mod wrap;
mod write;

use std::ops::Range;
use std::panic::Location;
use std::rc::Rc;
use std::sync::Arc;

pub(crate) use batch::{delete_batch, insert_batch, update_batch};
pub(crate) use copy::{CopyTexts, copy};
pub use copy_out::CopyFormat;
pub(crate) use copy_out::copy_out;
pub(crate) use key_update::{CascadedColumns, lock, numbered_by_changed_keys, update_with_key_changes};
pub(crate) use keys::{
    defaults, key_default, may_change_keys, numbered_by_keys, numbered_by_keys_if_triggers,
};
pub(crate) use lock::{Lock, lock_right, lock_rows, set_constraints};
pub(crate) use merge::merge;
pub(crate) use referenced::{Known, referenced};
pub(crate) use select::{raw, select};
#[cfg(test)]
pub(crate) use stale::StaleRows;
pub(crate) use stale::stale_rows;
pub(crate) use targets::targets_exist;
pub(crate) use together::together;
pub(crate) use touched::{Before, CascadedDefault, CascadedRows, Gives, Link, Relation, Touch, touching};
pub(crate) use truncate::truncate;
pub(crate) use wrap::wrap;
pub(crate) use write::{delete, insert, update};

use super::ast::Node;
use super::resolve::Resolved;
use crate::error::hide_values_of;
use crate::schema::{ColumnMeta, TableMeta, fitted};
use crate::types::{Parameter, fingerprint};

/// A statement as it is sent.
#[derive(Clone, Debug)]
pub struct Rendered {
    pub(crate) text: Arc<Text>,
    pub(crate) parameters: Vec<Parameter>,
    /// Where the program built it; `None` for what is sent without being asked for.
    pub(crate) at: Option<&'static Location<'static>>,
    /// Whether the server is to plan it this time, whatever its text says.
    pub(crate) plan_each_time: bool,
}

impl Rendered {
    /// A statement that does nothing and is not sent: an UPDATE that sets nothing, an INSERT of no rows.
    pub(crate) fn nothing() -> Rendered {
        Rendered { text: Arc::default(), parameters: Vec::new(), at: None, plan_each_time: false }
    }

    pub(crate) fn is_nothing(&self) -> bool {
        self.text.sql.is_empty()
    }
}

/// The text of a statement, without the values it is sent with.
#[derive(Debug, Default)]
pub(crate) struct Text {
    pub(crate) sql: String,
    /// The same for the same text with parameters of the same types, and hardly ever for another.
    pub(crate) fingerprint: u64,
    /// Whether result columns have types that the driver must look up before it can read them.
    pub(crate) looks_up: bool,
    /// Where in the text WHERE stands, with its conditions; empty without any, `None` where there is no such clause.
    filter: Option<Range<usize>>,
    /// Whether it says what becomes of rows in conflict.
    conflict: bool,
    /// The columns that parameters, by their number, are to be stored in.
    stored: Vec<(usize, &'static ColumnMeta)>,
    /// Whether it names a table that has secret columns.
    pub(crate) has_secrets: bool,
    /// The parameters whose values are never shown, by their number.
    pub(crate) hidden: Vec<usize>,
    /// Whether the text depends on which parameters are equal.
    pub(crate) shares: bool,
    /// The tables whose columns of moments it writes, or compares with something.
    pub(crate) moments: Vec<&'static TableMeta>,
    /// Whether the server is to plan it each time.
    pub(crate) plan_each_time: bool,
    /// What the rows of a SELECT are, for messages.
    pub(crate) what: &'static str,
}

/// Writes a statement.
#[derive(Default)]
pub(crate) struct Renderer {
    out: Text,
    parameters: Vec<Parameter>,
    /// Whether equal parameters share a number: PostgreSQL takes `$1` and `$2` for different expressions, and so would
    /// not find `age / $2` in `GROUP BY age / $1`.
    share: bool,
    /// Which tables are whose.
    resolved: Option<Rc<Resolved>>,
    /// The level of the statement that is being written.
    level: usize,
    /// Whether a secret column is named other than for a plain value that is stored in it: any value may meet it.
    names_secrets: bool,
    /// The windows of that statement which have names, and what they are.
    windows: Vec<(&'static str, String)>,
}

impl Renderer {
    fn new() -> Renderer {
        let out = Text { sql: String::with_capacity(256), ..Text::default() };
        Renderer { out, ..Renderer::default() }
    }

    pub(crate) fn finish(mut self) -> Rendered {
        self.out.fingerprint = fingerprint(&self.out.sql, &self.parameters);
        self.out.shares = self.share;
        if self.out.has_secrets {
            self.hide();
        }
        Rendered { text: Arc::new(self.out), parameters: self.parameters, at: None, plan_each_time: false }
    }

    /// Hides what is stored in secret columns, and where one is named otherwise, all that is not stored in another column.
    fn hide(&mut self) {
        let is_hidden = |number: &usize| match self.out.stored.iter().find(|(stored, _)| stored == number) {
            Some((_, column)) => column.secret,
            None => self.names_secrets,
        };
        self.out.hidden = (1..=self.parameters.len()).filter(is_hidden).collect();
        self.out.hidden.iter().for_each(|number| self.parameters[number - 1].hide());
    }

    fn push(&mut self, text: &str) {
        self.out.sql.push_str(text);
    }

    /// A name, quoted; a quote inside is doubled.
    fn name(&mut self, name: &str) {
        self.out.sql.push('"');
        let name = fitted(name, "");
        let mut rest = &*name;
        while let Some(at) = rest.bytes().position(|byte| byte == b'"') {
            self.out.sql.push_str(&rest[..=at]);
            self.out.sql.push('"');
            rest = &rest[at + 1..];
        }
        self.out.sql.push_str(rest);
        self.out.sql.push('"');
    }

    /// The name of a table, with its schema.
    fn table(&mut self, table: &TableMeta) {
        self.secrets_of(table);
        if let Some(schema) = table.schema {
            self.name(schema);
            self.push(".");
        }
        self.name(table.name);
    }

    /// Takes in that a table with secret columns is named, if it has any.
    fn secrets_of(&mut self, table: &TableMeta) {
        if table.has_secrets() {
            self.out.has_secrets = true;
            hide_values_of(&fitted(table.name, ""));
        }
    }

    /// Takes in that values of the statement may meet those of a column, or come into it.
    fn meets(&mut self, column: &ColumnMeta) {
        if column.secret {
            self.names_secrets = true;
            self.secrets_of(column.table);
        }
    }

    /// A parameter's number, with a cast where the server must be told the type.
    fn parameter(&mut self, parameter: &Parameter) {
        let number = self.number(parameter);
        self.placeholder(number, parameter);
    }

    fn placeholder(&mut self, number: usize, parameter: &Parameter) {
        self.out.sql.push('$');
        self.digits(number);
        let ty = parameter.sent_type();
        if !ty.is_builtin() {
            self.push("::");
            self.push(ty.name);
        }
    }

    /// A parameter that is to be stored in a column; it shares its number with no other.
    fn stored(&mut self, column: &'static ColumnMeta, parameter: &Parameter) {
        self.parameters.push(parameter.clone());
        let number = self.parameters.len();
        self.placeholder(number, parameter);
        self.moment(column);
        self.out.stored.push((number, column));
    }

    /// What a column is to be given: a plain value is stored in it, and anything in an expression may come into it.
    fn set_value(&mut self, column: &'static ColumnMeta, value: &Node) {
        if let Node::Parameter(value) = value {
            return self.stored(column, value);
        }
        self.meets(column);
        self.node(value);
    }

    /// Notes a column that is written, or compared with something.
    fn moment(&mut self, column: &'static ColumnMeta) {
        if column.holds_moments() && !self.out.moments.contains(&column.table) {
            self.out.moments.push(column.table);
        }
    }

    fn digits(&mut self, number: usize) {
        if number >= 10 {
            self.digits(number / 10);
        }
        self.out.sql.push(char::from(b"0123456789"[number % 10]));
    }

    fn number(&mut self, parameter: &Parameter) -> usize {
        if self.share {
            let is_stored = |number| self.out.stored.iter().any(|(stored, _)| *stored == number);
            let mut same = (1..).zip(&self.parameters).filter(|(_, other)| other.is_same(parameter));
            if let Some((number, _)) = same.find(|(number, _)| !is_stored(*number)) {
                return number;
            }
        }
        self.parameters.push(parameter.clone());
        self.parameters.len()
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

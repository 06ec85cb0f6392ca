//! Explains what went wrong with a statement by what it was made of.

use std::error::Error as StdError;
use std::fmt;

use tokio_postgres::error::{DbError, SqlState};

use super::Rendered;
use crate::error::Error;
use crate::query::lexer::{Piece, pieces};
use crate::types::Parameter;

/// How many characters of a filter are shown.
const FILTER: usize = 400;

/// How many characters of a value are shown.
const VALUE: usize = 40;

/// How many characters of a statement are shown before a parameter.
const BEFORE: usize = 60;

impl Rendered {
    /// An error of this statement; one about a value that could not be sent says where the value was to go.
    pub(crate) fn explain(&self, error: Error) -> Error {
        let error = if self.text.has_secrets { error.without_values() } else { error };
        let own = error.statement() == Some(&self.text.sql);
        let Some(number) = error.parameter().filter(|_| own) else {
            return match own {
                true if error.code() == Some(GENERATED_ALWAYS) => generated(error),
                true if self.text.conflict => conflicting(error),
                _ => error,
            };
        };
        // What the type says.
        let cause = error.source().map(ToString::to_string).unwrap_or_default();
        match self.text.stored.iter().find(|(other, _)| *other == number) {
            Some((_, column)) => {
                let message = column.refusal(&cause);
                error.reworded(message).of_column(column.table.name, column.name)
            }
            None => {
                let place =
                    before(&self.text.sql, number).map_or_else(String::new, |text| format!(" (`{text}`)"));
                error.reworded(format!("the value of ${number}{place} cannot be sent to PostgreSQL: {cause}"))
            }
        }
    }

    /// Why an INSERT may give back no row, where ON CONFLICT can be the reason.
    pub(crate) fn left_out(&self) -> Option<&'static str> {
        self.text
            .conflict
            .then_some("a row that is in conflict with one that is there, and left as it is, gives none")
    }

    /// What the rows were asked for by, behind the name of what they are; empty for a statement that has no WHERE. Shortened.
    pub(crate) fn asked_for(&self) -> String {
        match self.filter() {
            None => String::new(),
            Some("") => " (without a filter)".to_owned(),
            Some(filter) => format!(" ({})", shortened(FILTER, format_args!("{filter}"))),
        }
    }

    fn filter(&self) -> Option<&str> {
        self.text.filter.as_ref().map(|range| self.text.sql[range.clone()].trim_start())
    }

    /// The values in that, as an engine with `echo` shows them, but shortened.
    pub(crate) fn asked_with(&self) -> Option<String> {
        let filter = shortened(FILTER, format_args!("{}", self.filter()?));
        let shown = |(value, number): (&Parameter, usize)| {
            end_of(&filter, number)?;
            Some(format!("${number} = {}", shortened(VALUE, format_args!("{value:?}"))))
        };
        let values: Vec<String> = self.parameters.iter().zip(1..).filter_map(shown).collect();
        (!values.is_empty()).then(|| values.join(", "))
    }
}

/// What the server says where a column is given a value that it alone makes.
const GENERATED_ALWAYS: &str = "428C9";

fn generated(error: Error) -> Error {
    let message = format!(
        "{error}; PostgreSQL lets nobody give a value to a column that is computed, nor an UPDATE to an identity that is \
         GENERATED ALWAYS: insert a new row with the key it is to have and delete this one, or make the identity GENERATED \
         BY DEFAULT"
    );
    error.reworded(message)
}

/// What the server refuses of ON CONFLICT, with what to do.
fn conflicting(error: Error) -> Error {
    let advice = match error.database().map(DbError::code) {
        Some(&SqlState::CARDINALITY_VIOLATION) => {
            "rows to insert are in conflict with each other, and one statement changes a row only once: leave all but one \
             of them out (the last, most likely), or insert them by statements of their own"
        }
        Some(&SqlState::INVALID_COLUMN_REFERENCE) => {
            "rows can be in conflict by the primary key, by a unique constraint or by a unique index: name all columns of \
             one of them in `on_conflict(..)`, and the condition of a partial index in `index_where(..)`"
        }
        _ => return error,
    };
    let message = format!("{error}; {advice}");
    error.reworded(message)
}

/// Where in a text the parameter of this number ends first.
fn end_of(text: &str, number: usize) -> Option<usize> {
    let mut end = 0;
    for piece in pieces(text) {
        end += piece.text().len();
        if matches!(piece, Piece::Parameter(_, found) if found == number) {
            return Some(end);
        }
    }
    None
}

/// A statement's text up to a parameter; of a long one the end.
fn before(sql: &str, number: usize) -> Option<String> {
    let text = &sql[..end_of(sql, number)?];
    let Some((start, _)) = text.char_indices().rev().nth(BEFORE) else { return Some(text.to_owned()) };
    let words = text[start..].find(' ').map_or(start, |space| start + space + 1);
    Some(format!("..{}", &text[words..]))
}

/// Text up to so many characters; what is not shown is not written either.
fn shortened(limit: usize, text: fmt::Arguments<'_>) -> String {
    let mut out = Shortened { text: String::new(), left: limit };
    match fmt::write(&mut out, text) {
        Ok(()) => out.text,
        Err(fmt::Error) => out.text + "..",
    }
}

struct Shortened {
    text: String,
    left: usize,
}

impl fmt::Write for Shortened {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for character in text.chars() {
            self.left = self.left.checked_sub(1).ok_or(fmt::Error)?;
            self.text.push(character);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{before, end_of, shortened};

    #[test]
    fn a_parameter_is_not_the_start_of_another() {
        assert_eq!(end_of("a = $12 AND b = $1", 1), Some(18));
        assert_eq!(end_of("a = $12", 1), None);
        assert_eq!(end_of("a = '$1' AND b = $1", 1), Some(19));
    }

    #[test]
    fn what_stands_before_a_parameter_starts_with_a_whole_word() {
        assert_eq!(before("SELECT $1, $2", 1).as_deref(), Some("SELECT $1"));
        let sql = format!("SELECT {}, \"name\" = $1", "\"long name\", ".repeat(9));
        let text = before(&sql, 1).expect("it is there");
        assert!(text.starts_with("..") && text.ends_with("\"name\" = $1") && text.len() <= 63, "{text}");
    }

    #[test]
    fn long_text_is_cut_and_says_so() {
        assert_eq!(shortened(3, format_args!("{}", "äöü")), "äöü");
        assert_eq!(shortened(3, format_args!("{}", "äöüß")), "äöü..");
    }
}

//! What the server says of an error: its code, the constraint, the table, the column.

use std::error::Error as StdError;
use std::iter;

use tokio_postgres::error::{DbError, Severity, SqlState};

use super::Error;
use super::advice::advice;

impl Error {
    pub(super) fn database_text(error: &DbError) -> String {
        let message =
            if data_exception(error) { without_quoted(error.message()) } else { error.message().to_owned() };
        let mut text = format!("{message} (SQLSTATE {})", error.code().code());
        for (what, name) in
            [("table", error.table()), ("column", error.column()), ("constraint", error.constraint())]
        {
            // Most messages name a part of them.
            if let Some(name) = name
                && !error.message().contains(&format!("\"{name}\""))
            {
                text.push_str(&format!("; {what} \"{name}\""));
            }
        }
        if let Some(key) = key_of(error) {
            text.push_str(&format!("; key ({key})"));
        }
        let detail = error.detail().filter(|_| !detail_of_row(error));
        for (name, part) in [("detail", detail), ("hint", error.hint())] {
            if let Some(part) = part {
                text.push_str(&format!("; {name}: {part}"));
            }
        }
        if let Some(advice) = advice(error) {
            let end = text.trim_end_matches('.').len();
            text.truncate(end);
            text.push_str("; ");
            text.push_str(advice);
        }
        text
    }

    /// The error of a statement that the program wrote out whole: what the message quotes is in that text, and no value.
    pub(crate) fn of_own_text(self) -> Error {
        match &self.0.server {
            Some(server) if data_exception(server) => {
                let whole = self.0.message.replace(&without_quoted(server.message()), server.message());
                self.reworded(whole)
            }
            _ => self,
        }
    }

    /// The error with other advice than what is said of any statement that the server refuses so.
    pub(crate) fn advised(self, other: &str) -> Error {
        match self.0.server.as_deref().and_then(advice) {
            Some(general) => {
                let text = self.0.message.replace(general, other);
                self.reworded(text)
            }
            None => self,
        }
    }

    /// Whether the server closes the connection after this.
    pub(crate) fn is_fatal(error: &DbError) -> bool {
        matches!(error.parsed_severity(), Some(Severity::Fatal | Severity::Panic))
    }

    /// Whether the server no longer has a prepared statement, or its columns have changed.
    pub(crate) fn is_stale_statement(error: &DbError) -> bool {
        Error::is_missing_statement(error)
            || (*error.code() == SqlState::FEATURE_NOT_SUPPORTED
                // The function that says so; what it says, it says in the server's language.
                && error.routine() == Some("RevalidateCachedQuery"))
    }

    /// Whether the server has no prepared statement of that name.
    pub(crate) fn is_missing_statement(error: &DbError) -> bool {
        *error.code() == SqlState::INVALID_SQL_STATEMENT_NAME
    }

    /// The server's own error, of this error or of its causes.
    pub(crate) fn database(&self) -> Option<&DbError> {
        self.chain().find_map(|error| match error.downcast_ref::<Error>() {
            Some(error) => error.0.server.as_deref(),
            None => error.downcast_ref(),
        })
    }

    /// Table and column of a value that does not fit, told by this error or by its causes.
    fn misfit(&self) -> Option<&(String, String)> {
        self.errors().find_map(|error| error.0.column.as_ref())
    }

    /// This error, and those of ours among its causes.
    pub(super) fn errors(&self) -> impl Iterator<Item = &Error> {
        self.chain().filter_map(|error| error.downcast_ref())
    }

    fn chain(&self) -> impl Iterator<Item = &(dyn StdError + 'static)> {
        iter::successors(Some(self as &(dyn StdError + 'static)), |&error| error.source())
    }

    pub(super) fn has_code(&self, code: &SqlState) -> bool {
        self.database().is_some_and(|error| error.code() == code)
    }

    /// The server's five-character error code (SQLSTATE), if the server refused something.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// if let Err(error) = engine.execute(sql!("SELECT 1 / 0")).await {
    ///     assert_eq!(error.code(), Some("22012")); // division_by_zero
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn code(&self) -> Option<&str> {
        self.database().map(|error| error.code().code())
    }

    /// What the server says of the values it refused (DETAIL), such as `Key (email)=(ann@example.com) already exists.`
    ///
    /// `None` where the table has a column with `#[orm(secret)]`.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// if let Err(error) = engine.execute(insert(User).values(NewUser::new("Ann"))).await {
    ///     eprintln!("{error}: {:?}", error.detail()); // Key (name)=(Ann) already exists.
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn detail(&self) -> Option<&str> {
        self.database().filter(|_| self.errors().all(|error| !error.0.is_secret)).and_then(DbError::detail)
    }

    /// The name of the violated constraint, if the server named one.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// match engine.execute(insert(User).values(NewUser::new("Ann"))).await {
    ///     Err(error) if error.constraint() == Some("users_name_key") => println!("the name is taken"),
    ///     other => println!("{}", other?),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn constraint(&self) -> Option<&str> {
        self.database().and_then(DbError::constraint)
    }

    /// The name of the table, if the server named one, or a value of it does not fit.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// if let Err(error) = engine.execute(insert(Post).values(NewPost::new(1, "Hello"))).await {
    ///     eprintln!("{:?} of {:?}", error.constraint(), error.table());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn table(&self) -> Option<&str> {
        let own = self.misfit().map(|(table, _)| &**table);
        own.or_else(|| self.database().and_then(DbError::table))
    }

    /// The name of the column, if the server named one, or a value of it does not fit.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// if let Err(error) = engine.execute(sql!("INSERT INTO users (name) VALUES (NULL)")).await {
    ///     assert_eq!(error.column(), Some("name"));
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn column(&self) -> Option<&str> {
        let own = self.misfit().map(|(_, column)| &**column);
        own.or_else(|| self.database().and_then(DbError::column))
    }
}

/// Whether the message of an error can have the value in it that was refused: the class of data exceptions.
pub(super) fn data_exception(error: &DbError) -> bool {
    error.code().code().starts_with("22")
}

/// Whether DETAIL has values of the row that was refused, or can have: that of a constraint, of a value, of a trigger's own
/// error. Elsewhere it names objects of the schema, or processes.
pub(super) fn detail_of_row(error: &DbError) -> bool {
    matches!(error.code().code().get(..2), Some("21" | "22" | "23" | "44" | "P0") | None)
}

/// A message without what stands between quotes, whatever quotes its language has.
fn without_quoted(message: &str) -> String {
    let mut out = String::with_capacity(message.len());
    let mut until = None;
    for character in message.chars() {
        match until {
            Some(end) if end == character => {
                until = None;
                out.push_str("..");
                out.push(character);
            }
            Some(_) => {}
            None => {
                out.push(character);
                until = match character {
                    '"' => Some('"'),
                    '\u{201e}' => Some('\u{201c}'),
                    '\u{201c}' => Some('\u{201d}'),
                    '\u{ab}' => Some('\u{bb}'),
                    '\u{bb}' => Some('\u{ab}'),
                    _ => None,
                };
            }
        }
    }
    out
}

/// The columns or expressions of a violated key, which the server tells beside their values: `Key (email)=(..)`.
fn key_of(error: &DbError) -> Option<&str> {
    let violated = [SqlState::UNIQUE_VIOLATION, SqlState::FOREIGN_KEY_VIOLATION];
    let detail = error.detail().filter(|_| violated.contains(error.code()))?;
    let (before, _) = detail.split_once(")=(")?;
    Some(before.split_once('(')?.1)
}

#[cfg(test)]
mod tests {
    use super::without_quoted;

    #[test]
    fn what_is_quoted_is_left_out_in_any_language() {
        let english = "invalid input syntax for type integer: \"sec\nret\"";
        assert_eq!(without_quoted(english), "invalid input syntax for type integer: \"..\"");
        assert_eq!(without_quoted("Wert \u{201e}geheim\u{201c} da"), "Wert \u{201e}..\u{201c} da");
        assert_eq!(without_quoted("a \"value that never ends"), "a \"");
    }
}

//! Refuses SQL of the program that would begin or end a transaction behind the back of the connection.

use crate::error::Error;
use crate::query::ast::Raw;
use crate::query::lexer::{Piece, pieces};

/// A transaction that the text itself ended would be one that nobody has committed, or one that is done twice; and one that
/// it began would go back to the pool.
pub(super) fn check(raw: &Raw) -> Result<(), Error> {
    raw.texts.first().map_or(Ok(()), |text| check_text(text.as_str()))
}

/// The same of each statement of a script. `END` behind a `;` is that of `BEGIN ATOMIC` most likely, and left alone.
pub(crate) fn refuse_control(script: &str) -> Result<(), Error> {
    check_text(script)?;
    let mut statement = String::new();
    for piece in pieces(script) {
        let text = match piece {
            Piece::Comment(_) => " ",
            Piece::Plain(text) => text,
            // Nothing in quotes is a statement.
            _ => "x",
        };
        let mut parts = text.split(';');
        statement.push_str(parts.next().unwrap_or_default());
        for part in parts {
            refuse_behind(&statement)?;
            part.clone_into(&mut statement);
        }
    }
    refuse_behind(&statement)
}

fn refuse_behind(statement: &str) -> Result<(), Error> {
    if words(statement).next().is_some_and(|word| word.eq_ignore_ascii_case("END")) {
        return Ok(());
    }
    check_text(statement)
}

fn check_text(text: &str) -> Result<(), Error> {
    let mut words = words(text);
    let (Some(first), second) = (words.next(), words.next().unwrap_or_default()) else { return Ok(()) };
    let is_second = |word: &str| second.eq_ignore_ascii_case(word);
    let remedy = match &*first.to_ascii_uppercase() {
        "BEGIN" => BEGIN,
        "START" if is_second("TRANSACTION") => BEGIN,
        "COMMIT" | "ROLLBACK" if is_second("PREPARED") => return Ok(()),
        "COMMIT" | "END" => {
            "call `commit()` of the transaction or session; `engine.transaction(..)` and `run(..)` commit by themselves"
        }
        "ROLLBACK" if words.any(|word| word.eq_ignore_ascii_case("TO")) || is_second("TO") => {
            "call `rollback_to(name)` of a transaction, or `rollback()` of what `begin_nested()` of a session gave"
        }
        "ROLLBACK" | "ABORT" => {
            "call `rollback()` of the transaction or session, or give an error from the work of `engine.transaction(..)` or \
             `run(..)`"
        }
        "PREPARE" if is_second("TRANSACTION") => {
            "two-phase commit needs a connection of its own: use the driver, tokio-postgres, for it"
        }
        _ => return Ok(()),
    };
    let message = format!(
        "`{}` would begin or end a transaction without the transaction or session knowing of it, and what comes behind it \
         would be committed by itself or done twice: {remedy}",
        first.to_ascii_uppercase()
    );
    Err(Error::statement_invalid(message))
}

const BEGIN: &str = "call `engine.begin()` or `engine.transaction(..)`; a session begins by itself";

/// The words that a text begins with, comments left out.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut pieces = pieces(text);
    let mut rest = "";
    std::iter::from_fn(move || {
        loop {
            rest = rest.trim_start_matches(|character: char| character.is_whitespace() || character == ';');
            if !rest.is_empty() {
                break;
            }
            rest = match pieces.next()? {
                Piece::Comment(_) => "",
                piece => piece.text(),
            };
        }
        let end = rest.find(|character: char| !character.is_ascii_alphabetic()).unwrap_or(rest.len());
        let (word, behind) = rest.split_at(end);
        rest = behind;
        (!word.is_empty()).then_some(word)
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::check;
    use crate::query::ast::{Raw, SqlText};

    fn is_refused(text: &str) -> bool {
        check(&Raw { texts: vec![SqlText::Made(Arc::from(text))], nodes: Vec::new(), at: None }).is_err()
    }

    #[test]
    fn what_begins_or_ends_a_transaction_is_refused() {
        for text in [
            "COMMIT",
            "commit and chain",
            " -- done\n/* all */ Rollback;",
            "ABORT",
            "END",
            "BEGIN ISOLATION LEVEL SERIALIZABLE",
            "START TRANSACTION",
            "ROLLBACK TO SAVEPOINT a",
            "ROLLBACK WORK TO a",
            "PREPARE TRANSACTION 'a'",
            ";COMMIT",
            "/* a /* b */ */ COMMIT",
        ] {
            assert!(is_refused(text), "{text}");
        }
    }

    #[test]
    fn each_statement_of_a_script_is_looked_at() {
        let refused = |script| super::refuse_control(script).is_err();
        for script in [
            "SELECT 1; COMMIT",
            "SELECT ';'; /* ; */ rollback; SELECT 2",
            "BEGIN; SELECT 1",
            "a;\n-- b\nABORT;",
            "END",
        ] {
            assert!(refused(script), "{script}");
        }
        let function = "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END; SELECT 1";
        for script in [
            function,
            "SELECT '; COMMIT'",
            "SELECT 1; -- ; COMMIT\n",
            "DO $$ BEGIN; COMMIT; END $$; SELECT 1",
            ";;",
        ] {
            assert!(!refused(script), "{script}");
        }
    }

    #[test]
    fn other_texts_are_not() {
        for text in [
            "",
            "SELECT 1 -- COMMIT",
            "SET TRANSACTION READ ONLY",
            "COMMIT PREPARED 'a'",
            "PREPARE a AS SELECT 1",
            "committed",
            "START",
            "SAVEPOINT a",
            "-- COMMIT",
        ] {
            assert!(!is_refused(text), "{text}");
        }
    }
}

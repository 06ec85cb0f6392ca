//! Refuses SQL of the program that would leave the connection in another state than it is known to be in.

use crate::error::Error;
use crate::query::ast::{Node, Raw, SqlText};
use crate::query::statements::{statements, tokens};

/// A transaction that the text itself ended would be one that nobody has committed, or one that is done twice; and one that
/// it began would go back to the pool. A COPY of data would wait for an answer that nobody gives.
pub(super) fn check(raw: &Raw) -> Result<(), Error> {
    let first = raw.texts.first().map_or("", SqlText::as_str);
    // With nothing in braces among its first words.
    let is_begun = words(first).nth(2).is_some() && !words(first).next().is_some_and(is_longer);
    if raw.nodes.is_empty() || is_begun {
        return check_words(&mut words(first));
    }
    let mut text = String::new();
    write_out(raw, &mut text);
    check_words(&mut words(&text))
}

/// What the server reads, with a word for each thing that is no text.
fn write_out(raw: &Raw, out: &mut String) {
    for (nth, text) in raw.texts.iter().enumerate() {
        out.push_str(text.as_str());
        match raw.nodes.get(nth) {
            Some(Node::Raw(inner)) => write_out(inner, out),
            Some(_) => out.push('x'),
            None => {}
        }
    }
}

/// The same of each statement of a script inside a transaction.
pub(crate) fn refuse_control(script: &str) -> Result<(), Error> {
    statements(script).try_for_each(|statement| check_words(&mut statement.iter().copied()))
}

/// What no script can have, in a transaction or alone.
pub(crate) fn refuse_copy(script: &str) -> Result<(), Error> {
    let mut copies = statements(script).filter(|statement| is(statement.first(), "COPY"));
    copies.try_for_each(|statement| check_words(&mut statement.iter().copied()))
}

fn is(word: Option<&&str>, other: &str) -> bool {
    word.is_some_and(|word| word.eq_ignore_ascii_case(other))
}

/// Whether a statement that begins so is told by a later word.
fn is_longer(word: &str) -> bool {
    word.eq_ignore_ascii_case("ROLLBACK") || word.eq_ignore_ascii_case("COPY")
}

fn check_words<'a>(words: &mut impl Iterator<Item = &'a str>) -> Result<(), Error> {
    let Some(first) = words.next() else { return Ok(()) };
    let first = first.to_ascii_uppercase();
    let second = if first == "COPY" { "" } else { words.next().unwrap_or_default() };
    let is_second = |word: &str| second.eq_ignore_ascii_case(word);
    let remedy = match &*first {
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
        "COPY" => return copy(words),
        _ => return Ok(()),
    };
    let message = format!(
        "`{first}` would begin or end a transaction without the transaction or session knowing of it, and what comes behind it \
         would be committed by itself or done twice: {remedy}"
    );
    Err(Error::statement_invalid(message))
}

const BEGIN: &str = "call `engine.begin()` or `engine.transaction(..)`; a session begins by itself";

/// A COPY between the server and the program, not a file or a program of the server.
fn copy<'a>(words: &mut impl Iterator<Item = &'a str>) -> Result<(), Error> {
    let mut before = "";
    for word in words {
        if before.eq_ignore_ascii_case("FROM") && word.eq_ignore_ascii_case("STDIN") {
            return Err(Error::statement_invalid(
                "COPY .. FROM STDIN waits for rows that SQL cannot hold: `engine.execute(insert(User).columns(..).values(rows))` \
                 sends many rows by COPY",
            ));
        }
        if before.eq_ignore_ascii_case("TO") && word.eq_ignore_ascii_case("STDOUT") {
            return Err(Error::statement_invalid(
                "COPY .. TO STDOUT gives bytes, not rows: `engine.copy_out(sql!(\"SELECT ..\").rows::<(String,)>(), \
                 CopyFormat::Csv)` is a stream of them",
            ));
        }
        before = word;
    }
    Ok(())
}

/// The words of a statement.
fn words(text: &str) -> impl Iterator<Item = &str> {
    tokens(text).skip_while(|token| *token == ";")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::check;
    use crate::query::ast::{Node, Raw, SqlText};

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
            "SELECT 1; END",
            "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; END; END",
            "COPY a (b) FROM STDIN",
            "SELECT 1; COPY (SELECT 1) TO STDOUT WITH (FORMAT csv)",
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
            "CREATE RULE r AS ON DELETE TO a DO (DELETE FROM b; DELETE FROM c)",
            "COPY a FROM '/stdin'; COPY a TO PROGRAM 'stdout'",
        ] {
            assert!(!refused(script), "{script}");
        }
    }

    #[test]
    fn what_stands_in_braces_is_looked_at_too() {
        let text = |text: &str| SqlText::Made(Arc::from(text));
        let made =
            |text: SqlText| Node::Raw(Arc::new(Raw { texts: vec![text], nodes: Vec::new(), at: None }));
        let within = |before, inner, behind| {
            check(&Raw { texts: vec![text(before), text(behind)], nodes: vec![made(text(inner))], at: None })
        };
        assert!(within("", "COMMIT", "").is_err());
        assert!(within("/* a */ ", "ROLL", "BACK").is_err());
        assert!(within("COPY ", "a", " TO STDOUT").is_err());
        assert!(within("SELECT ", "1", "").is_ok());
        assert!(within("SELECT a, b, ", "COMMIT", "").is_ok());
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

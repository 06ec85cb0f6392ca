//! Cuts a script into its statements, where psql does.

use super::lexer::{Piece, pieces};

/// What stands for something between quotes, or a sign.
const OTHER: &str = "?";

/// The words of each statement that has any; comments are left out, and what is between quotes is a word that is none.
pub(crate) fn statements(sql: &str) -> impl Iterator<Item = Vec<&str>> {
    let mut tokens = tokens(sql);
    std::iter::from_fn(move || {
        loop {
            let mut statement = Statement::default();
            let is_over = loop {
                match tokens.next() {
                    None => break true,
                    Some(";") if statement.may_end() => break false,
                    Some(token) => statement.take(token),
                }
            };
            if !statement.words.is_empty() {
                return Some(statement.words);
            }
            if is_over {
                return None;
            }
        }
    })
}

#[derive(Default)]
struct Statement<'a> {
    words: Vec<&'a str>,
    parentheses: usize,
    /// How many `BEGIN ATOMIC` and `CASE` of a function's body are open.
    bodies: usize,
}

impl<'a> Statement<'a> {
    /// Whether a `;` ends it: in parentheses it separates the actions of a rule, in a body its statements.
    fn may_end(&self) -> bool {
        self.parentheses == 0 && self.bodies == 0
    }

    fn take(&mut self, token: &'a str) {
        match token {
            "(" => self.parentheses += 1,
            ")" => self.parentheses = self.parentheses.saturating_sub(1),
            _ => {}
        }
        if self.parentheses == 0 && self.makes_function() {
            let is = |word: &str| token.eq_ignore_ascii_case(word);
            let behind_begin = self.words.last().is_some_and(|last| last.eq_ignore_ascii_case("BEGIN"));
            if is("ATOMIC") && behind_begin || is("CASE") && self.bodies > 0 {
                self.bodies += 1;
            } else if is("END") {
                self.bodies = self.bodies.saturating_sub(1);
            }
        }
        self.words.push(token);
    }

    fn makes_function(&self) -> bool {
        let is = |place: usize, word: &str| {
            self.words.get(place).is_some_and(|found: &&str| found.eq_ignore_ascii_case(word))
        };
        let place = if is(1, "OR") && is(2, "REPLACE") { 3 } else { 1 };
        is(0, "CREATE") && (is(place, "FUNCTION") || is(place, "PROCEDURE"))
    }
}

/// Words, `;` and parentheses; anything else is [`OTHER`].
pub(crate) fn tokens(sql: &str) -> impl Iterator<Item = &str> {
    let mut pieces = pieces(sql);
    let mut rest = "";
    std::iter::from_fn(move || {
        loop {
            rest = rest.trim_start();
            if let Some(first) = rest.chars().next() {
                let end = rest.find(|next: char| !in_word(next)).unwrap_or(rest.len());
                let (token, behind) = rest.split_at(end.max(first.len_utf8()));
                rest = behind;
                return Some(if in_word(first) || matches!(first, ';' | '(' | ')') { token } else { OTHER });
            }
            match pieces.next()? {
                Piece::Comment(_) => {}
                Piece::Plain(text) => rest = text,
                Piece::Quoted(_) | Piece::Parameter(..) => return Some(OTHER),
            }
        }
    })
}

fn in_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '$') || !character.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::statements;

    /// The first words of the statements.
    fn first(sql: &str) -> Vec<&str> {
        statements(sql).map(|words| words[0]).collect()
    }

    #[test]
    fn semicolons_end_statements() {
        assert_eq!(first("SELECT 1;INSERT INTO a;;\n-- b;\nCOMMIT"), ["SELECT", "INSERT", "COMMIT"]);
        assert_eq!(first("SELECT ';', \";\", $$;$$ /*;*/; END"), ["SELECT", "END"]);
        assert_eq!(first(" ; -- nothing"), Vec::<&str>::new());
    }

    #[test]
    fn what_has_statements_within_is_one() {
        let rule = "CREATE RULE r AS ON INSERT TO a DO (DELETE FROM b; DELETE FROM c); END";
        assert_eq!(first(rule), ["CREATE", "END"]);
        let body = "BEGIN ATOMIC SELECT CASE WHEN TRUE THEN 1 END; SELECT 2; END";
        for head in ["CREATE FUNCTION f(a int)", "create or replace procedure p()"] {
            assert_eq!(statements(&format!("{head} {body}; COMMIT; END")).count(), 3, "{head}");
        }
        assert_eq!(first("SELECT 1; END; SELECT 2"), ["SELECT", "END", "SELECT"]);
        assert_eq!(first("CREATE TABLE begin (a int); END"), ["CREATE", "END"]);
    }
}

//! Reads SQL as far as is needed to tell text and comments from the rest.

/// Where in SQL the reader stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Within {
    #[default]
    Code,
    /// `'..'`, or `E'..'` with backslashes.
    Literal { escapes: bool },
    /// `".."`
    Name,
    /// `$tag$ .. $tag$`, with this tag.
    Dollar(String),
    /// `-- ..`
    Line,
    /// `/* .. */`, which nests.
    Block(usize),
}

/// Reads a statement piece by piece.
#[derive(Default)]
pub(super) struct Scanner {
    within: Within,
    /// A semicolon was read: nothing may follow.
    ended: bool,
    /// Whether a statement has begun.
    begun: bool,
    /// The character before, in code.
    before: Option<char>,
    nesting: Nesting,
}

/// How deep in a statement the reader stands: in parentheses a `;` separates the actions of a rule, in the body of a function
/// its statements.
#[derive(Default)]
struct Nesting {
    parentheses: usize,
    /// How many `BEGIN ATOMIC`, and `CASE` within, are open.
    bodies: usize,
    /// The word that is being read.
    word: String,
    last: String,
    /// The first words.
    head: Vec<String>,
}

impl Nesting {
    fn read(&mut self, character: char) {
        match character {
            '(' => self.parentheses += 1,
            ')' => self.parentheses = self.parentheses.saturating_sub(1),
            _ => {}
        }
        if character.is_alphanumeric() || character == '_' {
            return self.word.push(character.to_ascii_uppercase());
        }
        self.end_word();
    }

    fn end_word(&mut self) {
        if self.word.is_empty() {
            return;
        }
        let word = std::mem::take(&mut self.word);
        if self.parentheses == 0 && self.makes_function() {
            match &*word {
                "ATOMIC" if self.last == "BEGIN" => self.bodies += 1,
                "CASE" if self.bodies > 0 => self.bodies += 1,
                "END" => self.bodies = self.bodies.saturating_sub(1),
                _ => {}
            }
        }
        if self.head.len() < 4 {
            self.head.push(word.clone());
        }
        self.last = word;
    }

    fn makes_function(&self) -> bool {
        let head: Vec<&str> = self.head.iter().map(String::as_str).collect();
        matches!(
            &head[..],
            ["CREATE", "FUNCTION" | "PROCEDURE", ..] | ["CREATE", "OR", "REPLACE", "FUNCTION" | "PROCEDURE"]
        )
    }

    fn is_within(&self) -> bool {
        self.parentheses > 0 || self.bodies > 0
    }
}

const SEVERAL: &str = "several statements in one text: send them one by one, or without values as a script, \
                       `engine.run_script(..)`";

impl Scanner {
    /// A piece of text.
    pub(super) fn read(&mut self, text: &str) -> Result<(), String> {
        let mut rest = text;
        while let Some(character) = rest.chars().next() {
            let length = self.step(character, rest)?;
            rest = &rest[length..];
        }
        Ok(())
    }

    /// A value, or an expression, stands here.
    pub(super) fn value(&mut self) -> Result<(), String> {
        let inside = match &self.within {
            Within::Code => {
                self.before = Some('x');
                return self.token();
            }
            Within::Literal { .. } => "a text of SQL ('..')",
            Within::Name => "a quoted name (\"..\")",
            Within::Dollar(_) => "a text of SQL ($..$)",
            Within::Line | Within::Block(_) => "a comment",
        };
        Err(format!(
            "braces inside {inside} would be part of it: take the whole text as a value, `{{}}`, or join it with `||`; a brace \
             of the text itself is written twice, `{{{{`"
        ))
    }

    /// The text ends here.
    pub(super) fn end(&self) -> Result<(), String> {
        let open = match &self.within {
            Within::Code | Within::Line if self.begun => return Ok(()),
            Within::Code | Within::Line => return Err("the text has no statement".to_owned()),
            Within::Literal { .. } => "a text ('..')",
            Within::Name => "a quoted name (\"..\")",
            Within::Dollar(_) => "a text ($..$)",
            Within::Block(_) => "a comment (/* .. */)",
        };
        Err(format!("{open} is never closed"))
    }

    /// Something of a statement stands here.
    fn token(&mut self) -> Result<(), String> {
        self.begun = true;
        if self.ended { Err(SEVERAL.to_owned()) } else { Ok(()) }
    }

    /// Takes what begins here; gives its length.
    fn step(&mut self, character: char, rest: &str) -> Result<usize, String> {
        let one = character.len_utf8();
        match &mut self.within {
            Within::Code => return self.code(character, rest),
            Within::Literal { escapes } => {
                if *escapes && character == '\\' {
                    return Ok(one + rest[one..].chars().next().map_or(0, char::len_utf8));
                }
                if character == '\'' {
                    self.within = Within::Code;
                }
            }
            Within::Name => {
                if character == '"' {
                    self.within = Within::Code;
                }
            }
            Within::Dollar(tag) => {
                if rest.starts_with(tag.as_str()) {
                    let length = tag.len();
                    self.within = Within::Code;
                    return Ok(length);
                }
            }
            Within::Line => {
                if character == '\n' {
                    self.within = Within::Code;
                }
            }
            Within::Block(depth) => {
                if rest.starts_with("/*") {
                    *depth += 1;
                    return Ok(2);
                }
                if rest.starts_with("*/") {
                    *depth -= 1;
                    if *depth == 0 {
                        self.within = Within::Code;
                    }
                    return Ok(2);
                }
            }
        }
        Ok(one)
    }

    fn code(&mut self, character: char, rest: &str) -> Result<usize, String> {
        let before = self.before.replace(character);
        self.nesting.read(character);
        let in_word = before.is_some_and(|before| before.is_alphanumeric() || before == '_');
        if rest.starts_with("--") {
            self.within = Within::Line;
            return Ok(2);
        }
        if rest.starts_with("/*") {
            self.within = Within::Block(1);
            return Ok(2);
        }
        match character {
            ';' => {
                self.ended = !self.nesting.is_within();
                return Ok(1);
            }
            space if space.is_whitespace() => return Ok(space.len_utf8()),
            '\'' => self.within = Within::Literal { escapes: matches!(before, Some('e' | 'E')) },
            '"' => self.within = Within::Name,
            '$' if !in_word => {
                let word: String =
                    rest[1..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                if word.starts_with(|first: char| first.is_ascii_digit()) {
                    return Err(format!(
                        "`${word}` in the text: the value stands in its place, in braces, and gets its number by itself"
                    ));
                }
                if rest[1 + word.len()..].starts_with('$') {
                    let tag = format!("${word}$");
                    let length = tag.len();
                    self.within = Within::Dollar(tag);
                    self.token()?;
                    return Ok(length);
                }
            }
            _ => {}
        }
        self.token()?;
        Ok(character.len_utf8())
    }
}

#[cfg(test)]
mod tests {
    use super::Scanner;

    fn read(pieces: &[&str]) -> Result<(), String> {
        let mut scanner = Scanner::default();
        for (nth, piece) in pieces.iter().enumerate() {
            if nth > 0 {
                scanner.value()?;
            }
            scanner.read(piece)?;
        }
        scanner.end()
    }

    #[test]
    fn a_value_stands_in_code_only() {
        assert_eq!(read(&["SELECT 'it''s', E'\\'', \"a\"\"b\", $$;$1'$$, $x$ $y$ $x$, ", " -- '\n"]), Ok(()));
        assert_eq!(read(&["SELECT /* ' /* */ ' */ ", ""]), Ok(()));
        for text in ["'a", "\"a", "$$a", "$x$ $$", "/* a", "-- a", "E'\\'"] {
            assert!(read(&[text, ""]).unwrap_err().starts_with("braces inside"), "{text}");
        }
    }

    #[test]
    fn a_text_is_one_statement() {
        assert_eq!(read(&["SELECT ';' ; -- end"]), Ok(()));
        assert!(read(&["SELECT 1; SELECT 2"]).unwrap_err().starts_with("several statements"));
        assert!(read(&["DELETE FROM a; ", ""]).unwrap_err().starts_with("several statements"));
        assert!(read(&[" -- nothing"]).unwrap_err().contains("no statement"));
    }

    #[test]
    fn a_rule_and_a_function_have_statements_within() {
        for text in [
            "CREATE FUNCTION f(a int) RETURNS int BEGIN ATOMIC SELECT CASE WHEN TRUE THEN 1 END; SELECT 2; END;",
            "create or replace procedure p() begin atomic delete from a; end",
            "CREATE RULE r AS ON DELETE TO a DO (DELETE FROM b; DELETE FROM c)",
        ] {
            assert_eq!(read(&[text]), Ok(()), "{text}");
            assert!(read(&[&format!("{text}; SELECT 1")]).unwrap_err().starts_with("several statements"));
        }
        assert!(read(&["CREATE TABLE begin (atomic int); END"]).is_err());
    }

    #[test]
    fn parameters_are_not_numbered_by_hand() {
        assert!(read(&["SELECT $1"]).unwrap_err().starts_with("`$1` in the text"));
        assert_eq!(read(&["SELECT a$1 FROM b"]), Ok(()));
    }

    #[test]
    fn what_is_opened_is_closed() {
        assert!(read(&["SELECT 'a"]).unwrap_err().ends_with("is never closed"));
    }
}

//! Cuts SQL into what the server reads, what it reads as a value or a name, and what it passes over.

/// A piece of a statement; all of them together are its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    Comment(&'a str),
    /// A text or a name between quotes, of whatever kind, with them.
    Quoted(&'a str),
    /// `$1`, and its number.
    Parameter(&'a str, usize),
    /// Everything else.
    Plain(&'a str),
}

impl<'a> Piece<'a> {
    /// The piece as it stands.
    pub(crate) fn text(self) -> &'a str {
        match self {
            Piece::Comment(text) | Piece::Quoted(text) | Piece::Parameter(text, _) | Piece::Plain(text) => {
                text
            }
        }
    }
}

/// The pieces of a statement. Quotes and comments that have no end reach to that of the text.
pub(crate) fn pieces(sql: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at;
        let special = sql[at..].match_indices(['\'', '"', '$', '-', '/']);
        let found =
            special.map(|(offset, _)| at + offset).find_map(|begin| Some((begin, special_at(sql, begin)?)));
        let (begin, end, piece): (usize, usize, Option<Piece<'_>>) = match found {
            Some((begin, (end, piece))) if begin == start => (begin, end, Some(piece)),
            Some((begin, _)) => (start, begin, None),
            None => (start, sql.len(), None),
        };
        at = end;
        (begin < end).then(|| piece.unwrap_or(Piece::Plain(&sql[begin..end])))
    })
}

/// Whether what comes behind would be part of a comment.
pub(crate) fn ends_in_comment(sql: &str) -> bool {
    pieces(sql).last().is_some_and(|piece| matches!(piece, Piece::Comment(text) if text.starts_with("--")))
}

/// A statement without the `;`, the space and the comments behind it, as it stands within another one.
pub(crate) fn without_end(sql: &str) -> &str {
    let (mut at, mut end) = (0, 0);
    for piece in pieces(sql) {
        let text = match piece {
            Piece::Comment(_) => "",
            Piece::Plain(text) => text.trim_end_matches(|last: char| last.is_whitespace() || last == ';'),
            Piece::Quoted(text) | Piece::Parameter(text, _) => text,
        };
        if !text.is_empty() {
            end = at + text.len();
        }
        at += piece.text().len();
    }
    &sql[..end]
}

/// The piece that begins here and where it ends, if one does that is not plain.
fn special_at(sql: &str, begin: usize) -> Option<(usize, Piece<'_>)> {
    let text = &sql[begin..];
    let before = &sql[..begin];
    let length = match text.as_bytes()[0] {
        b'\'' => quoted(text, '\'', is_escaped(before)),
        b'"' => quoted(text, '"', false),
        b'-' if text.starts_with("--") => text.find('\n').unwrap_or(text.len()),
        b'/' if text.starts_with("/*") => comment(text),
        b'$' if !before.ends_with(in_name) => {
            let digits = text[1..].find(|next: char| !next.is_ascii_digit()).unwrap_or(text.len() - 1);
            if let Ok(number) = text[1..=digits].parse() {
                return Some((begin + 1 + digits, Piece::Parameter(&text[..=digits], number)));
            }
            dollar_quoted(text)?
        }
        _ => return None,
    };
    let piece = &text[..length];
    let is_comment = matches!(piece.as_bytes()[0], b'-' | b'/');
    Some((begin + length, if is_comment { Piece::Comment(piece) } else { Piece::Quoted(piece) }))
}

/// What can stand in a name after its first character.
fn in_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '$') || !character.is_ascii()
}

/// Whether a text behind this knows backslashes: `E'..'`.
fn is_escaped(before: &str) -> bool {
    before.strip_suffix(['e', 'E']).is_some_and(|before| !before.ends_with(in_name))
}

/// How long a text is that begins with a quote; two quotes within are one of it.
fn quoted(text: &str, quote: char, is_escaped: bool) -> usize {
    let mut characters = text.char_indices().skip(1).peekable();
    while let Some((at, character)) = characters.next() {
        if character == '\\' && is_escaped {
            characters.next();
        } else if character == quote && characters.next_if(|(_, next)| *next == quote).is_none() {
            return at + quote.len_utf8();
        }
    }
    text.len()
}

/// `$tag$ .. $tag$`.
fn dollar_quoted(text: &str) -> Option<usize> {
    let tag = &text[..text[1..].find('$')? + 2];
    let name = &tag[1..tag.len() - 1];
    let is_tag = !name.starts_with(|first: char| first.is_ascii_digit()) && name.chars().all(in_name);
    let content = &text[tag.len()..];
    is_tag.then(|| content.find(tag).map_or(text.len(), |end| tag.len() + end + tag.len()))
}

/// `/* .. */`, which may have others within.
fn comment(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < text.len() {
        let rest = &text.as_bytes()[at..];
        at += match rest {
            [b'/', b'*', ..] => {
                depth += 1;
                2
            }
            [b'*', b'/', ..] => {
                depth -= 1;
                if depth == 0 {
                    return at + 2;
                }
                2
            }
            _ => 1,
        };
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::Piece::{Comment, Parameter, Plain, Quoted};
    use super::{Piece, ends_in_comment, pieces, without_end};

    #[track_caller]
    fn check(sql: &str, expected: &[Piece<'_>]) {
        assert_eq!(pieces(sql).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn texts_and_names_are_quoted() {
        check("a '$1''' b", &[Plain("a "), Quoted("'$1'''"), Plain(" b")]);
        check("\"$1\"\"\"+$2", &[Quoted("\"$1\"\"\""), Plain("+"), Parameter("$2", 2)]);
        check(
            r"E'\'$1' e'\\'$1",
            &[Plain("E"), Quoted(r"'\'$1'"), Plain(" e"), Quoted(r"'\\'"), Parameter("$1", 1)],
        );
        check(r"type'\'$1", &[Plain("type"), Quoted(r"'\'"), Parameter("$1", 1)]);
        check("'no end $1", &[Quoted("'no end $1")]);
        check("'é'$1", &[Quoted("'é'"), Parameter("$1", 1)]);
    }

    #[test]
    fn dollars_are_parameters_quotes_or_parts_of_names() {
        check("$12+$1", &[Parameter("$12", 12), Plain("+"), Parameter("$1", 1)]);
        check(
            "$$ $1 ' $$,$a$ $b$ $1 $a$ $1",
            &[Quoted("$$ $1 ' $$"), Plain(","), Quoted("$a$ $b$ $1 $a$"), Plain(" "), Parameter("$1", 1)],
        );
        check("a$1 é$1 $", &[Plain("a$1 é$1 $")]);
    }

    #[test]
    fn comments_are_passed_over() {
        check(
            "1 - 2 -- it's $1\n/ $1",
            &[Plain("1 - 2 "), Comment("-- it's $1"), Plain("\n/ "), Parameter("$1", 1)],
        );
        check("/* a /* $1 */ ' */$1", &[Comment("/* a /* $1 */ ' */"), Parameter("$1", 1)]);
        check("-- end", &[Comment("-- end")]);
        check("/* é", &[Comment("/* é")]);
    }

    #[test]
    fn a_statement_within_another_has_no_end_of_its_own() {
        for sql in ["SELECT ';' -- a", "SELECT ';'", "SELECT ';' ; /* b */ ;\n-- c\n"] {
            assert_eq!(without_end(sql), "SELECT ';'", "{sql}");
        }
        assert_eq!(without_end("SELECT 1 -- a\n + $1;"), "SELECT 1 -- a\n + $1");
        assert_eq!((without_end("-- a"), without_end("")), ("", ""));
        assert!(ends_in_comment("1 -- a") && !ends_in_comment("1 -- a\n") && !ends_in_comment("1 /* a */"));
    }
}

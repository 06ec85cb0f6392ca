//! Cuts the text at its braces.

/// What the text is made of, in order.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Text(String),
    /// `{}`: the next value behind the text.
    Argument,
    /// `{User.id}`: the Rust expression in braces.
    Expression(String),
}

/// The pieces of a text, or why it has none.
pub(super) fn pieces(text: &str) -> Result<Vec<Piece>, String> {
    let mut found = Vec::new();
    let mut sql = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        sql.push_str(&rest[..at]);
        let brace = &rest[at..=at];
        let behind = &rest[at + 1..];
        if behind.starts_with(brace) {
            sql.push_str(brace);
            rest = &behind[1..];
            continue;
        }
        if brace == "}" {
            return Err("a `}` stands alone: a brace of the SQL itself is written twice, `}}`".to_owned());
        }
        let end = closing(behind)
            .ok_or("a `{` is never closed: a brace of the SQL itself is written twice, `{{`".to_owned())?;
        if !sql.is_empty() {
            found.push(Piece::Text(std::mem::take(&mut sql)));
        }
        let inside = behind[..end].trim();
        found.push(if inside.is_empty() { Piece::Argument } else { Piece::Expression(inside.to_owned()) });
        rest = &behind[end + 1..];
    }
    sql.push_str(rest);
    if !sql.is_empty() {
        found.push(Piece::Text(sql));
    }
    Ok(found)
}

/// Where the brace is closed that was opened just before; braces inside are passed over, and so are Rust's texts.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0;
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => return Some(at),
            '}' => depth -= 1,
            '"' => {
                while let Some((_, inside)) = characters.next() {
                    match inside {
                        '\\' => drop(characters.next()),
                        '"' => break,
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{Piece, pieces};

    fn text(text: &str) -> Piece {
        Piece::Text(text.to_owned())
    }

    fn expression(text: &str) -> Piece {
        Piece::Expression(text.to_owned())
    }

    #[test]
    fn a_text_is_cut_at_its_braces() {
        let found = pieces("SELECT {User.id} FROM {User} WHERE a = {} AND b = '{{}}'").unwrap();
        let expected = [
            text("SELECT "),
            expression("User.id"),
            text(" FROM "),
            expression("User"),
            text(" WHERE a = "),
            Piece::Argument,
            text(" AND b = '{}'"),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn braces_and_texts_inside_an_expression_do_not_close_it() {
        let found = pieces(r#"{f("}", { 1 })}"#).unwrap();
        assert_eq!(found, [expression(r#"f("}", { 1 })"#)]);
    }

    #[test]
    fn a_brace_without_its_other_half_is_a_mistake() {
        assert!(pieces("a { b").unwrap_err().contains("never closed"));
        assert!(pieces("a } b").unwrap_err().contains("stands alone"));
    }
}

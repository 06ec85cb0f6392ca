//! Finds the columns of a table in an SQL condition, so that they can be written with the name of the table.

/// An SQL condition, taken apart at the columns of the table: `texts` is one longer than `places`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Condition {
    pub(crate) texts: Vec<String>,
    /// The places of the columns.
    pub(crate) places: Vec<usize>,
}

/// Takes a condition apart; `columns` are the names of the table's columns.
///
/// # Errors
/// If it is no condition on the row's own columns.
pub(crate) fn condition(sql: &str, columns: &[&str]) -> Result<Condition, String> {
    let mut found = Condition { texts: vec![String::new()], places: Vec::new() };
    let mut rest = sql;
    // What stands before, without blanks.
    let mut before = String::new();
    let mut depth = 0_usize;
    while let Some(first) = rest.chars().next() {
        let length = token(rest)?;
        let (token, behind) = rest.split_at(length);
        rest = behind;
        depth = match first {
            '(' => depth + 1,
            ')' => depth.checked_sub(1).ok_or("a parenthesis is closed that was never opened")?,
            ';' => return Err("a filter is one condition: leave out the `;`".to_owned()),
            '$' if token == "$" => {
                return Err("a filter has no parameters: write the value itself".to_owned());
            }
            _ => depth,
        };
        if token.eq_ignore_ascii_case("select") {
            return Err(
                "a filter is a condition on the columns of the row itself, without a subquery".to_owned()
            );
        }
        let place = name(token).and_then(|name| columns.iter().position(|column| *column == name));
        let is_qualified = before.ends_with('.') || before.ends_with("::");
        let behind = behind.trim_start();
        match place {
            Some(place) if !is_qualified && !behind.starts_with(['(', '.']) => {
                found.places.push(place);
                found.texts.push(String::new());
            }
            _ => found.texts.last_mut().expect("there is one").push_str(token),
        }
        if !first.is_whitespace() {
            before.push_str(token);
        }
    }
    if depth > 0 {
        return Err("a parenthesis is never closed".to_owned());
    }
    if before.is_empty() {
        return Err(
            "expected an SQL condition: write, for example, `filter(active = \"deleted_at IS NULL\")`"
                .to_owned(),
        );
    }
    Ok(found)
}

/// The name that a token is, as PostgreSQL understands it.
fn name(token: &str) -> Option<String> {
    match token.strip_prefix('"') {
        Some(quoted) => Some(quoted.strip_suffix('"')?.replace("\"\"", "\"")),
        None if token.starts_with(|first: char| first.is_alphabetic() || first == '_') => {
            Some(token.to_lowercase())
        }
        None => None,
    }
}

/// How long the token is that a text begins with.
fn token(text: &str) -> Result<usize, String> {
    let is_word = |character: char| character.is_alphanumeric() || matches!(character, '_' | '$');
    let first = text.chars().next().map_or(0, char::len_utf8);
    if text.starts_with("--") || text.starts_with("/*") {
        return Err("a filter has no comments: write them in the documentation of the model".to_owned());
    }
    let escapes = text.starts_with(['e', 'E']) && text[1..].starts_with('\'');
    if escapes || text.starts_with('\'') {
        return quoted(text, 1 + usize::from(escapes), '\'', escapes);
    }
    if text.starts_with('"') {
        return quoted(text, 1, '"', false);
    }
    if text.starts_with(|first: char| first.is_alphanumeric() || first == '_') {
        return Ok(text.find(|character| !is_word(character)).unwrap_or(text.len()));
    }
    if let Some(tag) = text.strip_prefix('$').and_then(|rest| rest.find('$').map(|end| &text[..end + 2]))
        && tag[1..tag.len() - 1].chars().all(is_word)
    {
        let end = text[tag.len()..].find(tag).ok_or("a text ($..$) is never closed")?;
        return Ok(end + 2 * tag.len());
    }
    Ok(first)
}

/// How long a quoted text is, whose quote stands before `start`.
fn quoted(text: &str, start: usize, quote: char, escapes: bool) -> Result<usize, String> {
    let mut characters = text[start..].char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        if escapes && character == '\\' {
            characters.next();
        } else if character == quote && characters.next_if(|(_, next)| *next == quote).is_none() {
            return Ok(start + at + 1);
        }
    }
    Err(format!("a {quote} is never closed"))
}

#[cfg(test)]
mod tests {
    use super::condition;

    const COLUMNS: [&str; 3] = ["deleted_at", "state", "Nick"];

    /// The condition with places in braces.
    fn apart(sql: &str) -> Result<String, String> {
        let found = condition(sql, &COLUMNS)?;
        let mut out = found.texts[0].clone();
        for (place, text) in found.places.iter().zip(&found.texts[1..]) {
            out.push_str(&format!("{{{place}}}{text}"));
        }
        Ok(out)
    }

    #[test]
    fn columns_are_found_and_nothing_else_is_taken_for_one() {
        for (sql, expected) in [
            ("deleted_at IS NULL", "{0} IS NULL"),
            ("Deleted_At is null AND state <> 'state'", "{0} is null AND {1} <> 'state'"),
            ("\"Nick\" = E'state\\'state' OR nick = ''''", "{2} = E'state\\'state' OR nick = ''''"),
            (
                "state(1) AND x.state AND state.x AND 1::state = state",
                "state(1) AND x.state AND state.x AND 1::state = {1}",
            ),
            (
                "lower(state) = $$state$$ AND statement = state2",
                "lower({1}) = $$state$$ AND statement = state2",
            ),
        ] {
            assert_eq!(apart(sql), Ok(expected.to_owned()));
        }
    }

    #[test]
    fn what_is_no_condition_of_the_row_is_refused() {
        for (sql, expected) in [
            ("", "expected an SQL condition"),
            ("state = 1; DROP TABLE x", "one condition"),
            ("EXISTS (SELECT 1)", "without a subquery"),
            ("state = 'a", "never closed"),
            ("(state", "never closed"),
            ("state)", "never opened"),
            ("state -- x", "no comments"),
            ("state = $1", "no parameters"),
        ] {
            assert!(apart(sql).is_err_and(|message| message.contains(expected)), "{sql}");
        }
    }
}

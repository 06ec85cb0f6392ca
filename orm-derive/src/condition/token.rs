//! SQL text, token by token.

/// The name that a token is, as PostgreSQL understands it.
pub(super) fn name(token: &str) -> Option<String> {
    match token.strip_prefix('"') {
        Some(quoted) => Some(quoted.strip_suffix('"')?.replace("\"\"", "\"")),
        None if token.starts_with(|first: char| first.is_alphabetic() || first == '_') => {
            Some(token.to_lowercase())
        }
        None => None,
    }
}

/// How long the token is that a text begins with.
pub(super) fn token(text: &str) -> Result<usize, String> {
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

/// Whether a constant in quotes begins here.
pub(super) fn is_text(text: &str) -> bool {
    let behind = text.trim_start_matches(['e', 'E']);
    behind.starts_with('\'') && text.len() - behind.len() < 2 || text.starts_with('$')
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

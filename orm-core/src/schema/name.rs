//! Names and texts as they stand in SQL.

use std::borrow::Cow;

/// How many bytes of a name PostgreSQL keeps.
pub(crate) const LONGEST_NAME: usize = 63;

/// A name as SQL text: in quotes, and quotes inside it doubled.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", fitted(name, "").replace('"', "\"\""))
}

/// A text as SQL text, whatever the server takes a backslash for.
pub(crate) fn literal(text: &str) -> String {
    let text = text.replace('\'', "''");
    // With `standard_conforming_strings` off a backslash escapes in any text, behind an E always.
    if text.contains('\\') { format!("E'{}'", text.replace('\\', "\\\\")) } else { format!("'{text}'") }
}

/// Whether SQL is a call of a function of no schema, without arguments, such as `now()`.
pub(crate) fn is_call(sql: &str) -> bool {
    sql.strip_suffix("()").is_some_and(|name| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    })
}

/// A name with an end, shortened where PostgreSQL would cut it off: names that begin alike must not become one.
pub(crate) fn fitted<'a>(name: &'a str, end: &str) -> Cow<'a, str> {
    if name.len() + end.len() <= LONGEST_NAME {
        return if end.is_empty() { name.into() } else { format!("{name}{end}").into() };
    }
    shortened(name, &format!("_{:08x}{end}", digest(name))).into()
}

/// As much of a name as PostgreSQL keeps beside the end.
pub(crate) fn shortened(name: &str, end: &str) -> String {
    let mut start = name.len().min(LONGEST_NAME.saturating_sub(end.len()));
    while !name.is_char_boundary(start) {
        start -= 1;
    }
    format!("{}{end}", &name[..start])
}

/// FNV-1a: the same in every build, as what is kept in a database must be.
pub(crate) fn digest(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::{fitted, literal, quoted};

    #[test]
    fn a_name_is_shortened_between_letters_and_only_where_it_must_be() {
        let name = "ä".repeat(31);
        assert_eq!((&*fitted(&name, ""), fitted(&name, "_").len()), (&*name, 63));
        let (long, other) = (format!("{name}ää"), format!("{name}äö"));
        assert_eq!((fitted(&long, "").len(), fitted(&other, "_fkey").len()), (63, 62));
        assert_ne!(fitted(&long, ""), fitted(&other, ""));
        assert_eq!(quoted(&long), format!("\"{}\"", fitted(&long, "")));
    }

    #[test]
    fn quotes_and_backslashes_are_doubled() {
        assert_eq!(literal("it's"), "'it''s'");
        assert_eq!(literal("\\'"), "E'\\\\'''");
        assert_eq!(quoted("a\"b'\\"), "\"a\"\"b'\\\"");
    }
}

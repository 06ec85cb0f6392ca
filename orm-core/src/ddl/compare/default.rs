//! Compares where the value of a column comes from when a row is inserted without one.

use super::DifferenceKind;
use crate::ddl::live::LiveColumn;
use crate::schema::{ColumnDefault, ColumnMeta, Generated, is_call};
use crate::types::PgType;

/// What differs, as the end of a sentence that begins with the column.
pub(super) fn compare(column: &ColumnMeta, live: &LiveColumn) -> Option<(DifferenceKind, String)> {
    let expected = match column.default {
        ColumnDefault::Computed(sql) if !live.computed => {
            return Some((
                DifferenceKind::Computed,
                format!("to be computed (GENERATED ALWAYS AS ({sql}) STORED), found a plain column"),
            ));
        }
        ColumnDefault::Computed(_) => return None,
        _ if live.computed => {
            let sql = live.default.as_deref().unwrap_or_default();
            return Some((
                DifferenceKind::Computed,
                format!(
                    "to be a plain column, found one that is computed: {sql}; write `#[orm(computed = ..)]`"
                ),
            ));
        }
        ColumnDefault::Identity(generated) => numbered(generated, live),
        _ if live.identity == Some(Generated::Always) => Some(
            "to take the value an INSERT gives, found GENERATED ALWAYS AS IDENTITY, which refuses it; write \
             `#[orm(generated = always)]`"
                .to_owned(),
        ),
        ColumnDefault::Sql(_) if live.default.is_none() && live.domain_default => None,
        ColumnDefault::Sql(sql) if live.default.is_none() || differs(column, sql, live) => {
            Some(format!("to have DEFAULT {sql}, found {}", found(live)))
        }
        ColumnDefault::Sql(_) | ColumnDefault::None => None,
    };
    expected.map(|message| (DifferenceKind::ColumnDefault, message))
}

fn found(live: &LiveColumn) -> String {
    match (&live.default, live.identity) {
        (Some(sql), _) => format!("DEFAULT {sql}"),
        (None, None) => "no default".to_owned(),
        (None, Some(generated)) => generated.sql().to_owned(),
    }
}

/// An identity; `serial` is as good as one that takes values.
fn numbered(expected: Generated, live: &LiveColumn) -> Option<String> {
    if live.identity == Some(expected) || (expected == Generated::ByDefault && live.serial) {
        return None;
    }
    let hint = match (expected, live.identity) {
        (Generated::ByDefault, Some(_)) => "; write `#[orm(generated = always)]`",
        (Generated::Always, Some(_)) => "; write `#[orm(generated)]`",
        (_, None)
            if live.default.as_deref().is_some_and(|sql| sql.starts_with("nextval(")) && !live.serial =>
        {
            ", of a sequence that does not belong to the column: write it as `#[orm(default = \"..\")]`"
        }
        _ => "",
    };
    Some(format!("to be numbered ({}), found {}{hint}", expected.sql(), found(live)))
}

/// Whether two defaults are surely not the same.
fn differs(column: &ColumnMeta, expected: &str, live: &LiveColumn) -> bool {
    let found = live.default.as_deref().unwrap_or_default();
    match (plain(column.ty, expected), plain(column.ty, found)) {
        (Some(expected), Some(found)) => expected != found,
        _ => false,
    }
}

/// A default PostgreSQL gives back as it was written, but for a cast, quotes around a number, and the case of words.
fn plain(ty: &PgType, sql: &str) -> Option<String> {
    let sql = unwrapped(sql.trim());
    let (quoted, rest) = match sql.strip_prefix('\'') {
        Some(text) => {
            let end = end_of_text(text)?;
            (Some(&text[..end]), &text[end + 1..])
        }
        None => (None, sql),
    };
    let text = match (quoted, rest.is_empty() || rest.starts_with("::")) {
        (Some(text), true) => text,
        (Some(_), false) => return None,
        (None, _) => sql.split("::").next().unwrap_or_default(),
    };
    match ty.name {
        "smallint" | "integer" | "bigint" if text.parse::<i64>().is_ok_and(|n| n.to_string() == text) => {
            Some(text.to_owned())
        }
        "boolean" if matches!(text.to_lowercase().as_str(), "true" | "false") => Some(text.to_lowercase()),
        "text" if quoted.is_some() => Some(format!("'{text}'")),
        _ if quoted.is_some() && !ty.labels.is_empty() => Some(format!("'{text}'")),
        _ if quoted.is_none() && is_call(sql) => Some(sql.to_lowercase()),
        _ => None,
    }
}

/// Where a text in quotes ends.
fn end_of_text(text: &str) -> Option<usize> {
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        if letter == '\'' && letters.next_if(|(_, next)| *next == '\'').is_none() {
            return Some(at);
        }
    }
    None
}

/// Without parentheses around the whole of a plain value.
fn unwrapped(sql: &str) -> &str {
    let inner = sql.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    inner.filter(|inner| !inner.contains(['(', ')'])).unwrap_or(sql)
}

#[cfg(test)]
mod tests {
    use super::{end_of_text, plain};
    use crate::types::{BaseType, PgType};

    fn same(ty: &'static PgType, expected: &str, found: &str) -> Option<bool> {
        Some(plain(ty, expected)? == plain(ty, found)?)
    }

    #[test]
    fn what_postgresql_gives_back_is_known_again() {
        assert_eq!(same(<i64 as BaseType>::TYPE, "-1", "'-1'::integer"), Some(true));
        assert_eq!(same(<i32 as BaseType>::TYPE, "(5)", "5"), Some(true));
        assert_eq!(same(<bool as BaseType>::TYPE, "TRUE", "true"), Some(true));
        assert_eq!(same(<String as BaseType>::TYPE, "'it''s'", "'it''s'::text"), Some(true));
        assert_eq!(same(<String as BaseType>::TYPE, "NOW()", "now()"), Some(true));
    }

    #[test]
    fn what_is_another_is_told_apart() {
        assert_eq!(same(<i64 as BaseType>::TYPE, "1", "2"), Some(false));
        assert_eq!(same(<bool as BaseType>::TYPE, "true", "false"), Some(false));
        assert_eq!(same(<String as BaseType>::TYPE, "'a'", "'A'::text"), Some(false));
        assert_eq!(same(<i64 as BaseType>::TYPE, "0", "txid_current()"), Some(false));
    }

    #[test]
    fn what_may_be_the_same_is_not_decided() {
        assert_eq!(same(<i64 as BaseType>::TYPE, "1 + 1", "(1 + 1)"), None);
        assert_eq!(same(<i64 as BaseType>::TYPE, "007", "7"), None);
        assert_eq!(same(<f64 as BaseType>::TYPE, "1e3", "1000"), None);
        assert_eq!(same(<String as BaseType>::TYPE, "'a' || 'b'", "('a'::text || 'b'::text)"), None);
        assert_eq!(same(<String as BaseType>::TYPE, "current_user", "CURRENT_USER"), None);
        assert_eq!(same(<String as BaseType>::TYPE, "public.name()", "name()"), None);
    }

    #[test]
    fn a_doubled_quote_does_not_end_a_text() {
        assert_eq!(end_of_text("it''s'::text"), Some(5));
        assert_eq!(end_of_text("open"), None);
    }
}

//! Reads the values that columns have by default off their SQL, where that is a constant.

use tokio_postgres::types::Type;

use crate::schema::{ColumnDefault, ColumnMeta, TableMeta};
use crate::types::RawValue;

/// The values of columns of a new row that says nothing of them, if all are constants.
pub(super) fn constant_defaults(table: &TableMeta, places: &[usize]) -> Option<Vec<RawValue>> {
    places.iter().map(|&place| constant_default(&table.columns[place])).collect()
}

/// The same of one column: a text, a label of an enum, a number, a truth value, a UUID.
pub(super) fn constant_default(column: &'static ColumnMeta) -> Option<RawValue> {
    let ColumnDefault::Sql(sql) = column.default else { return None };
    let ty = column.ty;
    let number = || sql.trim().parse::<i64>().ok();
    let content = match ty.wire {
        _ if ty.labels.iter().any(|label| Some(*label) == quoted(sql)) => quoted(sql)?.as_bytes().to_vec(),
        _ if !ty.is_builtin() => return None,
        Type::TEXT | Type::VARCHAR => quoted(sql)?.as_bytes().to_vec(),
        Type::BPCHAR => quoted(sql)?.trim_end_matches(' ').as_bytes().to_vec(),
        Type::INT2 => i16::try_from(number()?).ok()?.to_be_bytes().to_vec(),
        Type::INT4 => i32::try_from(number()?).ok()?.to_be_bytes().to_vec(),
        Type::INT8 => number()?.to_be_bytes().to_vec(),
        Type::BOOL => vec![u8::from(sql.trim().to_ascii_lowercase().parse::<bool>().ok()?)],
        Type::UUID => uuid(quoted(sql)?)?.to_be_bytes().to_vec(),
        _ => return None,
    };
    Some(RawValue::new(ty, &content))
}

/// What stands between quotes, with a cast behind them or without.
fn quoted(sql: &str) -> Option<&str> {
    let (text, rest) = sql.trim().strip_prefix('\'')?.split_once('\'')?;
    let is_cast = || rest.strip_prefix("::").is_some_and(|ty| !ty.contains(['\'', '(', '|', '+']));
    (!text.contains('\\') && (rest.is_empty() || is_cast())).then_some(text)
}

fn uuid(text: &str) -> Option<u128> {
    let digits: String = text.chars().filter(|char| *char != '-').collect();
    let is_whole = digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_whole.then(|| u128::from_str_radix(&digits, 16).ok())?
}

#[cfg(test)]
mod tests {
    use super::{quoted, uuid};

    #[test]
    fn what_is_quoted_is_a_constant() {
        assert_eq!(quoted("'a b'"), Some("a b"));
        assert_eq!(quoted(" 'red'::color "), Some("red"));
        for sql in ["'it''s'", "'a' || b", "'a'::text || now()", r"'\x'", "a", "lower('a')"] {
            assert_eq!(quoted(sql), None, "{sql}");
        }
    }

    #[test]
    fn a_uuid_is_read_with_and_without_dashes() {
        assert_eq!(uuid("00000000-0000-0000-0000-00000000000f"), Some(15));
        assert_eq!(uuid("0000000000000000000000000000000F"), Some(15));
        assert_eq!(uuid("f"), None);
    }
}

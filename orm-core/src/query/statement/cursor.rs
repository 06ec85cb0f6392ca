//! A place between the rows of a statement, as text for a URL.

use crate::error::Error;

/// The characters of base64url, which stand in URLs as they are.
const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The length of NULL, which no value has.
const NULL: u32 = u32::MAX;

/// Where a page begins: behind a row, or before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cursor {
    /// Whether the page ends before the row, and is read backward.
    pub(super) backward: bool,
    /// What the row is sorted by, each in its binary form; of no values, the page at the end.
    pub(super) values: Vec<Option<Vec<u8>>>,
}

impl Cursor {
    /// The text; `statement` is what the statement whose row it is goes by.
    pub(super) fn encode(&self, statement: &[u8]) -> String {
        let mut bytes = vec![u8::from(self.backward)];
        for value in &self.values {
            let length = value.as_ref().map_or(NULL, |value| u32::try_from(value.len()).unwrap_or(NULL - 1));
            bytes.extend(length.to_be_bytes());
            bytes.extend(value.iter().flatten());
        }
        let sum = sum(statement, &bytes);
        bytes.extend(sum.to_be_bytes());
        text(&bytes)
    }

    /// What a text says, if it is of a cursor of this statement.
    pub(super) fn decode(written: &str, statement: &[u8]) -> Result<Cursor, Error> {
        // The same bytes have one text: what has a character more, or other bits in the last one, was changed.
        let bytes = bytes(written).filter(|bytes| text(bytes) == written);
        let parsed = bytes.and_then(|bytes| {
            let (content, written) = bytes.split_last_chunk::<8>()?;
            (u64::from_be_bytes(*written) == sum(statement, content)).then(|| parse(content)).flatten()
        });
        parsed.ok_or_else(|| {
            Error::statement_invalid(
                "this cursor is not one of this statement: it was changed on its way, or made by a statement that sorts or \
                 selects otherwise or has other values in ORDER BY, or by another version of the program; begin again without a cursor",
            )
        })
    }
}

fn parse(content: &[u8]) -> Option<Cursor> {
    let (backward, mut rest) = content.split_first()?;
    let mut values = Vec::new();
    while !rest.is_empty() {
        let (length, behind) = rest.split_first_chunk::<4>()?;
        let length = u32::from_be_bytes(*length);
        if length == NULL {
            values.push(None);
            rest = behind;
            continue;
        }
        let (value, behind) = behind.split_at_checked(length as usize)?;
        values.push(Some(value.to_vec()));
        rest = behind;
    }
    Some(Cursor { backward: *backward == 1, values })
}

/// FNV-1a of a statement and what a cursor of it says: the same in each process.
fn sum(statement: &[u8], content: &[u8]) -> u64 {
    let bytes = statement.iter().copied().chain([0]).chain(content.iter().copied());
    bytes.fold(0xcbf2_9ce4_8422_2325, |sum: u64, byte| {
        (sum ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

fn text(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 4 / 3 + 3);
    for chunk in bytes.chunks(3) {
        let number =
            (0..3).fold(0, |number, nth| number << 8 | u32::from(chunk.get(nth).copied().unwrap_or(0)));
        for nth in 0..=chunk.len() {
            text.push(char::from(DIGITS[(number >> (18 - 6 * nth) & 63) as usize]));
        }
    }
    text
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| DIGITS.iter().position(|digit| *digit == byte);
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    for chunk in text.as_bytes().chunks(4) {
        let mut number = 0;
        for nth in 0..4 {
            number = number << 6 | chunk.get(nth).map_or(Some(0), |byte| digit(*byte))?;
        }
        let whole = [(number >> 16) as u8, (number >> 8) as u8, number as u8];
        bytes.extend(&whole[..chunk.len().checked_sub(1)?]);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::Cursor;

    #[test]
    fn a_cursor_comes_back_as_it_went() {
        for values in
            [vec![], vec![None], vec![Some(Vec::new()), None, Some("Ä ?&/".into())], vec![Some("x".into())]]
        {
            for backward in [false, true] {
                let cursor = Cursor { backward, values: values.clone() };
                let text = cursor.encode(b"SELECT 1");
                assert!(
                    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)),
                    "{text}"
                );
                assert_eq!(Cursor::decode(&text, b"SELECT 1").unwrap(), cursor);
                assert!(Cursor::decode(&text, b"SELECT 2").unwrap_err().is_invalid_statement());
            }
        }
    }

    #[test]
    fn a_changed_cursor_is_none() {
        let text = Cursor { backward: false, values: vec![Some("12".into())] }.encode(b"SELECT 1");
        for place in 0..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            let decoded = Cursor::decode(&changed, b"SELECT 1");
            assert!(decoded.is_err() || changed == text, "{changed}");
        }
        let more = format!("{text}A");
        for broken in ["", "A", "%", &text[1..], &text[..text.len() - 1], &more] {
            assert!(Cursor::decode(broken, b"SELECT 1").is_err(), "{broken}");
        }
    }
}

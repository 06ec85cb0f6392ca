//! A place in a primary's log, by which a replica is asked whether it has what was committed.

use std::fmt;
use std::str::FromStr;

use super::request::Answer;
use crate::error::Error;

/// The log position right after a commit. With `synchronous_commit = off` the commit is not flushed yet.
pub(super) const AFTER_COMMIT: &str = "SELECT ((CASE current_setting('synchronous_commit') \
     WHEN 'off' THEN pg_current_wal_insert_lsn() ELSE pg_current_wal_flush_lsn() END) - '0/0'::pg_lsn)::bigint";

/// How far a primary's log reached when something was committed (PostgreSQL's LSN).
///
/// A commit gives one, and [`Engine::after`](crate::Engine::after) takes it: what is read then includes that commit. Its
/// text, as in `0/16B3748`, can be kept between two requests (a cookie) and read again with `parse`. Of two positions
/// the greater one includes the other.
///
/// It is of one primary and its replicas; another database server has other positions.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position(u64);

impl Position {
    /// Before everything: every replica has it.
    pub const START: Position = Position(0);

    /// After everything: only the primary is sure to have it. A commit gives it where it does not know better.
    pub const UNKNOWN: Position = Position(u64::MAX);

    /// What a server answered; `None` where it does not know.
    pub(super) fn of(answer: &Answer) -> Option<Position> {
        let row = answer.rows.first()?;
        row.try_get::<_, Option<i64>>(0).ok().flatten().map(Position::new)
    }

    /// From what the server says, a log position as a number.
    pub(super) fn new(lsn: i64) -> Position {
        Position(lsn.cast_unsigned())
    }

    pub(super) fn number(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:X}/{:X}", self.0 >> 32, self.0 & u64::from(u32::MAX))
    }
}

impl fmt::Debug for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Position({self})")
    }
}

impl FromStr for Position {
    type Err = Error;

    fn from_str(text: &str) -> Result<Position, Error> {
        let half = |text: &str| {
            let is_hexadecimal = (1..=8).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_hexdigit());
            is_hexadecimal.then(|| u64::from_str_radix(text, 16).ok()).flatten()
        };
        let halves = text.split_once('/').and_then(|(high, low)| Some((half(high)?, half(low)?)));
        halves.map(|(high, low)| Position(high << 32 | low)).ok_or_else(|| {
            Error::decode(
                "expected a position in a log, as `Position` is written: 0/16B3748, found another text",
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Position;

    #[test]
    fn a_position_is_written_as_postgresql_writes_it_and_read_again() {
        for (position, text) in [
            (Position::START, "0/0"),
            (Position::new(0x16B3748), "0/16B3748"),
            (Position::new(0x1_0000_00FF), "1/FF"),
            (Position::UNKNOWN, "FFFFFFFF/FFFFFFFF"),
        ] {
            assert_eq!(position.to_string(), text);
            assert_eq!(text.parse::<Position>().unwrap(), position);
        }
    }

    #[test]
    fn another_text_is_refused() {
        for text in ["", "/", "0", "0/", "1/2/3", "0/+1", "123456789/0", "0/g", " 0/1", "0/1'; DROP"] {
            assert!(text.parse::<Position>().unwrap_err().to_string().contains("0/16B3748"), "{text}");
        }
    }

    #[test]
    fn a_later_position_is_greater() {
        assert!(
            Position::START < Position::new(1) && Position::new(0xFFFF_FFFF) < Position::new(0x1_0000_0000)
        );
        assert!(Position::new(i64::MAX) < Position::UNKNOWN);
    }
}

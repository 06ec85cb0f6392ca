//! Years before the first in texts: PostgreSQL writes `0044-03-15 BC`.

use super::Cause;

/// The text of a date, or of what begins with one, as PostgreSQL reads it: years before the first have no sign, and `BC` behind
/// them.
pub(super) fn with_era(year: i32, behind: &str) -> String {
    match year {
        1.. => format!("{year:04}{behind}"),
        _ => format!("{:04}{behind} BC", 1 - i64::from(year)),
    }
}

/// The year, of which zero is that before the first, and what stands behind it.
pub(super) fn year_of(text: &str) -> Result<(i32, &str), Cause> {
    let (text, before) = text.strip_suffix(" BC").map_or((text, false), |text| (text, true));
    let end = text.find('-').ok_or("no month stands behind the year")?;
    let year: i32 = text[..end].parse()?;
    Ok((if before { 1 - year } else { year }, &text[end..]))
}

#[cfg(test)]
mod tests {
    use super::{with_era, year_of};

    #[test]
    fn years_are_written_as_postgresql_reads_them() {
        for (year, text) in
            [(2026, "2026-01-02"), (12_345, "12345-01-02"), (0, "0001-01-02 BC"), (-43, "0044-01-02 BC")]
        {
            assert_eq!(with_era(year, "-01-02"), text);
            assert_eq!(year_of(text).unwrap(), (year, "-01-02"));
        }
        assert!(year_of("infinity").is_err());
    }
}

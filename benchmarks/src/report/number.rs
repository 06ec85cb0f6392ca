//! Numbers as tables show them.

pub(super) fn ratio(value: f64) -> String {
    if value >= 100.0 { format!("{value:.0}") } else { format!("{value:.2}") }
}

/// Three digits that count.
pub(super) fn micros(value: f64) -> String {
    match value {
        ..10.0 => format!("{value:.2}"),
        10.0..100.0 => format!("{value:.1}"),
        _ => count(value),
    }
}

/// KiB as MiB.
pub(super) fn memory(kib: f64) -> String {
    format!("{:.1}", kib / 1024.0)
}

/// A whole number with commas between thousands.
pub(super) fn count(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{count, micros};

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!([1.0, 999.0, 1000.0, 1_234_567.0].map(count), ["1", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn small_times_have_decimals() {
        assert_eq!([1.234, 12.34, 123.4].map(micros), ["1.23", "12.3", "123"]);
    }
}

//! `rust_decimal::Decimal` as `numeric`.

use std::cmp::Ordering;

use bytes::{Buf, BufMut, BytesMut};
use rust_decimal::Decimal;
use tokio_postgres::types::Type;

use super::declare::pg_type;
use super::{BaseType, Cause, PgType};

/// PostgreSQL keeps a numeric in digits of this base, four decimal ones each.
const BASE: u128 = 10_000;
const NEGATIVE: u16 = 0x4000;

/// What the digits of a `Decimal` can count to.
const GREATEST: u128 = (1 << 96) - 1;

// Written out: the crate's own reader rounds what has too many digits, and its writer forgets the scale of zero.
impl BaseType for Decimal {
    const TYPE: &'static PgType = pg_type!("numeric", NUMERIC, NUMERIC_ARRAY);
    const EQUALITY_KNOWN: bool = true;

    fn read(_: &Type, mut raw: &[u8]) -> Result<Self, Cause> {
        if raw.len() < 8 || !raw.len().is_multiple_of(2) {
            return Err(format!("{} bytes are no numeric", raw.len()).into());
        }
        let (_count, weight, sign, scale) = (raw.get_u16(), raw.get_i16(), raw.get_u16(), raw.get_u16());
        let negative = match sign {
            0 => false,
            NEGATIVE => true,
            0xC000 => return Err("`NaN` has no place in a `Decimal`".into()),
            0xD000 => return Err("`Infinity` has no place in a `Decimal`".into()),
            0xF000 => return Err("`-Infinity` has no place in a `Decimal`".into()),
            other => return Err(format!("{other:#06x} is no sign of a numeric").into()),
        };
        let digits = raw.chunks_exact(2).map(|mut digit| u128::from(digit.get_u16()));
        let (count, scale) = exact(digits, i32::from(weight), i32::from(scale)).ok_or_else(|| {
            format!(
                "it has more digits than the {} a `Decimal` keeps: `round` it in the database, or read it as text with \
                 `.cast::<String>()`",
                Decimal::MAX_SCALE
            )
        })?;
        let mut decimal = Decimal::try_from_i128_with_scale(i128::try_from(count)?, scale)?;
        decimal.set_sign_negative(negative);
        Ok(decimal)
    }

    fn write(&self, out: &mut BytesMut) -> Result<(), Cause> {
        let scale = u16::try_from(self.scale())?;
        // The last digit of base 10,000 ends where the fraction does.
        let fraction = scale.div_ceil(4);
        let mut rest = self.mantissa().unsigned_abs() * 10_u128.pow(u32::from(fraction * 4 - scale));
        let mut digits = [0; 8];
        let mut count = 0;
        while rest > 0 {
            digits[count] = u16::try_from(rest % BASE)?;
            rest /= BASE;
            count += 1;
        }
        let sign = if self.is_sign_negative() && count > 0 { NEGATIVE } else { 0 };
        out.put_u16(u16::try_from(count)?);
        out.put_i16(i16::try_from(count)? - i16::try_from(fraction)? - 1);
        out.put_u16(sign);
        out.put_u16(scale);
        digits[..count].iter().rev().for_each(|digit| out.put_u16(*digit));
        Ok(())
    }

    fn compare(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }

    fn write_canonical(&self, out: &mut BytesMut) -> Result<(), Cause> {
        self.normalize().write(out)
    }

    // 1.0 and 1.00 are equal and not the same: PostgreSQL keeps the scale.
    fn same(&self, other: &Self) -> bool {
        self.serialize() == other.serialize()
    }
}

/// The digits as one number with a scale, as near to PostgreSQL's scale as a `Decimal` can keep it; `None` if it cannot
/// keep the value.
fn exact(digits: impl ExactSizeIterator<Item = u128>, weight: i32, scale: i32) -> Option<(u128, u32)> {
    let greatest = i32::try_from(Decimal::MAX_SCALE).ok()?;
    let mut places = 4 * (i32::try_from(digits.len()).ok()? - 1 - weight);
    let mut number = 0_u128;
    for digit in digits {
        number = number.checked_mul(BASE)?.checked_add(digit)?;
    }
    if number == 0 {
        return Some((0, u32::try_from(scale.clamp(0, greatest)).ok()?));
    }
    while places < 0 {
        number = number.checked_mul(10)?;
        places += 1;
    }
    while places > scale || places > greatest || number > GREATEST {
        if places == 0 || !number.is_multiple_of(10) {
            return None;
        }
        number /= 10;
        places -= 1;
    }
    while places < scale && places < greatest && number * 10 <= GREATEST {
        number *= 10;
        places += 1;
    }
    Some((number, u32::try_from(places).ok()?))
}

#[cfg(test)]
mod tests {
    use bytes::BytesMut;
    use rust_decimal::Decimal;
    use tokio_postgres::types::Type;

    use super::BaseType;

    fn read(weight: i16, sign: u16, scale: u16, digits: &[u16]) -> Result<String, String> {
        let count = u16::try_from(digits.len()).unwrap();
        let head = [count, weight.cast_unsigned(), sign, scale];
        let raw: Vec<u8> = head.iter().chain(digits).flat_map(|part| part.to_be_bytes()).collect();
        Decimal::read(&Type::NUMERIC, &raw)
            .map(|decimal| decimal.to_string())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn decimals_survive_the_wire_with_their_scale() {
        for text in [
            "0",
            "0.00",
            "1",
            "-1.50",
            "10000",
            "100000000",
            "0.0001",
            "-0.00010000",
            "12345.6789",
            "0.0000000000000000000000000001",
            "79228162514264337593543950335",
            "-7.9228162514264337593543950335",
        ] {
            let decimal: Decimal = text.parse().unwrap();
            let mut out = BytesMut::new();
            decimal.write(&mut out).unwrap();
            assert_eq!(Decimal::read(&Type::NUMERIC, &out).unwrap().to_string(), text);
        }
    }

    #[test]
    fn zeros_at_the_end_do_not_count_as_digits() {
        assert_eq!(read(0, 0, 30, &[1, 5000]).unwrap(), "1.5000000000000000000000000000");
        assert_eq!(read(2, 0, 0, &[1]).unwrap(), "100000000");
        assert_eq!(read(0, 0, 40, &[]).unwrap(), "0.0000000000000000000000000000");
    }

    #[test]
    fn what_would_have_to_be_rounded_is_an_error() {
        let too_long = [
            read(-8, 0, 32, &[1]),
            read(-8, 0, 29, &[9000]),
            read(6, 0, 4, &[9, 0, 0, 0, 0, 0, 0, 1]),
            read(7, 0, 0, &[8]),
            read(i16::MAX, 0, 0, &[1]),
            read(i16::MIN, 0, 0, &[1]),
        ];
        for result in too_long {
            assert!(result.unwrap_err().contains("more digits than the 28"));
        }
    }

    #[test]
    fn what_is_no_number_is_an_error() {
        assert!(read(0, 0xC000, 0, &[]).unwrap_err().contains("NaN"));
        assert!(read(0, 0xD000, 0, &[]).unwrap_err().contains("`Infinity`"));
        assert!(read(0, 0xF000, 0, &[]).unwrap_err().contains("`-Infinity`"));
        assert!(Decimal::read(&Type::NUMERIC, &[0; 7]).is_err());
    }
}

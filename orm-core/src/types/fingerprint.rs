//! Fast hashes of what a program says itself: texts of statements and what they are made of, never values.

use std::hash::Hasher;

use super::Parameter;

/// A number for a text with parameters of these types; equal for equal ones, and hardly ever for others.
pub(crate) fn fingerprint(sql: &str, parameters: &[Parameter]) -> u64 {
    let mut hasher = Mixer::default();
    hasher.write(sql.as_bytes());
    parameters.iter().for_each(|parameter| hasher.write_u32(parameter.wire().oid()));
    hasher.finish()
}

/// Mixes in eight bytes at a time. Whoever knows it can make collisions, so it is for no input from outside.
#[derive(Default)]
pub(crate) struct Mixer(u64);

impl Mixer {
    #[inline]
    fn mix(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0xf135_7aea_2e62_a9c5);
    }
}

impl Hasher for Mixer {
    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        words.iter().for_each(|word| self.mix(u64::from_le_bytes(*word)));
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        self.mix(u64::from_le_bytes(last) ^ ((rest.len() as u64) << 56));
    }

    #[inline]
    fn write_u32(&mut self, number: u32) {
        self.mix(number.into());
    }

    #[inline]
    fn write_usize(&mut self, number: usize) {
        self.mix(number as u64);
    }

    // The products' upper bits depend on all that was mixed in; a hash table looks at the lower ones too.
    #[inline]
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }
}

/// Takes a fingerprint for its own hash.
#[derive(Default)]
pub(crate) struct Fingerprinted(u64);

impl Hasher for Fingerprinted {
    fn write(&mut self, _: &[u8]) {
        unreachable!("a fingerprint is one number")
    }

    #[inline]
    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }

    #[inline]
    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::fingerprint;
    use crate::types::Parameter;

    #[test]
    fn every_byte_and_every_type_counts() {
        let (number, text) = ([Parameter::new(1)], [Parameter::new("1".to_owned())]);
        let sql = "SELECT * FROM \"users\" WHERE \"id\" = $1";
        let first = fingerprint(sql, &number);
        assert_eq!(first, fingerprint(sql, &[Parameter::new(2)]));
        assert_ne!(first, fingerprint(sql, &text));
        assert_ne!(first, fingerprint(sql, &[]));
        for at in 0..sql.len() {
            let mut other = sql.as_bytes().to_vec();
            other[at] ^= 1;
            assert_ne!(first, fingerprint(std::str::from_utf8(&other).expect("text"), &number), "byte {at}");
        }
        assert_ne!(fingerprint("a", &[]), fingerprint("a\0", &[]));
    }
}

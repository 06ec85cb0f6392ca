//! Fast hashes: of texts of statements and what they are made of, and, with a secret, of keys.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::OnceLock;

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

/// Makes hashers of keys, which may come from outside: two numbers drawn at random for each program run are mixed in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Keyed {
    start: u64,
    factor: u64,
}

impl Default for Keyed {
    fn default() -> Keyed {
        static DRAWN: OnceLock<Keyed> = OnceLock::new();
        *DRAWN.get_or_init(|| {
            let random = RandomState::new();
            Keyed { start: random.hash_one(0), factor: random.hash_one(1) | 1 }
        })
    }
}

impl BuildHasher for Keyed {
    type Hasher = KeyHasher;

    #[inline]
    fn build_hasher(&self) -> KeyHasher {
        KeyHasher { state: self.start, factor: self.factor }
    }
}

/// Multiplies to twice the width and folds both halves together, eight bytes at a time.
pub(crate) struct KeyHasher {
    state: u64,
    factor: u64,
}

impl KeyHasher {
    #[inline]
    fn mix(&mut self, word: u64) {
        let product = u128::from(self.state ^ word) * u128::from(self.factor);
        self.state = (product as u64) ^ ((product >> 64) as u64);
    }
}

impl Hasher for KeyHasher {
    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        words.iter().for_each(|word| self.mix(u64::from_le_bytes(*word)));
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        self.mix(u64::from_le_bytes(last));
        // Behind a product of its own, so that no content stands for a length.
        self.mix(bytes.len() as u64);
    }

    #[inline]
    fn write_u8(&mut self, number: u8) {
        self.mix(number.into());
    }

    #[inline]
    fn write_u16(&mut self, number: u16) {
        self.mix(number.into());
    }

    #[inline]
    fn write_u32(&mut self, number: u32) {
        self.mix(number.into());
    }

    #[inline]
    fn write_u64(&mut self, number: u64) {
        self.mix(number);
    }

    #[inline]
    fn write_usize(&mut self, number: usize) {
        self.mix(number as u64);
    }

    // One more product: what was mixed in last has not reached all bits yet.
    #[inline]
    fn finish(&self) -> u64 {
        let product = u128::from(self.state) * u128::from(self.factor);
        (product as u64) ^ ((product >> 64) as u64)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::hash::BuildHasher;

    use super::{Keyed, fingerprint};
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
    #[test]
    fn keys_in_a_row_and_in_steps_spread_over_a_table() {
        let keyed = Keyed::default();
        for step in [1_i64, 2, 64, 1 << 20, 1 << 32, -1] {
            let hash = |number: i64| keyed.hash_one(number * step);
            // Of 4096 places, as many as chance fills: about 63 of 100, by the lower bits as by the upper.
            let lower: HashSet<u64> = (0..4096).map(|number| hash(number) & 4095).collect();
            let upper: HashSet<u64> = (0..4096).map(|number| hash(number) >> 52).collect();
            assert!(lower.len() > 2000 && upper.len() > 2000, "{step}: {} {}", lower.len(), upper.len());
        }
        let texts: HashSet<u64> =
            ["", "\0", "\0\0", "a", "a\0", "aaaaaaaa", "aaaaaaaa\0"].map(|text| keyed.hash_one(text)).into();
        assert_eq!(texts.len(), 7);
    }
}

//! Pseudo random numbers for property tests: the same from the same seed, on every machine.

use std::fmt::Write;

/// Where the seed of a run comes from, if it is set.
const VARIABLE: &str = "ORM_TEST_SEED";

/// A generator of pseudo random numbers. Dropped by a test that fails, it tells its seed.
///
/// ```
/// use orm_tests::Random;
///
/// let (mut one, mut other) = (Random::new(7), Random::new(7));
/// assert_eq!(one.number(), other.number());
/// assert!(one.below(3) < 3);
/// ```
#[derive(Debug)]
pub struct Random {
    seed: u64,
    state: u64,
}

/// What a name or a text is made of: every letter that means something in SQL, and letters of one to four bytes.
const LETTERS: [&str; 32] = [
    "a", "b", "Z", "_", "0", "7", "\"", "'", "\\", ";", "--", "/*", "*/", "$", "$$", "$orm$", "$1", " ",
    "\t", "\n", ".", ",", "%", "?", "{", "}", "(", ")", "é", "\u{301}", "表", "🦀",
];

impl Random {
    /// A generator that starts from the number in the environment's `ORM_TEST_SEED`, or else from the one given.
    ///
    /// # Panics
    /// If the variable holds no number.
    pub fn new(seed: u64) -> Random {
        Random::from_seed(match std::env::var(VARIABLE) {
            Ok(text) => text.parse().unwrap_or_else(|_| panic!("{VARIABLE} is no number: {text:?}")),
            Err(_) => seed,
        })
    }

    /// A generator that starts from this number, whatever the environment says: for one case of many.
    pub fn from_seed(seed: u64) -> Random {
        Random { seed, state: seed }
    }

    /// Any number.
    pub fn number(&mut self) -> u64 {
        // SplitMix64.
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below a limit.
    ///
    /// # Panics
    /// If the limit is 0.
    pub fn below(&mut self, limit: usize) -> usize {
        (self.number() % limit as u64) as usize
    }

    /// True once in `times`.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// One of several.
    ///
    /// # Panics
    /// If there are none.
    pub fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len())]
    }

    /// A text of any characters but NUL, up to so many pieces.
    pub fn text(&mut self, pieces: usize) -> String {
        let mut text = String::new();
        for _ in 0..self.below(pieces + 1) {
            if self.once_in(8) {
                let character = u32::try_from(self.below(0x11_0000)).ok().and_then(char::from_u32);
                text.extend(character.filter(|character| *character != '\0'));
            } else {
                let letter = *self.pick(&LETTERS);
                text.push_str(letter);
            }
        }
        text
    }

    /// A name that PostgreSQL keeps whole, of 1 to 63 bytes, most often of few: as odd as it may be.
    pub fn name(&mut self) -> String {
        let longest = if self.once_in(4) { 63 } else { 1 + self.below(12) };
        let mut name = self.text(40);
        while name.len() > longest {
            name.pop();
        }
        if name.is_empty() {
            name.push('n');
        }
        // Some exactly as long as may be.
        while longest == 63 && name.len() < longest {
            let _ = write!(name, "{}", self.below(10));
        }
        name
    }

    /// Some values, up to so many.
    pub fn some<T>(&mut self, most: usize, mut make: impl FnMut(&mut Random) -> T) -> Vec<T> {
        (0..self.below(most + 1)).map(|_| make(self)).collect()
    }
}

impl Drop for Random {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the seed was {0}: {VARIABLE}={0} repeats it", self.seed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Random;

    #[test]
    fn names_are_as_long_as_postgresql_keeps_them() {
        let mut random = Random::from_seed(1);
        let names: Vec<String> = (0..1_000).map(|_| random.name()).collect();
        assert!(names.iter().all(|name| (1..=63).contains(&name.len()) && !name.contains('\0')));
        assert!(names.iter().filter(|name| name.len() == 63).count() > 100);
        assert!(names.iter().any(|name| name.contains('"')) && names.iter().any(|name| !name.is_ascii()));
    }

    #[test]
    fn a_seed_gives_the_same_numbers_everywhere() {
        let mut random = Random::from_seed(0);
        assert_eq!([random.number(), random.number()], [0xe220_a839_7b1d_cdaf, 0x6e78_9e6a_a1b9_65f4]);
    }
}

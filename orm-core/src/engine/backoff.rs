//! How long to wait before something is tried again.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::Duration;

/// Pauses that double, and are never the same.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Backoff {
    pub(crate) first: Duration,
    pub(crate) longest: Duration,
}

impl Default for Backoff {
    fn default() -> Backoff {
        Backoff { first: Duration::from_millis(20), longest: Duration::from_secs(1) }
    }
}

impl Backoff {
    /// How long to wait after an attempt, counted from one: at most twice as long as after the one before, and at least
    /// half of that, so that those that collided do not collide again.
    pub(crate) fn pause(self, attempt: u32) -> Duration {
        self.pause_by(attempt, random())
    }

    fn pause_by(self, attempt: u32, random: u64) -> Duration {
        let doubled = self.first.saturating_mul(2_u32.saturating_pow(attempt.saturating_sub(1)));
        let longest = doubled.min(self.longest);
        let part = (random % 1024) as u32;
        // Divided first, for the longest of all durations.
        longest / 2 + longest / 2 / 1024 * part
    }
}

/// A number that need not be a good one: the keys that the standard library makes for its maps.
fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Backoff, random};

    #[test]
    fn pauses_double_up_to_the_longest_and_differ_by_up_to_half() {
        let backoff = Backoff { first: Duration::from_millis(10), longest: Duration::from_millis(60) };
        let shortest = [1, 2, 3, 4, 40].map(|attempt| backoff.pause_by(attempt, 0).as_millis());
        assert_eq!(shortest, [5, 10, 20, 30, 30]);
        let longest = [1, 2, 3, 4, 40].map(|attempt| backoff.pause_by(attempt, 1023).as_millis());
        assert_eq!(longest, [9, 19, 39, 59, 59]);
    }

    #[test]
    fn no_setting_of_the_pause_is_too_large_or_too_small() {
        for (first, longest) in [(Duration::MAX, Duration::MAX), (Duration::ZERO, Duration::MAX)] {
            let backoff = Backoff { first, longest };
            for attempt in [1, 2, u32::MAX] {
                assert!(backoff.pause_by(attempt, u64::MAX) <= first);
            }
        }
    }

    #[test]
    fn random_numbers_differ() {
        let numbers: std::collections::HashSet<u64> = (0..100).map(|_| random() % 1024).collect();
        assert!(numbers.len() > 50, "{}", numbers.len());
    }
}

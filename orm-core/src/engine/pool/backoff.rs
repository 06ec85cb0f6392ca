//! How long to wait before the next attempt.

use std::time::Duration;

use super::settings::random;

const FIRST: Duration = Duration::from_millis(50);
const LONGEST: Duration = Duration::from_secs(1);

/// Pauses that double up to a second, each shortened by up to a half, so that those who failed together part.
pub(super) struct Backoff(Duration);

impl Backoff {
    pub(super) fn new() -> Backoff {
        Backoff(FIRST)
    }

    pub(super) fn next(&mut self) -> Duration {
        let longest = self.0;
        self.0 = (longest * 2).min(LONGEST);
        longest - longest / 1000 * random(500)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Backoff;

    #[test]
    fn pauses_double_up_to_a_second_and_differ() {
        let mut backoff = Backoff::new();
        let pauses: Vec<_> = (0..20).map(|_| backoff.next()).collect();
        for (pause, longest) in pauses.iter().zip([50, 100, 200, 400, 800].into_iter().chain([1000; 15])) {
            let longest = Duration::from_millis(longest);
            assert!(*pause > longest / 2 && *pause <= longest, "{pause:?} of {longest:?}");
        }
        assert!(pauses[5..].iter().any(|pause| *pause != pauses[5]), "{pauses:?}");
    }
}

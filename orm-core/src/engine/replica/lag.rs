//! The delay of a replica behind its primary.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::engine::Position;

/// Positions of the primary with the time they were seen, by the clock of this program.
///
/// `pg_last_xact_replay_timestamp()` of the replica is not enough: it gets older when nothing arrives, and also when nothing is
/// written.
#[derive(Debug)]
pub(super) struct Samples {
    taken: VecDeque<(Instant, Position)>,
    /// Samples younger than this are kept.
    keep: Duration,
}

/// The largest number of samples.
const MOST: usize = 4096;

impl Samples {
    pub(super) fn new(max_lag: Option<Duration>) -> Samples {
        let keep = max_lag.unwrap_or(Duration::from_secs(60)).saturating_mul(2);
        Samples { taken: VecDeque::new(), keep }
    }

    pub(super) fn take(&mut self, now: Instant, position: Position) {
        if let Some((last, same)) = self.taken.back_mut()
            && *same == position
        {
            *last = now;
            return;
        }
        self.taken.push_back((now, position));
        // One sample older than `keep` stays: it tells that a lag is at least as long.
        while self.taken.get(1).is_some_and(|(at, _)| now.saturating_duration_since(*at) > self.keep)
            || self.taken.len() > MOST
        {
            self.taken.pop_front();
        }
    }

    /// The delay of a replica at the last poll of the primary: zero if it had everything, `None` if it is behind the oldest
    /// sample.
    pub(super) fn lag(&self, replayed: Position) -> Option<Duration> {
        let Some((newest, _)) = self.taken.back() else { return Some(Duration::ZERO) };
        let (at, _) = self.taken.iter().rev().find(|(_, position)| *position <= replayed)?;
        Some(newest.saturating_duration_since(*at))
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::Samples;
    use crate::engine::Position;

    const SECOND: Duration = Duration::from_secs(1);

    fn samples(positions: &[i64]) -> Samples {
        let mut samples = Samples::new(Some(4 * SECOND));
        let start = Instant::now();
        for (second, position) in (0..).zip(positions) {
            samples.take(start + SECOND * second, Position::new(*position));
        }
        samples
    }

    fn lag(samples: &Samples, replayed: i64) -> Option<u64> {
        samples.lag(Position::new(replayed)).map(|lag| lag.as_secs())
    }

    #[test]
    fn lag_is_the_time_since_the_primary_was_where_the_replica_is() {
        let samples = samples(&[10, 20, 30, 40]);
        assert_eq!([45, 40, 39, 25, 10].map(|at| lag(&samples, at)), [0, 0, 1, 2, 3].map(Some));
        assert_eq!(lag(&samples, 9), None);
    }

    #[test]
    fn a_replica_of_a_primary_where_nothing_is_written_does_not_lag() {
        let samples = samples(&[10, 20, 20, 20, 20]);
        assert_eq!(lag(&samples, 20), Some(0));
        // It has what the primary had one second before the last change was seen, four seconds ago.
        assert_eq!(lag(&samples, 19), Some(4));
    }

    #[test]
    fn nothing_is_known_before_the_primary_was_asked() {
        assert_eq!(lag(&samples(&[]), 1), Some(0));
    }

    #[test]
    fn old_samples_are_forgotten_but_one() {
        let positions: Vec<i64> = (0..100).collect();
        let samples = samples(&positions);
        assert_eq!(samples.taken.len(), 10);
        assert_eq!(lag(&samples, 50), None);
        assert_eq!(lag(&samples, 90), Some(9));
    }
}

//! How far a replica is behind its primary, in time.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::engine::Position;

/// Where the primary was at some moments, by the clock of this program.
///
/// A replica's own words do not tell: the time of the last transaction it has replayed is as old where nothing is
/// written as where nothing arrives.
#[derive(Debug)]
pub(super) struct Samples {
    taken: VecDeque<(Instant, Position)>,
    /// How old samples are kept, at least.
    keep: Duration,
}

/// How many samples are kept at most, whatever the bound.
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
        // The first one that is old enough says that a lag is at least so long.
        while self.taken.get(1).is_some_and(|(at, _)| now.saturating_duration_since(*at) > self.keep)
            || self.taken.len() > MOST
        {
            self.taken.pop_front();
        }
    }

    /// How old what a replica has was when the primary was asked last: nothing if it has all the primary had then, `None`
    /// if it is older than what is remembered.
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

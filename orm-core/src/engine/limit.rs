//! Time limits of work.

use std::time::Duration;

use tokio::time::Instant;

use crate::error::Error;

/// A timeout and the moment it ends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limit {
    timeout: Duration,
    pub(super) deadline: Instant,
}

impl Limit {
    /// A timeout that starts now; `None` if its end is beyond what the clock can represent.
    pub(crate) fn begin(timeout: Duration) -> Option<Limit> {
        let deadline = Instant::now().checked_add(timeout)?;
        Some(Limit { timeout, deadline })
    }

    /// The one that ends first.
    pub(crate) fn earlier(one: Option<Limit>, other: Option<Limit>) -> Option<Limit> {
        one.into_iter().chain(other).min_by_key(|limit| limit.deadline)
    }

    /// The time that is left.
    pub(super) fn left(self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    /// An error if it is over.
    pub(super) fn check(self) -> Result<(), Error> {
        if self.left() > Duration::ZERO {
            return Ok(());
        }
        Err(Error::timeout(format!(
            "the {:?} of `timeout` were over before this was sent: do less within them, or give more time",
            self.timeout
        )))
    }

    /// The message for a statement that this has cancelled.
    pub(super) fn explain(self) -> String {
        format!(
            "the statement was cancelled, because the {:?} of `timeout` were over: make it faster, or give more time",
            self.timeout
        )
    }
}

/// The time limits that a connection keeps for its user.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// Of a single statement, or of a whole transaction.
    whole: Option<Limit>,
    /// Of a part of a transaction or session.
    part: Option<Limit>,
    /// The earlier of the two.
    first: Option<Limit>,
}

impl Limits {
    pub(super) fn new(whole: Option<Limit>, part: Option<Limit>) -> Limits {
        let first = if whole.is_none() && part.is_none() { None } else { Limit::earlier(whole, part) };
        Limits { whole, part, first }
    }

    pub(super) fn with_part(self, part: Option<Limit>) -> Limits {
        Limits::new(self.whole, part)
    }

    pub(super) fn part(&self) -> Option<Limit> {
        self.part
    }

    pub(super) fn first(&self) -> Option<Limit> {
        self.first
    }

    /// The time that is left, but no more than `timeout`.
    pub(super) fn shorten(&self, timeout: Duration) -> Duration {
        self.first.map_or(timeout, |limit| timeout.min(limit.left()))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Limit;

    #[test]
    fn the_earlier_of_two_limits_holds_and_one_alone() {
        let (short, long) = (Limit::begin(Duration::from_secs(1)), Limit::begin(Duration::from_secs(60)));
        for (one, other) in [(short, long), (long, short), (None, short), (short, None)] {
            let earlier = Limit::earlier(one, other).expect("a limit");
            assert_eq!(earlier.timeout, Duration::from_secs(1));
        }
        assert!(Limit::earlier(None, None).is_none());
    }

    #[test]
    fn a_time_longer_than_the_clock_is_no_limit() {
        assert!(Limit::begin(Duration::MAX).is_none());
        let over = Limit::begin(Duration::ZERO).expect("a limit");
        assert!(over.check().is_err_and(|error| error.is_timeout()));
    }
}

//! What a pool is set to.

use std::hash::{BuildHasher, RandomState};
use std::time::{Duration, Instant};

/// How often idle connections are looked at, at most and at least.
const OFTEN: Duration = Duration::from_millis(10);
const SELDOM: Duration = Duration::from_secs(30);
/// At least, where some are kept ready.
const READY: Duration = Duration::from_secs(1);

/// How many connections there are, how long they live, and how long is waited for one.
#[derive(Clone, Copy, Debug)]
pub(in crate::engine) struct PoolSettings {
    pub(in crate::engine) max_size: usize,
    pub(in crate::engine) min_idle: usize,
    pub(in crate::engine) max_lifetime: Option<Duration>,
    pub(in crate::engine) idle_timeout: Option<Duration>,
    pub(in crate::engine) pre_ping_after: Option<Duration>,
    pub(in crate::engine) acquire_timeout: Duration,
    pub(in crate::engine) close_timeout: Duration,
    /// Whether a server that was reached before is tried again when it cannot be: not where another one does as well.
    pub(in crate::engine) tries_again: bool,
}

impl Default for PoolSettings {
    fn default() -> PoolSettings {
        PoolSettings {
            max_size: 10,
            min_idle: 0,
            max_lifetime: Some(Duration::from_secs(30 * 60)),
            idle_timeout: Some(Duration::from_secs(10 * 60)),
            pre_ping_after: Some(Duration::from_secs(10)),
            acquire_timeout: Duration::from_secs(30),
            close_timeout: Duration::from_secs(10),
            tries_again: true,
        }
    }
}

impl PoolSettings {
    pub(super) fn needs_maintenance(&self) -> bool {
        self.max_lifetime.is_some() || self.idle_timeout.is_some() || self.min_idle > 0
    }

    /// How long maintenance sleeps.
    pub(super) fn interval(&self) -> Duration {
        let shorter = self.max_lifetime.into_iter().chain(self.idle_timeout).min();
        let longest = if self.min_idle > 0 { READY } else { SELDOM };
        shorter.map_or(longest, |shorter| (shorter / 4).clamp(OFTEN, longest))
    }

    /// When a connection that is opened now has to end: up to a tenth early, so that those opened together do not end
    /// together.
    pub(super) fn expiry(&self) -> Option<Instant> {
        let lifetime = self.max_lifetime?;
        let jitter = lifetime / 1000 * random(100);
        Instant::now().checked_add(lifetime.saturating_sub(jitter))
    }
}

/// A number below a limit. The keys that the standard library makes for its maps differ each time.
pub(super) fn random(limit: u32) -> u32 {
    (RandomState::new().hash_one(()) % u64::from(limit)) as u32
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::time::{Duration, Instant};

    use super::PoolSettings;

    fn settings(max_lifetime: Option<u64>, idle_timeout: Option<u64>, min_idle: usize) -> PoolSettings {
        let seconds = |count: Option<u64>| count.map(Duration::from_secs);
        PoolSettings {
            max_lifetime: seconds(max_lifetime),
            idle_timeout: seconds(idle_timeout),
            min_idle,
            ..PoolSettings::default()
        }
    }

    #[test]
    fn connections_opened_together_end_apart_and_up_to_a_tenth_early() {
        let lifetime = Duration::from_secs(1000);
        let settings = settings(Some(1000), None, 0);
        let since = Instant::now();
        let ends: Vec<_> = (0..100).map(|_| settings.expiry().expect("a lifetime") - since).collect();
        let took = since.elapsed();
        let fits = |end: &Duration| *end > lifetime * 9 / 10 && *end <= lifetime + took;
        assert!(ends.iter().all(fits), "{ends:?}");
        let seconds: HashSet<_> = ends.iter().map(Duration::as_secs).collect();
        assert!(seconds.len() > 20, "{seconds:?}");
        assert!(PoolSettings { max_lifetime: Some(Duration::MAX), ..settings }.expiry().is_none());
    }

    #[test]
    fn maintenance_runs_as_often_as_the_shorter_duration_wants_it() {
        let milliseconds = |settings: PoolSettings| settings.interval().as_millis();
        assert_eq!(milliseconds(settings(Some(1800), Some(600), 0)), 30_000);
        assert_eq!(milliseconds(settings(Some(1800), Some(8), 0)), 2_000);
        assert_eq!(milliseconds(settings(Some(4), Some(600), 0)), 1_000);
        assert_eq!(milliseconds(settings(Some(1800), Some(600), 1)), 1_000);
        assert_eq!(milliseconds(settings(None, None, 1)), 1_000);
        let short = PoolSettings { idle_timeout: Some(Duration::from_micros(1)), ..settings(None, None, 0) };
        assert_eq!(milliseconds(short), 10);
    }
}

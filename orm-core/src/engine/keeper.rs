//! Keeps free connections young, few and ready while nobody asks for one.

use std::future::{Future, poll_fn};
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, PoisonError};
use std::task::Poll;
use std::time::{Duration, Instant};

use deadpool::managed::{PoolError, TimeoutType};
use futures_util::future::{Either, ready};
use tokio::task::AbortHandle;

use super::pool::{AT_ONCE, Link, Object, Pool, WeakPool};
use super::status::Closed;
use crate::error::Error;

/// How often is looked, at most and at least.
const OFTEN: Duration = Duration::from_millis(10);
const SELDOM: Duration = Duration::from_secs(30);
/// At least, where connections are kept ready.
const READY: Duration = Duration::from_secs(1);

/// How long connections are kept, and how many.
#[derive(Clone, Copy, Debug)]
pub(super) struct Keep {
    pub(super) max_lifetime: Option<Duration>,
    pub(super) idle_timeout: Option<Duration>,
    pub(super) min_idle: usize,
}

impl Keep {
    fn needs_task(&self) -> bool {
        self.max_lifetime.is_some() || self.idle_timeout.is_some() || self.min_idle > 0
    }

    fn interval(&self) -> Duration {
        let shorter = self.max_lifetime.into_iter().chain(self.idle_timeout).min();
        let longest = if self.min_idle > 0 { READY } else { SELDOM };
        shorter.map_or(longest, |shorter| (shorter / 4).clamp(OFTEN, longest))
    }

    /// When a connection that is opened now has to end: up to a tenth and one look of the keeper early, so that those
    /// opened together do not end together.
    pub(super) fn expiry(&self) -> Option<Instant> {
        let lifetime = self.max_lifetime?;
        // The keys that the standard library makes for its maps differ each time.
        let thousandths = (RandomState::new().hash_one(()) % 100) as u32;
        // What lies on the shelf is seen when the keeper looks, and not before.
        let early = lifetime / 1000 * thousandths + self.interval();
        Instant::now().checked_add(lifetime.saturating_sub(early))
    }
}

/// The task of one engine; none where nothing needs it.
pub(super) struct Keeper {
    pub(super) keep: Keep,
    task: Mutex<Option<AbortHandle>>,
}

impl Keeper {
    pub(super) fn new(keep: Keep) -> Keeper {
        Keeper { keep, task: Mutex::new(None) }
    }

    /// Starts the task, also again where it ended with its runtime. It does not keep the pool alive.
    pub(super) fn watch(&self, pool: &Pool) {
        if !self.keep.needs_task() {
            return;
        }
        let mut task = self.task.lock().unwrap_or_else(PoisonError::into_inner);
        if task.as_ref().is_none_or(AbortHandle::is_finished) {
            *task = Some(tokio::spawn(watch(pool.weak(), self.keep)).abort_handle());
        }
    }

    /// Ends the task, also where it opens a connection.
    pub(super) fn stop(&self) {
        if let Some(task) = self.task.lock().unwrap_or_else(PoisonError::into_inner).take() {
            task.abort();
        }
    }
}

async fn watch(pool: WeakPool, keep: Keep) {
    loop {
        tokio::time::sleep(keep.interval()).await;
        let Some(pool) = pool.upgrade() else { return };
        let free = reap(&pool, &keep);
        fill(&pool, free, keep.min_idle).await;
    }
}

/// Closes free connections that are too old, lost, or not used for long; gives the number of those that stay.
fn reap(pool: &Pool, keep: &Keep) -> usize {
    let (now, totals) = (Instant::now(), &pool.manager().totals);
    pool.manager().shelf.clear();
    let fit = pool.retain(|link, _| {
        let why = if link.has_expired(now) {
            Closed::Expired
        } else if link.client.is_closed() {
            Closed::Lost
        } else {
            return true;
        };
        totals.closed(why);
        false
    });
    let Some(timeout) = keep.idle_timeout else { return fit.retained };
    let mut spare = fit.retained.saturating_sub(keep.min_idle);
    // The one that was used last stands last.
    let used = pool.retain(|link, metrics| {
        let idle = now.saturating_duration_since(link.free_since(metrics.recycle_count, now));
        if idle < timeout || spare == 0 {
            return true;
        }
        spare -= 1;
        totals.closed(Closed::Idle);
        false
    });
    used.retained
}

/// Opens connections until as many are free as are wanted, or the pool is full.
async fn fill(pool: &Pool, free: usize, wanted: usize) {
    for _ in free..wanted {
        match open(pool).await {
            Ok(()) => {}
            Err(PoolError::Timeout(TimeoutType::Wait) | PoolError::Closed) => return,
            Err(error) => {
                tracing::warn!(target: "orm::engine", %error, "no connection could be opened to be kept ready");
                return;
            }
        }
    }
}

/// Opens one connection beside the free ones.
///
/// The pool makes one only where none is free. So the free ones are taken out for the moment in which it begins.
async fn open(pool: &Pool) -> Result<(), PoolError<Error>> {
    let shelf = &pool.manager().shelf;
    // Whoever asked meanwhile found nothing, and waits to be called.
    let _asking = shelf.asking();
    let mut free: Vec<Object> = Vec::new();
    let opened = loop {
        let mut next = Box::pin(pool.timeout_get(&AT_ONCE));
        match poll_fn(|cx| Poll::Ready(next.as_mut().poll(cx))).await {
            Poll::Ready(Ok(object)) if Object::metrics(&object).recycled.is_some() => free.push(object),
            Poll::Ready(done) => break Either::Left(ready(done)),
            Poll::Pending => break Either::Right(next),
        }
    };
    for mut object in free.into_iter().rev() {
        object.was_not_used();
        drop(object);
        shelf.released();
    }
    opened.await.map(drop)
}

/// Since when a connection is known to be free.
#[derive(Clone, Copy, Debug)]
pub(super) struct Free {
    uses: usize,
    since: Instant,
}

impl Link {
    pub(super) fn has_expired(&self, now: Instant) -> bool {
        self.expires.is_some_and(|expires| expires <= now)
    }

    /// The pool knows when a connection was taken, not when it came back; so it is free since it was first seen so.
    fn free_since(&self, uses: usize, now: Instant) -> Instant {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        match *free {
            Some(seen) if seen.uses == uses => seen.since,
            _ => free.insert(Free { uses, since: now }).since,
        }
    }

    /// Takes no account of a use by the keeper itself.
    fn was_not_used(&mut self) {
        if let Some(free) = self.free.get_mut().unwrap_or_else(PoisonError::into_inner) {
            free.uses += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::time::{Duration, Instant};

    use super::Keep;

    fn keep(max_lifetime: Option<u64>, idle_timeout: Option<u64>, min_idle: usize) -> Keep {
        let seconds = |count: Option<u64>| count.map(Duration::from_secs);
        Keep { max_lifetime: seconds(max_lifetime), idle_timeout: seconds(idle_timeout), min_idle }
    }

    #[test]
    fn connections_opened_together_end_apart_and_up_to_a_tenth_early() {
        let lifetime = Duration::from_secs(1000);
        let keep = keep(Some(1000), None, 0);
        let since = Instant::now();
        let ends: Vec<_> = (0..100).map(|_| keep.expiry().expect("a lifetime") - since).collect();
        let took = since.elapsed();
        let early = keep.interval();
        let fits = |end: &Duration| *end + early > lifetime * 9 / 10 && *end + early <= lifetime + took;
        assert!(ends.iter().all(fits), "{ends:?}");
        let seconds: HashSet<_> = ends.iter().map(Duration::as_secs).collect();
        assert!(seconds.len() > 20, "{seconds:?}");
        assert!(super::Keep { max_lifetime: Some(Duration::MAX), ..keep }.expiry().is_none());
    }

    #[test]
    fn a_lifetime_shorter_than_one_look_ends_at_once() {
        for lifetime in [Duration::from_nanos(1), Duration::from_millis(5), Duration::from_millis(10)] {
            let keep = Keep { max_lifetime: Some(lifetime), ..keep(None, None, 0) };
            let since = Instant::now();
            let end = keep.expiry().expect("a lifetime");
            assert!(end.saturating_duration_since(since) <= since.elapsed() + lifetime, "{lifetime:?}");
        }
    }

    #[test]
    fn the_keeper_looks_as_often_as_the_shorter_duration_wants_it() {
        let milliseconds = |keep: Keep| keep.interval().as_millis();
        assert_eq!(milliseconds(keep(Some(1800), Some(600), 0)), 30_000);
        assert_eq!(milliseconds(keep(Some(1800), Some(8), 0)), 2_000);
        assert_eq!(milliseconds(keep(Some(4), Some(600), 0)), 1_000);
        assert_eq!(milliseconds(keep(Some(1800), Some(600), 1)), 1_000);
        assert_eq!(milliseconds(keep(None, None, 1)), 1_000);
        let short = Keep { idle_timeout: Some(Duration::from_micros(1)), ..keep(None, None, 0) };
        assert_eq!(milliseconds(short), 10);
    }
}

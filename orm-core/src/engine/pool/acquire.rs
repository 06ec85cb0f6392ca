//! Takes a connection from the pool, gives it back, or closes it.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::{Duration, Instant};

use deadpool::managed::{PoolError, TimeoutType, Timeouts};
use futures_util::future::try_join_all;
use tokio::time::timeout;

use super::maintenance::watch;
use super::manager::{Object, Pool, take_idle};
use crate::engine::limit::Limits;
use crate::engine::status::Closed;
use crate::error::Error;

/// What to ask deadpool with where a place is free; who finds none asks again and waits for one.
const AT_ONCE: Timeouts = Timeouts { wait: Some(Duration::ZERO), create: None, recycle: None };

/// An idle connection, or the first that is given back or opened.
#[inline]
pub(in crate::engine) async fn acquire(pool: &Pool, limits: &Limits) -> Result<Object, Error> {
    let mut next = pin!(pool.timeout_get(&AT_ONCE));
    match poll_fn(|cx| Poll::Ready(next.as_mut().poll(cx))).await {
        Poll::Ready(Ok(object)) => Ok(object),
        Poll::Ready(Err(PoolError::Timeout(TimeoutType::Wait))) => {
            Box::pin(async { wait(pool, pin!(pool.get()), limits).await }).await
        }
        Poll::Ready(Err(error)) => Err(failure(error)),
        // Only who has to wait pays for a timer.
        Poll::Pending => Box::pin(wait(pool, next, limits)).await,
    }
}

type Found = Result<Object, PoolError<Error>>;

async fn wait(
    pool: &Pool,
    next: Pin<&mut impl Future<Output = Found>>,
    limits: &Limits,
) -> Result<Object, Error> {
    let opener = &pool.manager().opener;
    let limit = limits.shorten(opener.settings.acquire_timeout);
    watch(pool);
    let since = Instant::now();
    let found = timeout(limit, next).await;
    opener.totals.waited(since.elapsed());
    match found {
        Ok(found) => found.map_err(failure),
        Err(_) => {
            opener.totals.timed_out();
            Err(opener.timeout(limit))
        }
    }
}

fn failure(error: PoolError<Error>) -> Error {
    match error {
        PoolError::Backend(error) => error,
        PoolError::Closed => Error::closed(),
        other => Error::connection_lost(other),
    }
}

/// Opens the connections that an engine begins with.
pub(in crate::engine) async fn open_first(pool: &Pool) -> Result<(), Error> {
    let opened = try_join_all((0..pool.manager().opener.settings.min_idle.max(1)).map(|_| pool.get()));
    let opened = opened.await.map_err(failure)?;
    watch(pool);
    opened.into_iter().for_each(release);
    Ok(())
}

/// Gives a connection back that is fit for anybody: to the one that waits longest for one to be opened, or to the pool.
#[inline]
pub(in crate::engine) fn release(mut object: Object) {
    let Some(pool) = Object::pool(&object) else { return };
    let now = Instant::now();
    object.idle_since = now;
    let opener = &pool.manager().opener;
    if opener.may_be_waited_for() {
        return if object.has_expired(now) {
            close(object, Closed::Expired);
        } else {
            opener.give(Object::take(object));
        };
    }
    drop(object);
    // Somebody may have found nothing idle, and asked for one to be opened, just before.
    if opener.is_waited_for()
        && let Some(idle) = take_idle(&pool)
    {
        opener.give(idle);
    }
}

/// Closes a connection that works and is not fit for another user all the same; the pool may open another in its place.
pub(in crate::engine) fn retire(object: Object) {
    close(object, Closed::Lost);
}

/// Closes a connection that is lost, or taken for that: the others are asked before their next use.
pub(in crate::engine) fn discard(object: Object) {
    if let Some(pool) = Object::pool(&object) {
        pool.manager().doubt();
    }
    close(object, Closed::Lost);
}

fn close(object: Object, why: Closed) {
    let pool = Object::pool(&object);
    drop(Object::take(object));
    if let Some(pool) = pool {
        pool.manager().opener.totals.closed(why);
    }
}

//! Closes connections that are idle for long or too old, and keeps some ready, while nobody asks for one.

use std::pin::pin;
use std::sync::{Arc, PoisonError};
use std::time::Instant;

use futures_util::future::{Either, select};
use tokio::task::AbortHandle;
use tokio::time::sleep;

use super::manager::{Pool, WeakPool};
use super::opener::Opener;
use super::pooled::Pooled;
use crate::engine::status::Closed;

/// Starts the task, also again where it ended with its runtime. It does not keep the pool alive.
pub(super) fn watch(pool: &Pool) {
    let manager = pool.manager();
    if !manager.opener.settings.needs_maintenance() {
        return;
    }
    let mut task = manager.maintenance.lock().unwrap_or_else(PoisonError::into_inner);
    if task.as_ref().is_none_or(AbortHandle::is_finished) {
        let run = run(pool.weak(), Arc::clone(&manager.opener));
        *task = Some(tokio::spawn(run).abort_handle());
    }
}

async fn run(pool: WeakPool, opener: Arc<Opener>) {
    let mut closed = pin!(opener.until_closed());
    while let Either::Left(_) = select(pin!(sleep(opener.settings.interval())), closed.as_mut()).await {
        let Some(pool) = pool.upgrade() else { return };
        let idle = reap(&pool);
        opener.open_to_be_idle(opener.settings.min_idle, idle);
    }
}

/// Closes idle connections that are too old, lost, or not used for long; gives the number of those in the pool that stay.
fn reap(pool: &Pool) -> usize {
    let Opener { totals, settings, .. } = &*pool.manager().opener;
    let now = Instant::now();
    let opener = &pool.manager().opener;
    let is_alive = |pooled: &Pooled| {
        let why = if pooled.has_expired(now) {
            Closed::Expired
        } else if pooled.client.is_closed() {
            Closed::Lost
        } else {
            return true;
        };
        totals.closed(why);
        false
    };
    let ready = opener.retain_ready(is_alive);
    let idle = pool.retain(|pooled, _| is_alive(pooled)).retained;
    let Some(timeout) = settings.idle_timeout else { return idle };
    let mut spare = (ready + idle).saturating_sub(settings.min_idle);
    let mut is_used = |pooled: &Pooled| {
        if pooled.idle_for(now) < timeout || spare == 0 {
            return true;
        }
        spare -= 1;
        totals.closed(Closed::Idle);
        false
    };
    opener.retain_ready(&mut is_used);
    // The one that was used last stands last.
    pool.retain(|pooled, _| is_used(pooled)).retained
}

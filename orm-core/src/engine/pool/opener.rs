//! Opens connections in tasks of their own; what was opened or given back goes to the one that waits longest.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use futures_util::future::select;
use tokio::sync::{oneshot, watch};
use tokio::time::sleep;

use super::pooled::{Counted, Pooled};
use super::registry::Registry;
use super::settings::PoolSettings;
use crate::engine::backoff::Backoff;
use crate::engine::connect::{ConnectFailure, Connector, Link, Retry, Server};
use crate::engine::pooler::Pooler;
use crate::engine::status::{Now, Totals};
use crate::error::Error;

/// Pauses between attempts to open a connection.
const BACKOFF: Backoff = Backoff { first: Duration::from_millis(50), longest: Duration::from_secs(1) };

/// What every connection of a pool is made with, and who waits for one that is made.
pub(in crate::engine) struct Opener {
    pub(in crate::engine) connector: Connector,
    pub(in crate::engine) settings: PoolSettings,
    pub(in crate::engine) totals: Totals,
    pub(super) registry: Arc<Registry>,
    /// How often a prepared statement was found stale.
    pub(super) stale: AtomicU64,
    /// How often a connection was lost, or refused to write where that is wanted: the others may be no better.
    pub(super) doubts: AtomicU64,
    state: Mutex<OpenerState>,
    /// The number of those who wait, to be read without the lock.
    waiting: AtomicUsize,
    /// Whether a connection was opened before.
    has_connected: AtomicBool,
    closed: watch::Sender<bool>,
}

#[derive(Default)]
struct OpenerState {
    waiting: VecDeque<oneshot::Sender<Handover>>,
    /// How many connections are being opened.
    opening: usize,
    /// Opened, and not needed any more by who asked: for who asks next.
    #[expect(clippy::vec_box, reason = "deadpool is given it in its box")]
    ready: Vec<Box<Pooled>>,
    /// Why the last attempt failed, while others are made.
    failure: Option<Error>,
    closed: bool,
}

/// What one who waits is given.
enum Handover {
    Connection(Box<Pooled>),
    Failure(Error),
    /// What was being opened for somebody who waits was given up.
    Nothing,
}

/// What one who asks for a connection that is not idle gets at once.
pub(super) enum Asked<'a> {
    Connection(Box<Pooled>),
    Waiter(Waiter<'a>),
    Closed,
}

impl Opener {
    pub(super) fn new(connector: Connector, settings: PoolSettings) -> Opener {
        Opener {
            connector,
            settings,
            totals: Totals::default(),
            registry: Arc::default(),
            stale: AtomicU64::default(),
            doubts: AtomicU64::default(),
            state: Mutex::default(),
            waiting: AtomicUsize::default(),
            has_connected: AtomicBool::default(),
            closed: watch::Sender::new(false),
        }
    }

    /// A connection that is ready, or a place among those who wait for the next one.
    pub(super) fn ask(&self) -> Asked<'_> {
        let mut state = self.lock();
        if state.closed {
            return Asked::Closed;
        }
        if let Some(pooled) = state.ready.pop() {
            return Asked::Connection(pooled);
        }
        let (sender, handover) = oneshot::channel();
        state.waiting.push_back(sender);
        self.waiting.store(state.waiting.len(), Ordering::Relaxed);
        Asked::Waiter(Waiter { opener: self, handover })
    }

    /// Opens as many connections as are waited for.
    pub(super) fn open_for_waiting(self: &Arc<Self>) {
        self.open(|state| state.waiting.len().saturating_sub(state.opening));
    }

    /// Opens connections until so many are idle, those counted that are now, or there are as many as there may be.
    pub(super) fn open_to_be_idle(self: &Arc<Self>, wanted: usize, idle: usize) {
        self.open(|state| {
            let missing = wanted.saturating_sub(idle + state.ready.len() + state.opening);
            missing.min(self.settings.max_size.saturating_sub(self.registry.len() + state.opening))
        });
    }

    fn open(self: &Arc<Self>, missing: impl FnOnce(&OpenerState) -> usize) {
        let mut state = self.lock();
        let missing = if state.closed { 0 } else { missing(&state) };
        state.opening += missing;
        drop(state);
        for _ in 0..missing {
            tokio::spawn(Opening { opener: Arc::clone(self), has_ended: false }.run());
        }
    }

    /// Whether somebody waits; a moment later it may be otherwise.
    #[inline]
    pub(super) fn may_be_waited_for(&self) -> bool {
        self.waiting.load(Ordering::Relaxed) > 0
    }

    /// Whether somebody waits who asked before this.
    pub(super) fn is_waited_for(&self) -> bool {
        !self.lock().waiting.is_empty()
    }

    /// Gives a connection to the one that waits longest, or keeps it ready.
    pub(super) fn give(&self, pooled: Box<Pooled>) {
        self.pass_on(Handover::Connection(pooled), |_| {});
    }

    /// Gives something to the one that waits longest, after a change that is seen together with that.
    fn pass_on(&self, mut handover: Handover, change: impl FnOnce(&mut OpenerState)) {
        let mut state = self.lock();
        change(&mut state);
        while let Some(next) = state.waiting.pop_front() {
            self.waiting.store(state.waiting.len(), Ordering::Relaxed);
            // Nothing is locked when another task is woken.
            drop(state);
            match next.send(handover) {
                Ok(()) => return,
                Err(back) => handover = back,
            }
            state = self.lock();
        }
        match handover {
            Handover::Connection(pooled) if !state.closed => state.ready.push(pooled),
            Handover::Connection(_) | Handover::Nothing => {}
            Handover::Failure(error) => {
                tracing::warn!(target: "orm::engine", %error, "no connection could be opened, and nobody waits for one");
            }
        }
    }

    /// Closes those of the connections that are ready of which the function says no; gives the number of those that stay.
    pub(super) fn retain_ready(&self, fit: impl FnMut(&Pooled) -> bool) -> usize {
        let mut fit = fit;
        let mut state = self.lock();
        state.ready.retain(|pooled| fit(pooled));
        state.ready.len()
    }

    /// Why one who has waited for so long got nothing.
    pub(super) fn timeout(&self, limit: Duration) -> Error {
        let state = self.lock();
        match &state.failure {
            Some(failure) => Error::open_timeout(failure.clone(), limit),
            None if state.opening > 0 => Error::unanswered_open(limit),
            None => Error::pool_timeout(self.settings.max_size, limit),
        }
    }

    pub(super) fn now(&self) -> Now {
        let state = self.lock();
        Now { open: self.registry.len(), ready: state.ready.len(), opening: state.opening }
    }

    /// Ends the wait of all, and everything that is being opened.
    pub(super) fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        let waiting = std::mem::take(&mut state.waiting);
        let ready = std::mem::take(&mut state.ready);
        self.waiting.store(0, Ordering::Relaxed);
        drop(state);
        self.closed.send_replace(true);
        // Whose sender is dropped is told that the engine is closed.
        drop((waiting, ready));
    }

    /// Waits until the pool is closed.
    pub(super) async fn until_closed(&self) {
        // It cannot fail: the sender is here.
        let _ = self.closed.subscribe().wait_for(|closed| *closed).await;
    }

    fn lock(&self) -> MutexGuard<'_, OpenerState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Opener {
    fn pooled(&self, link: Link) -> Box<Pooled> {
        let Server { is_pooled, is_in_recovery, is_read_only, version } = link.server;
        tracing::debug!(
            target: "orm::engine", is_pooled, is_in_recovery, is_read_only, version, "a connection was opened"
        );
        self.totals.opened();
        self.found(&link);
        self.has_connected.store(true, Ordering::Relaxed);
        let registration = self.registry.register(link.task.clone());
        let counted = Counted {
            stale: self.stale.load(Ordering::Relaxed),
            doubts: self.doubts.load(Ordering::Relaxed),
        };
        Box::new(Pooled::new(link, self.settings.expiry(), counted, registration))
    }

    /// Notes what a new connection is, and tells once of a pooler.
    fn found(&self, link: &Link) {
        let names = link.has_names();
        if !self.totals.found(link.server.is_pooled, names) {
            return;
        }
        if self.connector.pooler == Pooler::Detect {
            tracing::warn!(
                target: "orm::engine",
                "a pooler stands before the server: statements are not named and no setting outlives a transaction; say \
                 what it keeps by `pooler(..)`"
            );
        } else {
            tracing::info!(target: "orm::engine", pooler = ?self.connector.pooler, names, "a pooler stands before the server");
        }
    }

    fn may_succeed_later(&self, failure: &ConnectFailure) -> bool {
        match failure.retry {
            _ if !self.settings.tries_again => false,
            Retry::No => false,
            Retry::IfReachedBefore => self.has_connected.load(Ordering::Relaxed),
            Retry::Yes => true,
        }
    }
}

/// A place among those who wait. Dropped, it leaves; what it was given already goes to the next one.
pub(super) struct Waiter<'a> {
    opener: &'a Opener,
    handover: oneshot::Receiver<Handover>,
}

impl Future for Waiter<'_> {
    type Output = Option<Result<Box<Pooled>, Error>>;

    /// `None` is for one who has to ask again.
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        Poll::Ready(match ready!(Pin::new(&mut self.handover).poll(cx)) {
            Ok(Handover::Connection(pooled)) => Some(Ok(pooled)),
            Ok(Handover::Failure(error)) => Some(Err(error)),
            Ok(Handover::Nothing) | Err(_) => None,
        })
    }
}

impl Drop for Waiter<'_> {
    fn drop(&mut self) {
        self.handover.close();
        let mut state = self.opener.lock();
        state.waiting.retain(|sender| !sender.is_closed());
        self.opener.waiting.store(state.waiting.len(), Ordering::Relaxed);
        drop(state);
        if let Ok(handover) = self.handover.try_recv() {
            self.opener.pass_on(handover, |_| {});
        }
    }
}

/// A connection that is being opened, in a task: who asked for it may have been given another one, or be gone.
struct Opening {
    opener: Arc<Opener>,
    has_ended: bool,
}

impl Opening {
    async fn run(mut self) {
        let opener = Arc::clone(&self.opener);
        let opening = pin!(self.open());
        let closed = pin!(opener.until_closed());
        select(opening, closed).await;
    }

    /// Tries until it is opened, nobody waits for it, or it fails for good or for all of `acquire_timeout`.
    async fn open(&mut self) {
        let since = Instant::now();
        let limit = self.opener.settings.acquire_timeout;
        for attempt in 1.. {
            let failure = match self.opener.connector.connect().await {
                Ok(link) => return self.end(Handover::Connection(self.opener.pooled(link))),
                Err(failure) => failure,
            };
            if !self.opener.may_succeed_later(&failure) {
                return self.end(Handover::Failure(failure.error));
            }
            if since.elapsed() >= limit {
                return self.end(Handover::Failure(Error::open_timeout(failure.error, limit)));
            }
            self.opener.lock().failure = Some(failure.error);
            if self.is_unwanted() {
                return self.end(Handover::Nothing);
            }
            sleep(BACKOFF.pause(attempt)).await;
            if self.is_unwanted() {
                return self.end(Handover::Nothing);
            }
        }
    }

    fn is_unwanted(&self) -> bool {
        let state = self.opener.lock();
        state.opening > state.waiting.len()
    }

    fn end(&mut self, handover: Handover) {
        self.has_ended = true;
        let is_open = matches!(handover, Handover::Connection(_));
        self.opener.pass_on(handover, |state| {
            state.opening -= 1;
            if is_open || state.opening == 0 {
                state.failure = None;
            }
        });
    }
}

impl Drop for Opening {
    fn drop(&mut self) {
        // The engine was closed, or the runtime ended; somebody may wait in another one.
        if !self.has_ended {
            self.end(Handover::Nothing);
        }
    }
}

//! The task of one connection: it moves the bytes, and ends what is waited for too long.
//!
//! So a wait costs no timer of its own, and whoever waits is told by the driver, whatever the verb.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_util::future::{Either, select};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::{Instant, Sleep, sleep_until, timeout, timeout_at};
use tokio_postgres::error::{DbError, SqlState};
use tokio_postgres::{AsyncMessage, Connection, Error as DriverError, Notification};

use super::{Recipient, SideChannel, Unasked};
use crate::engine::wire::{Departure, End, Wire};

/// How long to wait before cancelling again, at first; a cancel that comes before its query does nothing.
const RETRY: Duration = Duration::from_millis(10);
/// How often is looked whether the server is silent, at most.
const OFTEN: Duration = Duration::from_millis(10);
/// Where nothing limits the silence.
const NEVER: Duration = Duration::from_secs(24 * 60 * 60);

/// How long the server may be silent while it is waited for.
#[derive(Clone, Copy, Debug)]
pub(in crate::engine) struct TimeLimits {
    /// The server's own limit of a statement; what exceeds it by a quarter is cancelled.
    pub(in crate::engine) statement: Option<Duration>,
    /// Until it is asked on a connection of its own whether it is there.
    pub(in crate::engine) liveness: Option<Duration>,
}

impl TimeLimits {
    /// How often is looked.
    fn interval(&self) -> Duration {
        let shorter = self.statement.into_iter().chain(self.liveness).min();
        shorter.map_or(NEVER, |shorter| (shorter / 4).max(OFTEN))
    }
}

/// What the task has to do beside moving bytes.
enum Event {
    Ended(End),
    Notified(Notification),
    /// A time limit of what departed last has run out.
    Overdue(Departure),
    /// Nothing has come for so long.
    Silent(Duration),
}

pub(super) struct Task<S, T> {
    connection: Connection<S, T>,
    wire: Arc<Wire>,
    side: Arc<SideChannel>,
    recipient: Recipient,
    limits: TimeLimits,
    timer: Pin<Box<Sleep>>,
    /// Whether the timer knows whom to wake.
    is_armed: bool,
    deadline: Option<Instant>,
    /// When to look next whether the server is silent.
    look: Instant,
    progress: Option<u64>,
    silent: Duration,
    /// The silence after which the server is asked next whether it is there.
    ask: Duration,
}

impl<S, T> Task<S, T>
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
    T: AsyncRead + AsyncWrite + Unpin + Send,
{
    pub(super) fn new(
        connection: Connection<S, T>,
        wire: Arc<Wire>,
        side: Arc<SideChannel>,
        recipient: Recipient,
        limits: TimeLimits,
    ) -> Task<S, T> {
        let look = Instant::now() + limits.interval();
        Task {
            connection,
            wire,
            side,
            recipient,
            limits,
            timer: Box::pin(sleep_until(look)),
            is_armed: false,
            deadline: None,
            look,
            progress: None,
            silent: Duration::ZERO,
            ask: Duration::ZERO,
        }
    }

    /// Moves bytes until the connection ends, by either side.
    pub(super) async fn run(mut self) {
        let end = loop {
            let ended = match self.next().await {
                Event::Ended(end) => Some(end),
                Event::Notified(notification) => {
                    self.recipient.send(Unasked::Notification(notification)).await;
                    None
                }
                Event::Overdue(departure) => self.cancel(departure).await,
                Event::Silent(silent) => self.ask(silent).await,
            };
            if let Some(end) = ended {
                break end;
            }
        };
        tracing::debug!(target: "orm::engine", ?end, "a connection ended");
        let unasked = Unasked::Lost(end.error());
        // Before the driver goes, which tells those who wait.
        self.wire.set_end(end);
        drop(self.connection);
        self.recipient.send(unasked).await;
    }

    /// Moves bytes until there is something else to do.
    async fn next(&mut self) -> Event {
        poll_fn(|cx| match self.poll_driver(cx) {
            Poll::Pending => self.poll_timer(cx),
            ready => ready,
        })
        .await
    }

    /// Moves bytes, and nothing else, until the connection ends.
    async fn run_to_end(&mut self) -> End {
        loop {
            match poll_fn(|cx| self.poll_driver(cx)).await {
                Event::Ended(end) => return end,
                Event::Notified(notification) => {
                    self.recipient.send(Unasked::Notification(notification)).await;
                }
                Event::Overdue(_) | Event::Silent(_) => {}
            }
        }
    }

    fn poll_driver(&mut self, cx: &mut Context<'_>) -> Poll<Event> {
        loop {
            return Poll::Ready(match ready!(self.connection.poll_message(cx)) {
                Some(Ok(AsyncMessage::Notice(notice))) => {
                    self.noticed(notice);
                    continue;
                }
                Some(Ok(AsyncMessage::Notification(notification))) => Event::Notified(notification),
                Some(Ok(_)) => continue,
                Some(Err(error)) => Event::Ended(end_of(&error)),
                None => Event::Ended(End::Broken("it is closed".to_owned())),
            });
        }
    }

    fn noticed(&self, notice: DbError) {
        tracing::debug!(target: "orm::engine", %notice, "a notice of the server");
        // A server that stops at once, or has crashed, warns and closes.
        if [SqlState::ADMIN_SHUTDOWN, SqlState::CRASH_SHUTDOWN].contains(notice.code()) {
            self.wire.set_end(End::Warned(Box::new(notice)));
        }
    }

    /// Looks at the clock only where the timer has run out, or there is another limit.
    fn poll_timer(&mut self, cx: &mut Context<'_>) -> Poll<Event> {
        let deadline = self.wire.deadline();
        if deadline != self.deadline {
            self.deadline = deadline;
            // One that is over already is due at once.
            self.arm(deadline.map_or(self.look, |deadline| deadline.min(self.look)));
        } else if self.is_armed && !self.timer.is_elapsed() {
            return Poll::Pending;
        }
        loop {
            self.is_armed = true;
            ready!(self.timer.as_mut().poll(cx));
            let now = Instant::now();
            let event = self.due(now);
            let next = self.deadline.filter(|deadline| *deadline > now);
            self.arm(next.map_or(self.look, |deadline| deadline.min(self.look)));
            if let Some(event) = event {
                return Poll::Ready(event);
            }
        }
    }

    fn arm(&mut self, at: Instant) {
        self.timer.as_mut().reset(at);
        self.is_armed = false;
    }

    fn due(&mut self, now: Instant) -> Option<Event> {
        if self.deadline.is_some_and(|deadline| deadline <= now) {
            let departure = self.wire.departure();
            // Both belong together, unless what was late has just arrived.
            if let Some(departure) = departure
                && self.wire.deadline() == self.deadline
            {
                return Some(Event::Overdue(departure));
            }
        }
        if self.look > now {
            return None;
        }
        self.look = now + self.limits.interval();
        self.listen()
    }

    /// Whether the server has been silent for too long. Whoever takes no rows is not kept waiting by the server.
    fn listen(&mut self) -> Option<Event> {
        let (departure, progress) = (self.wire.departure(), self.wire.progress());
        if progress.is_none() || progress != self.progress {
            self.progress = progress;
            self.silent = Duration::ZERO;
            self.ask = self.limits.liveness.unwrap_or(Duration::MAX);
            return None;
        }
        self.silent += self.limits.interval();
        if self.limits.statement.is_some_and(|limit| self.silent >= limit.saturating_add(limit / 4)) {
            return departure.map(Event::Overdue);
        }
        if self.silent < self.ask {
            return None;
        }
        self.ask =
            self.limits.liveness.map_or(Duration::MAX, |liveness| self.silent.saturating_add(liveness));
        Some(Event::Silent(self.silent))
    }

    /// Cancels what has departed until it is answered; where the server does not answer that either, the connection ends.
    async fn cancel(&mut self, departure: Departure) -> Option<End> {
        let until = Instant::now() + self.side.patience;
        let mut pause = RETRY;
        while self.wire.is_waited_for(departure) {
            if self.wire.set_overdue(departure) {
                // No byte moves meanwhile, so that a cancel that comes late cannot hit what is sent next.
                let _ = timeout_at(until, self.side.cancel()).await;
            }
            let round = until.min(Instant::now() + pause);
            if let Ok(end) = timeout_at(round, self.run_to_end()).await {
                return Some(end);
            }
            if round == until && self.wire.is_waited_for(departure) {
                return Some(End::Overdue(self.side.patience));
            }
            pause *= 2;
        }
        None
    }

    /// Asks whether the server is there; where nothing comes, the connection ends.
    async fn ask(&mut self, silent: Duration) -> Option<End> {
        let (side, patience) = (Arc::clone(&self.side), self.side.patience);
        let before = self.wire.progress();
        let answered = {
            let answer = pin!(timeout(patience, side.is_there()));
            let moving = pin!(self.run_to_end());
            match select(answer, moving).await {
                Either::Left((answer, _)) => answer.is_ok(),
                Either::Right((end, _)) => return Some(end),
            }
        };
        let is_silent = !answered && before.is_some() && before == self.wire.progress();
        is_silent.then_some(End::Silent(silent, patience))
    }
}

fn end_of(error: &DriverError) -> End {
    match error.as_db_error() {
        Some(told) => End::Told(Box::new(told.clone())),
        None => {
            let cause =
                std::error::Error::source(error).map(|cause| format!(": {cause}")).unwrap_or_default();
            End::Broken(format!("{error}{cause}"))
        }
    }
}

//! Notifications of the server: a stream of them, on a connection of its own.

mod line;
mod task;

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::Stream;
use tokio::sync::mpsc;
use tokio::task::AbortHandle;

use super::{Backoff, Engine};
use crate::error::Error;
use crate::schema::{LONGEST_NAME, quoted};
use line::Line;
use task::Task;

/// How many events are buffered for a slow program; more wait at the server.
const WAITING: usize = 64;

/// An event of a [`Listener`], in the order in which they happened.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ListenEvent {
    /// LISTEN is active from here on. Earlier notifications are not delivered: a program that keeps a copy of data reads it
    /// again now, the first time and after each [`Lost`](ListenEvent::Lost).
    Ready,
    /// A transaction with a `NOTIFY` or [`notify`](Engine::notify) was committed.
    Notification {
        /// The channel it was sent on.
        channel: String,
        /// What was sent; empty if nothing was.
        payload: String,
        /// The process of the server that sent it, as `pg_backend_pid()` tells it.
        process_id: i32,
    },
    /// The connection was lost, with the reason. It is opened again until that succeeds; then
    /// [`Ready`](ListenEvent::Ready) follows.
    Lost(Error),
}

/// Listens to channels; made by [`Engine::listen`]. Dropped, it closes its connection.
///
/// Use [`next`](Listener::next), or the [`Stream`] it is.
#[must_use = "a listener that is dropped listens no more"]
pub struct Listener {
    events: mpsc::Receiver<ListenEvent>,
    task: AbortHandle,
}

/// How a lost connection is detected when no notification comes for hours.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    /// The silence after which the server is asked for a sign of life.
    pub(super) quiet: Duration,
    /// The time it has for an answer.
    pub(super) answer: Duration,
    /// The pauses before the connection is opened again.
    pub(super) pauses: Backoff,
}

const PACE: Pace = Pace {
    quiet: Duration::from_secs(30),
    answer: Duration::from_secs(10),
    pauses: Backoff { first: Duration::from_millis(100), longest: Duration::from_secs(10) },
};

impl Engine {
    /// Listens to channels, on a connection of its own beside the pool, opened as those of the pool are.
    ///
    /// The first event is [`Ready`](ListenEvent::Ready). A connection that is lost is told
    /// ([`Lost`](ListenEvent::Lost)) and opened again by itself, after a pause that grows from a tenth of a second to ten
    /// seconds; then comes `Ready` again, and what was notified between is missed. A network that says nothing is not
    /// taken for quiet: after 30 seconds without a notification the server is asked for a sign of life, for which it has 10
    /// seconds. Events wait for a program that is slow to take them, 64 of them here and the rest at the server.
    ///
    /// The stream has no end, unless the engine is closed: then it ends within 30 seconds, or when the connection is lost.
    ///
    /// ```no_run
    /// # use orm_core::engine::ListenEvent;
    /// # use orm_core::prelude::*;
    /// # async fn read_again() {}
    /// # async fn take(_order: String) {}
    /// # async fn program(engine: Engine) -> Result<(), orm_core::Error> {
    /// let mut listener = engine.listen(["orders"]).await?;
    /// while let Some(event) = listener.next().await {
    ///     match event {
    ///         ListenEvent::Ready => read_again().await, // something may have been missed
    ///         ListenEvent::Notification { payload, .. } => take(payload).await,
    ///         ListenEvent::Lost(error) => eprintln!("{error}"),
    ///         _ => {}
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// If no connection can be opened; if a channel is no name of 1 to 63 bytes. If a pooler is between and no notification
    /// comes through it, as through PgBouncer in transaction mode: give the URL of the server itself to an engine that only
    /// listens, `Engine::builder(direct_url).pool_size(1)`.
    pub async fn listen<C: Into<String>>(
        &self,
        channels: impl IntoIterator<Item = C>,
    ) -> Result<Listener, Error> {
        let channels: Vec<String> = channels.into_iter().map(Into::into).collect();
        self.listen_at_pace(channels, PACE).await
    }

    pub(super) async fn listen_at_pace(&self, channels: Vec<String>, pace: Pace) -> Result<Listener, Error> {
        if channels.is_empty() {
            return Err(Error::configuration("`listen` was given no channel: expected one name at least"));
        }
        channels.iter().try_for_each(|channel| check_channel(channel))?;
        let sql: Vec<_> = channels.iter().map(|channel| format!("LISTEN {}", quoted(channel))).collect();
        // The connection knows no transaction, so that a context is nothing to it.
        let engine = Engine { scope: None, ..self.clone() };
        let sql = sql.join("; ");
        let line = Line::open(&engine, &sql, pace.answer).await?;
        let (sender, events) = mpsc::channel(WAITING);
        let task = Task { engine, sql, pace, events: sender };
        let task = tokio::spawn(task.run(line)).abort_handle();
        Ok(Listener { events, task })
    }
}

/// Refuses what the server would cut off, or cannot take.
pub(crate) fn check_channel(channel: &str) -> Result<(), Error> {
    let refused = if channel.is_empty() {
        "is empty".to_owned()
    } else if channel.len() > LONGEST_NAME {
        format!("has {} bytes", channel.len())
    } else if channel.contains('\0') {
        "has the character NUL".to_owned()
    } else {
        return Ok(());
    };
    Err(Error::configuration(format!(
        "the channel {channel:?} {refused}: expected a name of 1 to {LONGEST_NAME} bytes without NUL"
    )))
}

impl Listener {
    /// The next event, as soon as there is one; `None` when the engine is closed. Nothing is lost if this is dropped before.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let mut listener = engine.listen(["users"]).await?;
    /// while let Some(event) = listener.next().await {
    ///     println!("{event:?}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn next(&mut self) -> Option<ListenEvent> {
        self.events.recv().await
    }
}

impl Stream for Listener {
    type Item = ListenEvent;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<ListenEvent>> {
        self.events.poll_recv(cx)
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl fmt::Debug for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listener").field("waiting", &self.events.len()).finish_non_exhaustive()
    }
}

//! Keeps a listener listening.

use std::pin::pin;

use futures_util::future::{Either, select};
use tokio::sync::mpsc;
use tokio::time::sleep;

use super::line::Line;
use super::{ListenEvent, Pace};
use crate::engine::Engine;
use crate::error::Error;

/// The background task of a listener.
pub(super) struct Task {
    pub(super) engine: Engine,
    pub(super) sql: String,
    pub(super) pace: Pace,
    pub(super) events: mpsc::Sender<ListenEvent>,
}

/// The listener was dropped, or the engine is closed.
struct Over;

impl Task {
    pub(super) async fn run(self, line: Line) {
        // Both results mean the end.
        let _ = self.keep(line).await;
    }

    async fn keep(&self, mut line: Line) -> Result<Over, Over> {
        loop {
            self.tell(ListenEvent::Ready).await?;
            let error = self.follow(&mut line).await?;
            drop(line);
            self.tell(ListenEvent::Lost(error)).await?;
            line = self.again().await?;
        }
    }

    async fn tell(&self, event: ListenEvent) -> Result<(), Over> {
        self.events.send(event).await.map_err(|_| Over)
    }

    /// Passes notifications on until the connection is lost; gives the reason.
    async fn follow(&self, line: &mut Line) -> Result<Error, Over> {
        loop {
            let came = {
                let quiet = pin!(sleep(self.pace.quiet));
                match select(pin!(line.next()), quiet).await {
                    Either::Left((came, _)) => Some(came),
                    Either::Right(_) => None,
                }
            };
            match came {
                Some(Ok(came)) => {
                    let (channel, payload) = (came.channel().to_owned(), came.payload().to_owned());
                    let process_id = came.process_id();
                    self.tell(ListenEvent::Notification { channel, payload, process_id }).await?;
                }
                Some(Err(error)) => return Ok(error),
                None if self.engine.is_closed() => return Err(Over),
                // Notifications that arrive meanwhile are buffered.
                None => {
                    if let Err(error) = line.run("", self.pace.answer).await {
                        return Ok(error);
                    }
                }
            }
        }
    }

    /// Opens the connection again, however long it takes.
    async fn again(&self) -> Result<Line, Over> {
        for attempt in 1.. {
            sleep(self.pace.pauses.pause(attempt)).await;
            if self.engine.is_closed() {
                break;
            }
            match Line::open(&self.engine, &self.sql, self.pace.answer).await {
                Ok(line) => return Ok(line),
                Err(error) => tracing::warn!(target: "orm::engine", %error, "cannot listen again yet"),
            }
        }
        Err(Over)
    }
}

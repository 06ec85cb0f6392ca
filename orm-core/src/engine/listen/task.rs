//! Keeps a listener listening.

use std::pin::pin;

use futures_util::future::{Either, select};
use tokio::sync::mpsc;
use tokio::time::sleep;

use super::line::Line;
use super::{ListenEvent, Pace};
use crate::engine::Engine;
use crate::error::Error;

/// What runs as long as a listener does.
pub(super) struct Task {
    pub(super) engine: Engine,
    pub(super) sql: String,
    pub(super) pace: Pace,
    pub(super) events: mpsc::Sender<ListenEvent>,
}

/// Nobody listens any more, or the engine is closed.
struct Over;

impl Task {
    pub(super) async fn run(self, line: Line) {
        // It says nothing more.
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

    /// Hands on what comes, until the connection is lost; gives why.
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
                // What comes meanwhile waits.
                None => {
                    if let Err(error) = line.run("", self.pace.answer).await {
                        return Ok(error);
                    }
                }
            }
        }
    }

    /// Another connection, however long it takes.
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

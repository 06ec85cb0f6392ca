//! What was sent to begin a transaction, or a part of one, and has not been answered.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_util::Stream;
use tokio_postgres::{Client, Error as DriverError, SimpleQueryStream};

use super::wire::Wire;

/// BEGIN or savepoints on their way.
///
/// It belongs to the connection and not to the future that waits for it: where that is dropped, who cancels what it left
/// behind has to wait for this first. A cancel that hit BEGIN would leave the statements behind it to commit by themselves.
#[derive(Default)]
pub(super) struct PendingControl {
    first: Option<ControlRequest>,
    /// What went behind the first, as a text of its own: it can fail without that.
    second: Option<ControlRequest>,
    /// Whether all was well with the first.
    is_begun: bool,
    /// A part of the answer to the first has come.
    has_come: bool,
    /// Who has to know that it must not be cancelled; nobody where it may be.
    wire: Option<Arc<Wire>>,
}

/// One text of the simple protocol.
struct ControlRequest {
    stream: Pin<Box<SimpleQueryStream>>,
    /// What the server refused, while the end of its answer has not come.
    refused: Option<DriverError>,
    /// A part of the answer has come.
    has_come: bool,
}

impl PendingControl {
    /// What must not be cancelled.
    pub(super) fn on(wire: Arc<Wire>) -> PendingControl {
        PendingControl { wire: Some(wire), ..PendingControl::default() }
    }

    /// Sends a text of the simple protocol, at once.
    pub(super) async fn send(&mut self, client: &Client, text: &str) -> Result<(), DriverError> {
        self.forget();
        (self.is_begun, self.has_come) = (false, false);
        if let Some(wire) = &self.wire {
            wire.begins(true);
        }
        self.first = Some(ControlRequest::to(client, text).await?);
        Ok(())
    }

    /// Sends a text behind the first.
    pub(super) async fn send_behind(&mut self, client: &Client, text: &str) -> Result<(), DriverError> {
        self.second = Some(ControlRequest::to(client, text).await?);
        Ok(())
    }

    /// Whether the first text was answered, and not refused.
    pub(super) fn is_begun(&self) -> bool {
        self.is_begun
    }

    /// Whether a part of the answer to the first text has come.
    pub(super) fn has_come(&self) -> bool {
        self.has_come
    }

    /// What became of it; nothing has become of nothing.
    ///
    /// A refusal is told when the server is ready for what comes next: PgBouncer 1.18 loses count where something comes
    /// between the error of a COMMIT behind a COPY and the end of its answer, and both sides wait for ever.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), DriverError>> {
        let result = ready!(self.poll_parts(cx));
        self.forget();
        Poll::Ready(result)
    }

    fn poll_parts(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), DriverError>> {
        if let Some(sent) = &mut self.first {
            let result = ready!(sent.poll(cx));
            (self.is_begun, self.has_come) = (result.is_ok(), sent.has_come);
            self.first = None;
            if result.is_err() {
                return Poll::Ready(result);
            }
        }
        self.second.as_mut().map_or(Poll::Ready(Ok(())), |sent| sent.poll(cx))
    }

    /// Waits until it is answered, whatever the answer.
    pub(super) async fn settle(&mut self) {
        // The server tells the same by what is sent behind it.
        let _ = poll_fn(|cx| self.poll(cx)).await;
    }

    /// Waits no more: an answer that nobody takes would hold up those behind it.
    pub(super) fn forget(&mut self) {
        (self.first, self.second) = (None, None);
        if let Some(wire) = &self.wire {
            wire.begins(false);
        }
    }
}

impl ControlRequest {
    async fn to(client: &Client, text: &str) -> Result<ControlRequest, DriverError> {
        Ok(ControlRequest {
            stream: Box::pin(client.simple_query_raw(text).await?),
            refused: None,
            has_come: false,
        })
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), DriverError>> {
        loop {
            match ready!(self.stream.as_mut().poll_next(cx)) {
                Some(Ok(_)) => self.has_come = true,
                Some(Err(error)) if self.refused.is_none() && error.as_db_error().is_some() => {
                    self.refused = Some(error);
                }
                Some(Err(error)) => {
                    self.refused.get_or_insert(error);
                    break;
                }
                None => break,
            }
        }
        Poll::Ready(self.refused.take().map_or(Ok(()), Err))
    }
}

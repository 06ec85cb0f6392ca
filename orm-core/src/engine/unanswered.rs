//! What was sent to begin a transaction, or a part of one, and has not been answered.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_util::Stream;
use tokio_postgres::{Client, Error as DriverError, SimpleQueryStream};

/// BEGIN or savepoints on their way.
///
/// It belongs to the connection and not to the future that waits for it: where that is dropped, who cancels what it left
/// behind has to wait for this first. A cancel that hit BEGIN would leave the statements behind it to commit by themselves.
#[derive(Default)]
pub(super) struct Unanswered {
    first: Option<Sent>,
    /// What went behind the first, as a text of its own: it can fail without that.
    second: Option<Sent>,
    /// Whether all was well with the first.
    is_begun: bool,
}

/// One text of the simple protocol.
struct Sent {
    stream: Pin<Box<SimpleQueryStream>>,
    /// What the server refused, while the end of its answer has not come.
    refused: Option<DriverError>,
}

impl Unanswered {
    /// Sends a text of the simple protocol, at once.
    pub(super) async fn send(&mut self, client: &Client, text: &str) -> Result<(), DriverError> {
        *self = Unanswered::default();
        self.first = Some(Sent::to(client, text).await?);
        Ok(())
    }

    /// Sends a text behind the first.
    pub(super) async fn send_behind(&mut self, client: &Client, text: &str) -> Result<(), DriverError> {
        self.second = Some(Sent::to(client, text).await?);
        Ok(())
    }

    /// Whether the first text was answered, and not refused.
    pub(super) fn is_begun(&self) -> bool {
        self.is_begun
    }

    /// What became of it; nothing has become of nothing.
    ///
    /// A refusal is told when the server is ready for what comes next: PgBouncer 1.18 loses count where something comes
    /// between the error of a COMMIT behind a COPY and the end of its answer, and both sides wait for ever.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), DriverError>> {
        if let Some(sent) = &mut self.first {
            let result = ready!(sent.poll(cx));
            self.first = None;
            self.is_begun = result.is_ok();
            if result.is_err() {
                self.second = None;
                return Poll::Ready(result);
            }
        }
        let Some(sent) = &mut self.second else { return Poll::Ready(Ok(())) };
        let result = ready!(sent.poll(cx));
        self.second = None;
        Poll::Ready(result)
    }

    /// Waits until it is answered, whatever the answer.
    pub(super) async fn settle(&mut self) {
        // The server tells the same by what is sent behind it.
        let _ = poll_fn(|cx| self.poll(cx)).await;
    }

    /// Waits no more: an answer that nobody takes would hold up those behind it.
    pub(super) fn forget(&mut self) {
        *self = Unanswered::default();
    }
}

impl Sent {
    async fn to(client: &Client, text: &str) -> Result<Sent, DriverError> {
        Ok(Sent { stream: Box::pin(client.simple_query_raw(text).await?), refused: None })
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), DriverError>> {
        loop {
            match ready!(self.stream.as_mut().poll_next(cx)) {
                Some(Ok(_)) => {}
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

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
    stream: Option<Pin<Box<SimpleQueryStream>>>,
    /// What the server refused, while the end of its answer has not come.
    refused: Option<DriverError>,
}

impl Unanswered {
    /// Sends a text of the simple protocol, at once.
    pub(super) async fn send(&mut self, client: &Client, text: &str) -> Result<(), DriverError> {
        self.stream = Some(Box::pin(client.simple_query_raw(text).await?));
        self.refused = None;
        Ok(())
    }

    /// What became of it; nothing has become of nothing.
    ///
    /// A refusal is told when the server is ready for what comes next: PgBouncer 1.18 loses count where something comes
    /// between the error of a COMMIT behind a COPY and the end of its answer, and both sides wait for ever.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), DriverError>> {
        let Some(stream) = &mut self.stream else { return Poll::Ready(Ok(())) };
        loop {
            match ready!(stream.as_mut().poll_next(cx)) {
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
        self.stream = None;
        Poll::Ready(self.refused.take().map_or(Ok(()), Err))
    }

    /// Waits until it is answered, whatever the answer.
    pub(super) async fn settle(&mut self) {
        // The server tells the same by what is sent behind it.
        let _ = poll_fn(|cx| self.poll(cx)).await;
    }

    /// Waits no more: an answer that nobody takes would hold up those behind it.
    pub(super) fn forget(&mut self) {
        self.stream = None;
    }
}

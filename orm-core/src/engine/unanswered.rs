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
pub(super) struct Unanswered(Option<Pin<Box<SimpleQueryStream>>>);

impl Unanswered {
    /// Sends a text of the simple protocol, at once.
    pub(super) async fn send(&mut self, client: &Client, text: &str) -> Result<(), DriverError> {
        self.0 = Some(Box::pin(client.simple_query_raw(text).await?));
        Ok(())
    }

    /// What became of it; nothing has become of nothing.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), DriverError>> {
        let Some(stream) = &mut self.0 else { return Poll::Ready(Ok(())) };
        let result = loop {
            match ready!(stream.as_mut().poll_next(cx)) {
                Some(Ok(_)) => {}
                Some(Err(error)) => break Err(error),
                None => break Ok(()),
            }
        };
        self.0 = None;
        Poll::Ready(result)
    }

    /// Waits until it is answered, whatever the answer.
    pub(super) async fn settle(&mut self) {
        // The server tells the same by what is sent behind it.
        let _ = poll_fn(|cx| self.poll(cx)).await;
    }

    /// Waits no more: an answer that nobody takes would hold up those behind it.
    pub(super) fn forget(&mut self) {
        self.0 = None;
    }
}

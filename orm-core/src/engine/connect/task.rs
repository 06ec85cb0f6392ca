//! Runs the driver's half of a connection, and hands on what the server sends unasked.

use std::future::poll_fn;
use std::sync::{Arc, OnceLock};

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::mpsc;
use tokio_postgres::{AsyncMessage, Connection, Error as DriverError, Notification};

/// What comes without being asked for.
pub(in crate::engine) enum Unasked {
    Notification(Notification),
    Lost(DriverError),
    Closed,
}

/// To whom it goes; to nobody, on most connections.
#[derive(Clone, Default)]
pub(in crate::engine) struct Recipient(Arc<OnceLock<mpsc::Sender<Unasked>>>);

/// How much of it waits; then the connection stands still.
const WAITING: usize = 64;

impl Recipient {
    /// Takes what comes from here on.
    pub(in crate::engine) fn take(&self) -> mpsc::Receiver<Unasked> {
        let (sender, receiver) = mpsc::channel(WAITING);
        // One that is taken already stays with whom it went to, and this one is closed.
        let _ = self.0.set(sender);
        receiver
    }

    async fn send(&self, unasked: Unasked) {
        if let Some(sender) = self.0.get() {
            // Who takes it no more is about to close the connection.
            let _ = sender.send(unasked).await;
        }
    }
}

/// Whoever waits for an answer is told of an error there; nobody waits for the connection itself.
pub(super) async fn run<S, T>(mut connection: Connection<S, T>, recipient: Recipient)
where
    S: AsyncRead + AsyncWrite + Unpin,
    T: AsyncRead + AsyncWrite + Unpin,
{
    loop {
        match poll_fn(|cx| connection.poll_message(cx)).await {
            Some(Ok(AsyncMessage::Notification(notification))) => {
                recipient.send(Unasked::Notification(notification)).await;
            }
            Some(Ok(AsyncMessage::Notice(notice))) => {
                tracing::debug!(target: "orm::engine", "{}: {}", notice.severity(), notice.message());
            }
            Some(Ok(_)) => {}
            Some(Err(error)) => {
                tracing::debug!(target: "orm::engine", %error, "a connection ended");
                return recipient.send(Unasked::Lost(error)).await;
            }
            None => return recipient.send(Unasked::Closed).await,
        }
    }
}

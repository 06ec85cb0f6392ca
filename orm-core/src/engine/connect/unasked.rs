//! What the server sends unasked, and to whom it goes.

use std::sync::{Arc, OnceLock};

use tokio::sync::mpsc;
use tokio_postgres::Notification;

use crate::error::Error;

/// What comes without being asked for.
pub(in crate::engine) enum Unasked {
    Notification(Notification),
    /// The connection has ended.
    Lost(Error),
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

    pub(super) async fn send(&self, unasked: Unasked) {
        if let Some(sender) = self.0.get() {
            // Who takes it no more is about to close the connection.
            let _ = sender.send(unasked).await;
        }
    }
}

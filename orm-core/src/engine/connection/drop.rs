//! Gives a connection back, or keeps it away from others, in whatever state it is dropped.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Waker};
use std::time::Duration;

use tokio::runtime::Handle;

use super::cancel::{Quarantine, Unfinished};
use super::transaction::TransactionStatus;
use super::{Connection, pool};

impl Drop for Connection {
    fn drop(&mut self) {
        let Some(object) = self.object.take() else { return };
        if object.client.is_closed() {
            return pool::discard(object);
        }
        if self.in_flight {
            let quarantine = Quarantine::new(object);
            // Without a runtime there is nobody to wait for the server, and the connection closes.
            if let Ok(runtime) = Handle::try_current() {
                runtime.spawn(quarantine.release(self.unfinished()));
            }
            return;
        }
        if !object.is_tidy() {
            return pool::retire(object);
        }
        if matches!(self.transaction, TransactionStatus::None | TransactionStatus::Pending(_)) {
            return pool::release(object);
        }
        let sent = {
            // One poll queues it before whatever the next user sends; nobody has to wait for the answer.
            let rollback = pin!(object.client.batch_execute("ROLLBACK"));
            rollback.poll(&mut Context::from_waker(Waker::noop()))
        };
        if self.is_observed() {
            self.observe_after("ROLLBACK", Duration::ZERO, Ok(0));
        }
        match sent {
            std::task::Poll::Ready(Err(_)) => pool::discard(object),
            _ => pool::release(object),
        }
    }
}

impl Connection {
    fn unfinished(&self) -> Unfinished {
        match self.transaction {
            TransactionStatus::None => Unfinished::Statement,
            _ => Unfinished::Transaction,
        }
    }
}

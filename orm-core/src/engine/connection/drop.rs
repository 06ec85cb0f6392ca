//! Returns a dropped connection to the pool, once it is idle again, or closes it.

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
            // Without a runtime no task can wait for the server, and the connection is closed.
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
            // One poll queues it before anything the next user sends; its answer need not be awaited.
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

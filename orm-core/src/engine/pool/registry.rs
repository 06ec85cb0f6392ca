//! The connections that are open, to be counted, waited for and ended.

use std::collections::HashMap;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio::task::AbortHandle;

#[derive(Default)]
pub(super) struct Registry {
    open: Mutex<Open>,
    /// The last one has closed.
    empty: Notify,
}

#[derive(Default)]
struct Open {
    tasks: HashMap<u64, AbortHandle>,
    next: u64,
}

/// Keeps a connection registered until it is dropped.
pub(super) struct Registration {
    registry: Arc<Registry>,
    number: u64,
}

impl Registry {
    pub(super) fn register(self: &Arc<Self>, task: AbortHandle) -> Registration {
        let mut open = self.lock();
        let number = open.next;
        open.next += 1;
        open.tasks.insert(number, task);
        Registration { registry: Arc::clone(self), number }
    }

    /// How many are open.
    pub(super) fn len(&self) -> usize {
        self.lock().tasks.len()
    }

    /// Waits until none is open.
    pub(super) async fn until_empty(&self) {
        loop {
            let mut empty = pin!(self.empty.notified());
            empty.as_mut().enable();
            if self.len() == 0 {
                return;
            }
            empty.await;
        }
    }

    /// Ends all of them, whatever they do; gives their number.
    pub(super) fn end_all(&self) -> usize {
        let open = self.lock();
        open.tasks.values().for_each(AbortHandle::abort);
        open.tasks.len()
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        let mut open = self.registry.lock();
        open.tasks.remove(&self.number);
        if open.tasks.is_empty() {
            self.registry.empty.notify_waiters();
        }
    }
}

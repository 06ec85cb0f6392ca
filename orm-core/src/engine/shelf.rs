//! Connections just given back, within reach of the next user without the pool's bookkeeping.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::Waker;

use super::pool::Object;
use super::queue::{Call, Queue, Ticket};

/// Free connections that the pool takes for ones in use; the last one given back is the first one taken.
///
/// While tasks wait, what is given back goes to the one that waits longest. What was in use while the keeper looked
/// goes back to the pool, for only that can tell whether it has come to its end; a task that waits is told to ask there.
#[derive(Default)]
pub(super) struct Shelf(Mutex<Content>);

#[derive(Default)]
struct Content {
    free: Vec<Object>,
    queue: Queue,
    /// How often something became free in the pool, or may have.
    released: u64,
    /// How often the keeper has looked.
    looks: u64,
    closed: bool,
}

/// What was to be seen when nothing was free.
#[derive(Clone, Copy, Debug)]
pub(super) struct Glance {
    released: u64,
    /// Whether tasks wait, so that there is nothing in the pool either.
    pub(super) is_waited_for: bool,
}

/// Somebody asks the pool, who may hold a place of it for a while and leave it again.
pub(super) struct Asking<'a>(&'a Shelf);

impl Asking<'_> {
    /// Nothing of the pool was held, or what was held stays so: there is nothing for others.
    pub(super) fn end(self) {
        std::mem::forget(self);
    }
}

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        self.0.released();
    }
}

impl Shelf {
    /// A free connection.
    #[inline]
    pub(super) fn take(&self) -> Result<Object, Glance> {
        let mut content = self.lock();
        match content.free.pop() {
            Some(mut object) => {
                object.looks = content.looks;
                Ok(object)
            }
            None => Err(Glance { released: content.released, is_waited_for: !content.queue.is_empty() }),
        }
    }

    /// Keeps a connection that is fit for anybody, hands it to who waits, or gives it back to the pool.
    #[inline]
    pub(super) fn put(&self, object: Object) {
        let mut content = self.lock();
        if object.looks != content.looks || content.closed {
            drop(content);
            drop(object);
            return self.released();
        }
        if content.queue.is_empty() {
            return content.free.push(object);
        }
        match content.queue.call(Call::Take(object)) {
            Ok(waker) => {
                drop(content);
                waker.into_iter().for_each(Waker::wake);
            }
            Err(Call::Take(object)) => content.free.push(object),
            Err(Call::Ask) => {}
        }
    }

    /// A place among those who wait, unless something has become free since the glance: then leave to ask again.
    /// Who has waited before goes to the front.
    pub(super) fn wait(&self, glance: Glance, again: bool) -> Option<Ticket<'_>> {
        let mut content = self.lock();
        if content.released != glance.released || !content.free.is_empty() || content.closed {
            return None;
        }
        let place = content.queue.join(again);
        Some(Ticket::new(self, place))
    }

    /// Says that the pool is asked, until what this gives is dropped.
    pub(super) fn asking(&self) -> Asking<'_> {
        Asking(self)
    }

    /// Something has become free in the pool, or may have: who waits longest is to ask.
    pub(super) fn released(&self) {
        let mut content = self.lock();
        content.released += 1;
        let waker = content.queue.call(Call::Ask);
        drop(content);
        waker.into_iter().flatten().for_each(Waker::wake);
    }

    /// Takes somebody out who does not wait any more.
    pub(super) fn leave(&self, ticket: &Ticket<'_>) {
        self.lock().queue.leave(ticket.place());
    }

    /// How many are free.
    pub(super) fn len(&self) -> usize {
        self.lock().free.len()
    }

    /// How many tasks wait.
    pub(super) fn waiting(&self) -> usize {
        self.lock().queue.len()
    }

    /// Notes that the pool gives this one to a user.
    pub(super) fn given(&self, object: &mut Object) {
        object.looks = self.lock().looks;
    }

    /// Gives all of them back to the pool, the one used last at last.
    pub(super) fn clear(&self) {
        let mut content = self.lock();
        content.looks += 1;
        let free = std::mem::take(&mut content.free);
        drop(content);
        if !free.is_empty() {
            drop(free);
            self.released();
        }
    }

    pub(super) fn is_closed(&self) -> bool {
        self.lock().closed
    }

    /// As `clear`, and keeps none from now on; all who wait ask the pool, which is closed too.
    pub(super) fn close(&self) {
        let mut content = self.lock();
        content.closed = true;
        let calls: Vec<_> = (0..content.queue.len()).map(|_| content.queue.call(Call::Ask)).collect();
        drop(content);
        calls.into_iter().flatten().flatten().for_each(Waker::wake);
        self.clear();
    }

    fn lock(&self) -> MutexGuard<'_, Content> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

//! Connections just given back, within reach of the next user without the pool's bookkeeping.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::pool::Object;

/// Free connections that the pool takes for ones in use; the last one given back is the first one taken.
///
/// While a task waits for a connection of the pool all go back there, so that it gets the first that is free. So does
/// one that was in use while the keeper looked, for only the pool can tell whether it has come to its end.
#[derive(Default)]
pub(super) struct Shelf(Mutex<Content>);

#[derive(Default)]
struct Content {
    free: Vec<Object>,
    /// How many tasks ask the pool.
    wanted: usize,
    /// How often the keeper has looked.
    looks: u64,
    closed: bool,
}

/// A task asks the pool.
pub(super) struct Wanted<'a>(&'a Shelf);

impl Drop for Wanted<'_> {
    fn drop(&mut self) {
        self.0.lock().wanted -= 1;
    }
}

impl Shelf {
    /// A free connection, or leave to ask the pool.
    #[inline]
    pub(super) fn take(&self) -> Result<Object, Wanted<'_>> {
        let mut content = self.lock();
        match content.free.pop() {
            Some(mut object) => {
                object.looks = content.looks;
                Ok(object)
            }
            None => {
                content.wanted += 1;
                Err(Wanted(self))
            }
        }
    }

    /// Keeps a connection that is fit for anybody, or gives it back to the pool.
    #[inline]
    pub(super) fn put(&self, object: Object) {
        let mut content = self.lock();
        if content.wanted == 0 && object.looks == content.looks && !content.closed {
            content.free.push(object);
        } else {
            drop(content);
            drop(object);
        }
    }

    /// How many are free.
    pub(super) fn len(&self) -> usize {
        self.lock().free.len()
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
        drop(free);
    }

    /// As `clear`, and keeps none from now on.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.clear();
    }

    fn lock(&self) -> MutexGuard<'_, Content> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

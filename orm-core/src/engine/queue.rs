//! Tasks that wait for a connection, the one that waits longest first.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use super::pool::Object;
use super::shelf::Shelf;

/// What a task that waits is called for.
pub(super) enum Call {
    /// A connection for it.
    Take(Object),
    /// There may be something in the pool.
    Ask,
}

#[derive(Default)]
pub(super) struct Queue(VecDeque<Arc<Place>>);

/// The place of one task.
#[derive(Default)]
pub(super) struct Place(Mutex<State>);

enum State {
    /// It waits; whom to wake, once it was polled.
    Waiting(Option<Waker>),
    Called(Call),
    /// It took the call, or does not wait any more.
    Left,
}

impl Default for State {
    fn default() -> Self {
        State::Waiting(None)
    }
}

impl Queue {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn join(&mut self, at_the_front: bool) -> Arc<Place> {
        let place = Arc::new(Place::default());
        let joined = Arc::clone(&place);
        if at_the_front {
            self.0.push_front(joined)
        } else {
            self.0.push_back(joined)
        }
        place
    }

    pub(super) fn leave(&mut self, place: &Arc<Place>) {
        self.0.retain(|other| !Arc::ptr_eq(other, place));
    }

    /// Calls the one that waits longest; gives whom to wake where nothing is locked, or the call back if nobody waits.
    pub(super) fn call(&mut self, mut call: Call) -> Result<Option<Waker>, Call> {
        while let Some(place) = self.0.pop_front() {
            match place.call(call) {
                Ok(waker) => return Ok(waker),
                Err(refused) => call = refused,
            }
        }
        Err(call)
    }
}

impl Place {
    fn call(&self, call: Call) -> Result<Option<Waker>, Call> {
        let mut state = self.lock();
        match &mut *state {
            State::Waiting(waker) => {
                let waker = waker.take();
                *state = State::Called(call);
                Ok(waker)
            }
            State::Called(_) | State::Left => Err(call),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Waits until it is called. Dropped before that, it leaves; what it was called for goes to the next one.
pub(super) struct Ticket<'a> {
    shelf: &'a Shelf,
    place: Arc<Place>,
}

impl<'a> Ticket<'a> {
    pub(super) fn new(shelf: &'a Shelf, place: Arc<Place>) -> Ticket<'a> {
        Ticket { shelf, place }
    }

    pub(super) fn place(&self) -> &Arc<Place> {
        &self.place
    }
}

impl Future for Ticket<'_> {
    type Output = Call;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Call> {
        let mut state = self.place.lock();
        if let State::Waiting(waker) = &mut *state {
            match waker {
                Some(waker) => waker.clone_from(context.waker()),
                None => *waker = Some(context.waker().clone()),
            }
            return Poll::Pending;
        }
        match std::mem::replace(&mut *state, State::Left) {
            State::Called(call) => Poll::Ready(call),
            State::Waiting(_) | State::Left => unreachable!("a ticket is polled again after it was called"),
        }
    }
}

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        let state = std::mem::replace(&mut *self.place.lock(), State::Left);
        match state {
            State::Waiting(_) => self.shelf.leave(self),
            State::Called(Call::Take(object)) => self.shelf.put(object),
            State::Called(Call::Ask) => self.shelf.released(),
            State::Left => {}
        }
    }
}

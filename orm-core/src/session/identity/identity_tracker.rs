//! Takes rows just read in as objects.

use super::Identity;
use super::object::Came;
use crate::model::{Handle, Model, SealedTracker, Tracker};

/// What an object that is loaded takes of a row just read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::session) enum Populate {
    /// All columns, if its values are of an earlier transaction or expired, and it has no changes of its own.
    Older,
    /// The columns without changes of their own: the row is locked, so that nobody else can change it from here on.
    Unchanged,
    All,
}

/// Takes rows just read in as objects.
pub(in crate::session) struct IdentityTracker<'a> {
    pub(super) identity: &'a mut Identity,
    pub(super) populate: Populate,
    /// How many are to come, until the first object has come: most rows start with an object of their own.
    pub(super) rows: usize,
    pub(super) came: Came,
}

impl SealedTracker for IdentityTracker<'_> {}

impl Tracker for IdentityTracker<'_> {
    fn take_in<M: Model>(&mut self, object: M) -> Handle<M> {
        let populate = self.populate;
        let rows = std::mem::take(&mut self.rows);
        let (arena, clock) = self.identity.arena_mut::<M>();
        if rows > 1 {
            arena.expect(rows);
        }
        self.came.place = self.came.place.saturating_add(1);
        let slot = arena.take_in(object, clock, populate, self.came);
        self.identity.handle(slot)
    }
}

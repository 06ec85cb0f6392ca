//! The objects of a session: one for each row.

mod any;
mod arena;
mod clock;
mod column_values;
mod identity_tracker;
mod link_change;
mod new_object;
mod object;
mod pending_changes;
mod pending_key;
mod refer;
mod reference;
mod referenced;
mod reread;
mod slot;
mod slots;
mod soft_delete;
mod transaction_end;
mod uncertainty;
mod write_back;

use crate::error::Error;
use crate::model::{Handle, Model};
use crate::schema::TableMeta;
pub(super) use any::AnyArena;
pub(super) use arena::Arena;
pub(super) use clock::Clock;
pub(super) use column_values::{ColumnValues, Of};
pub(super) use identity_tracker::{IdentityTracker, Populate};
pub(super) use link_change::{LinkAction, LinkChange, LinkChanges, LinkTarget};
use object::Came;
pub(super) use object::{Certainty, Object};
pub(super) use pending_changes::PendingChanges;
pub(super) use refer::References;
pub(super) use reread::{RefreshRows, numbered};
pub(super) use slot::{Absence, Slot};
pub(super) use slots::Slots;
pub(super) use transaction_end::TransactionEnd;
pub(super) use uncertainty::{differences, free_columns};
pub(super) use write_back::WriteBack;

/// The objects of a session.
pub(super) struct Identity {
    session: u32,
    arenas: Vec<Box<dyn AnyArena>>,
    clock: Clock,
    /// What was asked for and has to be compared with rows before it can be written.
    pub(super) link_changes: LinkChanges,
    /// How many queries have given objects.
    queries: u32,
}

impl Identity {
    pub(super) fn new(session: u32) -> Identity {
        Identity {
            session,
            arenas: Vec::new(),
            clock: Clock::new(),
            link_changes: LinkChanges::default(),
            queries: 0,
        }
    }

    /// The number of the session, which its handles have.
    pub(super) fn number(&self) -> u32 {
        self.session
    }

    pub(super) fn clock(&self) -> &Clock {
        &self.clock
    }

    pub(super) fn arenas(&self) -> impl Iterator<Item = &dyn AnyArena> {
        self.arenas.iter().map(|arena| &**arena)
    }

    /// The tables of all objects, and those that their foreign keys lead to, be no row of them loaded.
    pub(super) fn known_tables(&self) -> Vec<&'static TableMeta> {
        let mut known: Vec<&'static TableMeta> = self.arenas().map(AnyArena::table).collect();
        let mut next = 0;
        while let Some(&table) = known.get(next) {
            next += 1;
            for target in table.targets() {
                if !known.contains(&target) {
                    known.push(target);
                }
            }
        }
        known
    }

    pub(super) fn is_dirty(&self) -> bool {
        !self.link_changes.is_empty() || self.arenas.iter().any(|arena| arena.is_dirty())
    }

    pub(super) fn arena<M: Model>(&self) -> Option<&Arena<M>> {
        self.any(M::META)?.as_any().downcast_ref()
    }

    pub(super) fn any(&self, table: &TableMeta) -> Option<&dyn AnyArena> {
        self.arenas().find(|arena| arena.table() == table)
    }

    pub(super) fn any_mut(&mut self, table: &TableMeta) -> Option<(&mut dyn AnyArena, &Clock)> {
        let arena = self.arenas.iter_mut().find(|arena| arena.table() == table)?;
        Some((&mut **arena, &self.clock))
    }

    /// The arena of a model, made if there is none.
    pub(super) fn arena_mut<M: Model>(&mut self) -> (&mut Arena<M>, &Clock) {
        let place = match self.arenas.iter().position(|arena| arena.table() == M::META) {
            Some(place) => place,
            None => {
                self.arenas.push(Box::new(Arena::<M>::default()));
                self.arenas.len() - 1
            }
        };
        let arena = self.arenas[place].as_any_mut().downcast_mut();
        // A table belongs to one model, so its arena is of that model's type.
        (
            arena.unwrap_or_else(|| unreachable!("the arena of {} has another type", M::META.entity)),
            &self.clock,
        )
    }

    pub(super) fn handle<M>(&self, slot: u32) -> Handle<M> {
        Handle::new(self.session, slot)
    }

    pub(super) fn slot<M: Model>(&self, handle: Handle<M>) -> Result<&Slot<M>, Error> {
        self.own(handle)?;
        let slot = self.arena().and_then(|arena| arena.slot(handle.slot()));
        slot.ok_or_else(|| unknown(handle))
    }

    pub(super) fn own<M: Model>(&self, handle: Handle<M>) -> Result<(), Error> {
        if handle.session() == self.session {
            return Ok(());
        }
        Err(Error::session(format!(
            "{handle:?} belongs to another session: read the row in this session to get a handle of its own"
        )))
    }

    pub(super) fn note_write(&mut self, table: &'static TableMeta) {
        self.clock.note_write(table);
    }

    /// Anything may have been written: every object waits to be read again, and keeps its changes.
    pub(super) fn note_write_anywhere(&mut self) {
        for arena in &self.arenas {
            self.clock.note_write(arena.table());
        }
        self.clock.expire();
    }

    /// Forgets what objects were changed to; their values wait to be read again.
    pub(super) fn expire_all(&mut self) {
        self.link_changes.clear();
        self.arenas.iter_mut().for_each(|arena| arena.expire_all());
        self.clock.expire();
    }

    /// Everything is flushed.
    pub(super) fn settle(&mut self) {
        let Identity { arenas, clock, .. } = self;
        arenas.iter_mut().for_each(|arena| arena.settle(clock));
    }

    pub(super) fn expunge_all(&mut self) {
        self.link_changes.clear();
        self.arenas.iter_mut().for_each(|arena| arena.expunge_all());
    }

    pub(super) fn committed(&mut self, expire: bool) {
        self.arenas.iter_mut().for_each(|arena| arena.committed());
        if expire {
            self.clock.expire();
        }
        self.clock.next_transaction();
    }

    /// The transaction is rolled back: objects are what they were, and expired, for what it was refused for may be in the
    /// rows.
    pub(super) fn rolled_back(&mut self) {
        self.end(Certainty::Known);
    }

    /// Nobody knows whether the transaction is committed: as [`rolled_back`](Identity::rolled_back), and what it changed
    /// is sent whenever the object is changed, equal to what is known or not.
    pub(super) fn outcome_unknown(&mut self) {
        self.end(Certainty::Unknown);
    }

    fn end(&mut self, certainty: Certainty) {
        self.put_back(self.clock.transaction(), certainty);
        self.clock.expire();
        self.clock.next_transaction();
    }

    /// The transaction is committed, and what it wrote has not been read: every object waits to be read again, and what was
    /// pending leaves.
    pub(super) fn committed_unread(&mut self) {
        self.link_changes.clear();
        self.arenas.iter_mut().for_each(|arena| arena.committed_unread());
        self.clock.expire();
        self.clock.next_transaction();
    }

    /// A savepoint begins, when everything is flushed; says at which moment.
    pub(super) fn begin_nested(&mut self) -> u64 {
        self.clock.begin_nested()
    }

    /// The savepoint at this depth is given up, with those inside it, and what was done since is kept.
    pub(super) fn released(&mut self, depth: usize) {
        self.clock.release(depth);
    }

    /// The savepoint at this depth is rolled back and given up, with those inside it.
    pub(super) fn rolled_back_to(&mut self, depth: usize) {
        if let Some(began) = self.clock.savepoint(depth) {
            self.put_back(began, Certainty::Known);
            self.clock.roll_back_to(depth);
        }
    }

    fn put_back(&mut self, began: u64, certainty: Certainty) {
        self.link_changes.clear();
        self.arenas.iter_mut().for_each(|arena| arena.roll_back(began, certainty));
    }

    /// Takes so many rows, or more, in as objects.
    pub(super) fn tracker(&mut self, populate: Populate, rows: usize) -> IdentityTracker<'_> {
        self.queries = self.queries.wrapping_add(1).max(1);
        let came = Came { query: self.queries, place: 0 };
        IdentityTracker { identity: self, populate, rows, came }
    }

    /// There is no row with this key: an object that had it has none.
    pub(super) fn row_is_gone<M: Model>(&mut self, key: &M::Key) {
        if let Some((slot, _)) = self.find::<M>(key) {
            let (arena, clock) = self.arena_mut::<M>();
            arena.deleted(slot, clock);
        }
    }

    pub(super) fn find<M: Model>(&self, key: &M::Key) -> Option<(u32, &Object<M>)> {
        self.arena::<M>()?.find(key)
    }
}

fn unknown<M: Model>(handle: Handle<M>) -> Error {
    Error::session(format!("this session has no object {handle:?}"))
}

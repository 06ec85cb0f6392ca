//! One object: its values now, as last flushed, and as they were when the transaction and its savepoints began.

use super::Clock;
use crate::error::Error;
use crate::model::Model;
use crate::row::Cells;

/// What a handle names.
pub(in crate::session) enum Slot<M: Model> {
    /// Added, not inserted yet.
    New(M::New),
    Object(Object<M>),
    Gone(Gone),
}

/// Why a handle names nothing any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::session) enum Gone {
    Deleted,
    Expunged,
    RolledBack,
    Unread,
}

impl Gone {
    pub(in crate::session) fn words(self) -> &'static str {
        match self {
            Gone::Deleted => "was deleted",
            Gone::Expunged => "was taken out of the session by `expunge`, `expunge_all` or `detach`",
            Gone::Unread => {
                "left the session with a transaction of which it could not be told what it wrote: read the row, if it is there"
            }
            Gone::RolledBack => "left the session when the transaction that brought it was rolled back",
        }
    }
}

/// An object whose row is in the database.
pub(in crate::session) struct Object<M> {
    pub(super) now: M,
    /// The values as the database has them, once the object may have been changed.
    pub(super) was: Option<Box<M>>,
    /// The values from before changes of the row, each with the moment of the change: for each savepoint that can still be
    /// rolled back, the first since it began.
    pub(super) undo: Vec<(u64, M)>,
    /// When the values were read.
    pub(super) read_in: u64,
    /// The moment whose taking back makes the object leave: its row was inserted then, or may have been changed then,
    /// before it was first read.
    pub(super) born_in: Option<u64>,
    pub(super) expired: bool,
    pub(super) deletion: Deletion,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::session) enum Deletion {
    No,
    /// With the next flush.
    Asked,
    /// At this moment.
    Done(u64),
}

/// The places of the columns in which two values of a model differ.
pub(in crate::session) fn differences<M: Model>(now: &M, was: &M) -> impl Iterator<Item = usize> {
    let columns = 0..M::META.columns.len();
    columns.filter(|&place| !now.column(place).same(was.column(place)))
}

impl<M: Model> Object<M> {
    pub(super) fn read(now: M, read_in: u64, born_in: Option<u64>) -> Object<M> {
        Object { now, was: None, undo: Vec::new(), read_in, born_in, expired: false, deletion: Deletion::No }
    }

    pub(in crate::session) fn now(&self) -> &M {
        &self.now
    }

    pub(in crate::session) fn is_deleted(&self) -> bool {
        matches!(self.deletion, Deletion::Done(_))
    }

    pub(in crate::session) fn is_doomed(&self) -> bool {
        self.deletion != Deletion::No
    }

    pub(in crate::session) fn is_expired(&self, expired: u64) -> bool {
        self.expired || self.read_in <= expired
    }

    /// Whether a row just read replaces the values: they are of an earlier transaction or expired, and not changed.
    pub(super) fn is_older(&self, clock: &Clock) -> bool {
        let current = self.read_in >= clock.transaction() && !self.is_expired(clock.expired);
        !current && (self.expired || self.was.is_none() || !self.is_modified())
    }

    /// The places of the columns that differ from what the database has.
    pub(in crate::session) fn changes(&self) -> impl Iterator<Item = usize> {
        self.was.iter().flat_map(|was| differences(&self.now, was))
    }

    pub(in crate::session) fn is_modified(&self) -> bool {
        self.changes().next().is_some()
    }

    /// The values as the database has them.
    pub(in crate::session) fn stored(&self) -> &M {
        self.was.as_deref().unwrap_or(&self.now)
    }

    /// Keeps the values from before a change of the row, if none are kept since the savepoint around the change began.
    pub(super) fn keep_for_undo(&mut self, changed: u64, clock: &Clock) {
        if self.makes_room_for_undo(changed, clock) {
            let before = self.stored().clone();
            self.undo.push((changed, before));
        }
    }

    /// Whether values have to be kept from before a change; those that nobody goes back to any more are forgotten.
    fn makes_room_for_undo(&mut self, changed: u64, clock: &Clock) -> bool {
        if self.undo.last().is_some_and(|(kept, _)| *kept >= clock.level(changed)) {
            return false;
        }
        self.undo.retain(|(kept, _)| *kept >= clock.transaction());
        self.undo.dedup_by_key(|(kept, _)| clock.level(*kept));
        true
    }

    /// Takes the row that a flush has made of the object: most of it is what the object has already.
    pub(super) fn written(&mut self, cells: &mut Cells<'_>, clock: &Clock) -> Result<(), Error> {
        let was = self.was.take();
        if self.makes_room_for_undo(clock.now, clock) {
            let before = was.map_or_else(|| self.now.clone(), |was| *was);
            self.undo.push((clock.now, before));
        }
        let mut again = cells.clone();
        if !(0..M::META.columns.len()).all(|place| cells.give(self.now.column_mut(place))) {
            // It says what does not fit.
            self.now = M::decode(&mut again)?;
        }
        self.read_in = clock.now;
        self.expired = false;
        Ok(())
    }

    /// Takes values just read or written; a change of the object's own is lost.
    pub(super) fn replace(&mut self, now: M, moment: u64) {
        self.now = now;
        self.was = None;
        self.read_in = moment;
        self.expired = false;
    }

    /// Takes values just read, and keeps the columns that have changes of their own.
    pub(super) fn merge(&mut self, row: M, moment: u64) {
        let own: Vec<usize> = self.changes().collect();
        if own.is_empty() {
            return self.replace(row, moment);
        }
        for place in (0..M::META.columns.len()).filter(|place| !own.contains(place)) {
            self.now.column_mut(place).assign(row.column(place));
        }
        self.was = Some(Box::new(row));
        self.read_in = moment;
        self.expired = false;
    }

    /// Puts back what the object was before a moment.
    pub(super) fn roll_back(&mut self, began: u64) {
        let changed = self.was.take();
        let first = self.undo.partition_point(|(kept, _)| *kept < began);
        let before = self.undo.drain(first..).next().map(|(_, before)| before);
        if let Some(before) = before.or_else(|| changed.map(|was| *was)) {
            self.now = before;
        }
        match self.deletion {
            Deletion::Done(done) if done < began => {}
            _ => self.deletion = Deletion::No,
        }
    }
}

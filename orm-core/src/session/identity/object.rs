//! One object: its values now, as last flushed, and as they were when the transaction began.

use crate::model::Model;

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
}

impl Gone {
    pub(in crate::session) fn words(self) -> &'static str {
        match self {
            Gone::Deleted => "was deleted",
            Gone::Expunged => "was taken out of the session by `expunge` or `detach`",
            Gone::RolledBack => "left the session when the transaction that brought it was rolled back",
        }
    }
}

/// An object whose row is in the database.
pub(in crate::session) struct Object<M> {
    pub(super) now: M,
    /// The values as the database has them, once the object may have been changed.
    pub(super) was: Option<Box<M>>,
    /// The transaction that changed the row, and the values before it.
    pub(super) undo: Option<(u64, Box<M>)>,
    /// The transaction in which the values were read.
    pub(super) read_in: u64,
    /// The transaction whose rollback makes the object leave: it inserted the row, or may have changed it before it was
    /// first read.
    pub(super) born_in: Option<u64>,
    pub(super) expired: bool,
    pub(super) deletion: Deletion,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::session) enum Deletion {
    No,
    /// With the next flush.
    Asked,
    /// By this transaction.
    Done(u64),
}

/// The places of the columns in which two values of a model differ.
pub(in crate::session) fn differences<M: Model>(now: &M, was: &M) -> Vec<usize> {
    let columns = 0..M::META.columns.len();
    columns.filter(|&place| !now.column(place).same(was.column(place))).collect()
}

impl<M: Model> Object<M> {
    pub(super) fn read(now: M, read_in: u64, born_in: Option<u64>) -> Object<M> {
        Object { now, was: None, undo: None, read_in, born_in, expired: false, deletion: Deletion::No }
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

    /// The places of the columns that differ from what the database has.
    pub(in crate::session) fn changes(&self) -> Vec<usize> {
        self.was.as_ref().map_or_else(Vec::new, |was| differences(&self.now, was))
    }

    pub(in crate::session) fn is_modified(&self) -> bool {
        !self.changes().is_empty()
    }

    /// The values as the database has them.
    pub(in crate::session) fn stored(&self) -> &M {
        self.was.as_deref().unwrap_or(&self.now)
    }

    /// Keeps the values before the transaction's first change of the row.
    pub(super) fn keep_for_undo(&mut self, transaction: u64) {
        if !matches!(self.undo, Some((kept_in, _)) if kept_in == transaction) {
            self.undo = Some((transaction, Box::new(self.stored().clone())));
        }
    }

    /// Takes values just read or written; a change of the object's own is lost.
    pub(super) fn replace(&mut self, now: M, transaction: u64) {
        self.now = now;
        self.was = None;
        self.read_in = transaction;
        self.expired = false;
    }

    /// Takes values just read, and keeps the columns that have changes of their own.
    pub(super) fn merge(&mut self, row: M, transaction: u64) {
        let own = self.changes();
        if own.is_empty() {
            return self.replace(row, transaction);
        }
        for place in (0..M::META.columns.len()).filter(|place| !own.contains(place)) {
            self.now.column_mut(place).assign(row.column(place));
        }
        self.was = Some(Box::new(row));
        self.read_in = transaction;
        self.expired = false;
    }

    /// Puts back what the object was before the transaction.
    pub(super) fn roll_back(&mut self, transaction: u64) {
        match self.undo.take() {
            Some((kept_in, before)) if kept_in == transaction => self.now = *before,
            _ => {
                if let Some(was) = self.was.take() {
                    self.now = *was;
                }
            }
        }
        self.was = None;
        match self.deletion {
            Deletion::Done(done_in) if done_in != transaction => {}
            _ => self.deletion = Deletion::No,
        }
    }
}

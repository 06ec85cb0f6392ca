//! One object: its values now, as last flushed, and as they were when the transaction and its savepoints began.

use super::Clock;
use super::uncertainty::{Uncertainty, differences, free_columns};
use crate::error::Error;
use crate::model::Model;
use crate::row::Cells;
use crate::schema::ColumnMeta;

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
    /// The query that gave the row last, by number, and its place among the objects of that; zero for none.
    pub(super) came: Came,
    /// What is not known of the values that changes are told by.
    pub(super) uncertainty: Option<Box<Uncertainty>>,
}

/// With which query an object came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::session) struct Came {
    pub(super) query: u32,
    pub(super) place: u32,
}

/// Whether what is put back is known not to be in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::session) enum Certainty {
    Known,
    Unknown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::session) enum Deletion {
    No,
    /// With the next flush.
    Asked,
    /// At this moment.
    Done(u64),
}

impl<M: Model> Object<M> {
    pub(super) fn read(now: M, read_in: u64, born_in: Option<u64>) -> Object<M> {
        Object {
            now,
            was: None,
            undo: Vec::new(),
            read_in,
            born_in,
            expired: false,
            deletion: Deletion::No,
            came: Came::default(),
            uncertainty: None,
        }
    }

    pub(in crate::session) fn now(&self) -> &M {
        &self.now
    }

    pub(in crate::session) fn is_deleted(&self) -> bool {
        matches!(self.deletion, Deletion::Done(_))
    }

    pub(in crate::session) fn is_being_deleted(&self) -> bool {
        self.deletion != Deletion::No
    }

    pub(in crate::session) fn is_expired(&self, expired: u64) -> bool {
        self.expired || self.read_in <= expired
    }

    /// Whether the object takes a row just read: its values are expired, or of an earlier transaction and not changed.
    pub(super) fn is_older(&self, clock: &Clock) -> bool {
        let is_expired = self.is_expired(clock.expired);
        is_expired || self.read_in < clock.transaction() && (self.was.is_none() || !self.is_modified())
    }

    /// The places of the columns that differ from what the database has, or may.
    pub(in crate::session) fn changes(&self) -> impl Iterator<Item = usize> {
        let uncertain = self.uncertain();
        let differs = move |(place, was): (usize, &M)| {
            let differs = !self.now.value_at(place).same(was.value_at(place));
            (differs || uncertain.contains(&place)).then_some(place)
        };
        let columns =
            self.was.iter().flat_map(|was| (0..M::META.columns.len()).map(move |place| (place, &**was)));
        columns.filter_map(differs)
    }

    /// The places of the columns that count as changed whatever they hold.
    #[inline]
    fn uncertain(&self) -> Vec<usize> {
        match (&self.uncertainty, &self.was) {
            (Some(uncertainty), Some(was)) => uncertainty.places(&self.now, was),
            _ => Vec::new(),
        }
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
        if self.needs_undo(changed, clock) {
            let before = self.stored().clone();
            self.undo.push((changed, before));
        }
    }

    /// Whether values have to be kept from before a change; those that nobody goes back to any more are forgotten.
    fn needs_undo(&mut self, changed: u64, clock: &Clock) -> bool {
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
        if self.needs_undo(clock.now, clock) {
            let before = was.map_or_else(|| self.now.clone(), |was| *was);
            self.undo.push((clock.now, before));
        }
        let mut again = cells.clone();
        if !(0..M::META.columns.len()).all(|place| cells.give(self.now.value_at_mut(place))) {
            // It says what does not fit.
            self.now = M::decode(&mut again)?;
        }
        self.read_in = clock.now;
        self.expired = false;
        self.uncertainty = None;
        Ok(())
    }

    /// Takes values just read or written; a change of the object's own is lost.
    pub(super) fn replace(&mut self, now: M, moment: u64) {
        self.now = now;
        self.was = None;
        self.read_in = moment;
        self.expired = false;
        self.uncertainty = None;
    }

    /// A row just read, with the version that the object's own changes, or its deletion, came from, if there are any: a
    /// version that somebody else has counted up since is to stop them.
    pub(super) fn with_own_version(&self, mut row: M) -> M {
        if let Some(version) = M::META.version_column()
            && (self.deletion == Deletion::Asked || self.was.is_some() && self.is_modified())
        {
            row.value_at_mut(version.place).assign(self.stored().value_at(version.place));
        }
        row
    }

    /// The same for a row read behind a statement of this transaction, which counts a version up by one itself.
    pub(super) fn with_version_of_statement(&self, row: M) -> M {
        let counted = |row: &M| {
            let value = row.value_at(M::META.version_column()?.place).base()?;
            value
                .downcast_ref::<i64>()
                .copied()
                .or_else(|| value.downcast_ref::<i32>().copied().map(i64::from))
        };
        let is_one_more = counted(&row).zip(counted(self.stored())).is_some_and(|(now, was)| now == was + 1);
        if is_one_more { row } else { self.with_own_version(row) }
    }

    /// Takes values just read, and keeps the columns that have changes of their own.
    pub(super) fn merge(&mut self, row: M, moment: u64) {
        let own: Vec<usize> = self.changes().collect();
        if own.is_empty() {
            return self.replace(row, moment);
        }
        for place in (0..M::META.columns.len()).filter(|place| !own.contains(place)) {
            self.now.value_at_mut(place).assign(row.value_at(place));
        }
        self.was = Some(Box::new(row));
        self.read_in = moment;
        self.expired = false;
        self.uncertainty = None;
    }

    /// Puts back what the object was before a moment, and expires it if it was touched or read since.
    pub(super) fn roll_back(&mut self, began: u64, certainty: Certainty) {
        let changed = self.was.take();
        let first = self.undo.partition_point(|(kept, _)| *kept < began);
        let before = self.undo.drain(first..).next().map(|(_, before)| before);
        self.expired |= self.read_in >= began || changed.is_some() || before.is_some();
        let mut uncertain =
            self.uncertainty.take().map(|uncertainty| uncertainty.uncertain).unwrap_or_default();
        if let Some(before) = before.or_else(|| changed.map(|was| *was)) {
            let tried = std::mem::replace(&mut self.now, before);
            if certainty == Certainty::Unknown {
                uncertain.extend(differences(&self.now, &tried));
            }
        }
        if !uncertain.is_empty() {
            self.uncertainty = Some(Box::new(Uncertainty { uncertain, ..Uncertainty::default() }));
        }
        match self.deletion {
            Deletion::No => {}
            Deletion::Done(done) if done < began => {}
            Deletion::Asked | Deletion::Done(_) => {
                self.deletion = Deletion::No;
                self.expired = true;
            }
        }
    }

    /// What the object was changed to is in the database, with whatever else the row holds now.
    pub(super) fn committed_unread(&mut self) {
        self.was = None;
        self.undo.clear();
        self.born_in = None;
        self.expired = true;
        self.uncertainty = None;
    }

    /// Forgets what the object was changed to, and lets the next row that is read replace it.
    pub(super) fn expire(&mut self) {
        if let Some(was) = self.was.take() {
            self.now = *was;
        }
        self.expired = true;
        if let Some(uncertainty) = &mut self.uncertainty {
            (uncertainty.lent, uncertainty.assigned) = (false, Vec::new());
        }
    }
}

impl<M: Model> Object<M> {
    /// Whether the object was lent to be changed while it was expired, and no column differs from what was read last.
    pub(super) fn is_uncertain(&self) -> bool {
        let is_lent = self
            .uncertainty
            .as_ref()
            .is_some_and(|uncertainty| uncertainty.lent && uncertainty.assigned.is_empty());
        is_lent && self.was.as_ref().is_some_and(|was| differences(&self.now, was).next().is_none())
    }

    /// Holds an uncertain object against its row. One column in which they differ is what was assigned; of several, others
    /// have changed some.
    ///
    /// # Errors
    /// The columns, where there are several.
    pub(super) fn hold_against(&mut self, row: &M) -> Result<(), Vec<&'static ColumnMeta>> {
        let differs =
            |column: &&'static ColumnMeta| !self.now.value_at(column.place).same(row.value_at(column.place));
        let columns: Vec<_> = free_columns(M::META).filter(differs).collect();
        if columns.len() > 1 {
            return Err(columns);
        }
        let uncertainty = self.uncertainty.get_or_insert_default();
        (uncertainty.lent, uncertainty.assigned) =
            (false, columns.iter().map(|column| column.place).collect());
        Ok(())
    }
}

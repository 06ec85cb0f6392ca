//! When things happened in a session: in which transaction, inside which savepoint.

use crate::schema::TableMeta;

/// The moments of a session, and when its transaction wrote to which table.
#[derive(Debug)]
pub(in crate::session) struct Clock {
    /// Grows with each transaction and each savepoint.
    pub(super) now: u64,
    /// Objects read up to then are expired.
    pub(in crate::session) expired: u64,
    /// When the transaction began, and each open savepoint of it.
    levels: Vec<u64>,
    /// Tables with the moments at which the transaction wrote to them.
    written: Vec<(&'static TableMeta, Vec<u64>)>,
    /// The moments at which it wrote anything: triggers and cascades may have changed rows of any table.
    wrote: Vec<u64>,
}

impl Clock {
    pub(super) fn new() -> Clock {
        Clock { now: 1, expired: 0, levels: vec![1], written: Vec::new(), wrote: Vec::new() }
    }

    /// When the transaction began.
    pub(super) fn transaction(&self) -> u64 {
        self.levels[0]
    }

    /// How many savepoints are open.
    pub(in crate::session) fn depth(&self) -> usize {
        self.levels.len() - 1
    }

    /// When the savepoint at this depth began, if it is open.
    pub(in crate::session) fn savepoint(&self, depth: usize) -> Option<u64> {
        self.levels.get(depth).copied()
    }

    /// When the innermost of the open savepoints that hold a moment began, or the transaction.
    pub(super) fn level(&self, moment: u64) -> u64 {
        let holding = self.levels.partition_point(|began| *began <= moment);
        self.levels[holding.saturating_sub(1)]
    }

    /// When the transaction last wrote to a table.
    pub(super) fn last_write(&self, table: &TableMeta) -> Option<u64> {
        let (_, moments) = self.written.iter().find(|(written, _)| *written == table)?;
        moments.last().copied()
    }

    /// When the transaction last wrote anything: a row read since may show what is taken back with that.
    #[inline]
    pub(super) fn last_write_anywhere(&self) -> Option<u64> {
        self.wrote.last().copied()
    }

    pub(super) fn note_write(&mut self, table: &'static TableMeta) {
        let now = self.now;
        if self.wrote.last() != Some(&now) {
            self.wrote.push(now);
        }
        match self.written.iter_mut().find(|(written, _)| *written == table) {
            None => self.written.push((table, vec![now])),
            Some((_, moments)) if moments.last() == Some(&now) => {}
            Some((_, moments)) => moments.push(now),
        }
    }

    pub(super) fn begin_nested(&mut self) -> u64 {
        self.now += 1;
        self.levels.push(self.now);
        self.now
    }

    /// The savepoint at this depth ends with those inside it, and what was done since belongs to what is around it.
    pub(super) fn release(&mut self, depth: usize) {
        self.levels.truncate(depth.max(1));
        let around = self.levels[self.levels.len() - 1];
        for moments in self.written.iter_mut().map(|(_, moments)| moments).chain([&mut self.wrote]) {
            // Of those that can only be taken back together, the last one says it all.
            let first = moments.partition_point(|moment| *moment < around);
            let last = moments.len().saturating_sub(1);
            moments.drain(first..last.max(first));
        }
    }

    /// The savepoint at this depth ends with those inside it, and what was done since is taken back.
    pub(super) fn roll_back_to(&mut self, depth: usize) {
        let Some(began) = self.savepoint(depth) else { return };
        self.levels.truncate(depth.max(1));
        self.written.iter_mut().for_each(|(_, moments)| moments.retain(|moment| *moment < began));
        self.written.retain(|(_, moments)| !moments.is_empty());
        self.wrote.retain(|moment| *moment < began);
    }

    pub(super) fn next_transaction(&mut self) {
        self.now += 1;
        self.levels.clear();
        self.levels.push(self.now);
        self.written.clear();
        self.wrote.clear();
    }

    /// What was read until now is expired.
    pub(super) fn expire(&mut self) {
        self.expired = self.now;
        self.now += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::Clock;
    use crate::model::Model;
    use crate::prelude::*;
    use crate::schema::TableMeta;

    #[derive(Model, Clone, Debug)]
    #[orm(table = "boxes")]
    struct Box {
        #[orm(primary_key)]
        id: i64,
    }

    fn table() -> &'static TableMeta {
        <Box as Model>::META
    }

    #[test]
    fn a_moment_belongs_to_the_innermost_open_savepoint_around_it() {
        let mut clock = Clock::new();
        clock.begin_nested();
        clock.begin_nested();
        assert_eq!([1, 2, 3].map(|moment| clock.level(moment)), [1, 2, 3]);
        clock.release(2);
        assert_eq!([1, 2, 3].map(|moment| clock.level(moment)), [1, 2, 2]);
        clock.begin_nested();
        assert_eq!([1, 2, 3, 4].map(|moment| clock.level(moment)), [1, 2, 2, 4]);
    }

    #[test]
    fn a_write_inside_a_savepoint_is_forgotten_with_it_and_the_one_before_it_is_not() {
        let mut clock = Clock::new();
        clock.note_write(table());
        clock.begin_nested();
        assert_eq!(clock.last_write(table()), Some(1));
        clock.note_write(table());
        assert_eq!(clock.last_write(table()), Some(2));
        clock.roll_back_to(1);
        assert_eq!((clock.last_write(table()), clock.depth()), (Some(1), 0));
    }

    #[test]
    fn a_write_inside_a_released_savepoint_stays_and_many_take_no_room() {
        let mut clock = Clock::new();
        clock.begin_nested();
        for _ in 0..100 {
            clock.begin_nested();
            clock.note_write(table());
            clock.release(2);
        }
        assert_eq!((clock.written[0].1.len(), clock.last_write(table())), (1, Some(102)));
        assert_eq!((clock.wrote.len(), clock.last_write_anywhere()), (1, Some(102)));
        clock.roll_back_to(1);
        assert_eq!((clock.last_write(table()), clock.last_write_anywhere()), (None, None));
    }

    #[test]
    fn a_new_transaction_has_written_nothing() {
        let mut clock = Clock::new();
        clock.begin_nested();
        clock.note_write(table());
        clock.next_transaction();
        assert_eq!((clock.last_write(table()), clock.depth(), clock.transaction()), (None, 0, 3));
        assert_eq!(clock.last_write_anywhere(), None);
    }
}

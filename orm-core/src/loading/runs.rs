//! Rows that are made by themselves, put under what they belong to while they come.

use crate::model::Row;
use crate::model::relation::Arity;
use crate::schema::ColumnMeta;

/// Rows under their owners. Most often those of one owner come one behind the other: they are put there at once, so that
/// none of them is moved again while others are added.
pub(super) struct Runs<A: Arity, R: Row + Clone> {
    found: Vec<A::Rows<R>>,
    /// Rows of one owner that came one behind the other.
    run: Vec<R>,
    owner: Option<usize>,
    /// The column by which rows are sorted, if they are not sorted by the statement.
    order: Option<&'static ColumnMeta>,
    /// The last key of each owner, and that of the run.
    last: Vec<i64>,
    before: i64,
    is_sorted: bool,
}

impl<A: Arity, R: Row + Clone> Runs<A, R> {
    pub(super) fn new(owners: usize, order: Option<&'static ColumnMeta>) -> Self {
        Runs {
            found: (0..owners).map(|_| Default::default()).collect(),
            run: Vec::new(),
            owner: None,
            last: vec![i64::MIN; order.map_or(0, |_| owners)],
            order,
            before: i64::MIN,
            is_sorted: true,
        }
    }

    #[inline]
    pub(super) fn push(&mut self, owner: usize, row: R) {
        if A::AT_MOST_ONE {
            A::push(&mut self.found[owner], row);
            return;
        }
        if self.owner != Some(owner) {
            self.end_run();
            self.owner = Some(owner);
            self.before = self.last.get(owner).copied().unwrap_or(i64::MIN);
        }
        if let Some(column) = self.order {
            let key = key(&row, column);
            self.is_sorted &= self.before <= key;
            self.before = key;
        }
        self.run.push(row);
    }

    fn end_run(&mut self) {
        let Some(owner) = self.owner else { return };
        A::append(&mut self.found[owner], &mut self.run);
        if let Some(last) = self.last.get_mut(owner) {
            *last = self.before;
        }
    }

    /// What was found for each owner.
    pub(super) fn finish(mut self) -> Vec<A::Rows<R>> {
        self.end_run();
        if let Some(column) = self.order.filter(|_| !self.is_sorted) {
            self.found.iter_mut().for_each(|rows| A::sort_by_key(rows, |row| key(row, column)));
        }
        self.found
    }
}

#[inline]
fn key<R: Row>(row: &R, column: &'static ColumnMeta) -> i64 {
    row.bigint(column).unwrap_or(i64::MAX)
}

//! What a row takes besides its cells: the rows that it is related to, read by other statements.

use std::any::Any;
use std::cell::RefCell;

/// What the rows of a statement are related to, for one row after another.
pub(crate) struct RelatedRows {
    found: RefCell<Vec<RelatedPart>>,
    row: usize,
}

/// What one relation gave.
pub(crate) struct RelatedPart {
    /// Where the cells begin that it goes by, and how many there are.
    pub(crate) place: usize,
    pub(crate) width: usize,
    /// A `Vec<Option<F>>`, with what belongs to each row.
    pub(crate) rows: Box<dyn Any + Send>,
}

impl RelatedRows {
    pub(crate) fn new(found: Vec<RelatedPart>) -> RelatedRows {
        RelatedRows { found: RefCell::new(found), row: 0 }
    }

    /// Goes to the next row.
    pub(crate) fn advance(&mut self) {
        self.row += 1;
    }

    /// What belongs to the row, of the relation whose cells begin here; with how many cells those are.
    pub(super) fn take<F: 'static>(&self, place: usize) -> Option<(F, usize)> {
        let mut found = self.found.borrow_mut();
        let part = found.iter_mut().find(|part| part.place == place)?;
        let rows = part.rows.downcast_mut::<Vec<Option<F>>>()?;
        Some((rows.get_mut(self.row)?.take()?, part.width))
    }
}

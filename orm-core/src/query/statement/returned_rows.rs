//! What a session gives for the rows that a statement gives back.

use crate::model::{Row, Tracker};

/// What becomes of the rows a statement writes: [`LiveRows`] or [`DeletedRows`].
pub trait ReturnedRows {
    /// What a session gives for a row.
    type Tracked<R: Row>: Send;

    #[doc(hidden)]
    fn track<R: Row, K: Tracker>(row: R, tracker: &mut K) -> Self::Tracked<R>;
}

/// The rows are there: a session gives the models among them as handles.
#[derive(Clone, Copy, Debug)]
pub enum LiveRows {}

/// The rows are gone: there is no object for a handle to name, so a session gives what they held, as values.
#[derive(Clone, Copy, Debug)]
pub enum DeletedRows {}

impl ReturnedRows for LiveRows {
    type Tracked<R: Row> = R::Tracked;

    fn track<R: Row, K: Tracker>(row: R, tracker: &mut K) -> R::Tracked {
        row.track(tracker)
    }
}

impl ReturnedRows for DeletedRows {
    type Tracked<R: Row> = R;

    fn track<R: Row, K: Tracker>(row: R, _: &mut K) -> R {
        row
    }
}

//! What a model is to a session: a table's row, which it tracks, or a view's, which it gives as it is.

use super::{Handle, Model};

/// Who takes models in: a session alone.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`Tracker` is implemented by sessions alone",
    label = "objects are tracked by a `Session`"
)]
pub trait SealedTracker {}

/// Who takes models in and gives handles for them: a session.
pub trait Tracker: SealedTracker {
    /// Takes an object just read; gives the same handle for the same row.
    fn take_in<M: Model>(&mut self, object: M) -> Handle<M>;
}

/// What a session makes of the rows of a model: [`Entity`] or [`View`].
pub trait Kind {
    /// What a session gives for a row.
    type Tracked<M: Model>: Send;

    /// Gives a row to a session.
    fn track<M: Model, K: Tracker>(object: M, tracker: &mut K) -> Self::Tracked<M>;
}

/// A model of a table: its rows are objects of a session.
#[derive(Clone, Copy, Debug)]
pub enum Entity {}

/// A model of a view: its rows are plain values, and read only.
#[derive(Clone, Copy, Debug)]
pub enum View {}

impl Kind for Entity {
    type Tracked<M: Model> = Handle<M>;

    fn track<M: Model, K: Tracker>(object: M, tracker: &mut K) -> Handle<M> {
        tracker.take_in(object)
    }
}

impl Kind for View {
    type Tracked<M: Model> = M;

    fn track<M: Model, K: Tracker>(object: M, _: &mut K) -> M {
        object
    }
}

/// A kind of models whose rows can be written.
#[diagnostic::on_unimplemented(
    message = "a view is read only",
    label = "this is a model with `#[orm(view)]`: write to the tables it is made of"
)]
pub trait Writable: Kind {
    /// What a session gives for a row, as the handle it is.
    fn handle<M: Model>(tracked: Self::Tracked<M>) -> Handle<M>;
}

#[diagnostic::do_not_recommend]
impl Writable for Entity {
    fn handle<M: Model>(tracked: Handle<M>) -> Handle<M> {
        tracked
    }
}

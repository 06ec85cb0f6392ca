//! What a handle names: an object, or why there is none.

use super::Object;
use crate::model::Model;

/// What a handle names.
pub(in crate::session) enum Slot<M: Model> {
    /// Added, not inserted yet.
    New(M::New),
    Object(Object<M>),
    /// Added, and taken back; it can be added again.
    Withdrawn(M::New, Absence),
    Absent(Absence),
}

/// Why a handle names nothing any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::session) enum Absence {
    Deleted,
    Expunged,
    RolledBack,
    Unread,
}

impl Absence {
    pub(in crate::session) fn words(self) -> &'static str {
        match self {
            Absence::Deleted => "was deleted",
            Absence::Expunged => "was taken out of the session by `expunge`, `expunge_all` or `detach`",
            Absence::Unread => {
                "left the session with a transaction of which it could not be told what it wrote: read the row, if it is there"
            }
            Absence::RolledBack => "left the session when the transaction that brought it was rolled back",
        }
    }
}

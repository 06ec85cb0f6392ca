//! How a session keeps its objects in step with an UPDATE or DELETE.

use crate::query::ast;
use crate::schema::TableMeta;

/// How a session keeps its objects in step with an update or delete statement; an engine or a transaction, which have
/// no objects, pay it no heed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Synchronize {
    /// The rows of the session's objects are read again in the same round trip, so that triggers and cascades are seen.
    #[default]
    Auto,
    /// The statement itself gives the changed rows back; objects among them take the new values.
    Fetch,
    /// The statement is evaluated on the session's objects; an error, before anything is sent, where only the server
    /// can tell.
    Evaluate,
    /// Objects stay as they are.
    Off,
}

/// What a statement changes.
#[derive(Debug)]
pub enum Target<'a> {
    #[doc(hidden)]
    Insert(InsertTarget),
    #[doc(hidden)]
    Update(UpdateTarget<'a>),
    #[doc(hidden)]
    Delete(DeleteTarget<'a>),
}

/// An INSERT, for a session.
#[derive(Debug)]
pub struct InsertTarget(pub(crate) &'static TableMeta, pub(crate) Synchronize);

/// An UPDATE, for a session.
#[derive(Debug)]
pub struct UpdateTarget<'a>(pub(crate) &'a ast::Update, pub(crate) Synchronize);

/// A DELETE, for a session.
#[derive(Debug)]
pub struct DeleteTarget<'a>(pub(crate) &'a ast::Delete, pub(crate) Synchronize);

impl Target<'_> {
    pub(crate) fn table(&self) -> &'static TableMeta {
        match self {
            Target::Insert(insert) => insert.0,
            Target::Update(update) => update.0.source.table,
            Target::Delete(delete) => delete.0.source.table,
        }
    }

    pub(crate) fn synchronize(&self) -> Synchronize {
        match self {
            Target::Insert(insert) => insert.1,
            Target::Update(update) => update.1,
            Target::Delete(delete) => delete.1,
        }
    }
}

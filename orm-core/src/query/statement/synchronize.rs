//! How a session keeps its objects in step with an UPDATE or DELETE.

use crate::query::ast;
use crate::schema::TableMeta;

/// How a session keeps its objects in step with an update or delete statement; an engine or a transaction, which have
/// no objects, pay it no heed.
///
/// A flush goes before the statement. Without autoflush, changes that are not flushed stay as they are, and only what
/// the session knows of the database moves. An error of the statement leaves every object as it was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Synchronize {
    /// The objects hold what the database holds, in the cheapest way that is sure to: today that of `Fetch`.
    #[default]
    Auto,
    /// The rows of the session's objects are read again behind the statement, in the same round trip: those of this
    /// model, of models whose foreign keys lead to it, over however many others, and of models that the foreign keys of
    /// all these point at.
    ///
    /// That is exact for whatever the server does: functions, computed columns, versions, triggers (AFTER triggers too),
    /// cascades, and what other transactions have committed. An object whose row is gone is deleted. An object whose key
    /// the statement sets keeps to its row, and so does one whose key follows by `on_update = cascade`; such a statement
    /// locks its rows first, and is joined to the keys from before.
    ///
    /// It cannot know which row an object was if a trigger or another transaction changed its key: that object counts as
    /// deleted. Nor does it see what a trigger does to models that no foreign key connects as above.
    ///
    /// It costs no round trip, one statement for each of these models that the session has objects of, and one row for
    /// each object; nothing if there are none.
    Fetch,
    /// The statement is evaluated on the session's objects, and nothing is read: no statement, no round trip.
    ///
    /// It decides as PostgreSQL would, with NULL as the third truth value. Where only the server can tell, it is an error
    /// that says what and where, before anything is sent: functions but for `abs`, `round`, `length` and `trim`; order of
    /// text, `ilike` and patterns that end with an escape; casts that depend on settings; quotients of `numeric`; numbers
    /// beyond their type; JSON; enums by order; values of computed columns and of `on_update`; parts of the key; objects
    /// of other models that may go along by `on_delete` or `on_update`.
    ///
    /// It cannot know what triggers do, what other transactions have changed since an object was read, and whether a
    /// column's collation calls different texts equal (a nondeterministic one; `create_all` makes none). Expired objects
    /// stay as they are until their rows are read.
    Evaluate,
    /// Objects stay as they are until their rows are read again, deleted ones too.
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

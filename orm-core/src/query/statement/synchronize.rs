//! How a session keeps its objects in step with an UPDATE or DELETE.

use std::ops::Deref;

use crate::query::ast::{self, Placed};
use crate::schema::TableMeta;

/// How a session keeps its objects in step with an update or delete statement; an engine or a transaction, which have
/// no objects, pay it no heed. An insert is as with `Auto`; one that changes no rows is about the models that its foreign
/// keys point at.
///
/// A flush goes before the statement. Without autoflush, changes that are not flushed stay as they are, and only what
/// the session knows of the database moves. An error of the statement leaves every object as it was.
///
/// ```no_run
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// # async fn example(mut session: Session) -> Result<(), Error> {
/// session.execute(update(User).set(User.age, 18).filter(User.age.is_null()).synchronize(Synchronize::Fetch)).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Synchronize {
    /// The objects hold what the database holds, in the cheapest way that is sure to: today that of `Fetch`.
    #[default]
    Auto,
    /// The objects whose rows the statement changes, also by way of foreign keys and triggers, have what these rows hold
    /// afterwards.
    ///
    /// That is exact for whatever the server does: functions, computed columns, versions, triggers (AFTER triggers too),
    /// cascades, also through rows and tables that the session has no objects of. An object whose row is gone is deleted.
    /// An object whose key the statement sets keeps to its row, and so does one whose key follows by
    /// `on_update = cascade`; such a statement locks its rows first, and is joined to the keys from before. What other
    /// transactions have committed is seen in rows that the statement changes; in others it may be, or not.
    ///
    /// It cannot know which row an object was if a trigger or another transaction changed its key, or if an insert changed
    /// it together with the columns that it is in conflict by: that object counts as deleted. Nor does it see what a trigger does to models that no foreign key connects as below, nor rows that another
    /// transaction lets point at a row in the moment in which a cascade deletes that.
    ///
    /// With many objects (more than 16, of the models below) the statement itself tells which rows it touched, and what it
    /// costs follows from those: no key is sent, and no more rows come back than there are objects, or, if the statement
    /// sets a key, than it touched. One more round trip reads the rows that foreign keys changed, or all objects of the model if
    /// more rows were touched than it has objects. The
    /// catalogue of the database is asked for triggers and foreign keys first, in a round trip of its own, once for each
    /// engine and model; each statement counts the triggers again, so that those made since are seen.
    ///
    /// With few objects their rows are read again behind the statement, in the same round trip: those of this model, of
    /// models whose foreign keys lead to it, over however many others, and of models that the foreign keys of all these
    /// point at. So they are, however many there are, where only that is sure: if a trigger fires on a table that the
    /// statement or a foreign key's action changes; if such a table is partitioned, inherited from, has rules or row
    /// security, or may not be read by the role; with Citus; if a part of a key becomes NULL or its default along with a
    /// key that the statement sets, or follows it by a part of a foreign key only.
    Fetch,
    /// The statement is evaluated on the session's objects, and nothing is read: no statement, no round trip.
    ///
    /// It decides as PostgreSQL would, with NULL as the third truth value. Where only the server can tell, it is an error
    /// that says what and where, before anything is sent: functions but for `abs`, `round`, `length` and `trim`; order of
    /// text, `ilike` and patterns that end with an escape; casts that depend on settings; quotients of `numeric`; numbers
    /// beyond their type; JSON; enums by order; values of computed columns, of `on_update` and of `DEFAULT`; parts of the key;
    /// statements with tables beside their own (`from`, `using`); objects
    /// of other models whose rows `on_delete` or `on_update` may change or delete.
    ///
    /// It cannot know what triggers do, what other transactions have changed since an object was read, and whether a
    /// column's collation calls different texts equal (a nondeterministic one; `create_all` makes none). Expired objects
    /// stay as they are until their rows are read.
    Evaluate,
    /// Objects stay as they are until their rows are read again, deleted ones too.
    Off,
}

/// What a statement changes, as far as its tree tells.
#[derive(Debug)]
pub enum Writes<'a> {
    #[doc(hidden)]
    Nothing,
    #[doc(hidden)]
    Rows(WriteTarget<'a>),
    /// SQL of the program: it may have written to any table.
    #[doc(hidden)]
    Anything,
}

/// Where a statement writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Written {
    Nothing,
    Table(&'static TableMeta),
    Anything,
}

impl Writes<'_> {
    pub(crate) fn written(&self) -> Written {
        match self {
            Writes::Nothing => Written::Nothing,
            Writes::Rows(target) => Written::Table(target.table()),
            Writes::Anything => Written::Anything,
        }
    }
}

impl Written {
    pub(crate) fn is_something(self) -> bool {
        self != Written::Nothing
    }
}

/// The rows that an insert, update or delete changes.
#[derive(Debug)]
pub enum WriteTarget<'a> {
    #[doc(hidden)]
    Insert(InsertTarget<'a>),
    #[doc(hidden)]
    Update(UpdateTarget<'a>),
    #[doc(hidden)]
    Delete(DeleteTarget<'a>),
}

/// An INSERT, for a session.
#[derive(Debug)]
pub struct InsertTarget<'a> {
    pub(crate) table: &'static TableMeta,
    /// What it sets in rows in conflict.
    pub(crate) set: &'a [Placed<ast::Set>],
    /// By what they are in conflict, if it sets anything.
    pub(crate) conflict: Option<&'a ast::ConflictTarget>,
    pub(crate) returning: &'a [ast::Item],
}

/// An UPDATE, for a session.
#[derive(Debug)]
pub struct UpdateTarget<'a>(pub(crate) UpdateTree<'a>, pub(crate) Synchronize);

/// An UPDATE: of the program, or what a DELETE comes to that marks rows as deleted.
#[derive(Debug)]
pub(crate) enum UpdateTree<'a> {
    InsertRows(&'a ast::Update),
    Made(Box<ast::Update>),
}

impl Deref for UpdateTree<'_> {
    type Target = ast::Update;

    fn deref(&self) -> &ast::Update {
        match self {
            UpdateTree::InsertRows(update) => update,
            UpdateTree::Made(update) => update,
        }
    }
}

/// A DELETE, for a session.
#[derive(Debug)]
pub struct DeleteTarget<'a>(pub(crate) &'a ast::Delete, pub(crate) Synchronize);

impl WriteTarget<'_> {
    pub(crate) fn table(&self) -> &'static TableMeta {
        match self {
            WriteTarget::Insert(insert) => insert.table,
            WriteTarget::Update(update) => update.0.source.table,
            WriteTarget::Delete(delete) => delete.0.source.table,
        }
    }

    pub(crate) fn synchronize(&self) -> Synchronize {
        match self {
            WriteTarget::Insert(_) => Synchronize::Auto,
            WriteTarget::Update(update) => update.1,
            WriteTarget::Delete(delete) => delete.1,
        }
    }

    /// What its rows are called in it.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            WriteTarget::Insert(insert) => insert.table.name,
            WriteTarget::Update(update) => update.0.source.name(),
            WriteTarget::Delete(delete) => delete.0.source.name(),
        }
    }

    /// Whether other tables stand beside its own.
    pub(crate) fn beside(&self) -> bool {
        match self {
            WriteTarget::Insert(_) => false,
            WriteTarget::Update(update) => update.0.beside.is_some(),
            WriteTarget::Delete(delete) => delete.0.beside.is_some(),
        }
    }

    /// What it sets in rows that are there.
    pub(crate) fn set(&self) -> &[Placed<ast::Set>] {
        match self {
            WriteTarget::Insert(insert) => insert.set,
            WriteTarget::Update(update) => &update.0.set,
            WriteTarget::Delete(_) => &[],
        }
    }

    /// What it gives back.
    pub(crate) fn returning(&self) -> &[ast::Item] {
        match self {
            WriteTarget::Insert(insert) => insert.returning,
            WriteTarget::Update(update) => &update.0.returning,
            WriteTarget::Delete(delete) => &delete.0.returning,
        }
    }
}

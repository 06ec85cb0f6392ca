//! Objects kept in step with rows.

mod about;
mod access;
mod autoflush;
mod catalogue;
mod change;
mod default_value;
mod dropped;
mod find_all;
mod find_by;
mod flush;
mod forget;
mod get_or_insert;
mod hook;
mod identity;
mod link;
mod load;
mod maker;
mod merge;
mod mistaken;
mod nested;
mod object_state;
mod on_commit;
mod read;
mod record;
mod retry;
mod set;
mod stream;
mod synchronize;
mod timeout;
mod tracked;
mod tracked_list;
mod transaction;
mod write;

use std::fmt;
use std::panic::Location;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::engine::{Connection, Engine, Limit, TransactionMode};
use crate::error::Error;
use crate::execute::TransactionConnection;
pub use crate::execute::Work;
#[doc(hidden)]
pub use crate::execute::WorkOnce;
pub use access::HandleOf;
pub use autoflush::NoAutoflush;
pub use change::{Change, ChangeKind, ChangesOf, ColumnChange};
pub use find_by::UniqueColumns;
use hook::Hooks;
use identity::Identity;
pub use link::LinkRelation;
pub use maker::SessionMaker;
pub use nested::Nested;
use on_commit::OnCommit;
pub use set::Attribute;
pub use stream::TrackedStream;
pub use tracked::Tracked;

/// Objects kept in step with rows: an identity map and a unit of work over one transaction at a time.
///
/// One row is one object: it is named by a [`Handle`](crate::model::Handle), read with `session[handle]` and changed
/// with `session[handle].field = ..`. Changes, new and deleted objects go to the database with the next
/// [`flush`](Session::flush) or [`commit`](Session::commit), and before each query. A transaction begins by itself with
/// the first statement; [`begin_nested`](Session::begin_nested) sets a savepoint in it. Dropped, the session rolls back
/// what is not committed; a [`SessionMaker`] can [`run`](SessionMaker::run) work that may collide with that of others.
///
/// The role needs SELECT on the columns of the models, since a session reads back what it writes, besides INSERT and UPDATE
/// on those that are given and changed, and DELETE on the table. A role that may only INSERT inserts by the engine:
/// `engine.execute(insert(User).values(..))`.
///
/// ```no_run
/// # use orm_core::prelude::*;
/// # #[derive(Model, Clone, Debug)]
/// # struct User {
/// #     #[orm(primary_key, generated)]
/// #     id: i64,
/// #     name: String,
/// #     age: Option<i32>,
/// # }
/// # async fn birthday(sessions: SessionMaker) -> Result<(), orm_core::Error> {
/// let mut session = sessions.session();
/// let user = session.one(select(User).filter(User.name.eq("Alice"))).await?;
/// session[user].age = session[user].age.map(|age| age + 1);
/// session.add(NewUser::new("Bob"));
/// session.commit().await?; // an UPDATE of one column, an INSERT and COMMIT, in one round trip
/// # Ok(())
/// # }
/// ```
pub struct Session {
    engine: Engine,
    options: Options,
    autoflush_pause: autoflush::Pause,
    identity: Identity,
    connection: Option<Box<TransactionConnection>>,
    state: State,
    /// What the transaction began with.
    mode: TransactionMode,
    /// What the next transaction begins with, if something else than the others.
    next_mode: Option<TransactionMode>,
    /// The depth of a savepoint that the server has yet to roll back to; the objects are put back already.
    unwind: Option<usize>,
    /// What failed the last transaction that did not commit.
    failure: Option<Error>,
    /// What failed a part of the transaction that was taken back with its savepoint, and is no matter for that part alone.
    collision: Option<Error>,
    has_committed: bool,
    hooks: Hooks,
    on_commit: OnCommit,
    /// Until when what it does has to be done.
    limit: Option<Limit>,
    /// Where it was made.
    at: &'static Location<'static>,
}

#[derive(Clone, Copy, Debug)]
struct Options {
    expire_on_commit: bool,
    autoflush: bool,
    /// What transactions begin with; as the engine says where there is none.
    mode: Option<TransactionMode>,
}

/// Whether objects and rows are known to be in step.
enum State {
    Ready,
    /// Something that writes is under way; still so if its future was dropped.
    Writing,
    Failed(Error),
}

static NEXT_SESSION: AtomicU32 = AtomicU32::new(1);

impl Session {
    fn new(engine: Engine, options: Options, hooks: Hooks, at: &'static Location<'static>) -> Session {
        let number = NEXT_SESSION.fetch_add(1, Ordering::Relaxed);
        Session {
            engine,
            options,
            autoflush_pause: autoflush::Pause::default(),
            identity: Identity::new(number),
            connection: None,
            state: State::Ready,
            mode: TransactionMode::default(),
            next_mode: None,
            unwind: None,
            failure: None,
            collision: None,
            has_committed: false,
            hooks,
            on_commit: OnCommit::default(),
            limit: None,
            at,
        }
    }

    /// The engine that the session is of. What runs by it is no part of the session's transaction, and does not see what that
    /// has not committed; [`connection`](Session::connection) does.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(session: Session) -> Result<(), Error> {
    /// let committed = session.engine().count(select(User)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Whether a transaction has begun, and neither committed nor rolled back yet.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// assert!(!session.in_transaction());
    /// let users = session.all(select(User)).await?;
    /// assert!(session.in_transaction());
    /// # Ok(())
    /// # }
    /// ```
    pub fn in_transaction(&self) -> bool {
        self.connection.is_some()
    }

    fn usable(&self) -> Result<(), Error> {
        match &self.state {
            State::Ready => Ok(()),
            State::Writing => Err(Error::session(
                "an earlier flush, commit, rollback or statement of this session was interrupted: its future was dropped before it \
                 ended; call `rollback` before anything else",
            )),
            State::Failed(error) => Err(Error::session(format!(
                "an earlier flush or commit of this session failed; call `rollback` before anything else: {error}"
            ))
            .because(error.clone())),
        }
    }

    /// Before a statement of the user: the session is usable, and what it has pending is in the database.
    async fn prepare(&mut self) -> Result<(), Error> {
        self.usable()?;
        if self.flushes_before_queries() && self.identity.is_dirty() {
            self.flush().await?;
        }
        Ok(())
    }

    fn flushes_before_queries(&self) -> bool {
        self.options.autoflush && !self.autoflush_pause.is_on()
    }

    /// The connection of the transaction, which begins here if there is none.
    async fn connect(&mut self) -> Result<&mut Connection, Error> {
        if self.connection.is_none() {
            let mode = self.next_mode.or(self.options.mode);
            let mode = mode.unwrap_or_else(|| self.engine.transaction_mode());
            let mut connection = match self.engine.route(mode.only_reads()).within(self.limit).acquire().await
            {
                Ok(connection) => connection,
                Err(error) => {
                    self.failure = Some(error.clone());
                    return Err(error);
                }
            };
            self.next_mode = None;
            self.mode = mode;
            connection.begin(mode);
            self.connection = Some(Box::new(TransactionConnection::new(connection)));
            self.failure = None;
            self.collision = None;
        }
        self.note_written();
        self.unwind().await?;
        self.raw()
    }

    fn raw(&mut self) -> Result<&mut Connection, Error> {
        let connection = self.connection.as_deref_mut().map(TransactionConnection::raw);
        connection.ok_or_else(|| Error::session("the session has no connection"))
    }

    /// What was written over [`connection`](Session::connection), which the objects do not know of; all of them are expired
    /// where SQL of the program may have written anything.
    fn note_written(&mut self) {
        let written = self.connection.as_deref_mut().map(TransactionConnection::take_written);
        let Some((tables, anything)) = written else { return };
        for table in tables {
            self.identity.note_write(table);
        }
        if anything {
            self.identity.note_write_anywhere();
        }
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("in_transaction", &self.in_transaction()).finish_non_exhaustive()
    }
}

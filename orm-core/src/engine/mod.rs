//! Connections to PostgreSQL: how they are made, shared, used and given back.
//!
//! The engine knows SQL text and parameters, no statement tree and no object. Its modules:
//!
//! - `builder`: settings; `url`: where; `credentials`: as whom; `pooler`: what one keeps; `compatible`: what other servers
//!   lack; `backoff`: pauses between attempts; `connect`: sockets, TLS and logins; `pool`: connections between their uses
//! - `connection`: the one connection type; nothing else talks to the driver; `request`: what it sends, and the answer
//! - `limit`: until when work has to be done; `wire`: what a connection's user and its task tell each other
//! - `cache`: named statements; `question`: the driver's own; `pending_control`, `commit`: BEGIN and COMMIT on their
//!   way; `observe`, `recorder`, `recording`, `status`: what
//!   can be watched
//! - `context`: what statements run with; `scope`: that as it is sent
//! - `listen`: notifications
//! - `fact`, `catalogue`: what the database has said of sequences and tables
//! - `position`, `replica`: a place in a primary's log; other servers that have it

mod backoff;
mod builder;
mod cache;
mod catalogue;
mod commit;
mod compatible;
mod connect;
mod connection;
mod context;
mod credentials;
mod fact;
mod limit;
mod listen;
mod observe;
mod observers;
mod pending_control;
mod pool;
mod pooler;
mod position;
mod question;
mod recorder;
mod recording;
mod replica;
mod request;
mod scope;
mod status;
#[cfg(test)]
mod tests;
mod url;
mod wire;

use std::fmt;
use std::panic::Location;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join;

pub(crate) use backoff::Backoff;
pub use builder::EngineBuilder;
pub(crate) use catalogue::{Catalogue, Events, LiveAction, LiveKey, LiveTable, Reach};
pub(crate) use connection::{Connection, CopyIn, CopyOut, StatementRows};
pub use connection::{Isolation, TransactionMode};
pub use context::{Context, SettingValue};
pub use credentials::Credentials;
pub(crate) use fact::Fact;
pub(crate) use limit::Limit;
use limit::Limits;
pub(crate) use listen::check_channel;
pub use listen::{ListenEvent, Listener};
pub use observe::{Observer, StatementEvent};
pub use pooler::Pooler;
pub use position::Position;
pub use recorder::RecordedStatement;
pub use recording::{Recording, RepeatedStatement};
pub use replica::ReplicaStatus;
pub(crate) use replica::Route;
pub(crate) use request::{Answer, Columns, Request};
use scope::{Known, Scope, Views};
pub use status::EngineStatus;

use crate::error::Error;

/// A pool of connections to one database, and to its replicas if it has any. Clones are cheap and share them.
///
/// The connections close when the last clone is dropped; one that is still in use then, when it is done.
///
/// ```no_run
/// # async fn example() -> Result<(), orm_core::Error> {
/// let engine = orm_core::Engine::builder("postgresql://app:secret@localhost/shop").pool_size(20).connect().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Engine {
    owner: Arc<Owner>,
    reads: Reads,
    scope: Option<Arc<Scope>>,
    /// How long a statement or a transaction may take.
    timeout: Option<Duration>,
    recordings: recorder::OwnRecordings,
}

/// Where what only reads goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reads {
    Primary,
    /// To replicas that have reached a position.
    Replicas {
        after: Position,
    },
}

/// What the clones of an engine own together.
struct Owner {
    pool: pool::Pool,
    shared: Arc<Shared>,
    replicas: Option<Arc<replica::Replicas>>,
}

impl Drop for Owner {
    fn drop(&mut self) {
        pool::abandon(&self.pool);
        if let Some(replicas) = &self.replicas {
            replicas.stop();
        }
    }
}

/// What an engine and its connections share.
struct Shared {
    pool: pool::WeakPool,
    observers: observers::Observers,
    known: Arc<Known>,
    views: Views,
    transaction_mode: TransactionMode,
    compatible: compatible::Compatible,
    positions: Positions,
    /// Whether errors show the values they are about.
    shows_values: bool,
}

/// Where a commit takes its position from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Positions {
    /// Nobody asks: there is no replica that could be asked for it.
    Unknown,
    /// The server is asked in the same round trip.
    Asked,
    /// This is a replica, where nothing is written.
    Nothing,
}

impl Engine {
    /// Settings for an engine, from a URL (`postgresql://user:password@host:port/database`) or a libpq string of
    /// `key=value`. Several hosts are tried in order. Its parameters, `sslmode` and others, are those of libpq.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # async fn example(url: &str) -> Result<(), Error> {
    /// let engine = Engine::builder("postgresql://user:password@localhost/shop").connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn builder(url: impl AsRef<str>) -> EngineBuilder {
        EngineBuilder::new(url.as_ref())
    }

    /// Closes the engine and all its clones, as a program does before it ends.
    ///
    /// From now on whoever asks for a connection, or waits for one, gets an error
    /// ([`is_closed`](Error::is_closed)). Idle connections close at once, those in use when they are given back: this waits
    /// for them as long as [`close_timeout`](EngineBuilder::close_timeout) allows, then it ends them, and what they did
    /// fails. To wait less, drop the future: the engine stays closed.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// engine.close().await; // at the end of the program
    /// # Ok(())
    /// # }
    /// ```
    pub async fn close(&self) {
        let Owner { pool, replicas, .. } = &*self.owner;
        match replicas {
            Some(replicas) => drop(join(pool::close(pool), Box::pin(replicas.close())).await),
            None => pool::close(pool).await,
        }
    }

    /// An engine whose reads go to replicas ([`replica`](EngineBuilder::replica)): selects without a lock, and transactions
    /// and sessions that are begun read only. It shares all with this one, and everything else goes to the primary as
    /// before: what writes or locks, transactions that may, and what cannot be known.
    ///
    /// Of the replicas that are well the one with the least to do is taken. One that cannot be reached, does not answer or
    /// is too far behind ([`max_replica_lag`](EngineBuilder::max_replica_lag)) is left out until it is well again; with
    /// none, and with no replica at all, the primary is read. What fails on a replica because of the connection is read
    /// from the next server; what a replica refuses (a select with a function that writes, such as `nextval`) is sent to
    /// the primary, whose answer counts. Inside a transaction nothing is sent again.
    ///
    /// A replica has what was committed some time ago: see [`after`](Engine::after).
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let users = engine.reads().all(select(User)).await?; // by a replica, where there is one
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn reads(&self) -> Engine {
        let reads = match self.reads {
            Reads::Primary => Reads::Replicas { after: Position::START },
            reads => reads,
        };
        Engine { reads, ..self.clone() }
    }

    /// An engine whose reads include what was committed up to a position, and up to those of `after` before: a replica is
    /// given some time to have it ([`replica_wait`](EngineBuilder::replica_wait)), which costs a round trip where it is not
    /// known that it has; otherwise the primary is read. An engine that reads from the primary always includes it.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # #[derive(Model, Clone, Debug)]
    /// # struct User {
    /// #     #[orm(primary_key, generated)]
    /// #     id: i64,
    /// #     name: String,
    /// # }
    /// # async fn example(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    /// session.add(NewUser::new("Alice"));
    /// let position = session.commit_position().await?;
    /// let users = engine.reads().after(position).all(select(User)).await?; // Alice is there
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn after(&self, position: Position) -> Engine {
        let reads = match self.reads {
            Reads::Primary => Reads::Primary,
            Reads::Replicas { after } => Reads::Replicas { after: after.max(position) },
        };
        Engine { reads, ..self.clone() }
    }

    /// Where the primary's log is now: everything that was committed before is before it. For what has no commit of its
    /// own that could tell: statements of the engine, [`SessionMaker::run`](crate::SessionMaker::run).
    ///
    /// # Errors
    /// If the primary cannot be asked.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let position = engine.position().await?;
    /// let users = engine.reads().after(position).all(select(User)).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn position(&self) -> impl Future<Output = Result<Position, Error>> {
        let request = Request::called(position::AFTER_COMMIT, &[], Location::caller());
        async move {
            let answer = self.acquire().await?.query(request).await?;
            Position::of(&answer).ok_or_else(|| Error::decode("expected a position in the log, found none"))
        }
    }

    /// How many connections are open, free and waited for, and what was counted since the engine was made.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let status = engine.status();
    /// println!("{} connections, {} of them idle", status.size, status.idle);
    /// # Ok(())
    /// # }
    /// ```
    pub fn status(&self) -> EngineStatus {
        self.owner.pool.manager().status(&self.owner.pool)
    }

    fn servers(&self) -> Vec<String> {
        self.owner.pool.manager().opener.connector.servers()
    }

    fn is_closed(&self) -> bool {
        self.owner.pool.is_closed()
    }

    /// What is known of the database.
    pub(crate) fn facts(&self) -> &fact::Facts {
        &self.known().facts
    }

    /// What is known of tables from the database's catalogue.
    pub(crate) fn catalogue(&self) -> &Catalogue {
        &self.known().catalogue
    }

    /// What its statements run with; an error if that cannot be.
    #[inline]
    fn scope(&self) -> Result<Option<Arc<Scope>>, Error> {
        match &self.scope {
            None => Ok(None),
            Some(scope) => scope.check().map(|()| Some(Arc::clone(scope))),
        }
    }

    fn known(&self) -> &Known {
        self.scope.as_ref().map_or(&self.owner.shared.known, |scope| &scope.known)
    }

    /// Whether errors show the values they are about.
    pub(crate) fn shows_values(&self) -> bool {
        self.owner.shared.shows_values
    }

    /// What transactions begin with where nothing else is said.
    pub(crate) fn transaction_mode(&self) -> TransactionMode {
        self.owner.shared.transaction_mode
    }

    /// A connection of the primary of its own until it is dropped; [`route`](Engine::route) has those of replicas too.
    #[inline]
    pub(crate) async fn acquire(&self) -> Result<Connection, Error> {
        self.acquire_within(self.limits()).await
    }

    /// A connection of the primary for work that has to be done within these limits.
    #[inline]
    async fn acquire_within(&self, limits: Limits) -> Result<Connection, Error> {
        let Owner { pool, shared, .. } = &*self.owner;
        let scope = self.scope()?;
        let object = pool::acquire(pool, &limits).await?;
        pool.manager().opener.totals.acquired();
        Ok(Connection::new(object, Arc::clone(shared), scope, limits, self.recordings.clone()))
    }

    /// The same engine, with the same pool, whose statements have to be done within this time, and so each transaction and
    /// each transaction of a session as a whole, COMMIT included; without a limit by default.
    ///
    /// It includes waiting for a connection. A statement that runs when the time is over is cancelled
    /// ([`is_timeout`](Error::is_timeout)); in a transaction, one that comes later is not sent. Where the server does not
    /// answer the request to cancel within [`cancel_timeout`](EngineBuilder::cancel_timeout), the connection is given up,
    /// and [`is_outcome_unknown`](Error::is_outcome_unknown) tells where nobody knows what became of a statement that
    /// writes, or of COMMIT. `rollback` has that time of its own. Of two limits the earlier one holds.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use std::time::Duration;
    /// # #[derive(Model, Clone, Debug)]
    /// # struct User {
    /// #     #[orm(primary_key, generated)]
    /// #     id: i64,
    /// # }
    /// # async fn example(engine: Engine) -> Result<(), orm_core::Error> {
    /// let short = engine.timeout(Duration::from_secs(2));
    /// let users: Vec<User> = short.all(select(User)).await?;   // one statement
    /// let mut transaction = short.begin().await?;              // all of it, from here to the end of COMMIT
    /// let sessions = SessionMaker::new(short);                 // each of their transactions, from its first statement
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn timeout(&self, timeout: Duration) -> Engine {
        let shorter = self.timeout.map_or(timeout, |before| before.min(timeout));
        Engine { timeout: Some(shorter), ..self.clone() }
    }

    /// The limits of what begins now.
    fn limits(&self) -> Limits {
        Limits::new(self.timeout.and_then(Limit::begin), None)
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let connector = &self.owner.pool.manager().opener.connector;
        f.debug_struct("Engine")
            .field("servers", &self.servers())
            .field("database", &connector.config.get_dbname())
            .field("user", &connector.config.get_user())
            .field("pool", &self.status())
            .field("reads", &self.reads)
            .field("replicas", &self.replicas())
            .field("context", &self.scope.as_ref().map(|scope| &scope.context))
            .finish_non_exhaustive()
    }
}

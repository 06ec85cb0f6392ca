//! Connections to PostgreSQL: how they are made, shared, used and given back.
//!
//! This room knows SQL text and parameters, no statement tree and no object. Rooms:
//!
//! - `builder`, `url`, `credentials`: settings; `pooler`: what one keeps; `connect`: sockets, TLS and logins; `pool`,
//!   `shelf`: what is kept between uses; `queue`: who waits for it; `keeper`: for how long
//! - `connection`: the one connection type; nothing else talks to the driver
//! - `cache`: named statements; `question`: the driver's own; `unanswered`, `commit`: BEGIN and COMMIT on their
//!   way; `observe`, `status`: what
//!   can be watched
//! - `fact`, `catalogue`: what the database has said of sequences and tables

mod builder;
mod cache;
mod catalogue;
mod commit;
mod connect;
mod connection;
mod credentials;
mod fact;
mod keeper;
mod observe;
mod pool;
mod pooler;
mod question;
mod queue;
mod shelf;
mod status;
#[cfg(test)]
mod tests;
mod unanswered;
mod url;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

pub use builder::EngineBuilder;
pub(crate) use catalogue::{Catalogue, Events, LiveAction, LiveKey, LiveTable, Reach};
pub(crate) use connection::{Answer, Columns, Connection, CopyIn, Request, Rows};
pub use connection::{Isolation, TransactionMode};
pub use credentials::Credentials;
pub(crate) use fact::Fact;
pub use observe::{Observer, StatementEvent};
pub use pooler::Pooler;
pub use status::EngineStatus;

use crate::error::Error;

/// A pool of connections to one database. Clones are cheap and share it.
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
pub struct Engine(Arc<Owner>);

/// What the clones of an engine own together.
struct Owner {
    pool: pool::Pool,
    shared: Arc<Shared>,
}

impl Drop for Owner {
    fn drop(&mut self) {
        self.pool.manager().keeper.stop();
        self.pool.manager().shelf.close();
    }
}

/// What an engine and its connections share.
struct Shared {
    pool: pool::WeakPool,
    observers: observe::Observers,
    acquire_timeout: Duration,
    facts: fact::Facts,
    catalogue: Catalogue,
    transaction_mode: TransactionMode,
}

impl Engine {
    /// Settings for an engine, from a URL (`postgresql://user:password@host:port/database`) or a libpq string of
    /// `key=value`. Several hosts are tried in order. Its parameters, `sslmode` and others, are those of libpq.
    pub fn builder(url: impl AsRef<str>) -> EngineBuilder {
        EngineBuilder::new(url.as_ref())
    }

    /// Closes the pool: free connections at once, those in use when they are given back. Waits for nothing.
    pub fn close(&self) {
        self.0.pool.manager().keeper.stop();
        self.0.pool.close();
        self.0.pool.manager().shelf.close();
    }

    /// How many connections are open, free and waited for, and what was counted since the engine was made.
    pub fn status(&self) -> EngineStatus {
        let connector = self.0.pool.manager();
        connector.totals.with(&self.0.pool.status(), &connector.shelf)
    }

    /// What is known of the database.
    pub(crate) fn facts(&self) -> &fact::Facts {
        &self.0.shared.facts
    }

    /// What is known of tables from the database's catalogue.
    pub(crate) fn catalogue(&self) -> &Catalogue {
        &self.0.shared.catalogue
    }

    /// What transactions begin with where nothing else is said.
    pub(crate) fn transaction_mode(&self) -> TransactionMode {
        self.0.shared.transaction_mode
    }

    /// A connection of its own until it is dropped.
    #[inline]
    pub(crate) async fn acquire(&self) -> Result<Connection, Error> {
        let Owner { pool, shared } = &*self.0;
        let object = pool::get(pool, shared.acquire_timeout).await?;
        pool.manager().totals.acquired();
        Ok(Connection::new(object, Arc::clone(shared)))
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let connector = self.0.pool.manager();
        f.debug_struct("Engine")
            .field("servers", &connector.servers())
            .field("database", &connector.config.get_dbname())
            .field("user", &connector.config.get_user())
            .field("pool", &self.status())
            .finish_non_exhaustive()
    }
}

//! Connections to PostgreSQL: how they are made, shared, used and given back.
//!
//! This room knows SQL text and parameters, no statement tree and no object. Rooms:
//!
//! - `builder`: settings; `connect`: sockets and logins; `pool`: what is kept between uses
//! - `connection`: the one connection type; nothing else talks to the driver
//! - `cache`: named statements; `question`: the driver's own; `observe`: what can be watched

mod builder;
mod cache;
mod connect;
mod connection;
mod observe;
mod pool;
mod question;
mod sequence;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

pub use builder::EngineBuilder;
pub(crate) use connection::{Answer, Columns, Connection, CopyIn, Request, Rows};
pub use connection::{Isolation, TransactionMode};
pub use observe::{Observer, StatementEvent};

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
pub struct Engine {
    pool: pool::Pool,
    shared: Arc<Shared>,
}

/// What an engine and its connections share.
struct Shared {
    observers: observe::Observers,
    acquire_timeout: Duration,
    sequences: sequence::Sequences,
    transaction_mode: TransactionMode,
}

/// How many connections there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PoolStatus {
    /// How many there may be; zero when the engine is closed.
    pub max_size: usize,
    /// How many are open.
    pub size: usize,
    /// How many of those are free.
    pub available: usize,
    /// How many tasks wait for one.
    pub waiting: usize,
}

impl Engine {
    /// Settings for an engine, from a URL (`postgresql://user:password@host:port/database`) or a libpq string of
    /// `key=value`. Several hosts are tried in order.
    pub fn builder(url: impl AsRef<str>) -> EngineBuilder {
        EngineBuilder::new(url.as_ref())
    }

    /// Closes the pool: free connections at once, those in use when they are given back. Waits for nothing.
    pub fn close(&self) {
        self.pool.close();
    }

    /// How many connections are open, free and waited for.
    pub fn pool_status(&self) -> PoolStatus {
        let status = self.pool.status();
        PoolStatus {
            max_size: status.max_size,
            size: status.size,
            available: status.available,
            waiting: status.waiting,
        }
    }

    /// What is known of the role's rights to sequences.
    pub(crate) fn sequences(&self) -> &sequence::Sequences {
        &self.shared.sequences
    }

    /// What transactions begin with where nothing else is said.
    pub(crate) fn transaction_mode(&self) -> TransactionMode {
        self.shared.transaction_mode
    }

    /// A connection of its own until it is dropped.
    pub(crate) async fn acquire(&self) -> Result<Connection, Error> {
        let object = pool::get(&self.pool, self.shared.acquire_timeout).await?;
        Ok(Connection::new(object, self.pool.weak(), Arc::clone(&self.shared)))
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let connector = self.pool.manager();
        f.debug_struct("Engine")
            .field("servers", &connector.servers())
            .field("database", &connector.config.get_dbname())
            .field("user", &connector.config.get_user())
            .field("pool", &self.pool_status())
            .finish_non_exhaustive()
    }
}

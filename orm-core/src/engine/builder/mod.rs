//! Settings of an engine: where it connects, and how. Methods about one subject each are in the files
//! beside this.

mod certificate;
mod compatible;
mod credentials;
mod pool_settings;
mod replica;
mod time_limits;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio_postgres::config::{SslMode, SslNegotiation};

use super::compatible::Compatible;
use super::connect::{Connector, Order, Settings, TimeLimits, tls};
use super::credentials::Source;
use super::observe::{Echo, Observer};
use super::observers::Observers;
use super::pool::{self, Manager, PoolSettings};
use super::pooler::Pooler;
use super::recorder::OwnRecordings;
use super::scope::{Known, Views};
use super::url::{self, Url};
use super::{Engine, Owner, Reads, Shared, TransactionMode};
use crate::error::Error;
use crate::schema::shortened;
use replica::ReplicaSettings;

/// Settings of an [`Engine`]; made by [`Engine::builder`].
#[derive(Clone)]
#[must_use = "`connect` makes the engine"]
pub struct EngineBuilder {
    url: Result<Url, Error>,
    credentials: Option<Arc<Source>>,
    root_certificate: Option<Vec<u8>>,
    client_certificate: Option<(Vec<u8>, Vec<u8>)>,
    echo: bool,
    shows_values: Option<bool>,
    observers: Vec<Arc<dyn Observer>>,
    pub(in crate::engine) pool: PoolSettings,
    connect_timeout: Option<Duration>,
    limits: TimeLimits,
    cancel_timeout: Duration,
    application_name: Option<String>,
    statement_cache: usize,
    pooler: Pooler,
    transaction_mode: TransactionMode,
    compatible: Compatible,
    replicas: ReplicaSettings,
}

impl EngineBuilder {
    pub(in crate::engine) fn new(url: &str) -> EngineBuilder {
        EngineBuilder {
            url: url::read(url),
            credentials: None,
            root_certificate: None,
            client_certificate: None,
            echo: false,
            shows_values: None,
            observers: Vec::new(),
            pool: PoolSettings::default(),
            connect_timeout: None,
            limits: TimeLimits { statement: None, liveness: Some(Duration::from_secs(30)) },
            cancel_timeout: Duration::from_secs(5),
            application_name: None,
            statement_cache: 256,
            pooler: Pooler::default(),
            transaction_mode: TransactionMode::default(),
            compatible: Compatible::default(),
            replicas: ReplicaSettings::default(),
        }
    }

    /// Shows every statement with its parameters and its time; off by default.
    ///
    /// It goes to `tracing` (target `orm::sql`, level info), or to stderr where no subscriber is installed.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # async fn example(url: &str) -> Result<(), Error> {
    /// let engine = Engine::builder(url).echo(cfg!(debug_assertions)).connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn echo(mut self, echo: bool) -> Self {
        self.echo = echo;
        self
    }

    /// Puts values into the text of errors: those of a filter that found no row, a key, the server's DETAIL of the row it
    /// refused. By default they are shown where `echo` is on, and else left out, so that an error can be logged;
    /// [`Error::values`] has them in either case.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # async fn example(url: &str) -> Result<(), Error> {
    /// let engine = Engine::builder(url).show_values(cfg!(debug_assertions)).connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn show_values(mut self, show: bool) -> Self {
        self.shows_values = Some(show);
        self
    }

    /// The name that the server's `pg_stat_activity` shows, of which it keeps 63 bytes; what the URL says by default.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # async fn example(url: &str) -> Result<(), Error> {
    /// let engine = Engine::builder(url).application_name("billing").connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn application_name(mut self, name: impl Into<String>) -> Self {
        self.application_name = Some(name.into());
        self
    }

    /// How many prepared statements each connection keeps; 256 by default.
    ///
    /// Zero keeps and names none, on each connection, as [`Pooler::Transaction`] has it. A statement whose types must be
    /// looked up first is prepared all the same: inside a transaction, and closed in it.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # async fn example(url: &str) -> Result<(), Error> {
    /// let engine = Engine::builder(url).statement_cache(1_000).connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn statement_cache(mut self, statements: usize) -> Self {
        self.statement_cache = statements;
        self
    }

    /// What stands between the program and the server; found out by each new connection by default.
    ///
    /// Where [`Pooler::Session`] or [`Pooler::PreparedStatements`] is said of a pooler that keeps less, a statement fails
    /// with an error that says so: names of statements are those of this process alone, so that none means another
    /// program's. What [`Pooler::Session`] gives a connection as settings would then be handed on to other clients.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # async fn example(url: &str) -> Result<(), Error> {
    /// let engine = Engine::builder(url).pooler(Pooler::Transaction).connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn pooler(mut self, pooler: Pooler) -> Self {
        self.pooler = pooler;
        self
    }

    /// What transactions and sessions of this engine begin with unless they say otherwise; as the server has it by
    /// default.
    ///
    /// A statement of the engine by itself is no such transaction: for it the role's or database's own settings hold
    /// (`ALTER ROLE .. SET default_transaction_read_only`).
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # async fn example(url: &str) -> Result<(), Error> {
    /// let engine = Engine::builder(url).transaction_mode(Isolation::Serializable).connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn transaction_mode(mut self, mode: impl Into<TransactionMode>) -> Self {
        self.transaction_mode = mode.into();
        self
    }

    /// Adds an observer of every statement and round trip.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # async fn example(url: &str) -> Result<(), Error> {
    /// use orm_core::engine::{Observer, StatementEvent};
    /// use std::{sync::Arc, time::Duration};
    /// struct Slow;
    /// impl Observer for Slow {
    ///     fn statement(&self, event: &StatementEvent<'_>) {
    ///         if event.elapsed > Duration::from_millis(100) {
    ///             eprintln!("{:?}: {}", event.elapsed, event.sql);
    ///         }
    ///     }
    /// }
    /// let engine = Engine::builder(url).observe(Arc::new(Slow)).connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn observe(mut self, observer: Arc<dyn Observer>) -> Self {
        self.observers.push(observer);
        self
    }

    /// The engine, with its first connection open, or as many as [`min_idle`](EngineBuilder::min_idle) wants.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use std::time::Duration;
    /// # async fn example(url: &str) -> Result<(), Error> {
    /// let engine = Engine::builder(url)
    ///     .pool_size(20)
    ///     .acquire_timeout(Duration::from_secs(3))
    ///     .statement_timeout(Duration::from_secs(10))
    ///     .echo(true)
    ///     .connect()
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// If the settings contradict each other, or the server cannot be reached or refuses the login. A replica that
    /// cannot be reached is none.
    pub async fn connect(self) -> Result<Engine, Error> {
        let engine = self.build()?;
        pool::open_first(&engine.owner.pool).await?;
        if let Some(replicas) = &engine.owner.replicas {
            replicas.look().await;
            replicas.watch();
        }
        Ok(engine)
    }

    /// The engine, without a connection.
    pub(in crate::engine) fn build(self) -> Result<Engine, Error> {
        self.check_pool()?;
        self.replicas.check()?;
        let base = (!self.replicas.is_empty()).then(|| self.clone());
        let mut url = self.url?;
        url.tls.give(self.root_certificate, self.client_certificate);
        url.check()?;
        if let Some(name) = &self.application_name {
            // A longer one can be more than the server takes at a login, which it ends without a word.
            url.config.application_name(shortened(name, ""));
        }
        url.check_text()?;
        let Url { mut config, hosts, tls } = url;
        // The driver is given sockets that are ready.
        config.ssl_mode(SslMode::Require).ssl_negotiation(SslNegotiation::Direct);
        let from_url = config.get_connect_timeout().copied();
        let connector = Connector {
            connect_timeout: self.connect_timeout.or(from_url).unwrap_or(Duration::from_secs(10)),
            config,
            tls: tls::Client::new(&tls)?,
            credentials: self.credentials,
            settings: Settings {
                // Zero means no limit to the server.
                statement_timeout: self.limits.statement.map(|limit| limit.max(Duration::from_millis(1))),
            },
            limits: self.limits,
            cancel_timeout: self.cancel_timeout,
            statement_cache: self.statement_cache,
            pooler: self.pooler,
            hosts,
            order: Order::default(),
        };
        let mut observers = self.observers;
        if self.echo {
            observers.push(Arc::new(Echo));
        }
        let pool = Manager::pool(connector, self.pool)?;
        let shared = Shared {
            pool: pool.weak(),
            observers: Observers::new(observers),
            transaction_mode: self.transaction_mode,
            known: Arc::new(Known::default()),
            views: Views::default(),
            compatible: self.compatible,
            positions: self.replicas.positions(),
            shows_values: self.shows_values.unwrap_or(self.echo),
        };
        let replicas = base.map(|base| base.replicas.build(&base)).transpose()?;
        let owner = Owner { pool, shared: Arc::new(shared), replicas: replicas.map(Arc::new) };
        Ok(Engine {
            owner: Arc::new(owner),
            reads: Reads::Primary,
            scope: None,
            timeout: None,
            recordings: OwnRecordings::default(),
        })
    }

    /// The same settings for an engine of one connection, which nobody observes and which has no replicas.
    pub(in crate::engine) fn quiet(&self) -> EngineBuilder {
        let mut quiet = self.clone();
        quiet.shows_values = Some(self.shows_values.unwrap_or(self.echo));
        (quiet.echo, quiet.observers, quiet.replicas) = (false, Vec::new(), ReplicaSettings::default());
        quiet.pool = PoolSettings { max_size: 1, min_idle: 0, tries_again: false, ..quiet.pool };
        quiet
    }
}

impl fmt::Debug for EngineBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The driver's own `Debug` leaves the password out.
        f.debug_struct("EngineBuilder")
            .field("url", &self.url)
            .field("credentials", &self.credentials.is_some())
            .field("echo", &self.echo)
            .field("show_values", &self.shows_values)
            .field("pool", &self.pool)
            .field("connect_timeout", &self.connect_timeout)
            .field("limits", &self.limits)
            .field("cancel_timeout", &self.cancel_timeout)
            .field("application_name", &self.application_name)
            .field("statement_cache", &self.statement_cache)
            .field("pooler", &self.pooler)
            .field("transaction_mode", &self.transaction_mode)
            .field("compatible", &self.compatible)
            .finish_non_exhaustive()
    }
}

//! Replicas: which there are, and what bounds their use.

use std::sync::Arc;
use std::time::Duration;

use super::EngineBuilder;
use crate::engine::Positions;
use crate::engine::replica::{Replica, Replicas};
use crate::error::Error;

type Change = Arc<dyn Fn(EngineBuilder) -> EngineBuilder + Send + Sync>;

/// Replicas as the builder has them.
#[derive(Clone)]
pub(super) struct ReplicaSettings {
    replicas: Vec<(String, Change)>,
    /// Whether these are the settings of a replica.
    is_replica: bool,
    max_lag: Option<Duration>,
    position_timeout: Duration,
}

impl Default for ReplicaSettings {
    fn default() -> ReplicaSettings {
        ReplicaSettings {
            replicas: Vec::new(),
            is_replica: false,
            max_lag: Some(Duration::from_secs(10)),
            position_timeout: Duration::from_secs(1),
        }
    }
}

impl ReplicaSettings {
    pub(super) fn is_empty(&self) -> bool {
        self.replicas.is_empty()
    }

    /// Refuses settings that mean nothing.
    pub(super) fn check(&self) -> Result<(), Error> {
        if self.max_lag == Some(Duration::ZERO) {
            return Err(Error::configuration(
                "`max_replica_lag` is zero, expected a duration: `None` is for no limit; what has to be read at once after \
                 it was written is read with `after(position)`",
            ));
        }
        if self.is_replica && !self.is_empty() {
            return Err(Error::configuration(
                "a replica has no replicas of its own: add all of them to the primary's settings",
            ));
        }
        Ok(())
    }

    /// Where a commit takes its position from.
    pub(super) fn positions(&self) -> Positions {
        match (self.is_replica, self.is_empty()) {
            (true, _) => Positions::Nothing,
            (false, true) => Positions::Unknown,
            (false, false) => Positions::Asked,
        }
    }

    /// The replicas, without a connection yet; each server has one beside its pool, by which it is asked how far it is.
    pub(super) fn build(&self, base: &EngineBuilder) -> Result<Replicas, Error> {
        let replicas = self.replicas.iter().map(|(url, change)| {
            let settings = change(base.for_replica(url));
            let built = settings.quiet().build().and_then(|asked| Ok(Replica::new(settings.build()?, asked)));
            built.map_err(|error| error.clone().reworded(format!("of a replica: {error}")))
        });
        Ok(Replicas::new(
            replicas.collect::<Result<_, Error>>()?,
            base.quiet().build()?,
            self.max_lag,
            self.position_timeout,
        ))
    }
}

impl EngineBuilder {
    /// Adds a replica, a hot standby of the same primary, by its URL; several calls add several. It gets a pool of its own,
    /// with the settings of this builder. [`Engine::reads`](crate::Engine::reads) reads from it.
    ///
    /// With replicas each server has one connection more than its pool, by which it is asked how far it is.
    ///
    /// It need not be reachable when the engine connects: it is used as soon as it is well.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # async fn example(url: &str) -> Result<(), Error> {
    /// let engine = Engine::builder(url).replica("postgresql://app@replica/shop").connect().await?;
    /// let reads = engine.reads(); // reads from the replica, writes to the primary
    /// # Ok(())
    /// # }
    /// ```
    pub fn replica(self, url: impl AsRef<str>) -> Self {
        self.replica_with(url, |settings| settings)
    }

    /// Adds a replica as [`replica`](EngineBuilder::replica) does, with some settings of its own:
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # async fn connect() -> Result<Engine, orm_core::Error> {
    /// Engine::builder("postgresql://app@primary/shop")
    ///     .replica_with("postgresql://app@replica/shop", |settings| settings.pool_size(40))
    ///     .connect()
    ///     .await
    /// # }
    /// ```
    pub fn replica_with(
        mut self,
        url: impl AsRef<str>,
        settings: impl Fn(EngineBuilder) -> EngineBuilder + Send + Sync + 'static,
    ) -> Self {
        self.replicas.replicas.push((url.as_ref().to_owned(), Arc::new(settings)));
        self
    }

    /// How far a replica may be behind the primary before it is left out, `None` for however far; 10 seconds by default.
    ///
    /// Primary and replicas are asked four times in that time, but once a second at least and twenty times at most; what is
    /// read can be older than this by the time between two questions.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # async fn example(url: &str) -> Result<(), Error> {
    /// # use std::time::Duration;
    /// let engine = Engine::builder(url)
    ///     .replica("postgresql://app@replica/shop")
    ///     .max_replica_lag(Duration::from_secs(2))
    ///     .connect()
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn max_replica_lag(mut self, lag: impl Into<Option<Duration>>) -> Self {
        self.replicas.max_lag = lag.into();
        self
    }

    /// How long [`after`](crate::Engine::after) waits for a replica to reach a position before it reads from the primary; one
    /// second by default. Zero asks each replica once.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # async fn example(url: &str) -> Result<(), Error> {
    /// # use std::time::Duration;
    /// let engine = Engine::builder(url)
    ///     .replica("postgresql://app@replica/shop")
    ///     .replica_wait(Duration::from_millis(200))
    ///     .connect()
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn replica_wait(mut self, timeout: Duration) -> Self {
        self.replicas.position_timeout = timeout;
        self
    }

    /// The same settings for another server.
    fn for_replica(&self, url: &str) -> EngineBuilder {
        let mut settings = self.clone();
        settings.url = EngineBuilder::new(url).url;
        settings.pool.tries_again = false;
        settings.replicas = ReplicaSettings { is_replica: true, ..ReplicaSettings::default() };
        settings
    }
}

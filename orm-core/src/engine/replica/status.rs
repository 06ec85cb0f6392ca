//! The state of replicas, for the program.

use std::time::Duration;

use super::{Health, lock};
use crate::engine::{Engine, EngineStatus};

/// The state of a replica, as of the last poll.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReplicaStatus {
    /// Its address, or addresses.
    pub server: String,
    /// Why it gets no statements; `None` while it is healthy.
    pub left_out: Option<String>,
    /// Its delay behind the primary; `None` if that is not known, or longer than positions are kept.
    pub lag: Option<Duration>,
    /// Its pool.
    pub pool: EngineStatus,
}

impl Engine {
    /// The state of each replica, in the order in which they were added; empty without replicas.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// for replica in engine.replicas() {
    ///     println!("{replica:?}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn replicas(&self) -> Vec<ReplicaStatus> {
        let replicas = self.owner.replicas.as_ref();
        let list = replicas.into_iter().flat_map(|replicas| &replicas.list);
        list.map(|replica| {
            let (lag, left_out) = match lock(&replica.health).clone() {
                Health::Well { lag } => (lag, None),
                Health::Unwell { lag, why } => (lag, Some(why)),
            };
            let (server, pool) = (replica.engine.servers().join(", "), replica.engine.status());
            ReplicaStatus { server, left_out, lag, pool }
        })
        .collect()
    }
}

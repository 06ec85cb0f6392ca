//! How replicas do.

use std::time::Duration;

use super::{Health, lock};
use crate::engine::{Engine, EngineStatus};

/// How a replica of an engine does, as of the last time it was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReplicaStatus {
    /// Its address, or addresses.
    pub server: String,
    /// Why no statement goes to it; `None` while it is well.
    pub left_out: Option<String>,
    /// How far it was behind the primary; `None` if that is not known, or longer than is remembered.
    pub lag: Option<Duration>,
    /// Its pool.
    pub pool: EngineStatus,
}

impl Engine {
    /// How each replica does, in the order in which they were added; empty for an engine without.
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

//! Polls the log positions of all servers.

use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use tokio::task::AbortHandle;

use super::ask::ask_within;
use super::{Health, Replica, Replicas, lock};
use crate::engine::Position;
use crate::error::Error;

/// The shortest and the longest interval between two polls.
const OFTEN: Duration = Duration::from_millis(50);
const SELDOM: Duration = Duration::from_secs(1);

impl Replicas {
    /// Starts polling; again if the task has ended together with its runtime.
    pub(in crate::engine) fn watch(self: &Arc<Self>) {
        let mut task = lock(&self.watch);
        if task.as_ref().is_none_or(AbortHandle::is_finished) {
            *task = Some(tokio::spawn(watch(Arc::downgrade(self), self.interval())).abort_handle());
        }
    }

    fn interval(&self) -> Duration {
        self.max_lag.map_or(SELDOM, |lag| (lag / 4).clamp(OFTEN, SELDOM))
    }

    /// Asks the primary first, so that a replica that has replayed everything does not seem to lag.
    pub(in crate::engine) async fn look(&self) {
        let now = Instant::now();
        // A primary that does not answer is no reason to leave out replicas.
        if let Ok(Some(position)) = ask_within(&self.primary).await {
            lock(&self.samples).take(now, position);
        }
        join_all(self.list.iter().map(|replica| async {
            let answer = ask_within(&replica.asked).await;
            let lag = |position| lock(&self.samples).lag(position);
            replica.is_now(replica.judge(answer, self.max_lag, lag));
        }))
        .await;
    }
}

impl Replica {
    fn judge(
        &self,
        answer: Result<Option<Position>, Error>,
        max_lag: Option<Duration>,
        lag: impl FnOnce(Position) -> Option<Duration>,
    ) -> Health {
        let position = match answer {
            Ok(position) => position,
            Err(error) => return Health::Unwell { lag: None, why: error.to_string() },
        };
        self.reached(position.unwrap_or(Position::START));
        let lag = position.and_then(lag);
        match (max_lag, lag, position) {
            (None, ..) => Health::Well { lag },
            (Some(most), Some(lag), _) if lag <= most => Health::Well { lag: Some(lag) },
            (Some(most), _, Some(_)) => {
                let found = lag.map_or("more than is remembered".to_owned(), |lag| format!("{lag:.1?}"));
                let why = format!("it is behind the primary by {found}, more than `max_replica_lag`, {most:?}");
                Health::Unwell { lag, why }
            }
            (Some(_), _, None) => Health::Unwell {
                lag,
                why: "it does not tell how far it has replayed the primary's log: `max_replica_lag(None)` uses it \
                      without asking"
                    .to_owned(),
            },
        }
    }
}

/// It holds no reference between polls, so that dropping the last engine closes all connections.
async fn watch(replicas: Weak<Replicas>, interval: Duration) {
    loop {
        tokio::time::sleep(interval).await;
        let Some(replicas) = replicas.upgrade() else { return };
        replicas.look().await;
    }
}

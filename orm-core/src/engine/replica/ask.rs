//! Asks a server how far it is.

use std::time::Duration;

use tokio::time::{Instant, sleep, timeout, timeout_at};

use super::{ANSWER, Replica};
use crate::engine::request::{Columns, Request};
use crate::engine::{Connection, Engine, Position};
use crate::error::Error;

/// How far a standby has replayed, or how far a primary's log is safe: what may be sent to standbys. Written so that
/// it can be asked of either, since after a failover they change places.
const QUESTION: &str = "SELECT (CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() \
                        ELSE pg_current_wal_flush_lsn() END - '0/0'::pg_lsn)::bigint";

/// How long is waited between two questions, at first and at most.
const SOON: Duration = Duration::from_millis(1);
const LATER: Duration = Duration::from_millis(20);

async fn ask(connection: &mut Connection) -> Result<Option<Position>, Error> {
    let answer = connection.query(Request::new(QUESTION, &[], Columns::Builtin)).await?;
    Ok(Position::of(&answer))
}

/// How far a server is, within a time.
pub(super) async fn ask_within(server: &Engine) -> Result<Option<Position>, Error> {
    let asked = timeout(ANSWER, async { ask(&mut server.acquire().await?).await });
    asked.await.unwrap_or_else(|_| Err(silent()))
}

fn silent() -> Error {
    Error::connection_lost(format!("it did not answer within {ANSWER:?}"))
}

impl Replica {
    /// Whether the replica has reached a position, or does before the deadline; it is asked once in any case.
    pub(super) async fn reaches(
        &self,
        connection: &mut Connection,
        after: Position,
        deadline: Instant,
    ) -> Result<bool, Error> {
        let mut pause = SOON;
        while !self.has_reached(after) {
            let patience = deadline.max(Instant::now() + ANSWER);
            let reached = timeout_at(patience, ask(connection)).await.unwrap_or_else(|_| Err(silent()))?;
            self.reached(reached.unwrap_or(Position::START));
            if self.has_reached(after) {
                break;
            }
            if Instant::now() + pause > deadline {
                return Ok(false);
            }
            sleep(pause).await;
            pause = (pause * 2).min(LATER);
        }
        Ok(true)
    }
}

//! Asks a server for its log position.

use std::time::Duration;

use tokio::time::{Instant, sleep, timeout, timeout_at};

use super::{ANSWER, Replica};
use crate::engine::request::{Columns, Request};
use crate::engine::{Connection, Engine, Position};
use crate::error::Error;

/// The position a standby has replayed, or the position up to which a primary has flushed its log, which is what it may send to
/// standbys. It works on both, because a failover changes their roles.
const QUESTION: &str = "SELECT (CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() \
                        ELSE pg_current_wal_flush_lsn() END - '0/0'::pg_lsn)::bigint";

/// The first and the longest pause between two questions.
const SOON: Duration = Duration::from_millis(1);
const LATER: Duration = Duration::from_millis(20);

async fn ask(connection: &mut Connection) -> Result<Option<Position>, Error> {
    let answer = connection.query(Request::new(QUESTION, &[], Columns::Builtin)).await?;
    Ok(Position::of(&answer))
}

/// The log position of a server; an error if it does not answer in time.
pub(super) async fn ask_within(server: &Engine) -> Result<Option<Position>, Error> {
    let asked = timeout(ANSWER, async { ask(&mut server.acquire().await?).await });
    asked.await.unwrap_or_else(|_| Err(silent()))
}

fn silent() -> Error {
    Error::connection_lost(format!("it did not answer within {ANSWER:?}"))
}

impl Replica {
    /// Whether the replica reaches a position before the deadline. It is asked at least once.
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

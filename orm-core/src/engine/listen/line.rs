//! One connection that runs LISTEN.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_postgres::Notification;

use crate::engine::connect::{Link, Unasked};
use crate::engine::{Columns, Engine, Request};
use crate::error::Error;
use crate::types::Parameter;

/// The time a notification may take through a pooler.
const THROUGH: Duration = Duration::from_secs(2);

/// A connection and the notifications it receives; closed on drop.
pub(super) struct Line {
    link: Link,
    unasked: mpsc::Receiver<Unasked>,
}

impl Line {
    /// A connection that has run LISTEN.
    pub(super) async fn open(engine: &Engine, sql: &str, answer: Duration) -> Result<Line, Error> {
        let link =
            engine.owner.pool.manager().opener.connector.connect().await.map_err(|failure| failure.error)?;
        let unasked = link.unasked.take();
        let mut line = Line { link, unasked };
        if line.link.server.is_pooled {
            line.check_pooler(engine).await?;
        }
        line.run(sql, answer).await?;
        Ok(line)
    }

    /// Runs SQL without rows.
    pub(super) async fn run(&self, sql: &str, answer: Duration) -> Result<(), Error> {
        match timeout(answer, self.link.client.batch_execute(sql)).await {
            Ok(result) => result.map_err(|error| Error::driver(error).in_statement(sql)),
            Err(_) => Err(Error::connection_lost(format!("the server gave no answer within {answer:?}"))),
        }
    }

    /// The next notification, or why the connection was lost.
    pub(super) async fn next(&mut self) -> Result<Notification, Error> {
        match self.unasked.recv().await {
            Some(Unasked::Notification(notification)) => Ok(notification),
            Some(Unasked::Lost(error)) => Err(error),
            None => Err(Error::connection_lost("it is closed")),
        }
    }

    /// An error if the pooler does not pass notifications on. The test notification is sent by another connection: one's own
    /// arrives in any case, with the answer to NOTIFY.
    async fn check_pooler(&mut self, engine: &Engine) -> Result<(), Error> {
        let channel = format!("orm_{:016x}", RandomState::new().build_hasher().finish());
        self.run(&format!("LISTEN {channel}"), THROUGH).await?;
        let parameters = [Parameter::new(channel.clone()), Parameter::new(String::new())];
        let notify = Request::new("SELECT pg_notify($1, $2)", &parameters, Columns::Builtin);
        engine.acquire().await?.query(notify).await?;
        let came = timeout(THROUGH, self.next()).await;
        self.run(&format!("UNLISTEN {channel}"), THROUGH).await?;
        match came {
            Ok(came) => came.map(|_| ()),
            Err(_) => Err(Error::configuration(
                "a pooler is between the program and PostgreSQL, and notifications do not come through it, as through \
                 PgBouncer in transaction mode: listen with an engine that has the URL of the server itself, such as \
                 `Engine::builder(direct_url).pool_size(1).connect()`",
            )),
        }
    }
}

//! Results with types that a statement was not expected to have.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures_util::future::{Either, select};
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Column, Statement};

use super::{Connection, Failure, Link, Progress, Request};
use crate::error::Error;

/// How often is looked whether the driver waits for ever.
const LOOK: Duration = Duration::from_millis(100);

/// How long the server may take to describe a statement.
const DESCRIBE: Duration = Duration::from_secs(5);

/// Whether the driver asks about types from now on.
pub(super) struct Asked {
    count: Arc<AtomicU64>,
    before: u64,
}

impl Asked {
    fn is_more(&self) -> bool {
        self.count.load(Ordering::Acquire) != self.before
    }

    /// How far a statement is: where the driver asks about its types in the middle of it, nobody knows.
    pub(super) fn progress(&self, progress: Progress) -> Progress {
        if self.is_more() { Progress::Done } else { progress }
    }
}

/// The answer, or `None` if the driver asks about a type in the middle of it and would wait for ever.
pub(super) async fn unless_asked<T>(asked: &Asked, answer: impl Future<Output = T>) -> Option<T> {
    let waits = pin!(async {
        loop {
            tokio::time::sleep(LOOK).await;
            if asked.is_more() {
                // With few rows the question is answered at once.
                tokio::time::sleep(LOOK).await;
                return;
            }
        }
    });
    match select(pin!(answer), waits).await {
        Either::Left((answer, _)) => Some(answer),
        Either::Right(((), _)) => None,
    }
}

impl Connection {
    /// Whether the driver asks about types from now on.
    pub(super) fn asked(&mut self) -> Result<Asked, Error> {
        let count = Arc::clone(&self.link()?.asked);
        let before = count.load(Ordering::Acquire);
        Ok(Asked { count, before })
    }

    /// What is wrong with a statement whose answer was given up.
    pub(super) async fn unexpected_type(&mut self, request: &Request<'_>) -> Failure {
        let is_autocommit = !self.in_transaction();
        let link = match self.link() {
            Ok(link) => link,
            Err(error) => return error.into(),
        };
        let is_described = link.has_names() || !is_autocommit;
        let Link { client, pending_control, commit, .. } = link;
        let types: Vec<Type> = request.parameters.iter().map(|p| p.wire().clone()).collect();
        let described = async {
            // Answers that nobody takes would hold up the one behind them.
            pending_control.settle().await;
            commit.settle().await;
            if !is_described {
                return None;
            }
            let statement = client.prepare_typed(request.sql, &types).await.ok()?;
            let table = match unknown(&statement).and_then(|(_, column)| column.table_oid()) {
                Some(table) => table_name(client, table).await,
                None => None,
            };
            Some((statement, table))
        };
        let found = tokio::time::timeout(DESCRIBE, described).await.ok().flatten();
        // What is described has been answered, and all that was sent before it.
        if found.is_some() {
            self.arrived();
        }
        let column = found.as_ref().and_then(|(statement, table)| {
            let (at, column) = unknown(statement)?;
            Some((at, column, table.as_deref()))
        });
        let place = match column {
            Some((at, column, table)) => {
                let of = table.map_or_else(String::new, |table| format!(" of the table \"{table}\""));
                format!("column {at} (\"{}\"){of} has the type {}", column.name(), column.type_().name())
            }
            None => "a column of the result has a type".to_owned(),
        };
        let message = format!(
            "{place}, which this database made itself and the program does not expect there: change the field's type, or the column's"
        );
        let error = Error::decode(message).in_statement(request.sql);
        let error = if is_autocommit { error.unanswered() } else { error };
        match column {
            Some((_, column, Some(table))) => error.of_column(table, column.name()).into(),
            _ => error.into(),
        }
    }
}

/// The first column, counted from one, of a type that the driver had to look up.
fn unknown(statement: &Statement) -> Option<(usize, &Column)> {
    let mut columns = (1..).zip(statement.columns());
    columns.find(|(_, column)| Type::from_oid(column.type_().oid()).is_none())
}

async fn table_name(client: &Client, number: u32) -> Option<String> {
    let sql = "SELECT relname::text FROM pg_catalog.pg_class WHERE oid = $1";
    let rows = client.query_typed(sql, &[(&number, Type::OID)]).await.ok()?;
    rows.first()?.try_get(0).ok()
}

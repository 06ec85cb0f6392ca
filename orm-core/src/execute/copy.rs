//! An INSERT of very many rows as a COPY, where that does the same.

use super::part::execute_parts_alone;
use super::{execute, request};
use crate::engine::{Connection, CopyIn, Request, TransactionMode};
use crate::error::Error;
use crate::query::{Command, Copying};

/// Copies rows inside a transaction; `None` if only INSERT does what is meant.
pub(super) async fn copy(connection: &mut Connection, copying: &Copying<'_>) -> Result<Option<u64>, Error> {
    if !connection.can_copy() {
        return Ok(None);
    }
    // Half way through, it would cost the transaction; an INSERT with such a value is never sent.
    copying.rows.check()?;
    connection.copy(copy_in(copying)).await
}

/// Copies rows in a transaction of its own; `None` if only INSERT does what is meant, which goes by
/// [`insert_instead`] then.
pub(super) async fn copy_alone(
    connection: &mut Connection,
    copying: &Copying<'_>,
) -> Result<Option<u64>, Error> {
    if !connection.can_copy() {
        return Ok(None);
    }
    connection.begin(TransactionMode::default());
    connection.commit_with_copy(copy_in(copying)).await
}

/// The INSERT that COPY was not possible for; it ends a transaction that was begun for COPY.
pub(super) async fn insert_instead(connection: &mut Connection, command: impl Command) -> Result<u64, Error> {
    let parts = command.parts()?;
    if !parts.is_empty() {
        return execute_parts_alone(connection, command, &parts).await;
    }
    let rendered = command.rendered()?;
    if !connection.in_transaction() {
        return execute(connection, &rendered).await.map_err(Error::of_autocommit);
    }
    let answers = connection.commit_with(&[request(&rendered)]).await;
    let answers = answers.map_err(|error| rendered.explain(error))?;
    Ok(answers.iter().map(|answer| answer.affected).sum())
}

fn copy_in<'a>(copying: &'a Copying<'_>) -> CopyIn<'a> {
    let texts = &copying.texts;
    let question = Request { at: Some(copying.at), ..request(&texts.question) };
    CopyIn { sql: &texts.sql, lock: &texts.lock, question, rows: &*copying.rows }
}

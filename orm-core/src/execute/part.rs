//! A statement that is sent in several parts.

use std::ops::Range;

use super::{decode, request};
use crate::engine::{Answer, Connection, TransactionMode};
use crate::error::Error;
use crate::query::render::Rendered;
use crate::query::{Command, Query};

/// How many parts are on their way at a time.
const AT_ONCE: usize = 2;

/// What follows the last part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum AfterParts {
    Nothing,
    Commit,
}

/// The rows of all parts, inside a transaction.
pub(super) async fn fetch_parts<Q: Query>(
    connection: &mut Connection,
    query: Q,
    parts: &[Range<usize>],
) -> Result<Vec<Q::Row>, Error> {
    fetch_then(connection, query, parts, AfterParts::Nothing).await
}

/// The rows of all parts, which one transaction commits together.
pub(super) async fn fetch_parts_alone<Q: Query>(
    connection: &mut Connection,
    query: Q,
    parts: &[Range<usize>],
) -> Result<Vec<Q::Row>, Error> {
    begin_alone(connection);
    fetch_then(connection, query, parts, AfterParts::Commit).await
}

/// Executes all parts inside a transaction; gives the number of rows they touched.
pub(super) async fn execute_parts(
    connection: &mut Connection,
    command: impl Command,
    parts: &[Range<usize>],
) -> Result<u64, Error> {
    execute_then(connection, command, parts, AfterParts::Nothing).await
}

/// Executes all parts, which one transaction commits together: the one that is there, or one of their own.
pub(super) async fn execute_parts_alone(
    connection: &mut Connection,
    command: impl Command,
    parts: &[Range<usize>],
) -> Result<u64, Error> {
    begin_alone(connection);
    execute_then(connection, command, parts, AfterParts::Commit).await
}

fn begin_alone(connection: &mut Connection) {
    if !connection.in_transaction() {
        connection.begin(TransactionMode::default());
    }
}

async fn fetch_then<Q: Query>(
    connection: &mut Connection,
    query: Q,
    parts: &[Range<usize>],
    then: AfterParts,
) -> Result<Vec<Q::Row>, Error> {
    let mut rows = Vec::new();
    let mut rest = parts;
    while !rest.is_empty() {
        let (these, others) = rest.split_at(rest.len().min(AT_ONCE));
        let plans = these.iter().map(|part| query.plan_part(part.clone())).collect::<Result<Vec<_>, _>>()?;
        let rendered: Vec<_> = plans.iter().map(|plan| &plan.rendered).collect();
        let commit = others.is_empty() && then == AfterParts::Commit;
        let answers = exchange(connection, &rendered, commit).await?;
        for (plan, answer) in plans.iter().zip(answers) {
            let decoded = decode(connection, plan, &answer.rows).await;
            rows.extend(decoded.map_err(|error| if commit { error.although_committed() } else { error })?);
        }
        rest = others;
    }
    Ok(rows)
}

async fn execute_then(
    connection: &mut Connection,
    command: impl Command,
    parts: &[Range<usize>],
    then: AfterParts,
) -> Result<u64, Error> {
    let (mut count, mut rest) = (0, parts);
    while !rest.is_empty() {
        let (these, others) = rest.split_at(rest.len().min(AT_ONCE));
        let rendered = these.iter().map(|part| command.rendered_part(part.clone()));
        let rendered = rendered.collect::<Result<Vec<_>, _>>()?;
        let rendered: Vec<_> = rendered.iter().collect();
        let answers =
            exchange(connection, &rendered, others.is_empty() && then == AfterParts::Commit).await?;
        count += answers.iter().map(|answer| answer.affected).sum::<u64>();
        rest = others;
    }
    Ok(count)
}

async fn exchange(
    connection: &mut Connection,
    rendered: &[&Rendered],
    commit: bool,
) -> Result<Vec<Answer>, Error> {
    let requests: Vec<_> = rendered.iter().map(|rendered| request(rendered)).collect();
    let answers =
        if commit { connection.commit_with(&requests).await } else { connection.pipeline(&requests).await };
    answers.map_err(|error| rendered.iter().fold(error, |error, rendered| rendered.explain(error)))
}

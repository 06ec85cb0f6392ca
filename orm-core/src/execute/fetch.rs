//! Sends a statement and makes values of its rows.

use tokio_postgres::Row as DriverRow;

use crate::engine::{Answer, Columns, Connection, Isolation, Request, TransactionMode};
use crate::error::Error;
use crate::query::render::Rendered;
use crate::query::{Following, Make, Making, Plan, RowSink, Step, rendered};

/// A rendered statement, as a connection takes it.
pub(crate) fn request(rendered: &Rendered) -> Request<'_> {
    let columns = if rendered.text.looks_up { Columns::LookUp } else { Columns::Builtin };
    let (sql, fingerprint) = (&*rendered.text.sql, rendered.text.fingerprint);
    let text = &rendered.text;
    let (plan_each_time, has_secrets, moments) =
        (text.plan_each_time || rendered.plan_each_time, text.has_secrets, &*text.moments);
    let (parameters, at) = (&rendered.parameters, rendered.at);
    Request { sql, parameters, columns, fingerprint, plan_each_time, has_secrets, moments, at }
}

/// Sends a statement, and those its relations need.
pub(crate) async fn fetch<R: Send + 'static>(
    connection: &mut Connection,
    plan: &Plan<R>,
) -> Result<Vec<R>, Error> {
    if let Make::Together(_, ahead) = &plan.make {
        return Box::pin(fetch_together(connection, plan, ahead)).await;
    }
    match read(connection, &plan.rendered, plan.make.start()).await? {
        Step::Done(values) => Ok(values),
        // In a box, so that what has no relations moves less about.
        step => Box::pin(finish(connection, step)).await,
    }
}

/// Makes values of the rows of one statement while they come.
async fn read<R: Send>(
    connection: &mut Connection,
    rendered: &Rendered,
    mut making: Making<R>,
) -> Result<Step<R>, Error> {
    if rendered.is_nothing() {
        return making.finish();
    }
    let mut refused = None;
    // The rest of the rows has to be taken all the same.
    let mut take = |row: DriverRow| {
        if refused.is_none() {
            refused = making.take(&row).err();
        }
    };
    let sent = connection.query_into(request(rendered), &mut take).await;
    sent.map_err(|error| rendered.explain(error))?;
    let step = refused.map_or(Ok(()), Err).and_then(|()| making.finish());
    step.map_err(|error| unreadable(connection, rendered, error))
}

/// An error about a row that a statement gave.
pub(super) fn unreadable(connection: &Connection, rendered: &Rendered, error: Error) -> Error {
    let error = rendered.explain(error.in_statement(&rendered.text.sql).answered());
    error.showing_values(connection.shows_values())
}

/// Makes the values of rows already read; the statements of relations go over the same connection.
pub(crate) async fn decode<R: Send + 'static>(
    connection: &mut Connection,
    plan: &Plan<R>,
    rows: &[DriverRow],
) -> Result<Vec<R>, Error> {
    let mut making = plan.make.start();
    let made = rows.iter().try_for_each(|row| making.take(row)).and_then(|()| making.finish());
    let step = made.map_err(|error| unreadable(connection, &plan.rendered, error))?;
    finish(connection, step).await
}

/// Reads what is still needed: those statements together that do not need each other's rows.
pub(crate) async fn finish<R: Send + 'static>(
    connection: &mut Connection,
    mut step: Step<R>,
) -> Result<Vec<R>, Error> {
    loop {
        match step {
            Step::Done(values) => return Ok(values),
            Step::Fetch(statements, sink) => {
                let list = statements
                    .iter()
                    .map(|following| rendered(&following.query))
                    .collect::<Result<Vec<_>, _>>()?;
                drop(statements);
                step = match &*list {
                    [only] => read(connection, only, Making::Load(sink)).await?,
                    several => read_together(connection, several, sink).await?,
                };
            }
        }
    }
}

/// Makes values of the rows of several statements, which are sent in one round trip.
async fn read_together<R: Send>(
    connection: &mut Connection,
    rendered: &[Rendered],
    mut sink: Box<dyn RowSink<R>>,
) -> Result<Step<R>, Error> {
    let requests: Vec<_> = rendered.iter().map(request).collect();
    let answers = connection.pipeline_reads(&requests).await.map_err(|error| match error.place() {
        Some(place) => rendered[place].explain(error),
        None => error,
    })?;
    for (nth, answer) in answers.iter().enumerate() {
        let taken = answer.rows.iter().try_for_each(|row| sink.take(nth, row));
        taken.map_err(|error| unreadable(connection, &rendered[nth], error))?;
    }
    sink.finish().map_err(Error::answered)
}

/// Sends a statement and those that follow from it in one round trip.
async fn fetch_together<R: Send + 'static>(
    connection: &mut Connection,
    plan: &Plan<R>,
    ahead: &[Rendered],
) -> Result<Vec<R>, Error> {
    let all: Vec<_> = std::iter::once(&plan.rendered).chain(ahead).collect();
    let requests: Vec<_> = all.iter().map(|rendered| request(rendered)).collect();
    let answers = if connection.in_transaction() {
        connection.pipeline(&requests).await
    } else {
        connection.begin(TransactionMode::READ_ONLY.isolation(Isolation::RepeatableRead));
        connection.commit_with(&requests).await.map_err(|error| error.of_statement_alone(requests[0].sql))
    };
    let answers = answers.map_err(|error| match error.place() {
        Some(place) => all[place].explain(error),
        None => error,
    })?;
    let of = |number: usize, error: Error| unreadable(connection, all[number], error);
    let mut making = plan.make.start();
    answers[0].rows.iter().try_for_each(|row| making.take(row)).map_err(|error| of(0, error))?;
    let mut step = making.finish().map_err(|error| of(0, error))?;
    loop {
        match step {
            Step::Done(values) => return Ok(values),
            Step::Fetch(following, mut sink) => {
                for (nth, Following { number, .. }) in following.iter().enumerate() {
                    let taken = answers[*number].rows.iter().try_for_each(|row| sink.take(nth, row));
                    taken.map_err(|error| of(*number, error))?;
                }
                step = sink.finish().map_err(Error::answered)?;
            }
        }
    }
}

/// Sends a statement for its effect; gives the number of rows it touched.
pub(crate) async fn execute(connection: &mut Connection, rendered: &Rendered) -> Result<u64, Error> {
    Ok(query(connection, rendered).await?.affected)
}

async fn query(connection: &mut Connection, rendered: &Rendered) -> Result<Answer, Error> {
    if rendered.is_nothing() {
        return Ok(Answer::of_nothing());
    }
    connection.query(request(rendered)).await.map_err(|error| rendered.explain(error))
}

//! Sends a statement and makes values of its rows.

use tokio_postgres::Row as DriverRow;

use crate::engine::{Answer, Columns, Connection, Request};
use crate::error::Error;
use crate::query::render::Rendered;
use crate::query::{Plan, Step};

/// A rendered statement, as a connection takes it.
pub(crate) fn request(rendered: &Rendered) -> Request<'_> {
    let columns = if rendered.text.looks_up { Columns::LookUp } else { Columns::Builtin };
    let (sql, fingerprint) = (&*rendered.text.sql, rendered.text.fingerprint);
    Request { sql, parameters: &rendered.parameters, columns, fingerprint }
}

/// Sends a statement, and those its relations need.
pub(crate) async fn fetch<R: Send + 'static>(
    connection: &mut Connection,
    plan: &Plan<R>,
) -> Result<Vec<R>, Error> {
    let answer = query(connection, &plan.rendered).await?;
    decode(connection, plan, &answer.rows).await
}

/// Makes the values of rows already read; the statements of relations go over the same connection.
pub(crate) async fn decode<R: Send + 'static>(
    connection: &mut Connection,
    plan: &Plan<R>,
    rows: &[DriverRow],
) -> Result<Vec<R>, Error> {
    let mut step = plan.make.start(rows).map_err(|error| error.in_statement(&plan.rendered.text.sql))?;
    loop {
        match step {
            Step::Done(values) => return Ok(values),
            Step::Fetch(statement, then) => {
                let rendered = crate::query::rendered(&*statement)?;
                let answer = query(connection, &rendered).await?;
                step = then(&answer.rows).map_err(|error| error.in_statement(&rendered.text.sql))?;
            }
        }
    }
}

/// Sends a statement for its effect; gives the number of rows it touched.
pub(crate) async fn execute(connection: &mut Connection, rendered: &Rendered) -> Result<u64, Error> {
    Ok(query(connection, rendered).await?.affected)
}

async fn query(connection: &mut Connection, rendered: &Rendered) -> Result<Answer, Error> {
    connection.query(request(rendered)).await.map_err(|error| rendered.explain(error))
}

/// The only row, or an error that names what was asked for.
pub(crate) fn exactly_one<T, R>(rows: Vec<T>, plan: &Plan<R>) -> Result<T, Error> {
    one_at_most(rows, plan)?
        .ok_or_else(|| Error::no_row(asked_for(plan)).in_statement(&plan.rendered.text.sql))
}

/// The only row, if there is one.
pub(crate) fn one_at_most<T, R>(rows: Vec<T>, plan: &Plan<R>) -> Result<Option<T>, Error> {
    let mut rows = rows.into_iter();
    match (rows.next(), rows.next()) {
        (first, None) => Ok(first),
        _ => Err(Error::many_rows(asked_for(plan)).in_statement(&plan.rendered.text.sql)),
    }
}

fn asked_for<R>(plan: &Plan<R>) -> String {
    format!("{}{}", plan.what, plan.rendered.asked_for())
}

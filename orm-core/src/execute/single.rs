//! The only row of a statement.

use tokio_postgres::Row as DriverRow;

use super::fetch::unreadable;
use super::{fetch, request};
use crate::engine::Connection;
use crate::error::Error;
use crate::query::{Make, Plan};
use crate::row::Cells;

/// The first of the rows that came, and whether others followed.
struct First<T> {
    row: Option<T>,
    is_alone: bool,
}

impl<T> First<T> {
    fn of(rows: Vec<T>) -> First<T> {
        let mut rows = rows.into_iter();
        let row = rows.next();
        First { row, is_alone: rows.next().is_none() }
    }

    fn one_at_most<R>(self, plan: &Plan<R>) -> Result<Option<T>, Error> {
        if self.is_alone {
            return Ok(self.row);
        }
        Err(about(plan, Error::many_rows(asked_for(plan))).answered())
    }

    fn exactly_one<R>(self, plan: &Plan<R>) -> Result<T, Error> {
        let row = self.one_at_most(plan)?;
        row.ok_or_else(|| {
            let error = Error::no_row(asked_for(plan));
            let error = match plan.rendered.left_out() {
                Some(why) => {
                    let message = format!("{error}; {why}");
                    error.reworded(message)
                }
                None => error,
            };
            about(plan, error)
        })
    }
}

fn asked_for<R>(plan: &Plan<R>) -> String {
    format!("{}{}", plan.what, plan.rendered.asked_for())
}

fn about<R>(plan: &Plan<R>, error: Error) -> Error {
    let error = error.in_statement(&plan.rendered.text.sql);
    match plan.rendered.asked_with() {
        Some(values) => error.with_values(values),
        None => error,
    }
}

/// Sends a statement, and those its relations need; makes the first row, without a list.
async fn read<R: Send + 'static>(connection: &mut Connection, plan: &Plan<R>) -> Result<First<R>, Error> {
    let Make::Decode(decode) = plan.make else {
        return Ok(First::of(Box::pin(fetch(connection, plan)).await?));
    };
    if plan.rendered.is_nothing() {
        return Ok(First { row: None, is_alone: true });
    }
    let mut first = None;
    let mut is_alone = true;
    // The rest of the rows has to be taken all the same.
    let mut take = |row: DriverRow| match first {
        None => first = Some(decode(&mut Cells::new(&row))),
        Some(_) => is_alone = false,
    };
    let sent = connection.query_into(request(&plan.rendered), &mut take).await;
    sent.map_err(|error| plan.rendered.explain(error))?;
    let row = first.transpose().map_err(|error| unreadable(connection, &plan.rendered, error))?;
    Ok(First { row, is_alone })
}

/// The only row, or an error that names what was asked for.
pub(super) async fn fetch_one<R: Send + 'static>(
    connection: &mut Connection,
    plan: &Plan<R>,
) -> Result<R, Error> {
    let only = read(connection, plan).await?.exactly_one(plan);
    only.map_err(|error| error.showing_values(connection.shows_values()))
}

/// The only row, if there is one.
pub(super) async fn fetch_one_or_none<R: Send + 'static>(
    connection: &mut Connection,
    plan: &Plan<R>,
) -> Result<Option<R>, Error> {
    let only = read(connection, plan).await?.one_at_most(plan);
    only.map_err(|error| error.showing_values(connection.shows_values()))
}

/// The only one of the rows that came, or an error that names what was asked for.
pub(crate) fn exactly_one<T, R>(rows: Vec<T>, plan: &Plan<R>) -> Result<T, Error> {
    First::of(rows).exactly_one(plan)
}

/// The only one of the rows that came, if there is one.
pub(crate) fn one_at_most<T, R>(rows: Vec<T>, plan: &Plan<R>) -> Result<Option<T>, Error> {
    First::of(rows).one_at_most(plan)
}

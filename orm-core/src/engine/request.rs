//! A statement as it is sent, and the server's answer to it.

use std::panic::Location;

use tokio_postgres::Row;

use crate::schema::TableMeta;
use crate::types::{Parameter, fingerprint};

/// A statement to send.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request<'a> {
    pub(crate) sql: &'a str,
    pub(crate) parameters: &'a [Parameter],
    pub(crate) columns: Columns,
    /// That of the text and the types of the parameters.
    pub(crate) fingerprint: u64,
    /// Whether it is sent without a name, so that the server plans it for its values each time.
    pub(crate) plan_each_time: bool,
    /// Whether it names a table of which no value is shown.
    pub(crate) has_secrets: bool,
    /// The tables whose columns of moments it writes, or compares with something.
    pub(crate) moments: &'a [&'static TableMeta],
    /// Where the program built it.
    pub(crate) at: Option<&'static Location<'static>>,
}

impl<'a> Request<'a> {
    /// What a verb sends for a line of the program.
    pub(crate) fn called(
        sql: &'a str,
        parameters: &'a [Parameter],
        at: &'static Location<'static>,
    ) -> Request<'a> {
        Request { at: Some(at), ..Request::new(sql, parameters, Columns::Builtin) }
    }

    pub(crate) fn new(sql: &'a str, parameters: &'a [Parameter], columns: Columns) -> Request<'a> {
        let fingerprint = fingerprint(sql, parameters);
        Request {
            sql,
            parameters,
            columns,
            fingerprint,
            plan_each_time: false,
            has_secrets: false,
            moments: &[],
            at: None,
        }
    }
}

/// What is known of the types of a statement's result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Columns {
    /// All have numbers that are the same in every database: the statement can run at once.
    Builtin,
    /// Some may be known by the database only: the statement is prepared before its first use.
    LookUp,
}

/// What the server answered to one statement.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) rows: Vec<Row>,
    /// The number the server tells: rows changed, or rows returned by a query.
    pub(crate) affected: u64,
}

impl Answer {
    /// The answer to a statement that is not sent, for it does nothing.
    pub(crate) fn of_nothing() -> Answer {
        Answer { rows: Vec::new(), affected: 0 }
    }
}

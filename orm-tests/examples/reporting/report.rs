//! A query, and SQL that gives the same.

use std::fmt::Debug;

use orm_core::prelude::*;
use orm_core::query::FromRow;

/// A row that can be read both ways and compared.
pub trait Line: FromRow + PartialEq + Debug + Send + 'static {}
impl<R: FromRow + PartialEq + Debug + Send + 'static> Line for R {}

/// A query, and SQL written by hand that gives the same.
pub struct Report<R> {
    query: Select<R>,
    sql: &'static str,
}

/// A query, and SQL written by hand that gives the same.
pub fn report<R>(query: Select<R>, sql: &'static str) -> Report<R> {
    Report { query, sql }
}

impl<R: Line> Report<R>
where
    Select<R>: orm_core::query::Query<Row = R>,
{
    /// The rows of the query.
    ///
    /// # Errors
    /// If the server refuses, or the SQL written by hand gives other rows.
    pub async fn rows(self, db: &Engine) -> Result<Vec<R>, Box<dyn std::error::Error>> {
        let text = self.query.to_sql()?.text;
        let rows = db.all(self.query).await?;
        let expected = db.all(sql_text(self.sql).rows::<R>()).await?;
        if rows != expected {
            return Err(format!("{text}\ngives {rows:?}\ninstead of {expected:?}").into());
        }
        Ok(rows)
    }
}

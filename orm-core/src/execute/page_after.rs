//! Pages by keyset.

use tokio_postgres::Row as DriverRow;

use super::{TransactionConnection, decode, request};
use crate::engine::{Connection, Engine};
use crate::error::Error;
use crate::model::Row;
use crate::query::{Keyset, Paged, Query};
use crate::types::Cell;

/// Some of the rows of a statement, and where the pages beside them begin; made by `page_after` of an engine or a
/// transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CursorPage<T> {
    /// The rows of the page.
    pub rows: Vec<T>,
    /// What gives the next page; `None` behind the last row.
    pub next: Option<String>,
    /// What gives the page before; `None` before the first row.
    pub previous: Option<String>,
}

impl<T> CursorPage<T> {
    /// The same page of other rows.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let page = engine.page_after(select(User).order_by(User.id), None, 20).await?;
    /// let names = page.map(|user| user.name);
    /// # Ok(())
    /// # }
    /// ```
    pub fn map<U>(self, make: impl FnMut(T) -> U) -> CursorPage<U> {
        let CursorPage { rows, next, previous } = self;
        CursorPage { rows: rows.into_iter().map(make).collect(), next, previous }
    }
}

async fn page<R: Row>(connection: &mut Connection, keyset: &Keyset<R>) -> Result<CursorPage<R>, Error> {
    let plan = keyset.select.plan()?;
    let answer = connection.query(request(&plan.rendered)).await;
    let mut found = answer.map_err(|error| plan.rendered.explain(error))?.rows;
    let cut = keyset.cut(found.len(), |row, column| bytes(&found[row], column))?;
    found.truncate(cut.rows);
    if cut.backward {
        found.reverse();
    }
    let rows = decode(connection, &plan, &found).await?;
    Ok(CursorPage { rows, next: cut.next, previous: cut.previous })
}

fn bytes(row: &DriverRow, column: usize) -> Result<Option<Vec<u8>>, Error> {
    let cell: Result<Cell<'_>, _> = row.try_get(column);
    let Cell(bytes) = cell
        .map_err(|cause| Error::decode("what rows are sorted by is missing in one of them").because(cause))?;
    Ok(bytes.map(<[u8]>::to_vec))
}

impl Engine {
    /// The rows behind a cursor in the order of the statement, at most `size` of them, and cursors of the pages beside. Without
    /// a cursor it is the first page. A late page costs no more than the first one, given an index on the columns that are
    /// sorted by, and rows that are inserted or deleted between two pages do not move others to another page.
    ///
    /// The primary keys of the tables are added to the order, so that each row has a place of its own; NULLs and mixed
    /// directions are as `order_by` says. A cursor is text for a URL, and one of this statement with the same values in ORDER BY,
    /// whatever the settings of the connection. It holds the values that the row is sorted by, encoded
    /// but not encrypted; a checksum finds accidental changes and cursors of other statements, not forged ones.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # #[derive(Model, Clone, Debug)]
    /// # pub struct User {
    /// #     #[orm(primary_key, generated)]
    /// #     id: i64,
    /// #     age: Option<i32>,
    /// # }
    /// # async fn example(engine: Engine, cursor: Option<String>) -> Result<(), orm_core::Error> {
    /// let users = select(User).order_by(User.age.desc());
    /// let page = engine.page_after(&users, cursor.as_deref(), 20).await?;
    /// if let Some(next) = &page.next {
    ///     println!("/users?cursor={next}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// If the cursor is not one of this statement ([`is_invalid_statement`](Error::is_invalid_statement)); if the statement has
    /// a limit or an offset itself, uses DISTINCT, a union or a window function, aggregates without groups, or is sorted by an expression that is not selected or by a column that is `secret`; if the
    /// checker or the server refuses it; if the size is below 1.
    pub async fn page_after<S: Paged>(
        &self,
        statement: S,
        cursor: Option<&str>,
        size: i64,
    ) -> Result<CursorPage<S::Row>, Error> {
        let keyset = Keyset::new(statement.into_select(), cursor, size)?;
        let mut route = self.route(keyset.select.only_reads());
        loop {
            match page(&mut route.acquire().await?, &keyset).await {
                Err(error) if route.goes_on(&error) => {}
                page => return page,
            }
        }
    }
}

impl TransactionConnection {
    /// As [`Engine::page_after`], inside the transaction.
    ///
    /// # Errors
    /// As [`Engine::page_after`].
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut transaction: orm_core::Transaction) -> Result<(), Error> {
    /// let page = transaction.page_after(select(User).order_by(User.id), None, 20).await?;
    /// println!("{} users, then {:?}", page.rows.len(), page.next);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn page_after<S: Paged>(
        &mut self,
        statement: S,
        cursor: Option<&str>,
        size: i64,
    ) -> Result<CursorPage<S::Row>, Error> {
        let keyset = Keyset::new(statement.into_select(), cursor, size)?;
        self.note(keyset.select.writes().written());
        page(self.raw(), &keyset).await
    }
}

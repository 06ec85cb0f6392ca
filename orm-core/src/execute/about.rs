//! How many rows a statement has, whether it has any, a page of them, and how the server runs it.

use super::TransactionConnection;
use crate::engine::Engine;
use crate::error::Error;
use crate::model::Row;
use crate::query::{self, Explained, Paged, Select, Selecting};

/// Some of the rows of a statement, and how many there are; made by `page` of an engine or a transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows of the page.
    pub rows: Vec<T>,
    /// How many rows there are on all pages.
    pub total: i64,
    /// The number of the page, from 1.
    pub number: i64,
    /// How many rows a page has at most.
    pub size: i64,
}

impl<T> Page<T> {
    /// How many pages there are.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let page = engine.page(select(User).order_by(User.id), 2, 20).await?;
    /// println!("page 2 of {}", page.pages());
    /// # Ok(())
    /// # }
    /// ```
    pub fn pages(&self) -> i64 {
        self.total / self.size + i64::from(self.total % self.size > 0)
    }

    /// Whether a page follows.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let page = engine.page(select(User).order_by(User.id), 2, 20).await?;
    /// if page.has_next() {
    ///     println!("/users?page=3");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn has_next(&self) -> bool {
        self.number < self.pages()
    }

    /// Whether there is a page before.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let page = engine.page(select(User).order_by(User.id), 2, 20).await?;
    /// if page.has_previous() {
    ///     println!("/users?page=1");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn has_previous(&self) -> bool {
        self.number > 1
    }

    /// The same page of other rows.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let page = engine.page(select(User).order_by(User.id), 2, 20).await?;
    /// let names: orm_core::Page<String> = page.map(|user| user.name);
    /// # Ok(())
    /// # }
    /// ```
    pub fn map<U>(self, make: impl FnMut(T) -> U) -> Page<U> {
        let Page { rows, total, number, size } = self;
        Page { rows: rows.into_iter().map(make).collect(), total, number, size }
    }
}

/// The rows of a page.
fn rows_of<R: Row>(statement: Select<R>, number: i64, size: i64) -> Result<Select<R>, Error> {
    if number < 1 || size < 1 {
        return Err(Error::statement_invalid(format!(
            "page {number} of {size} rows cannot be: pages are numbered from 1, and have at least one row"
        )));
    }
    let query = &statement.query;
    if query.limit.is_some() || query.offset.is_some() {
        return Err(Error::statement_invalid(
            "a page has a limit and an offset of its own: remove `.limit(..)` and `.offset(..)` of the statement",
        )
        .located(query.at));
    }
    if query.order.is_empty() {
        return Err(Error::statement_invalid(
            "without an order a row can be on two pages and another on none: add `.order_by(..)`, by something unique at its \
             end",
        )
        .located(query.at));
    }
    Ok(statement.limit(size).offset((number - 1).saturating_mul(size)))
}

fn page<R>(total: Vec<i64>, rows: Vec<R>, number: i64, size: i64) -> Page<R> {
    Page { rows, total: total.into_iter().next().unwrap_or_default(), number, size }
}

const PLAN: &str = "";
const RUN: &str = "(ANALYZE, BUFFERS) ";

fn text(lines: Vec<String>) -> String {
    lines.join("\n")
}

/// Writes the verbs for an engine and a transaction.
macro_rules! verbs {
    ($on:ty, [$($borrow:tt)+]) => {
        impl $on {
            /// How many rows a select has, with all its joins, groups and filters: nothing is written twice.
            ///
            /// ```no_run
            /// # use orm_core::prelude::*;
            /// # #[derive(Model, Clone, Debug)]
            /// # pub struct User {
            /// #     #[orm(primary_key, generated)]
            /// #     id: i64,
            /// #     age: Option<i32>,
            /// # }
            /// # async fn example(engine: Engine) -> Result<(), orm_core::Error> {
            /// let adults = select(User).filter(User.age.ge(18));
            /// let n: i64 = engine.count(&adults).await?;
            /// let any: bool = engine.exists(&adults).await?;
            /// let page = engine.page(adults.order_by(User.id), 1, 20).await?;
            /// println!("{} of {}", page.rows.len(), page.total);
            /// # Ok(())
            /// # }
            /// ```
            ///
            /// # Errors
            /// If the statement is refused before or by the server.
            pub async fn count(self: $($borrow)+ Self, statement: impl Selecting) -> Result<i64, Error> {
                self.one(query::count_rows(&statement)?).await
            }

            /// Whether a select has any row; the server stops at the first.
            ///
            /// # Errors
            /// If the statement is refused before or by the server.
            ///
            /// ```no_run
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// # async fn example(engine: Engine) -> Result<(), Error> {
            /// let taken: bool = engine.exists(select(User).filter(User.name.eq("Ann"))).await?;
            /// # Ok(())
            /// # }
            /// ```
            pub async fn exists(self: $($borrow)+ Self, statement: impl Selecting) -> Result<bool, Error> {
                self.one(query::has_rows(&statement)?).await
            }

            /// The rows of a page, and how many rows there are on all, in one round trip. Pages are numbered from 1; one
            /// behind the last has no rows.
            ///
            /// ```no_run
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// # async fn example(engine: Engine) -> Result<(), Error> {
            /// let page: orm_core::Page<User> = engine.page(select(User).order_by(User.id), 2, 20).await?;
            /// println!("{} of {}, {} pages", page.rows.len(), page.total, page.pages());
            /// # Ok(())
            /// # }
            /// ```
            ///
            /// # Errors
            /// If the statement has no order, has a limit or an offset itself, or is refused before or by the server; if
            /// the number or the size is below 1.
            pub async fn page<S: Paged>(
                self: $($borrow)+ Self,
                statement: S,
                number: i64,
                size: i64,
            ) -> Result<Page<S::Row>, Error> {
                let statement = statement.into_select();
                let total = query::count_rows(&statement)?;
                let rows = rows_of(statement, number, size)?;
                let (total, rows) = self.batch((total, rows)).await?;
                Ok(page(total, rows, number, size))
            }

            /// How the server would run a statement, as text; it is not run.
            ///
            /// # Errors
            /// If the statement is refused before or by the server.
            ///
            /// ```no_run
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// # async fn example(engine: Engine) -> Result<(), Error> {
            /// println!("{}", engine.explain(select(User).filter(User.age.ge(18))).await?);
            /// # Ok(())
            /// # }
            /// ```
            pub async fn explain(self: $($borrow)+ Self, statement: impl Explained) -> Result<String, Error> {
                Ok(text(self.all(query::explain(&statement, PLAN, false)?).await?))
            }

            /// Runs a statement, and tells how the server ran it, with times and buffers, as text. **What it writes is
            /// written**: in a transaction it can be rolled back.
            ///
            /// # Errors
            /// If the statement is refused before or by the server.
            ///
            /// ```no_run
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// # async fn example(engine: Engine) -> Result<(), Error> {
            /// println!("{}", engine.explain_analyze(select(User).filter(User.age.ge(18))).await?);
            /// # Ok(())
            /// # }
            /// ```
            pub async fn explain_analyze(self: $($borrow)+ Self, statement: impl Explained) -> Result<String, Error> {
                Ok(text(self.all(query::explain(&statement, RUN, true)?).await?))
            }
        }
    };
}
verbs!(Engine, [&]);
verbs!(TransactionConnection, [&mut]);

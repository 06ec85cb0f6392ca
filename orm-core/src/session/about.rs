//! How many rows a statement has, whether it has any, pages of them as objects, and how the server runs it.

use super::Session;
use super::read::populate;
use crate::error::Error;
#[cfg(feature = "serde_json")]
use crate::execute::ExplainPlan;
use crate::execute::{CursorPage, Page};
use crate::model::Row;
use crate::query::{self, Explained, Paged, Selecting};

impl Session {
    /// How many rows a select has, with all its joins, groups and filters; as with each query, what is pending is flushed
    /// before. Nothing becomes an object.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// let adults = select(User).filter(User.age.ge(18));
    /// let n: i64 = session.count(&adults).await?;
    /// let any: bool = session.exists(&adults).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`all`](Session::all).
    pub async fn count(&mut self, statement: impl Selecting) -> Result<i64, Error> {
        self.one(query::count_rows(&statement)?).await
    }

    /// Whether a select has any row; the server stops at the first. Otherwise as [`count`](Session::count).
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// let taken: bool = session.exists(select(User).filter(User.name.eq("Ann"))).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`all`](Session::all).
    pub async fn exists(&mut self, statement: impl Selecting) -> Result<bool, Error> {
        self.one(query::has_rows(&statement)?).await
    }

    /// The rows of a page, models among them as handles, and how many rows there are on all, in one round trip. Pages are
    /// numbered from 1; one behind the last has no rows.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// let page: orm_core::Page<Handle<User>> = session.page(select(User).order_by(User.id), 2, 20).await?;
    /// for user in &page.rows {
    ///     println!("{}", session[*user].name);
    /// }
    /// println!("{} of {}", page.number, page.pages());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`all`](Session::all), and as [`Engine::page`](crate::Engine::page).
    pub async fn page<S: Paged>(
        &mut self,
        statement: S,
        number: i64,
        size: i64,
    ) -> Result<Page<<S::Row as Row>::Tracked>, Error> {
        let statement = statement.into_select();
        let populate = populate(&statement);
        let page = self.connection().await?.page(statement, number, size).await?;
        let mut tracker = self.identity.tracker(populate, page.rows.len());
        Ok(page.map(|row| row.track(&mut tracker)))
    }

    /// The rows behind a cursor in the order of the statement, models among them as handles, and cursors of the pages beside;
    /// as [`Engine::page_after`](crate::Engine::page_after).
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session, cursor: Option<String>) -> Result<(), Error> {
    /// let users = select(User).order_by(User.age.desc());
    /// let page = session.page_after(&users, cursor.as_deref(), 20).await?;
    /// let names: Vec<&str> = page.rows.iter().map(|user| &*session[*user].name).collect();
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`all`](Session::all), and as [`Engine::page_after`](crate::Engine::page_after).
    pub async fn page_after<S: Paged>(
        &mut self,
        statement: S,
        cursor: Option<&str>,
        size: i64,
    ) -> Result<CursorPage<<S::Row as Row>::Tracked>, Error> {
        let statement = statement.into_select();
        let populate = populate(&statement);
        let page = self.connection().await?.page_after(statement, cursor, size).await?;
        let mut tracker = self.identity.tracker(populate, page.rows.len());
        Ok(page.map(|row| row.track(&mut tracker)))
    }

    /// How the server would run a statement, as text; it is not run. What is pending is flushed before.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// println!("{}", session.explain(select(User).filter(User.age.ge(18))).await?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`all`](Session::all).
    pub async fn explain(&mut self, statement: impl Explained) -> Result<String, Error> {
        self.connection().await?.explain(statement).await
    }

    /// Runs a statement, and tells how the server ran it, with times and buffers, as text. **What it writes is written**,
    /// as a part of the transaction.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// println!("{}", session.explain_analyze(select(User).filter(User.age.ge(18))).await?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`all`](Session::all).
    pub async fn explain_analyze(&mut self, statement: impl Explained) -> Result<String, Error> {
        self.connection().await?.explain_analyze(statement).await
    }

    /// How the server would run a statement, as data; it is not run. What is pending is flushed before.
    ///
    /// # Errors
    /// As [`Engine::explain_plan`](crate::Engine::explain_plan).
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// let plan = session.explain_plan(select(User).filter(User.age.ge(18))).await?;
    /// println!("{} rows expected", plan.root.estimated_rows);
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "serde_json")]
    pub async fn explain_plan(&mut self, statement: impl Explained) -> Result<ExplainPlan, Error> {
        self.connection().await?.explain_plan(statement).await
    }

    /// Runs a statement, and tells how the server ran it, as data. **What it writes is written**, as a part of the
    /// transaction.
    ///
    /// # Errors
    /// As [`Engine::explain_plan`](crate::Engine::explain_plan).
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// let plan = session.explain_analyze_plan(select(User).filter(User.age.ge(18))).await?;
    /// println!("{:?}", plan.warnings());
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "serde_json")]
    pub async fn explain_analyze_plan(&mut self, statement: impl Explained) -> Result<ExplainPlan, Error> {
        self.connection().await?.explain_analyze_plan(statement).await
    }
}

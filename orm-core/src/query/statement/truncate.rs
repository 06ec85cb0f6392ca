//! TRUNCATE.

use std::panic::Location;

use super::source::source_of;
use super::{Command, DeletedRows, Writes};
use crate::error::Error;
use crate::model::{Model, Table, Writable};
use crate::query::render::{self, Rendered};
use crate::schema::TableMeta;

/// A TRUNCATE of one or several tables.
#[must_use = "a statement does nothing until an engine, a transaction or a session takes it"]
#[derive(Clone, Debug)]
pub struct Truncate {
    tables: Vec<&'static TableMeta>,
    restart_identity: bool,
    cascade: bool,
    at: &'static Location<'static>,
}

/// Removes all rows of a table at once, without looking at them: `truncate(Event)`. It waits for everybody who uses the
/// table, fires no triggers of rows, and can be rolled back like anything else. The number of rows is not told: it is 0.
///
/// PostgreSQL refuses it where foreign keys of other tables point at the table, unless these are emptied too: by
/// [`and`](Truncate::and), or by [`cascade`](Truncate::cascade). A session takes any of its objects for changed afterwards.
///
/// ```
/// use orm_core::prelude::*;
///
/// #[derive(Model, Clone, Debug)]
/// #[orm(table = "events")]
/// pub struct Event {
///     #[orm(primary_key, generated)]
///     pub id: i64,
/// }
///
/// assert_eq!(truncate(Event).restart_identity().to_sql()?.text, r#"TRUNCATE "events" RESTART IDENTITY"#);
/// # Ok::<(), orm_core::Error>(())
/// ```
#[track_caller]
pub fn truncate<T: Table<Model: Model<Kind: Writable>>>(table: T) -> Truncate {
    let tables = vec![source_of(&table).table];
    Truncate { tables, restart_identity: false, cascade: false, at: Location::caller() }
}

impl Truncate {
    /// Another table, which is emptied in the same statement.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let statement = truncate(Post).and(User);
    /// ```
    pub fn and<T: Table<Model: Model<Kind: Writable>>>(mut self, table: T) -> Self {
        self.tables.push(source_of(&table).table);
        self
    }

    /// Lets generated keys begin anew.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let statement = truncate(Post).restart_identity();
    /// ```
    pub fn restart_identity(mut self) -> Self {
        self.restart_identity = true;
        self
    }

    /// **Empties all tables too whose foreign keys point at these**, over however many others.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let statement = truncate(User).cascade(); // posts refer to users, and are emptied too
    /// ```
    pub fn cascade(mut self) -> Self {
        self.cascade = true;
        self
    }
}

#[diagnostic::do_not_recommend]
impl Command for Truncate {
    type Rows = DeletedRows;

    fn rendered(&self) -> Result<Rendered, Error> {
        let rendered = render::truncate(&self.tables, self.restart_identity, self.cascade);
        Ok(Rendered { at: Some(self.at), ..rendered })
    }

    fn writes(&self) -> Writes<'_> {
        Writes::Anything
    }
}

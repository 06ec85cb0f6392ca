//! Tables that are made of something else than a select: what a statement gives back, SQL of the program, a function, values.

use std::borrow::Cow;
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::Arc;

use super::{Delete, Derived, Insert, RawRows, Returning, TableRow, Update};
use crate::model::Model;
use crate::query::ast::{self, BodyKind, Content, Materialized};
use crate::types::{BaseType, BulkColumn, Cause, SqlType, Value, bulk_column};

const CTE: BodyKind = BodyKind::Cte(Materialized::Unsaid);

impl<M: Model, R: TableRow> Returning<Update<M>, R> {
    /// The update as a table in WITH, whose rows are what it gives back. It runs once with the whole statement, which has to
    /// name it: `select(&changed)`.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let older = update(User).set(User.age, User.age + 1).all_rows().returning((User.id, User.age)).cte("older");
    /// let ages = select(older.columns().1).select_from(&older);
    /// ```
    #[track_caller]
    pub fn cte(self, name: &'static str) -> Derived<R> {
        Derived::new(name, CTE, Content::Update(Arc::new(self.command.tree)), Location::caller())
    }
}

impl<M: Model, R: TableRow> Returning<Delete<M>, R> {
    /// The delete as a table in WITH, whose rows are what it gives back. It runs once with the whole statement, which has to
    /// name it: `select(&gone)`.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let removed = delete(Post).filter(Post.title.eq("")).returning((Post.id, Post.user_id)).cte("removed");
    /// let authors = select(removed.columns().1).select_from(&removed);
    /// ```
    #[track_caller]
    pub fn cte(self, name: &'static str) -> Derived<R> {
        let content = match self.command.as_update() {
            None => Content::Delete(Arc::new(self.command.tree)),
            Some(update) => Content::Update(Arc::new(update)),
        };
        Derived::new(name, CTE, content, Location::caller())
    }
}

impl<M: Model, R: TableRow> Returning<Insert<M>, R> {
    /// The insert as a table in WITH, whose rows are what it gives back. It runs once with the whole statement, which has to
    /// name it: `select(&added)`. What is wrong with a value is told when the statement runs.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let added = insert(User).values(["Ann", "Bob"].map(NewUser::new)).returning((User.id, User.name)).cte("added");
    /// let ids = select(added.columns().0).select_from(&added);
    /// ```
    #[track_caller]
    pub fn cte(self, name: &'static str) -> Derived<R> {
        let content = match self.command.whole_tree() {
            Ok(insert) => Content::Insert(Arc::new(owned(insert))),
            Err(error) => Content::Refused(error.to_string().into()),
        };
        Derived::new(name, CTE, content, Location::caller())
    }
}

fn owned(insert: ast::Insert<'_>) -> ast::Insert<'static> {
    ast::Insert {
        at: insert.at,
        table: insert.table,
        columns: insert.columns,
        rows: insert.rows,
        set: Cow::Owned(insert.set.into_owned()),
        conflict: insert.conflict.map(|conflict| Cow::Owned(conflict.into_owned())),
        returning: Cow::Owned(insert.returning.into_owned()),
    }
}

impl<R: TableRow> RawRows<R> {
    /// The SQL as a table in FROM, with this name; its columns are taken in their order.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let words = sql!("SELECT word FROM pg_get_keywords()").rows::<(String,)>().derived("words");
    /// let reserved = select(User).filter(User.name.in_(select(words.columns().0)));
    /// ```
    #[track_caller]
    pub fn derived(self, name: &'static str) -> Derived<R> {
        Derived::new(name, BodyKind::Derived, Content::Raw(self.into_raw()), Location::caller())
    }

    /// The SQL as a table with this name that stands in WITH; its columns are taken in their order.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let words = sql!("SELECT word FROM pg_get_keywords()").rows::<(String,)>().cte("words");
    /// let reserved = select(User).filter(User.name.in_(select(words.columns().0)));
    /// ```
    #[track_caller]
    pub fn cte(self, name: &'static str) -> Derived<R> {
        Derived::new(name, CTE, Content::Raw(self.into_raw()), Location::caller())
    }
}

/// Rows of the program, which `.derived("name")` makes a table: `values([(1, "a".to_owned())]).derived("pairs")`. They are
/// sent as one array a column.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let ages = values([(1_i64, 30), (2, 40)]).derived("ages");
/// let (id, age) = ages.columns();
/// let statement = update(User).set(User.age, age).from(&ages).filter(User.id.eq(id));
/// ```
pub fn values<R: TableRow + ValueRow>(rows: impl IntoIterator<Item = R>) -> ValueTable<R> {
    let rows: Vec<R> = rows.into_iter().collect();
    let mut columns = ValueColumns::default();
    R::bulk(&rows, &mut columns);
    ValueTable { columns, rows: PhantomData }
}

/// Rows of the program; made by [`values`].
#[derive(Debug)]
#[must_use = "values become a table with `.derived(\"name\")`"]
pub struct ValueTable<R> {
    columns: ValueColumns,
    rows: PhantomData<fn() -> R>,
}

impl<R: TableRow> ValueTable<R> {
    /// The rows as a table in FROM, with this name.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let names = values(["Ann", "Bob"].map(str::to_owned)).derived("names");
    /// let known = select(User).join(&names, User.name.eq(names.columns()));
    /// ```
    #[track_caller]
    pub fn derived(self, name: &'static str) -> Derived<R> {
        let content = match self.columns.whole() {
            Ok(columns) => Content::Rows(Arc::new(columns)),
            Err(cause) => Content::Refused(format!("a value of \"{name}\" cannot be sent: {cause}").into()),
        };
        Derived::new(name, BodyKind::Derived, content, Location::caller())
    }
}

/// A row of [`values`]: a value, a tuple of values, or a struct with `#[derive(Row)]` of values.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no row of `values`",
    label = "expected a value, a tuple of values, such as `(1, \"a\".to_owned())`, or a struct with `#[derive(Row)]` of values"
)]
pub trait ValueRow: Sized {
    #[doc(hidden)]
    fn bulk(rows: &[Self], columns: &mut ValueColumns);
}

/// The rows of [`values`], column by column.
#[doc(hidden)]
#[derive(Debug, Default)]
pub struct ValueColumns {
    columns: Vec<BulkColumn>,
    refused: Option<Cause>,
}

impl ValueColumns {
    /// Adds what the rows have in one place.
    pub fn add<R, T: SqlType>(&mut self, rows: &[R], field: impl Fn(&R) -> &T) {
        let values = rows.iter().map(|row| field(row) as &dyn Value);
        match bulk_column(<T::Base as BaseType>::TYPE, values) {
            Ok(column) => self.columns.push(column),
            Err(cause) => self.refused = self.refused.take().or(Some(cause)),
        }
    }

    fn whole(self) -> Result<Vec<BulkColumn>, Cause> {
        match self.refused {
            Some(cause) => Err(cause),
            None => Ok(self.columns),
        }
    }
}

macro_rules! value_row {
    ($($part:ident $place:tt),*) => {
        #[diagnostic::do_not_recommend]
        impl<$($part: SqlType),*> ValueRow for ($($part,)*) {
            fn bulk(rows: &[Self], columns: &mut ValueColumns) {
                $(columns.add(rows, |row| &row.$place);)*
            }
        }
    };
}
crate::model::each_tuple!(value_row);

#[diagnostic::do_not_recommend]
impl<T: SqlType> ValueRow for T {
    fn bulk(rows: &[T], columns: &mut ValueColumns) {
        columns.add(rows, |value| value);
    }
}

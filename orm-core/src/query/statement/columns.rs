//! An INSERT by columns: it names them once, and may borrow the values of its rows.

use std::fmt;
use std::marker::PhantomData;

use super::named::{NamedRows, Refusal};
use super::{Insert, Receives, Select};
use crate::model::{Model, Row};
use crate::query::expr::Column;
use crate::types::{SqlType, Storable};

/// The columns of an INSERT: a column such as `User.name`, or a tuple of up to 16 of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no list of columns of `{M}`",
    label = "expected a column of `{M}`, or a tuple of them"
)]
pub trait ColumnList<M: Model> {
    #[doc(hidden)]
    fn collect(&self, named: &mut NamedRows);
}

/// A row with a value for each of the columns `C`: for one column the value, for a tuple a tuple, or a reference to one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no row of these columns",
    label = "expected one value for each column",
    note = "for the columns `(User.name, User.age)` a row is `(\"Ann\", Some(25))`"
)]
pub trait RowOf<C> {
    #[doc(hidden)]
    fn write(&self, named: &mut NamedRows) -> Result<(), Refusal>;
}

/// An INSERT whose columns are known, and its rows not yet; made by [`Insert::columns`].
#[must_use = "add the rows by `.values(..)`"]
#[derive(Clone)]
pub struct InsertColumns<M: Model, C> {
    insert: Insert<M>,
    named: NamedRows,
    columns: PhantomData<fn() -> C>,
}

impl<M: Model, C> fmt::Debug for InsertColumns<M, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InsertColumns").field("named", &self.named).finish_non_exhaustive()
    }
}

impl<M: Model> Insert<M> {
    /// Names the columns of rows that are written down at once, without a [`NewModel`](crate::model::NewModel) for each:
    /// values may be borrowed, and the database or the model fills all other columns. It takes the least work where many
    /// rows come from data that is there already.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # #[derive(Model, Clone, Debug)]
    /// # #[orm(table = "users")]
    /// # struct User {
    /// #     #[orm(primary_key, generated)]
    /// #     id: i64,
    /// #     name: String,
    /// #     age: Option<i32>,
    /// # }
    /// # async fn bring(engine: Engine, lines: &str) -> Result<(), orm_core::Error> {
    /// let people = lines.lines().filter_map(|line| line.split_once(';'));
    /// let people = people.map(|(name, age)| (name, age.parse::<i32>().ok()));
    /// engine.execute(insert(User).columns((User.name, User.age)).values(people)).await?;
    /// engine.execute(insert(User).columns(User.name).values(["Ann", "Bob"])).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// A `generated` column that is named takes the value given, also where it is `GENERATED ALWAYS`: so rows get keys that
    /// they had elsewhere. The sequence does not know of them, and makes the same numbers when it comes to them: set it
    /// behind the last, by `setval`.
    ///
    /// A column that is left out has to have a default or to be nullable. What the database is
    /// to work out is no value of a row: [`set`](Insert::set) it.
    pub fn columns<C: ColumnList<M>>(self, columns: C) -> InsertColumns<M, C> {
        let mut named = NamedRows::default();
        columns.collect(&mut named);
        InsertColumns { insert: self, named, columns: PhantomData }
    }
}

impl<M: Model, C> InsertColumns<M, C> {
    /// Adds the rows, in whatever there is that gives them one by one. A value that PostgreSQL cannot hold is an error of
    /// the statement, when it is executed.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let people = [("Ann", Some(30)), ("Bob", None)];
    /// let statement = insert(User).columns((User.name, User.age)).values(people);
    /// ```
    pub fn values<L: RowOf<C>>(self, rows: impl IntoIterator<Item = L>) -> Insert<M> {
        let InsertColumns { mut insert, mut named, .. } = self;
        for row in rows {
            if let Err(refusal) = row.write(&mut named) {
                named.refuse(refusal);
                break;
            }
        }
        named.fill(M::META);
        insert.rows.add_named(named);
        insert
    }

    /// Inserts the rows that a select gives: another form of [`Insert::from_select`].
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # #[derive(Model, Clone, Debug)]
    /// # #[orm(table = "users")]
    /// # struct User {
    /// #     #[orm(primary_key, generated)]
    /// #     id: i64,
    /// #     name: String,
    /// #     age: Option<i32>,
    /// # }
    /// let twice = insert(User).columns((User.name, User.age)).select(select((User.name, User.age)));
    /// # assert!(twice.to_sql()?.text.starts_with(r#"INSERT INTO "users" ("name", "age") SELECT "#));
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    pub fn select<R: Row>(self, select: Select<R>) -> Insert<M>
    where
        C: Receives<M, R>,
    {
        self.insert.selected(self.named.columns(), select)
    }

    /// Another name of [`select`](InsertColumns::select).
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let twice = insert_into(User).columns((User.name, User.age)).from_select(select((User.name, User.age)));
    /// ```
    pub fn from_select<R: Row>(self, select: Select<R>) -> Insert<M>
    where
        C: Receives<M, R>,
    {
        self.select(select)
    }
}

#[diagnostic::do_not_recommend]
impl<M: Model, T: SqlType> ColumnList<M> for Column<M, T> {
    fn collect(&self, named: &mut NamedRows) {
        named.column::<T>(self.meta());
    }
}

#[diagnostic::do_not_recommend]
impl<M, T: SqlType, S: Storable<T>> RowOf<Column<M, T>> for S {
    #[inline]
    fn write(&self, named: &mut NamedRows) -> Result<(), Refusal> {
        named.push(0, self)
    }
}

macro_rules! columns {
    ($($column:ident $value:ident $place:tt),*) => {
        #[diagnostic::do_not_recommend]
        impl<MODEL: Model, $($column: SqlType),*> ColumnList<MODEL> for ($(Column<MODEL, $column>,)*) {
            fn collect(&self, named: &mut NamedRows) {
                $(named.column::<$column>(self.$place.meta());)*
            }
        }

        impl<MODEL, $($column: SqlType, $value: Storable<$column>),*> RowOf<($(Column<MODEL, $column>,)*)>
            for ($($value,)*)
        {
            #[inline]
            fn write(&self, named: &mut NamedRows) -> Result<(), Refusal> {
                $(named.push::<$column>($place, &self.$place)?;)*
                Ok(())
            }
        }

        impl<MODEL, $($column: SqlType, $value: Storable<$column>),*> RowOf<($(Column<MODEL, $column>,)*)>
            for &($($value,)*)
        {
            #[inline]
            fn write(&self, named: &mut NamedRows) -> Result<(), Refusal> {
                $(named.push::<$column>($place, &self.$place)?;)*
                Ok(())
            }
        }
    };
}

/// Calls `columns` for the first column alone, for the first two, and so on.
macro_rules! each {
    ([$($done:tt)*]) => {};
    ([] $column:ident $value:ident $place:tt, $($rest:tt)*) => {
        columns!($column $value $place);
        each!([$column $value $place] $($rest)*);
    };
    ([$($done:tt)+] $column:ident $value:ident $place:tt, $($rest:tt)*) => {
        columns!($($done)+, $column $value $place);
        each!([$($done)+, $column $value $place] $($rest)*);
    };
}
each!([] A Aa 0, B Bb 1, C Cc 2, D Dd 3, E Ee 4, F Ff 5, G Gg 6, H Hh 7, I Ii 8, J Jj 9, K Kk 10, L Ll 11, N Nn 12,
    O Oo 13, P Pp 14, Q Qq 15,);

//! INSERT.

use std::borrow::Cow;
use std::ops::Range;
use std::panic::Location;

use super::insert_rows::InsertRows;
use super::synchronize::InsertTarget;
use super::{Command, Copying, Items, LiveRows, Returning, Selectable, WriteTarget, Writes};
use crate::error::Error;
use crate::model::{Model, NewModel, Table, Writable};
use crate::query::ast::{self, InsertSource, Placed};
use crate::query::outline::{self, Tree};
use crate::query::render::Rendered;

/// An INSERT of rows of `M`.
#[must_use = "a statement does nothing until an engine, a transaction or a session takes it"]
#[derive(Debug)]
pub struct Insert<M: Model> {
    pub(super) at: &'static Location<'static>,
    pub(super) rows: InsertRows<M::New>,
    pub(super) set: Vec<Placed<ast::Set>>,
    pub(super) conflict: Option<ast::Conflict>,
    pub(super) returning: ast::OneOrMany<ast::Item>,
}

impl<M: Model> Clone for Insert<M> {
    fn clone(&self) -> Self {
        Insert {
            at: self.at,
            rows: self.rows.clone(),
            set: self.set.clone(),
            conflict: self.conflict.clone(),
            returning: self.returning.clone(),
        }
    }
}

/// Inserts rows: `insert(User).values(NewUser::new("Ann"))`, or `values` of a `Vec` or an array of them. New rows say which
/// table is theirs, so that `insert(NewUser::new("Ann"))` is the same.
///
/// What the database works out stands in [`set`](Insert::set), and rows that a select gives in
/// [`from_select`](Insert::from_select). Of no rows, as at the end of a loop that found none, nothing is sent.
///
/// ```no_run
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// # async fn example(engine: Engine) -> Result<(), Error> {
/// engine.execute(insert(User).values([NewUser::new("Ann"), NewUser::new("Ben")])).await?;
/// let ann: User = engine.one(insert(User).values(NewUser::new("Ann")).returning(User)).await?;
/// # Ok(())
/// # }
/// ```
#[track_caller]
pub fn insert<I, By>(into: I) -> Insert<I::Model>
where
    I: IntoInsert<By>,
    I::Model: Model<Kind: Writable>,
{
    let mut rows = InsertRows::Nothing;
    if let Some(new) = into.into_rows() {
        rows.add_whole(new);
    }
    Insert { at: Location::caller(), rows, set: Vec::new(), conflict: None, returning: ast::OneOrMany::None }
}

/// What [`insert`] takes: a table, or new rows, which know theirs.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a table nor a new row",
    label = "expected a model's table such as `User`, or `NewUser`, a `Vec` or an array of it",
    note = "an object that was read is no new row: make a `NewUser` of it",
    note = "columns stand behind the table: `insert(Archive).from_select((Archive.id, Archive.title), select(..))`, or \
            `insert(User).columns(User.name).values([..])`"
)]
pub trait IntoInsert<By> {
    /// The model whose rows are inserted.
    type Model: Model;

    #[doc(hidden)]
    fn into_rows(self) -> Option<Vec<<Self::Model as Model>::New>>;
}

/// That a table is named.
#[doc(hidden)]
#[derive(Debug)]
pub struct ByTable;

/// That rows are given.
#[doc(hidden)]
#[derive(Debug)]
pub struct ByRows;

#[diagnostic::do_not_recommend]
impl<T: Table> IntoInsert<ByTable> for T {
    type Model = T::Model;

    fn into_rows(self) -> Option<Vec<<T::Model as Model>::New>> {
        None
    }
}

macro_rules! new_rows {
    ($([$($count:tt)*] $rows:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl<N: NewModel $($count)*> IntoInsert<ByRows> for $rows {
            type Model = N::Model;

            fn into_rows(self) -> Option<Vec<N>> {
                Some(Values::into_rows(self))
            }
        }
    )*};
}
new_rows!([] N, [] Vec<N>, [, const COUNT: usize] [N; COUNT]);

/// What `values` takes: one new row, or a `Vec` or an array of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no new row of this table",
    label = "expected `{N}`, or a `Vec` or an array of it",
    note = "rows that a select gives are inserted by `.from_select(columns, select)`"
)]
pub trait Values<N: NewModel> {
    #[doc(hidden)]
    fn into_rows(self) -> Vec<N>;
}

impl<N: NewModel> Values<N> for N {
    fn into_rows(self) -> Vec<N> {
        vec![self]
    }
}

impl<N: NewModel> Values<N> for Vec<N> {
    fn into_rows(self) -> Vec<N> {
        self
    }
}

impl<N: NewModel, const COUNT: usize> Values<N> for [N; COUNT] {
    fn into_rows(self) -> Vec<N> {
        self.into()
    }
}

impl<M: Model> Insert<M> {
    /// Adds one or several rows.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let one = insert(User).values(NewUser::new("Ann"));
    /// let several = insert(User).values(["Ann", "Bob"].map(NewUser::new));
    /// ```
    pub fn values(mut self, rows: impl Values<M::New>) -> Self {
        self.rows.add_whole(rows.into_rows());
        self
    }

    /// Gives back the rows as the database made them, in no particular order.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let ids: Vec<i64> = engine.all(insert(User).values(["Ann", "Bob"].map(NewUser::new)).returning(User.id)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn returning<S: Selectable>(mut self, selectable: S) -> Returning<Insert<M>, S::Row> {
        let (items, make) = Items::of(selectable);
        self.returning = items;
        Returning { command: self, make, what: M::META.entity }
    }

    /// The statement for some of the rows.
    fn tree<'a>(
        &'a self,
        rows: Range<usize>,
        conflict: Option<&'a ast::Conflict>,
    ) -> Result<ast::Insert<'a>, Error> {
        self.rows.check(self.at)?;
        let table = M::META;
        let mut columns = self.rows.columns(rows.clone());
        let set = self.set_beside(&mut columns)?;
        if columns.is_empty() && set.is_empty() {
            // SQL has no INSERT of several rows without a column.
            columns.extend(table.columns.iter().find(|column| !column.is_computed()));
        }
        let rows = self.rows.rows(rows, &columns, self.at)?;
        let (conflict, returning) = (conflict.map(Cow::Borrowed), Cow::Borrowed(&*self.returning));
        Ok(ast::Insert { at: self.at, table, columns, rows, set, conflict, returning })
    }

    /// The statement for all rows.
    pub(super) fn whole_tree(&self) -> Result<ast::Insert<'_>, Error> {
        self.tree(0..self.len(), self.conflict.as_ref())
    }

    pub(super) fn rendered_with(&self, conflict: Option<&ast::Conflict>) -> Result<Rendered, Error> {
        self.rows.check(self.at)?;
        if self.len() == 0 {
            return Ok(Rendered::nothing());
        }
        self.rendered_rows(0..self.len(), conflict)
    }

    fn rendered_rows(&self, rows: Range<usize>, conflict: Option<&ast::Conflict>) -> Result<Rendered, Error> {
        let tree = self.tree(rows, conflict)?;
        match &tree.rows {
            // Its text depends on the number of rows, and is seldom written twice.
            InsertSource::Values(rows) if rows.len() > 1 => {
                tree.render().map(|rendered| Rendered { at: Some(self.at), ..rendered })
            }
            _ => outline::rendered(&tree),
        }
    }
}

#[diagnostic::do_not_recommend]
impl<M: Model> Command for Insert<M> {
    type Rows = LiveRows;

    fn rendered(&self) -> Result<Rendered, Error> {
        self.rendered_with(self.conflict.as_ref())
    }

    fn copying(&self) -> Option<Copying<'_>> {
        self.copying()
    }

    fn parts(&self) -> Result<Vec<Range<usize>>, Error> {
        self.parts()
    }

    fn rendered_part(&self, part: Range<usize>) -> Result<Rendered, Error> {
        self.rendered_rows(part, self.conflict.as_ref())
    }

    fn writes(&self) -> Writes<'_> {
        if self.writes_elsewhere() {
            return Writes::Anything;
        }
        let (table, returning) = (M::META, &*self.returning);
        Writes::Rows(WriteTarget::Insert(InsertTarget { table, set: &[], conflict: None, returning }))
    }
}

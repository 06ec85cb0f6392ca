//! DELETE.

use std::marker::PhantomData;
use std::panic::Location;

use super::change::change;
use super::source::source_of;
use super::synchronize::{DeleteTarget, UpdateTarget, UpdateTree};
use super::update::assign;
use super::{Command, DeletedRows, IntoSource, Synchronize, WriteTarget, Writes};
use crate::error::Error;
use crate::model::{Model, Table, Writable};
use crate::query::ast::{self, Node};
use crate::query::render::Rendered;
use crate::query::{check, outline, resolve};
use crate::types::Parameter;

/// A DELETE of rows of `M`.
#[must_use = "a statement does nothing until an engine, a transaction or a session takes it"]
#[derive(Debug)]
pub struct Delete<M> {
    pub(crate) tree: ast::Delete,
    synchronize: Synchronize,
    model: PhantomData<fn() -> M>,
}

change!(
    Delete,
    "Gives back what the deleted rows held. They are values in a session too: of a row that is gone there is no object."
);

/// Deletes rows: `delete(User).filter(User.age.lt(18))`. To delete every row of the table is an error, unless
/// [`all_rows`](Delete::all_rows) says that it is meant.
///
/// Of a model with `soft_delete` it marks the rows as deleted, by an UPDATE of that column; without that filter,
/// `.without("deleted_at")`, it deletes them for good.
///
/// ```no_run
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// # async fn example(engine: Engine) -> Result<(), Error> {
/// let n = engine.execute(delete(Post).filter(Post.user_id.eq(7))).await?;
/// let titles: Vec<String> =
///     engine.all(delete(Post).filter(Post.title.like("draft%")).returning(Post.title)).await?;
/// # Ok(())
/// # }
/// ```
#[track_caller]
pub fn delete<T: Table<Model: Model<Kind: Writable>>>(table: T) -> Delete<T::Model> {
    let tree = ast::Delete {
        at: Location::caller(),
        source: source_of(&table),
        beside: None,
        filter: ast::OneOrMany::None,
        all_rows: false,
        without: Vec::new(),
        returning: ast::OneOrMany::None,
    };
    Delete { tree, synchronize: Synchronize::default(), model: PhantomData }
}

impl<M: Model> Delete<M> {
    /// Looks at rows of another table, an alias, a derived table, a CTE or `values(..)` too (DELETE .. USING): `filter` and
    /// `returning` can use its columns. A `filter` has to connect the two:
    /// `delete(Post).using(User).filter(Post.user_id.eq(User.id)).filter(User.age.lt(18))`.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let of_ann = delete(Post).using(User).filter(Post.user_id.eq(User.id) & User.name.eq("Ann"));
    /// ```
    #[track_caller]
    pub fn using(mut self, table: impl IntoSource) -> Self {
        table.into_source().stand_beside(&mut self.tree.beside, Location::caller());
        self
    }
}

impl<M: Model> Delete<M> {
    /// The UPDATE that it is where the model says that rows only count as deleted.
    pub(super) fn as_update(&self) -> Option<ast::Update> {
        let ast::Delete { at, source, beside, filter, all_rows, without, returning } = &self.tree;
        let soft = source.table.soft_delete?;
        let column = &source.table.columns[soft.place];
        if without.contains(&column.field) {
            return None;
        }
        let mut set = Vec::new();
        assign(&mut set, *source, column, Node::Parameter(Parameter::shared((soft.value)())));
        Some(ast::Update {
            at,
            source: *source,
            set,
            beside: beside.clone(),
            filter: filter.clone(),
            all_rows: *all_rows,
            without: without.clone(),
            returning: returning.clone(),
        })
    }
}

#[diagnostic::do_not_recommend]
impl<M: Model> Command for Delete<M> {
    type Rows = DeletedRows;

    fn rendered(&self) -> Result<Rendered, Error> {
        let Some(update) = self.as_update() else { return outline::rendered(&self.tree) };
        // What is wrong with it is told of a DELETE.
        check::delete(&self.tree, &resolve::delete(&self.tree))?;
        outline::rendered(&update)
    }

    fn writes(&self) -> Writes<'_> {
        if self.tree.has_writing_cte() {
            return Writes::Anything;
        }
        Writes::Rows(match self.as_update() {
            None => WriteTarget::Delete(DeleteTarget(&self.tree, self.synchronize)),
            Some(update) => {
                WriteTarget::Update(UpdateTarget(UpdateTree::Made(Box::new(update)), self.synchronize))
            }
        })
    }
}

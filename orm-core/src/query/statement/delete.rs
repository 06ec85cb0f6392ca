//! DELETE.

use std::marker::PhantomData;
use std::panic::Location;

use super::change::change;
use super::source::source_of;
use super::synchronize::DeleteTarget;
use super::{Command, Gone, IntoSource, Synchronize, Target, Writes};
use crate::error::Error;
use crate::model::{Model, Table, Writable};
use crate::query::ast;
use crate::query::outline;
use crate::query::render::Rendered;

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
        filter: ast::Few::None,
        all_rows: false,
        returning: ast::Few::None,
    };
    Delete { tree, synchronize: Synchronize::default(), model: PhantomData }
}

impl<M: Model> Delete<M> {
    /// Looks at rows of another table, an alias, a derived table, a CTE or `values(..)` too (DELETE .. USING): `filter` and
    /// `returning` can use its columns. A `filter` has to connect the two:
    /// `delete(Post).using(User).filter(Post.user_id.eq(User.id)).filter(User.age.lt(18))`.
    #[track_caller]
    pub fn using(mut self, table: impl IntoSource) -> Self {
        table.into_source().stand_beside(&mut self.tree.beside, Location::caller());
        self
    }
}

impl<M: Model> Command for Delete<M> {
    type Rows = Gone;

    fn rendered(&self) -> Result<Rendered, Error> {
        outline::rendered(&self.tree)
    }

    fn writes(&self) -> Writes<'_> {
        if self.tree.bodies().iter().any(|(_, body)| body.writes()) {
            return Writes::Anything;
        }
        Writes::Rows(Target::Delete(DeleteTarget(&self.tree, self.synchronize)))
    }
}

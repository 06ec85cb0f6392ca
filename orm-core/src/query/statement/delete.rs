//! DELETE.

use std::marker::PhantomData;
use std::panic::Location;

use super::selectable::source_of;
use super::synchronize::DeleteTarget;
use super::{Command, Items, Make, Returning, Selectable, Synchronize, Target};
use crate::error::Error;
use crate::model::{Model, Table, Writable};
use crate::query::ast::{self, Placed};
use crate::query::expr::IntoCond;
use crate::query::render::Rendered;
use crate::query::{check, render};

/// A DELETE of rows of `M`.
#[must_use = "a statement does nothing until an engine, a transaction or a session takes it"]
#[derive(Debug)]
pub struct Delete<M> {
    pub(crate) tree: ast::Delete,
    synchronize: Synchronize,
    model: PhantomData<fn() -> M>,
}

impl<M> Clone for Delete<M> {
    fn clone(&self) -> Self {
        Delete { tree: self.tree.clone(), synchronize: self.synchronize, model: PhantomData }
    }
}

/// Deletes rows: `delete(User).filter(User.age.lt(18))`. Without a filter, all of them.
#[track_caller]
pub fn delete<T: Table<Model: Model<Kind: Writable>>>(table: T) -> Delete<T::Model> {
    let tree = ast::Delete {
        at: Location::caller(),
        source: source_of(&table),
        filter: Vec::new(),
        returning: Vec::new(),
    };
    Delete { tree, synchronize: Synchronize::default(), model: PhantomData }
}

impl<M: Model> Delete<M> {
    /// Only rows for which the condition is true; several calls are joined by AND.
    #[track_caller]
    pub fn filter(mut self, condition: impl IntoCond) -> Self {
        self.tree.filter.push(Placed { content: condition.into_cond().0, at: Location::caller() });
        self
    }

    /// How a session keeps its objects in step; [`Synchronize::Auto`] by default.
    pub fn synchronize(mut self, synchronize: Synchronize) -> Self {
        self.synchronize = synchronize;
        self
    }

    /// Gives back what the deleted rows held.
    pub fn returning<S: Selectable>(mut self, selectable: S) -> Returning<Delete<M>, S::Row> {
        self.tree.returning = Items::of(selectable);
        Returning { command: self, make: Make::Decode(S::decode), what: M::META.entity }
    }
}

impl<M: Model> Command for Delete<M> {
    fn rendered(&self) -> Result<Rendered, Error> {
        check::delete(&self.tree)?;
        Ok(render::delete(&self.tree))
    }

    fn target(&self) -> Target<'_> {
        Target::Delete(DeleteTarget(&self.tree, self.synchronize))
    }
}

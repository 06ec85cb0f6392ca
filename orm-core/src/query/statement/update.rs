//! UPDATE.

use std::marker::PhantomData;
use std::panic::Location;

use super::change::change;
use super::selectable::source_of;
use super::synchronize::UpdateTarget;
use super::{Command, Synchronize, Target};
use crate::error::Error;
use crate::model::{Model, Table};
use crate::query::ast::{self, Placed};
use crate::query::expr::{Assign, Column};
use crate::query::render::Rendered;
use crate::query::{check, render};
use crate::types::SqlType;

/// An UPDATE of the rows of `M`.
#[must_use = "a statement does nothing until an engine, a transaction or a session takes it"]
#[derive(Debug)]
pub struct Update<M> {
    pub(crate) tree: ast::Update,
    synchronize: Synchronize,
    model: PhantomData<fn() -> M>,
}

change!(Update, "Gives back what the changed rows hold now.");

/// Changes rows: `update(User).set(User.age, 26).filter(User.name.eq("Alice"))`. Without a filter, all of them.
#[track_caller]
pub fn update<T: Table>(table: T) -> Update<T::Model> {
    let tree = ast::Update {
        at: Location::caller(),
        source: source_of(&table),
        set: Vec::new(),
        filter: Vec::new(),
        returning: Vec::new(),
    };
    Update { tree, synchronize: Synchronize::default(), model: PhantomData }
}

impl<M: Model> Update<M> {
    /// Stores a value, or what an expression gives for the row, in a column.
    #[track_caller]
    pub fn set<T: SqlType>(mut self, column: Column<M, T>, value: impl Assign<T>) -> Self {
        let content = ast::Set { column: column.meta(), value: value.assigned().into_node() };
        self.tree.set.push(Placed { content, at: Location::caller() });
        self
    }
}

impl<M: Model> Command for Update<M> {
    fn rendered(&self) -> Result<Rendered, Error> {
        check::update(&self.tree)?;
        Ok(render::update(&self.tree))
    }

    fn target(&self) -> Target<'_> {
        Target::Update(UpdateTarget(&self.tree, self.synchronize))
    }
}

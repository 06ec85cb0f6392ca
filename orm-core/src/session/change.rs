//! What is changed, column by column.

use super::Session;
use crate::error::Error;
use crate::model::{Handle, Model};
use crate::query::ast::Node;
use crate::query::{Assign, Column};
use crate::types::SqlType;

impl Session {
    /// Stores a value in a column of an object; the next flush sends it, also if it is what the object held, which may
    /// be expired.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # #[derive(Model, Clone, Debug)]
    /// # struct User {
    /// #     #[orm(primary_key, generated)]
    /// #     id: i64,
    /// #     name: String,
    /// # }
    /// # fn rename(session: &mut Session, user: Handle<User>) -> Result<(), orm_core::Error> {
    /// session.set(user, User.name, "Ann")
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`get_mut`](Session::get_mut), and if what is given is an expression that only the server can compute.
    pub fn set<M: Model, T: SqlType>(
        &mut self,
        handle: Handle<M>,
        column: Column<M, T>,
        value: impl Assign<T>,
    ) -> Result<(), Error> {
        self.object(handle)?;
        let meta = column.meta();
        let node = value.assigned().into_node();
        let value = match &node {
            Node::Parameter(parameter) => parameter.value(),
            _ => None,
        };
        let Some(value) = value else {
            return Err(Error::session(format!(
                "`{meta:?}` of an object is set to a value: for what only the server can compute use `update(..)`"
            )));
        };
        if self.identity.arena_mut::<M>().0.set(handle.slot(), meta.place, &**value) {
            return Ok(());
        }
        Err(Error::session(format!("`{meta:?}` cannot hold {value:?}")))
    }
}

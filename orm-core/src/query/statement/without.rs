//! Statements that leave out a filter of their models.

use super::Select;
use crate::model::Model;
use crate::query::ast::filter_names;

impl<R> Select<R> {
    /// Leaves out a condition that models of this statement have by themselves, by its name: one of `#[orm(filter(..))]`, or the
    /// column of `soft_delete`. It is about the tables of this select, and not of those inside of it, nor of relations, which
    /// have a `without` of their own.
    ///
    /// ```
    /// use orm_core::prelude::*;
    ///
    /// #[derive(Model, Clone, Debug)]
    /// #[orm(table = "notes", filter(listed = "NOT hidden"))]
    /// pub struct Note {
    ///     #[orm(primary_key, generated)]
    ///     pub id: i64,
    ///     pub hidden: bool,
    /// }
    ///
    /// let listed = select(Note.id); // SELECT "notes"."id" FROM "notes" WHERE (NOT "notes"."hidden")
    /// let all = select(Note.id).without("listed"); // SELECT "notes"."id" FROM "notes"
    /// # assert_eq!(listed.to_sql()?.text, r#"SELECT "notes"."id" FROM "notes" WHERE NOT "notes"."hidden""#);
    /// # assert_eq!(all.to_sql()?.text, r#"SELECT "notes"."id" FROM "notes""#);
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    ///
    /// A name that no table of the select has is an error before anything is sent.
    pub fn without(mut self, filter: &'static str) -> Self {
        self.query.more().without.push(filter);
        self
    }
}

impl<M: Model> Select<M> {
    /// Every row of the model, whatever filters it has.
    pub(crate) fn without_filters(mut self) -> Self {
        if M::META.has_filters() {
            self.query.more().without.extend(filter_names(M::META));
        }
        self
    }
}

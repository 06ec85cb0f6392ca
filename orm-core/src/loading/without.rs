//! Relations whose rows are read without a filter of their model.

use super::Related;
use crate::model::relation::{Arity, Relation};
use crate::model::{Model, Row};
use crate::query::Selectable;

impl<P, C, A: Arity, R: Row> Related<P, C, A, R> {
    /// Leaves out a condition that the related model has by itself, by its name; see
    /// [`Select::without`](crate::query::Select::without).
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// #[derive(Model, Clone, Debug)]
    /// #[orm(table = "users", has_many(posts = Post.user_id))]
    /// pub struct User {
    ///     #[orm(primary_key, generated)]
    ///     pub id: i64,
    /// }
    /// #[derive(Model, Clone, Debug)]
    /// #[orm(table = "posts", filter(listed = "NOT hidden"))]
    /// pub struct Post {
    ///     #[orm(primary_key, generated)]
    ///     pub id: i64,
    ///     #[orm(references = User.id)]
    ///     pub user_id: i64,
    ///     pub hidden: bool,
    /// }
    /// let newest = select(User).with(User.posts.limit(3).without("listed"));
    /// ```
    pub fn without(mut self, filter: &'static str) -> Self {
        self.select = self.select.without(filter);
        self
    }
}

impl<P, C, A> Relation<P, C, A>
where
    P: Model,
    C: Model<Table: Selectable<Row = C>>,
    A: Arity,
{
    /// Leaves out a condition that the related model has by itself, by its name:
    /// `User.posts.without("deleted_at")`.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// #[derive(Model, Clone, Debug)]
    /// #[orm(table = "users", has_many(posts = Post.user_id))]
    /// pub struct User {
    ///     #[orm(primary_key, generated)]
    ///     pub id: i64,
    /// }
    /// #[derive(Model, Clone, Debug)]
    /// #[orm(table = "posts", filter(listed = "NOT hidden"))]
    /// pub struct Post {
    ///     #[orm(primary_key, generated)]
    ///     pub id: i64,
    ///     #[orm(references = User.id)]
    ///     pub user_id: i64,
    ///     pub hidden: bool,
    /// }
    /// let users = select(User).with(User.posts.without("listed")); // those that are hidden too
    /// ```
    #[track_caller]
    pub fn without(self, filter: &'static str) -> Related<P, C, A> {
        Related::new(self).without(filter)
    }
}

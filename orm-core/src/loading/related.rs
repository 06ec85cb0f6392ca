//! How a relation is loaded: with a filter, an order, a limit for each row, and nested relations.

use std::fmt;
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::Arc;

use super::read::Read;
use super::{Reading, RelationOf};
use crate::model::relation::{Arity, Path, Relation, ToMany};
use crate::model::{Alias, Append, Lead, Model, Row};
use crate::query::ast::{Placed, Refused};
use crate::query::{IntoCond, OrderBy, Select, Selectable, select};

/// What of a relation is read: `User.posts.filter(Post.public).order_by(Post.id.desc()).limit(3)`.
///
/// `P` is the model it starts from, `C` the one it leads to, `A` how many rows belong to one, and `R` what is read of each.
#[must_use = "a relation is read by `select(..).with(..)`"]
pub struct Related<P, C, A, R = C> {
    pub(super) path: Path,
    /// The name of the table it starts from, where that is not the table's own.
    pub(super) start: Option<Alias>,
    pub(super) select: Select<R>,
    pub(super) limit: Option<i64>,
    types: PhantomData<fn(P, C) -> A>,
}

impl<P, C, A> Related<P, C, A>
where
    C: Model<Table: Selectable<Row = C>>,
{
    #[track_caller]
    pub(super) fn new(relation: Relation<P, C, A>) -> Self {
        Related {
            path: relation.path(),
            start: relation.start_alias(),
            select: select(C::TABLE),
            limit: None,
            types: PhantomData,
        }
    }

    /// Reads this in place of the model: a row with names, columns, a tuple of them.
    ///
    /// `User.posts.only(PostCard)`, `User.posts.only((Post.id, Post.title))`.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let rust = User.posts.filter(Post.title.contains("rust"));
    /// let users: Vec<(User, Vec<String>)> = engine.all(select(User).with(rust.only(Post.title))).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn only<S: Selectable>(self, selectable: S) -> Related<P, C, A, S::Row>
    where
        S::Row: Clone,
    {
        let mut only = select(selectable);
        let without = self.select.query.without();
        if !without.is_empty() {
            only.query.more().without = without.to_vec();
        }
        if let Some(refused) = self.select.query.refused() {
            only.query.refuse(refused.clone());
        }
        only.query.filter = self.select.query.filter;
        only.query.order = self.select.query.order;
        if let Some(name) = only.query.aggregate() {
            let content = Refused::RelatedAggregate(name);
            only.query.refuse(Placed { content, at: only.query.at });
        }
        Related { path: self.path, start: self.start, select: only, limit: self.limit, types: PhantomData }
    }
}

impl<P, C, A: Arity, R: Row> Related<P, C, A, R> {
    fn changed<B, S>(
        path: Path,
        start: Option<Alias>,
        select: Select<S>,
        limit: Option<i64>,
    ) -> Related<P, C, B, S> {
        Related { path, start, select, limit, types: PhantomData }
    }

    /// Only rows for which the condition is true; several calls are joined by AND. Of a relation to one, `None` where it is
    /// not.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let rust = User.posts.limit(3).filter(Post.title.contains("rust"));
    /// let users = select(User).with(rust);
    /// ```
    #[track_caller]
    pub fn filter(self, condition: impl IntoCond) -> Related<P, C, A::Filtered, R> {
        Self::changed(self.path, self.start, self.select.filter(condition), self.limit)
    }

    /// Sorts the rows of each; a second call adds keys behind the first. By the primary key if nothing is said.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let rust = User.posts.filter(Post.title.contains("rust")).order_by(Post.title);
    /// let users = select(User).with(rust);
    /// ```
    #[track_caller]
    pub fn order_by(self, order: impl OrderBy) -> Self {
        Self::changed(self.path, self.start, self.select.order_by(order), self.limit)
    }

    /// Reads a relation of the related rows too, in one further statement for all of them.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let posts = User.posts.limit(3).with(Post.author);
    /// let users = select(User).with(posts);
    /// ```
    #[track_caller]
    pub fn with<L>(self, relation: L) -> Related<P, C, A, R::Output>
    where
        R: Lead<Model = C> + Append<L::Found>,
        L: RelationOf<C>,
        R::Output: Row,
    {
        Self::changed(self.path, self.start, self.select.with(relation), self.limit)
    }
}

impl<P, C, A: ToMany, R: Row> Related<P, C, A, R> {
    /// At most so many rows for each, the first in their order. A second call replaces the first.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let newest = User.posts.order_by(Post.id.desc()).limit(3);
    /// let users = select(User).with(newest);
    /// ```
    #[track_caller]
    pub fn limit(mut self, rows: i64) -> Self {
        self.limit = Some(rows);
        if rows < 0 {
            let content = Refused::Limit(rows);
            self.select.query.refuse(Placed { content, at: Location::caller() });
        }
        self
    }
}

impl<P, C, A> Relation<P, C, A>
where
    P: Model,
    C: Model<Table: Selectable<Row = C>>,
    A: Arity,
{
    /// Only related rows for which the condition is true; of a relation to one, `None` where it is not.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let users = select(User).with(User.posts.filter(Post.title.contains("rust")));
    /// ```
    #[track_caller]
    pub fn filter(self, condition: impl IntoCond) -> Related<P, C, A::Filtered> {
        Related::new(self).filter(condition)
    }

    /// Reads a relation of the related rows too: `User.posts.with(Post.comments)`.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let users: Vec<(User, Vec<(Post, User)>)> =
    ///     engine.all(select(User).with(User.posts.with(Post.author))).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn with<L>(self, relation: L) -> Related<P, C, A, (C, L::Found)>
    where
        L: RelationOf<C>,
        (C, L::Found): Row,
    {
        Related::new(self).with(relation)
    }

    /// Reads this in place of the model: a row with names, columns, a tuple of them.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let users: Vec<(User, Vec<String>)> = engine.all(select(User).with(User.posts.only(Post.title))).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn only<S: Selectable>(self, selectable: S) -> Related<P, C, A, S::Row>
    where
        S::Row: Clone,
    {
        Related::new(self).only(selectable)
    }
}

impl<P, C, A> Relation<P, C, A>
where
    P: Model,
    C: Model<Table: Selectable<Row = C>>,
    A: ToMany,
{
    /// Sorts the rows of each; by the primary key if nothing is said.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let users = select(User).with(User.posts.order_by(Post.title));
    /// ```
    #[track_caller]
    pub fn order_by(self, order: impl OrderBy) -> Related<P, C, A> {
        Related::new(self).order_by(order)
    }

    /// At most so many rows for each, the first in their order: `User.posts.order_by(Post.id.desc()).limit(3)`.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let users = select(User).with(User.posts.limit(3));
    /// ```
    #[track_caller]
    pub fn limit(self, rows: i64) -> Related<P, C, A> {
        Related::new(self).limit(rows)
    }
}

#[diagnostic::do_not_recommend]
impl<P, C, A, R> RelationOf<P> for Related<P, C, A, R>
where
    P: Model,
    C: Model,
    A: Arity,
    R: Row + Clone,
{
    type Found = A::Found<R>;

    fn reading(self) -> Reading<A::Found<R>> {
        let Related { path, start, select, limit, .. } = self;
        Reading { path, start, related: Arc::new(Read::<A, R>::new(path, select, limit)) }
    }
}

impl<P, C, A, R> Clone for Related<P, C, A, R> {
    fn clone(&self) -> Self {
        let Related { path, start, select, limit, .. } = self;
        Related { path: *path, start: *start, select: select.clone(), limit: *limit, types: PhantomData }
    }
}

impl<P, C, A, R> fmt::Debug for Related<P, C, A, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Related").field(&self.path).field(&self.select).finish()
    }
}

//! Relations in conditions: whether related rows exist, how many there are, and what joins them.

use std::panic::Location;
use std::sync::Arc;

use super::asked::{Among, Asked};
use super::statement::equal;
use super::{Related, RelationCount};
use crate::model::relation::{Relation, ToMany, ToOne};
use crate::model::{Model, Row, Table};
use crate::query::ast::{Item, Join, JoinKind, Logical, Node, OneOrMany, Placed, Refused, Select, Source};
use crate::query::{self, Cond, IntoCond, Selectable};
use crate::types::BaseType;

/// A relation, as `join_relation` takes it: `User.posts`, or one with a filter.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be joined as a relation",
    label = "expected a relation, such as `User.posts`, or `User.posts.filter(..)`",
    note = "a relation is joined row by row: `with` and `only` say what is read by `select(User).with(User.posts.only(..))`; another \
            table is joined by `.join(Post, Post.user_id.eq(User.id))`"
)]
pub trait JoinedRelation {
    #[doc(hidden)]
    #[track_caller]
    fn joined(self) -> Joined;
}

/// How a relation is joined.
#[doc(hidden)]
pub struct Joined {
    asked: Asked,
    /// What has to be true of its rows.
    filter: Vec<Node>,
    refused: Option<Placed<Refused>>,
}

#[diagnostic::do_not_recommend]
impl<P, C: Model<Table: Selectable>, A> JoinedRelation for Relation<P, C, A> {
    #[track_caller]
    fn joined(self) -> Joined {
        Joined { asked: self.asked(), filter: Vec::new(), refused: None }
    }
}

#[diagnostic::do_not_recommend]
impl<P, C: Model<Table: Selectable>, A> JoinedRelation for Related<P, C, A> {
    #[track_caller]
    fn joined(self) -> Joined {
        let asked = Asked { path: self.path, start: self.start, at: Location::caller() };
        let query = *self.select.query;
        let part = match self.limit {
            Some(_) => Some("limit"),
            None if !query.order.is_empty() => Some("order_by"),
            None if !query.without().is_empty() => Some("without"),
            None => None,
        };
        let part = part.map(|part| Placed { content: Refused::JoinedPart(part), at: asked.at });
        let refused = query.refused().cloned().or(part);
        Joined { asked, filter: query.filter.iter().map(|filter| filter.content.clone()).collect(), refused }
    }
}

impl<P, C, A> Relation<P, C, A> {
    #[track_caller]
    fn asked(self) -> Asked {
        Asked { path: self.path(), start: self.start_alias(), at: Location::caller() }
    }

    /// That a row of `table` is related, as the condition of a join: `.join(Post, User.posts.on(Post))`. Of a relation by way
    /// of a third table, that there is a row of that one between.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let titles = select((User.name, Post.title)).join(Post, User.posts.on(Post));
    /// ```
    #[track_caller]
    pub fn on(self, table: impl Table<Model = C>) -> Cond {
        let Asked { path, start, at } = self.asked();
        let Some((near, far)) = path.through else {
            return Cond(equal((path.end, table.named()), (path.start, start)));
        };
        let mut between = Select::new(
            at,
            OneOrMany::One(Item::Value {
                node: Node::Boolean(true),
                label: None,
                ty: bool::TYPE,
                nullable: false,
            }),
        );
        between.from.push(Source { table: near.table, alias: None });
        for content in
            [equal((near, None), (path.start, start)), equal((far, None), (path.end, table.named()))]
        {
            between.filter.push(Placed { content, at });
        }
        Cond(Node::Exists(Arc::new(between)))
    }
}

impl<P, C, A: ToMany> Relation<P, C, A> {
    /// Whether the condition is true of a related row: `User.posts.any(Post.title.contains("x"))`.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let users = select(User).filter(User.posts.any(Post.title.contains("rust")));
    /// ```
    #[track_caller]
    pub fn any(self, condition: impl IntoCond) -> Cond {
        self.asked().exists(Among::default(), Some(condition.into_cond().0))
    }

    /// Whether the condition is true of no related row.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let users = select(User).filter(User.posts.none(Post.title.contains("rust")));
    /// ```
    #[track_caller]
    pub fn none(self, condition: impl IntoCond) -> Cond {
        !self.asked().exists(Among::default(), Some(condition.into_cond().0))
    }

    /// Whether the condition is true of each related row; true where there are none.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let users = select(User).filter(User.posts.all(Post.title.contains("rust")));
    /// ```
    #[track_caller]
    pub fn all(self, condition: impl IntoCond) -> Cond {
        !self.asked().exists(Among::default(), Some(condition.into_cond().is_not_true().into_node()))
    }

    /// Whether there is a related row.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let authors = select(User).filter(User.posts.exists());
    /// ```
    #[track_caller]
    pub fn exists(self) -> Cond {
        self.asked().exists(Among::default(), None)
    }

    /// How many related rows there are: in an expression, or in place of the rows by `with(User.posts.count())`.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let busy = select((User.name, User.posts.count())).filter(User.posts.count().gt(10));
    /// ```
    #[track_caller]
    pub fn count(self) -> RelationCount<P> {
        self.asked().count(Among::default())
    }
}

impl<P, C, A: ToMany, R: Row> Related<P, C, A, R> {
    #[track_caller]
    fn asked(&self) -> Asked {
        Asked { path: self.path, start: self.start, at: Location::caller() }
    }

    /// As [`any`](Relation::any), among the rows that the filter and the limit leave.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let newest = User.posts.order_by(Post.id.desc()).limit(3);
    /// let users = select(User).filter(newest.any(Post.title.contains("rust")));
    /// ```
    #[track_caller]
    pub fn any(self, condition: impl IntoCond) -> Cond {
        self.asked().exists(Among::of(self), Some(condition.into_cond().0))
    }

    /// As [`none`](Relation::none), among the rows that the filter and the limit leave.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let newest = User.posts.order_by(Post.id.desc()).limit(3);
    /// let users = select(User).filter(newest.none(Post.title.contains("rust")));
    /// ```
    #[track_caller]
    pub fn none(self, condition: impl IntoCond) -> Cond {
        !self.any(condition)
    }

    /// As [`all`](Relation::all), of the rows that the filter and the limit leave.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let newest = User.posts.order_by(Post.id.desc()).limit(3);
    /// let users = select(User).filter(newest.all(Post.title.contains("rust")));
    /// ```
    #[track_caller]
    pub fn all(self, condition: impl IntoCond) -> Cond {
        !self.asked().exists(Among::of(self), Some(condition.into_cond().is_not_true().into_node()))
    }

    /// Whether the filter and the limit leave a related row.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let users = select(User).filter(User.posts.filter(Post.title.contains("rust")).exists());
    /// ```
    #[track_caller]
    pub fn exists(self) -> Cond {
        self.asked().exists(Among::of(self), None)
    }

    /// How many related rows the filter leaves; no more than the `limit`.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let counts = select((User.name, User.posts.filter(Post.title.contains("rust")).count()));
    /// ```
    #[track_caller]
    pub fn count(self) -> RelationCount<P> {
        self.asked().count(Among::of(self))
    }
}

impl<P, C, A: ToOne> Relation<P, C, A> {
    /// Whether the condition is true of the related row: `Post.author.is(User.name.eq("Ann"))`. False where there is none.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let posts = select(Post).filter(Post.author.is(User.name.eq("Ann")));
    /// ```
    #[track_caller]
    pub fn is(self, condition: impl IntoCond) -> Cond {
        self.asked().exists(Among::default(), Some(condition.into_cond().0))
    }
}

impl<P, C, A: ToOne, R: Row> Related<P, C, A, R> {
    /// As [`is`](Relation::is), of a row that the filter leaves too.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let of_adults = Post.author.filter(User.age.ge(18));
    /// let posts = select(Post).filter(of_adults.is(User.name.eq("Ann")));
    /// ```
    #[track_caller]
    pub fn is(self, condition: impl IntoCond) -> Cond {
        let asked = Asked { path: self.path, start: self.start, at: Location::caller() };
        asked.exists(Among::of(self), Some(condition.into_cond().0))
    }
}

impl<R> query::Select<R> {
    /// The related rows beside each row, joined as the foreign key says: `select((User.name, Post.title))
    /// .join_relation(User.posts)`. For an alias, or another kind of join, see [`on`](Relation::on).
    ///
    /// Of a relation with a filter, `User.posts.filter(Post.public.eq(true))`, only those rows are joined.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let titles = select((User.name, Post.title)).join_relation(User.posts);
    /// ```
    #[track_caller]
    pub fn join_relation(self, relation: impl JoinedRelation) -> Self {
        self.related(JoinKind::Inner, relation.joined())
    }

    /// As [`join_relation`](query::Select::join_relation), and rows without a related one too, or without one that its filter
    /// leaves: select the columns of the related model with `.optional()`.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let titles = select((User.name, Post.title.optional())).outer_join_relation(User.posts);
    /// ```
    #[track_caller]
    pub fn outer_join_relation(self, relation: impl JoinedRelation) -> Self {
        self.related(JoinKind::Left, relation.joined())
    }

    fn related(mut self, kind: JoinKind, Joined { asked, filter, refused }: Joined) -> Self {
        if let Some(refused) = refused {
            self.query.refuse(refused);
        }
        let Asked { path, start, at } = asked;
        let filtered = |on| match filter.is_empty() {
            true => on,
            false => Node::Logical(Logical::And, std::iter::once(on).chain(filter).collect()),
        };
        let source = |table| Source { table, alias: None };
        let mut join = |table, on, with_next| {
            let content = Join { kind, source: source(table), on: Some(on), with_next };
            self.query.joins.push(Placed { content, at });
        };
        match path.through {
            None => join(path.end.table, filtered(equal((path.end, None), (path.start, start))), false),
            Some((near, far)) => {
                // A row between that leads to none is as good as not found.
                join(near.table, equal((near, None), (path.start, start)), kind == JoinKind::Left);
                join(path.end.table, filtered(equal((path.end, None), (far, None))), false);
            }
        }
        self
    }
}

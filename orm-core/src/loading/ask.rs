//! Relations in conditions: whether related rows exist, how many there are, and what joins them.

use std::panic::Location;
use std::sync::Arc;

use super::asked::{Among, Asked};
use super::statement::equal;
use super::{Related, RelationCount};
use crate::model::relation::{Relation, ToMany, ToOne};
use crate::model::{Model, Row, Table};
use crate::query::ast::{Item, Join, JoinKind, Node, OneOrMany, Placed, Select, Source};
use crate::query::{self, Cond, IntoCond, Selectable};
use crate::types::BaseType;

impl<P, C, A> Relation<P, C, A> {
    #[track_caller]
    fn asked(self) -> Asked {
        Asked { path: self.path(), start: self.start_alias(), at: Location::caller() }
    }

    /// That a row of `table` is related, as the condition of a join: `.join(Post, User.posts.on(Post))`. Of a relation by way
    /// of a third table, that there is a row of that one between.
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
    #[track_caller]
    pub fn any(self, condition: impl IntoCond) -> Cond {
        self.asked().exists(Among::default(), Some(condition.into_cond().0))
    }

    /// Whether the condition is true of no related row.
    #[track_caller]
    pub fn none(self, condition: impl IntoCond) -> Cond {
        !self.asked().exists(Among::default(), Some(condition.into_cond().0))
    }

    /// Whether the condition is true of each related row; true where there are none.
    #[track_caller]
    pub fn all(self, condition: impl IntoCond) -> Cond {
        !self.asked().exists(Among::default(), Some(condition.into_cond().is_not_true().into_node()))
    }

    /// Whether there is a related row.
    #[track_caller]
    pub fn exists(self) -> Cond {
        self.asked().exists(Among::default(), None)
    }

    /// How many related rows there are: in an expression, or in place of the rows by `with(User.posts.count())`.
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
    #[track_caller]
    pub fn any(self, condition: impl IntoCond) -> Cond {
        self.asked().exists(Among::of(self), Some(condition.into_cond().0))
    }

    /// As [`none`](Relation::none), among the rows that the filter and the limit leave.
    #[track_caller]
    pub fn none(self, condition: impl IntoCond) -> Cond {
        !self.any(condition)
    }

    /// As [`all`](Relation::all), of the rows that the filter and the limit leave.
    #[track_caller]
    pub fn all(self, condition: impl IntoCond) -> Cond {
        !self.asked().exists(Among::of(self), Some(condition.into_cond().is_not_true().into_node()))
    }

    /// Whether the filter and the limit leave a related row.
    #[track_caller]
    pub fn exists(self) -> Cond {
        self.asked().exists(Among::of(self), None)
    }

    /// How many related rows the filter leaves; no more than the `limit`.
    #[track_caller]
    pub fn count(self) -> RelationCount<P> {
        self.asked().count(Among::of(self))
    }
}

impl<P, C, A: ToOne> Relation<P, C, A> {
    /// Whether the condition is true of the related row: `Post.author.is(User.name.eq("Ann"))`. False where there is none.
    #[track_caller]
    pub fn is(self, condition: impl IntoCond) -> Cond {
        self.asked().exists(Among::default(), Some(condition.into_cond().0))
    }
}

impl<P, C, A: ToOne, R: Row> Related<P, C, A, R> {
    /// As [`is`](Relation::is), of a row that the filter leaves too.
    #[track_caller]
    pub fn is(self, condition: impl IntoCond) -> Cond {
        let asked = Asked { path: self.path, start: self.start, at: Location::caller() };
        asked.exists(Among::of(self), Some(condition.into_cond().0))
    }
}

impl<R> query::Select<R> {
    /// The related rows beside each row, joined as the foreign key says: `select((User.name, Post.title))
    /// .join_relation(User.posts)`. For an alias, or another kind of join, see [`on`](Relation::on).
    #[track_caller]
    pub fn join_relation<P, C, A>(self, relation: Relation<P, C, A>) -> Self
    where
        C: Model<Table: Selectable>,
    {
        self.related(JoinKind::Inner, relation.asked())
    }

    /// As [`join_relation`](query::Select::join_relation), and rows without a related one too: select the columns of the
    /// related model with `.optional()`.
    #[track_caller]
    pub fn outer_join_relation<P, C, A>(self, relation: Relation<P, C, A>) -> Self
    where
        C: Model<Table: Selectable>,
    {
        self.related(JoinKind::Left, relation.asked())
    }

    fn related(mut self, kind: JoinKind, asked: Asked) -> Self {
        let Asked { path, start, at } = asked;
        let source = |table| Source { table, alias: None };
        let mut join = |table, on, with_next| {
            let content = Join { kind, source: source(table), on: Some(on), with_next };
            self.query.joins.push(Placed { content, at });
        };
        match path.through {
            None => join(path.end.table, equal((path.end, None), (path.start, start)), false),
            Some((near, far)) => {
                // A row between that leads to none is as good as not found.
                join(near.table, equal((near, None), (path.start, start)), kind == JoinKind::Left);
                join(path.end.table, equal((path.end, None), (far, None)), false);
            }
        }
        self
    }
}

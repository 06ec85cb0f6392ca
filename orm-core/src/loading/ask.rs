//! Relations in conditions: whether related rows exist, how many there are, and what joins them.

use std::marker::PhantomData;
use std::panic::Location;
use std::sync::Arc;

use super::statement::{belonging, columns, equal};
use super::{Related, RelationCount};
use crate::model::relation::{Path, Relation, ToMany, ToOne};
use crate::model::{Alias, Model, Row, Table};
use crate::query::ast::{Few, Item, Join, JoinKind, Node, Placed, Select, Source};
use crate::query::{self, Cond, Expr, IntoCond, Selectable, func};
use crate::types::{BaseType, PgType};

/// The related rows of one row, as a statement inside of that row's.
#[derive(Clone)]
struct Asked {
    path: Path,
    start: Option<Alias>,
    /// The filters of their model that are left out.
    without: Vec<&'static str>,
    at: &'static Location<'static>,
}

impl Asked {
    /// Selects something of those related rows for which all of this holds.
    ///
    /// The name of a table means the related row in the conditions. Where it is the name of the table around too, the
    /// related rows are taken by a derived table, which sees nothing of what is around it.
    fn select(self, filter: Few<Placed<Node>>, node: Node, ty: &'static PgType) -> Select {
        let Asked { path, start, without, at } = self;
        let mut select = Select::new(at, Few::One(Item::Value { node, label: None, ty, nullable: true }));
        let condition = if path.end.table == path.start.table && start.is_none() {
            let mut inner = Select::new(at, Few::None);
            let belonging = belonging(&mut inner, &path, None);
            inner.filter = filter;
            leave_out(&mut inner, without);
            for (meta, node) in belonging.columns().zip(columns(belonging, None)) {
                inner.items.push(Item::Value { node, label: None, ty: meta.ty, nullable: true });
            }
            let (source, body, parts) = query::closed_table("related", inner);
            select.from.push(source);
            select.more().bodies.push((source, body));
            let pairs = parts.into_iter().zip(columns(path.start, start));
            Cond::all(pairs.map(|(part, start)| {
                Expr::<Option<bool>>::from_node(Node::Binary(
                    query::ast::Binary::Equal,
                    Box::new([part, start]),
                ))
            }))
            .0
        } else {
            let belonging = belonging(&mut select, &path, None);
            select.filter = filter;
            leave_out(&mut select, without);
            equal((belonging, None), (path.start, start))
        };
        select.filter.push(Placed { content: condition, at });
        select
    }

    fn exists(self, filter: Few<Placed<Node>>) -> Cond {
        Cond(Node::Exists(Arc::new(self.select(filter, Node::Boolean(true), bool::TYPE))))
    }

    fn exists_with(self, mut filter: Few<Placed<Node>>, condition: Node) -> Cond {
        filter.push(Placed { content: condition, at: self.at });
        self.exists(filter)
    }

    fn count<P>(self, filter: Few<Placed<Node>>, limit: Option<i64>) -> RelationCount<P> {
        let mut query = Select::new(self.at, Few::None);
        query.filter = filter.clone();
        leave_out(&mut query, self.without.clone());
        let (path, start) = (self.path, self.start);
        let count = self.select(filter, func::count_star().into_node(), i64::TYPE);
        let mut expression = Expr::from_node(Node::NeverNull(Box::new(Node::Subquery(Arc::new(count)))));
        if let Some(limit) = limit {
            expression =
                Expr::from_node(Node::NeverNull(Box::new(func::least(expression, limit).into_node())));
        }
        let present = Cond::all(
            columns(path.start, start)
                .map(|column| Cond(Node::IsNull { operand: Box::new(column), negated: true })),
        );
        RelationCount { path, query, limit, expression, present, model: PhantomData }
    }
}

/// Leaves filters of a model out.
fn leave_out(select: &mut Select, without: Vec<&'static str>) {
    if !without.is_empty() {
        select.more().without = without;
    }
}

impl<P, C, A> Relation<P, C, A> {
    #[track_caller]
    fn asked(self) -> Asked {
        let without = Vec::new();
        Asked { path: self.path(), start: self.start_alias(), without, at: Location::caller() }
    }

    /// That a row of `table` is related, as the condition of a join: `.join(Post, User.posts.on(Post))`. Of a relation by way
    /// of a third table, that there is a row of that one between.
    #[track_caller]
    pub fn on(self, table: impl Table<Model = C>) -> Cond {
        let Asked { path, start, at, .. } = self.asked();
        let Some((near, far)) = path.through else {
            return Cond(equal((path.end, table.named()), (path.start, start)));
        };
        let mut between = Select::new(
            at,
            Few::One(Item::Value { node: Node::Boolean(true), label: None, ty: bool::TYPE, nullable: false }),
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
        self.asked().exists_with(Few::None, condition.into_cond().0)
    }

    /// Whether the condition is true of no related row.
    #[track_caller]
    pub fn none(self, condition: impl IntoCond) -> Cond {
        !self.asked().exists_with(Few::None, condition.into_cond().0)
    }

    /// Whether the condition is true of each related row; true where there are none.
    #[track_caller]
    pub fn all(self, condition: impl IntoCond) -> Cond {
        !self.asked().exists_with(Few::None, condition.into_cond().is_not_true().into_node())
    }

    /// Whether there is a related row.
    #[track_caller]
    pub fn exists(self) -> Cond {
        self.asked().exists(Few::None)
    }

    /// How many related rows there are: in an expression, or in place of the rows by `with(User.posts.count())`.
    #[track_caller]
    pub fn count(self) -> RelationCount<P> {
        self.asked().count(Few::None, None)
    }
}

impl<P, C, A: ToMany, R: Row> Related<P, C, A, R> {
    #[track_caller]
    fn asked(&self) -> Asked {
        let without = self.select.query.without().to_vec();
        Asked { path: self.path, start: self.start, without, at: Location::caller() }
    }

    /// As [`any`](Relation::any), among the rows that the filter leaves.
    #[track_caller]
    pub fn any(self, condition: impl IntoCond) -> Cond {
        self.asked().exists_with(self.select.query.filter, condition.into_cond().0)
    }

    /// As [`none`](Relation::none), among the rows that the filter leaves.
    #[track_caller]
    pub fn none(self, condition: impl IntoCond) -> Cond {
        !self.any(condition)
    }

    /// As [`all`](Relation::all), of the rows that the filter leaves.
    #[track_caller]
    pub fn all(self, condition: impl IntoCond) -> Cond {
        !self.asked().exists_with(self.select.query.filter, condition.into_cond().is_not_true().into_node())
    }

    /// Whether the filter leaves a related row.
    #[track_caller]
    pub fn exists(self) -> Cond {
        self.asked().exists(self.select.query.filter)
    }

    /// How many related rows the filter leaves; no more than the `limit`.
    #[track_caller]
    pub fn count(self) -> RelationCount<P> {
        self.asked().count(self.select.query.filter, self.limit)
    }
}

impl<P, C, A: ToOne> Relation<P, C, A> {
    /// Whether the condition is true of the related row: `Post.author.is(User.name.eq("Ann"))`. False where there is none.
    #[track_caller]
    pub fn is(self, condition: impl IntoCond) -> Cond {
        self.asked().exists_with(Few::None, condition.into_cond().0)
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
        let Asked { path, start, at, .. } = asked;
        let source = |table| Source { table, alias: None };
        let mut join = |table, on| {
            let content = Join { kind, source: source(table), on: Some(on) };
            self.query.joins.push(Placed { content, at });
        };
        match path.through {
            None => join(path.end.table, equal((path.end, None), (path.start, start))),
            Some((near, far)) => {
                join(near.table, equal((near, None), (path.start, start)));
                join(path.end.table, equal((path.end, None), (far, None)));
            }
        }
        self
    }
}

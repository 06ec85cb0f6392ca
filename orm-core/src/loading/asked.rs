//! The related rows of one row, as a statement inside of that row's.

use std::marker::PhantomData;
use std::panic::Location;
use std::sync::Arc;

use super::statement::{belonging, columns, equal, limit_each, order_by_key};
use super::{Related, RelationCount};
use crate::model::Alias;
use crate::model::relation::Path;
use crate::query::ast::{
    ColumnRef, Item, Limit, Node, OneOrMany, OrderItem, Placed, Refused, Select, Source,
};
use crate::query::{self, Cond, Expr, func};
use crate::schema::{ColumnMeta, TableMeta};
use crate::types::{BaseType, Parameter, PgType};

/// The related rows of one row, as a statement inside of that row's.
#[derive(Clone, Copy)]
pub(super) struct Asked {
    pub(super) path: Path,
    pub(super) start: Option<Alias>,
    pub(super) at: &'static Location<'static>,
}

/// Which of the related rows are asked.
#[derive(Default)]
pub(super) struct Among {
    filter: OneOrMany<Placed<Node>>,
    order: Vec<Placed<OrderItem>>,
    /// Of those of each row, the first so many.
    limit: Option<i64>,
    /// The filters of their model that are left out.
    without: Vec<&'static str>,
    refused: Option<Placed<Refused>>,
}

impl Among {
    pub(super) fn of<P, C, A, R>(related: Related<P, C, A, R>) -> Among {
        let refused = related.select.query.refused().cloned();
        let without = related.select.query.without().to_vec();
        let Select { filter, order, .. } = *related.select.query;
        Among { filter, order, limit: related.limit, without, refused }
    }
}

impl Asked {
    /// Whether the name of the table means the related row and the row around it.
    fn is_to_itself(self) -> bool {
        self.path.end.table == self.path.start.table && self.start.is_none()
    }

    /// Selects something of those related rows for which all of this holds.
    ///
    /// The name of a table means the related row in the conditions. Where it is the name of the table around too, the
    /// related rows are taken by a derived table, in which that name is their own.
    fn select(
        self,
        filter: OneOrMany<Placed<Node>>,
        without: Vec<&'static str>,
        node: Node,
        ty: &'static PgType,
    ) -> Select {
        let Asked { path, start, at } = self;
        let mut select =
            Select::new(at, OneOrMany::One(Item::Value { node, label: None, ty, nullable: true }));
        let condition = if self.is_to_itself() {
            let mut inner = Select::new(at, OneOrMany::None);
            let belonging = belonging(&mut inner, &path, None);
            inner.filter = filter;
            leave_out(&mut inner, without);
            inner.items = values(belonging.columns());
            let (source, body, parts) = query::inner_table("related", inner);
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

    /// That a related row is one of the first so many of those that are related to the same row.
    fn is_first(self, among: Among, limit: i64) -> Select {
        let Asked { path, start, at } = self;
        let mut first = Select::new(at, OneOrMany::None);
        first.filter = among.filter;
        first.order = among.order;
        leave_out(&mut first, among.without);
        let belonging = belonging(&mut first, &path, None);
        if first.order.is_empty() {
            order_by_key(&mut first, &path);
        }
        first.items = values(self.key());
        if self.is_to_itself() {
            limit_each(&mut first, columns(belonging, None).collect(), limit);
        } else {
            let content = equal((belonging, None), (path.start, start));
            first.filter.push(Placed { content, at });
            first.limit = Some(Limit::Parameter(Parameter::new(limit)));
        }
        first
    }

    /// What tells the related rows apart.
    fn key(self) -> impl Iterator<Item = &'static ColumnMeta> {
        let between = self.path.through.map(|(near, _)| near.table);
        [self.path.end.table].into_iter().chain(between).flat_map(TableMeta::key)
    }

    pub(super) fn exists(self, mut among: Among, condition: Option<Node>) -> Cond {
        let at = self.at;
        let mut refused = among.refused.take();
        let without = among.without.clone();
        let mut filter = match among.limit {
            None => among.filter,
            Some(limit) => {
                let source = Source { table: self.path.end.table, alias: None };
                let without_key = self.path.end.table.primary_key.is_empty();
                let without_key = without_key.then_some(Refused::LimitWithoutKey(source));
                refused = refused.or(without_key.map(|content| Placed { content, at }));
                let mut key: Vec<_> = self.key().map(column).collect();
                let operand = if key.len() == 1 { key.remove(0) } else { Node::Tuple(key) };
                let select = Arc::new(self.is_first(among, limit));
                let content = Node::InSelect { operand: Box::new(operand), select, negated: false };
                OneOrMany::One(Placed { content, at })
            }
        };
        condition.into_iter().for_each(|content| filter.push(Placed { content, at }));
        let mut select = self.select(filter, without, Node::Boolean(true), bool::TYPE);
        refused.into_iter().for_each(|refused| select.refuse(refused));
        Cond(Node::Exists(Arc::new(select)))
    }

    pub(super) fn count<P>(self, among: Among) -> RelationCount<P> {
        let Among { filter, limit, without, refused, .. } = among;
        let mut query = Select::new(self.at, OneOrMany::None);
        query.filter = filter.clone();
        leave_out(&mut query, without.clone());
        let mut count = self.select(filter, without, func::count_star().into_node(), i64::TYPE);
        if let Some(refused) = refused {
            query.refuse(refused.clone());
            count.refuse(refused);
        }
        let mut expression = Expr::from_node(Node::NeverNull(Box::new(Node::Subquery(Arc::new(count)))));
        if let Some(limit) = limit {
            expression =
                Expr::from_node(Node::NeverNull(Box::new(func::least(expression, limit).into_node())));
        }
        let present = Cond::all(
            columns(self.path.start, self.start)
                .map(|column| Cond(Node::IsNull { operand: Box::new(column), negated: true })),
        );
        let (path, start) = (self.path, self.start);
        RelationCount { path, start, query, limit, expression, present, model: PhantomData }
    }
}

/// Leaves filters of a model out.
fn leave_out(select: &mut Select, without: Vec<&'static str>) {
    if !without.is_empty() {
        select.more().without = without;
    }
}

fn column(meta: &'static ColumnMeta) -> Node {
    Node::Column(ColumnRef { meta, alias: None })
}

/// Columns as a select list.
fn values(columns: impl Iterator<Item = &'static ColumnMeta>) -> OneOrMany<Item> {
    let mut items = OneOrMany::None;
    for meta in columns {
        items.push(Item::Value { node: column(meta), label: None, ty: meta.ty, nullable: true });
    }
    items
}

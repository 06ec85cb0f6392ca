//! Whether two statements inside of others are the same one to PostgreSQL.

use std::ptr;
use std::sync::Arc;

use super::{Body, Content, Item, Join, Limit, More, Node, OrderItem, Placed, Select};
use crate::types::Parameter;

impl Select {
    /// Whether both are the same statement, clause by clause; where it cannot be told, they are not.
    pub(crate) fn is_same(&self, other: &Select) -> bool {
        if ptr::eq(self, other) {
            return true;
        }
        let Select {
            at: _,
            distinct,
            items,
            from,
            joins,
            filter,
            group,
            having,
            order,
            limit,
            offset,
            lock,
            more,
        } = self;
        *distinct == other.distinct
            && alike(items, &other.items, Item::is_same)
            && *from == other.from
            && alike(joins, &other.joins, |a, b| a.content.is_same(&b.content))
            && nodes(filter, &other.filter)
            && nodes(group, &other.group)
            && nodes(having, &other.having)
            && alike(order, &other.order, |a, b| a.content.is_same(&b.content))
            && optional(limit.as_ref(), other.limit.as_ref(), Limit::is_same)
            && optional(offset.as_ref(), other.offset.as_ref(), Parameter::is_same)
            && lock.is_none()
            && other.lock.is_none()
            && optional(more.as_deref(), other.more.as_deref(), More::is_same)
    }
}

impl Item {
    fn is_same(&self, other: &Item) -> bool {
        match (self, other) {
            (Item::Value { node: a, .. }, Item::Value { node: b, .. }) => a.is_same(b),
            (Item::Entity { source: a, .. }, Item::Entity { source: b, .. }) => a == b,
            _ => false,
        }
    }
}

impl Join {
    fn is_same(&self, other: &Join) -> bool {
        self.kind == other.kind
            && self.source == other.source
            && self.with_next == other.with_next
            && optional(self.on.as_ref(), other.on.as_ref(), Node::is_same)
    }
}

impl OrderItem {
    fn is_same(&self, other: &OrderItem) -> bool {
        self.sorting() == other.sorting() && self.node.is_same(&other.node)
    }
}

impl Limit {
    fn is_same(&self, other: &Limit) -> bool {
        match (self, other) {
            (Limit::Parameter(a), Limit::Parameter(b)) => a.is_same(b),
            (Limit::Fixed(a), Limit::Fixed(b)) => a == b,
            _ => false,
        }
    }
}

impl More {
    fn is_same(&self, other: &More) -> bool {
        let More {
            bodies,
            with,
            correlated,
            distinct_on,
            with_ties,
            set,
            keep,
            without,
            plan_each_time: _,
            together: _,
            refused,
        } = self;
        alike(bodies, &other.bodies, |a, b| a.0 == b.0 && body(&a.1, &b.1))
            && alike(with, &other.with, Arc::ptr_eq)
            && *correlated == other.correlated
            && nodes(distinct_on, &other.distinct_on)
            && *with_ties == other.with_ties
            && set.is_none()
            && other.set.is_none()
            && nodes(keep, &other.keep)
            && *without == other.without
            && refused.is_none()
            && other.refused.is_none()
    }
}

fn body(a: &Arc<Body>, b: &Arc<Body>) -> bool {
    let content = match (&a.content, &b.content) {
        (Content::Select(a), Content::Select(b)) => a.is_same(b),
        _ => false,
    };
    Arc::ptr_eq(a, b) || content && (a.kind, a.name, &a.columns) == (b.kind, b.name, &b.columns)
}

fn nodes(some: &[Placed<Node>], others: &[Placed<Node>]) -> bool {
    alike(some, others, |a, b| a.content.is_same(&b.content))
}

fn alike<T>(some: &[T], others: &[T], same: impl Fn(&T, &T) -> bool) -> bool {
    some.len() == others.len() && some.iter().zip(others).all(|(one, other)| same(one, other))
}

fn optional<T>(one: Option<&T>, other: Option<&T>, same: impl Fn(&T, &T) -> bool) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => same(one, other),
        (None, None) => true,
        _ => false,
    }
}

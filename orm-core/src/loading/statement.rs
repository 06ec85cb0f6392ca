//! The statement that reads what rows are related to.

use std::panic::Location;
use std::sync::Arc;

use crate::error::Error;
use crate::model::Alias;
use crate::model::relation::Path;
use crate::query::ast::{
    Binary, ColumnRef, Direction, Item, Join, JoinKind, Logical, Node, OneOrMany, OrderItem, Placed, Refused,
    Select, Source, filter_names, soft_delete,
};
use crate::query::render::Rendered;
use crate::query::{Keys, Parent, func, join_keys, rendered};
use crate::schema::Target;
use crate::types::{BaseType, Parameter};

/// The columns as the tree has them.
pub(super) fn columns(of: Target, alias: Option<Alias>) -> impl Iterator<Item = Node> {
    of.columns().map(move |meta| Node::Column(ColumnRef { meta, alias }))
}

/// That some columns have the values of others.
pub(super) fn equal(left: (Target, Option<Alias>), right: (Target, Option<Alias>)) -> Node {
    let pairs = columns(left.0, left.1).zip(columns(right.0, right.1));
    let mut equations: Vec<_> =
        pairs.map(|(left, right)| Node::Binary(Binary::Equal, Box::new([left, right]))).collect();
    if equations.len() == 1 { equations.remove(0) } else { Node::Logical(Logical::And, equations) }
}

/// What a statement about the table that a relation leads to has to read from, and by which columns its rows belong to those
/// that the relation starts from.
pub(super) fn belonging(query: &mut Select, path: &Path, alias: Option<Alias>) -> Target {
    let end = Source { table: path.end.table, alias };
    if query.from.is_empty() {
        query.from.push(end);
    }
    let Some((near, far)) = path.through else { return path.end };
    let source = Source { table: near.table, alias: None };
    let on = Some(equal((far, None), (path.end, alias)));
    let content = Join { kind: JoinKind::Inner, source, on, with_next: false };
    query.joins.push(Placed { content, at: query.at });
    near
}

/// Notes a table that the related rows are filtered or sorted by, and that their statement has not.
pub(super) fn refuse_others(query: &mut Select, path: &Path) {
    let between = path.through.map(|(near, _)| near.table);
    let mut found = None;
    let filters = query.filter.iter().map(|filter| (&filter.content, filter.at));
    for (node, at) in filters.chain(query.order.iter().map(|order| (&order.content.node, order.at))) {
        node.walk(&mut |node| match node {
            Node::Column(column)
                if column.alias.is_some()
                    || column.meta.table != path.end.table && Some(column.meta.table) != between =>
            {
                found.get_or_insert((column.source(), at));
            }
            _ => {}
        });
    }
    if let Some((source, at)) = found.filter(|_| query.joins.is_empty()) {
        query.refuse(Placed { content: Refused::RelatedBy(source), at });
    }
}

/// Only rows that belong to one of these keys. Gives the number of the key where only the server knows which are equal:
/// then a row comes once for each.
pub(super) fn only_of(query: &mut Select, belonging: Target, keys: &mut Keys) -> Result<Option<Node>, Error> {
    let mut columns: Vec<_> = columns(belonging, None).collect();
    if !keys.are_known() || !is_known(belonging) {
        let count = keys.count();
        return Ok(Some(join_keys(query, columns, keys.columns()?, count)));
    }
    let mut lists = keys.lists()?;
    let content = match (columns.len(), lists.len()) {
        (1, 1) => Node::In { operand: Box::new(columns.remove(0)), list: lists.remove(0), negated: false },
        _ => Node::InTuples { operand: Box::new(Node::Tuple(columns)), columns: lists, negated: false },
    };
    query.filter.push(Placed { content, at: query.at });
    Ok(None)
}

/// Whether it can be told in memory which values of the columns are equal.
pub(crate) fn is_known(of: Target) -> bool {
    of.columns().all(|column| column.canonical.is_some())
}

/// Whole rows of a table that point at rows with these keys, and by other columns at some with those; those too that are
/// marked as deleted.
pub(crate) fn rows_pointing_at(
    columns: Target,
    mut keys: Keys,
    others: Option<(Target, Keys)>,
) -> Result<Rendered, Error> {
    let source = Source { table: columns.table, alias: None };
    let mut query = Select::new(Location::caller(), OneOrMany::One(Item::Entity { source, optional: false }));
    query.from.push(source);
    if let Some(column) = soft_delete(columns.table) {
        query.more().without.push(column.field);
    }
    only_of(&mut query, columns, &mut keys)?;
    if let Some((columns, mut keys)) = others {
        only_of(&mut query, columns, &mut keys)?;
    }
    rendered(&query)
}

/// Which of some values are equal to which keys of rows of a table: two numbers for each, of the value and of the key.
pub(crate) fn equal_keys(of: Target, values: &mut Keys, keys: &mut Keys) -> Result<Rendered, Error> {
    let mut query = Select::new(Location::caller(), OneOrMany::None);
    query.from.push(Source { table: of.table, alias: None });
    query.more().without = filter_names(of.table).collect();
    for keys in [values, keys] {
        let count = keys.count();
        let node = join_keys(&mut query, columns(of, None).collect(), keys.columns()?, count);
        query.items.push(Item::Value { node, label: None, ty: i64::TYPE, nullable: false });
    }
    rendered(&query)
}

/// Only rows that belong to those of a statement.
pub(super) fn only_of_rows(
    query: &mut Select,
    belonging: Target,
    parent: &Parent<'_>,
) -> Result<Option<Node>, Error> {
    if !parent.is_known() || !is_known(belonging) {
        let columns: Vec<_> = belonging.columns().map(|column| format!("`{column:?}`")).collect();
        return Err(Error::statement_invalid(format!(
            "`together` matches related rows in memory, and only the server knows which values of {} are equal: leave \
             `together` out, and read it in a transaction of the level REPEATABLE READ",
            columns.join(", ")
        ))
        .located(parent.query.at));
    }
    let mut columns: Vec<_> = columns(belonging, None).collect();
    let operand = if columns.len() == 1 { columns.remove(0) } else { Node::Tuple(columns) };
    let select = Arc::new(parent.select()?);
    let content = Node::InSelect { operand: Box::new(operand), select, negated: false };
    query.filter.push(Placed { content, at: query.at });
    Ok(None)
}

/// Sorts by the primary key.
pub(super) fn order_by_key(query: &mut Select, path: &Path) {
    let at = query.at;
    query.order.extend(path.end.table.key().map(|meta| {
        let node = Node::Column(ColumnRef { meta, alias: None });
        Placed { content: OrderItem { node, direction: Direction::Asc, nulls: None }, at }
    }));
}

/// At most so many rows of each key, which are these columns, the first in their order.
pub(super) fn limit_each(query: &mut Select, key: Vec<Node>, limit: i64) {
    let mut number = func::row_number().over(()).into_node();
    if let Node::Over(_, window) = &mut number {
        window.partition = key;
        window.order = query.order.iter().map(|order| order.content.clone()).collect();
    }
    let limit = Node::Parameter(Parameter::new(limit));
    let content = Node::Binary(Binary::LessEqual, Box::new([number, limit]));
    let at = query.at;
    query.more().keep.push(Placed { content, at });
}

//! Keys that the server matches with rows, for it alone knows which are equal.

use std::sync::Arc;

use super::table_row::{COLUMNS, NAMES, TUPLE};
use crate::model::Alias;
use crate::query::ast::{
    Binary, Body, BodyKind, ColumnRef, Content, Join, JoinKind, Logical, Node, Placed, Select, Source,
};
use crate::types::{BulkColumn, list};

/// Leaves the rows in which these columns are one of the keys, once for each, and gives the number of the key.
pub(crate) fn join_keys(
    select: &mut Select,
    columns: Vec<Node>,
    mut keys: Vec<BulkColumn>,
    count: usize,
) -> Node {
    // A statement may have two lists of keys.
    let name = if select.bodies().iter().any(|(_, body)| body.name == "keys") { "others" } else { "keys" };
    let alias = Some(Alias::derived(name));
    let column = |place: usize| Node::Column(ColumnRef { meta: &COLUMNS[place][0], alias });
    let pairs = columns.into_iter().enumerate();
    let pairs = pairs.map(|(place, own)| Node::Binary(Binary::Equal, Box::new([own, column(place)])));
    let on = Some(Logical::And.join(pairs.collect()));
    let number = column(keys.len());
    keys.push(BulkColumn::Values(list((0_i64..).take(count).collect())));
    let (at, source) = (select.at, Source { table: &TUPLE, alias });
    let names = NAMES[..keys.len()].to_vec();
    let content = Content::Rows(Arc::new(keys));
    let body = Body { at, kind: BodyKind::Derived, name, columns: names, content };
    select.joins.push(Placed { content: Join { kind: JoinKind::Inner, source, on, with_next: false }, at });
    select.more().bodies.push((source, Arc::new(body)));
    number
}

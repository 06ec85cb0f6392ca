//! Keys that the server matches with rows, for it alone knows which are equal.

use std::sync::Arc;

use super::table_row::{COLUMNS, NAMES, TUPLE};
use crate::model::Alias;
use crate::query::ast::{
    Binary, Body, BodyKind, ColumnRef, Content, Join, JoinKind, Logical, Node, Placed, Select, Source,
};
use crate::types::{BulkColumn, list};

/// What a list of keys is called: a statement may have two of them, and tables of these names.
const LISTS: [&str; 4] = ["keys", "other_keys", "given_keys", "other_given_keys"];

/// A name that nothing in FROM has.
fn free_name(select: &Select) -> &'static str {
    let has = |name: &str| {
        let joined = select.joins.iter().map(|join| join.content.source);
        select.from.iter().copied().chain(joined).any(|source| source.name() == name)
    };
    LISTS.into_iter().find(|name| !has(name)).unwrap_or(LISTS[0])
}

/// Leaves the rows in which these columns are one of the keys, once for each, and gives the number of the key.
pub(crate) fn join_keys(
    select: &mut Select,
    columns: Vec<Node>,
    mut keys: Vec<BulkColumn>,
    count: usize,
) -> Node {
    let name = free_name(select);
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

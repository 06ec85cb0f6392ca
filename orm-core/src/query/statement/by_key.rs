//! Rows by their keys.

use std::panic::Location;

use super::{Make, Select, join_keys};
use crate::error::Error;
use crate::model::{Key, Model};
use crate::query::ast::{self, Binary, ColumnRef, Item, Logical, Node, OneOrMany, Placed, Source};
use crate::types::{BaseType, Parameter, bulk_column};

/// The row with this key.
pub(crate) fn by_key<M: Model>(key: &M::Key, at: &'static Location<'static>) -> Select<M> {
    let mut select = all::<M>(at);
    for content in parts::<M>(key) {
        select.query.filter.push(Placed { content, at });
    }
    select
}

/// The rows with these keys, of which there is one or more.
pub(crate) fn by_keys<M: Model>(keys: &[M::Key], at: &'static Location<'static>) -> Select<M> {
    let mut select = all::<M>(at);
    let content = match (M::Key::list(keys.to_vec()), M::META.key().next()) {
        (Some(list), Some(meta)) => {
            let operand = Box::new(Node::Column(ColumnRef { meta, alias: None }));
            Node::In { operand, list, negated: false }
        }
        _ => {
            let row = |key| Node::Logical(Logical::And, parts::<M>(key).collect());
            let mut rows: Vec<Node> = keys.iter().map(row).collect();
            if rows.len() == 1 { rows.remove(0) } else { Node::Logical(Logical::Or, rows) }
        }
    };
    select.query.filter.push(Placed { content, at });
    select
}

/// The rows with these keys, where only the server knows which are equal: once for each key, with its number.
pub(crate) fn numbered_by_keys<M: Model>(
    keys: &[M::Key],
    at: &'static Location<'static>,
) -> Result<Select<(i64, M)>, Error> {
    let Select { mut query, .. } = all::<M>(at);
    query.from.push(Source { table: M::META, alias: None });
    let columns = M::META.key().map(|meta| Node::Column(ColumnRef { meta, alias: None })).collect();
    let sent = M::META.key().enumerate().map(|(place, meta)| {
        let values = keys.iter().map(|key| key.part(place));
        bulk_column(meta.ty, values).map_err(|cause| meta.refused(cause))
    });
    let sent = sent.collect::<Result<Vec<_>, Error>>()?;
    let node = join_keys(&mut query, columns, sent, keys.len());
    let number = Item::Value { node, label: None, ty: i64::TYPE, nullable: false };
    let rows = std::mem::replace(&mut query.items, OneOrMany::One(number));
    rows.iter().for_each(|row| query.items.push(row.clone()));
    let make = Make::Decode(|cells| Ok((cells.read()?, M::decode(cells)?)));
    Ok(Select { query, make, populate_existing: false })
}

fn all<M: Model>(at: &'static Location<'static>) -> Select<M> {
    let source = Source { table: M::META, alias: None };
    let query = ast::Select::new(at, OneOrMany::One(Item::Entity { source, optional: false }));
    Select { query: Box::new(query), make: Make::Decode(M::decode), populate_existing: false }
}

/// A condition for each column of the key.
fn parts<M: Model>(key: &M::Key) -> impl Iterator<Item = Node> {
    M::META.key().enumerate().map(|(place, meta)| {
        let column = Node::Column(ColumnRef { meta, alias: None });
        let value = Node::Parameter(Parameter::shared(key.part(place).share()));
        Node::Binary(Binary::Equal, Box::new([column, value]))
    })
}

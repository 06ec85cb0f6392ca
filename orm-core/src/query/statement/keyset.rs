//! Pages by keyset: the rows behind or before a row, found by what they are sorted by.

use std::sync::Arc;

use bytes::BytesMut;
use tokio_postgres::types::ToSql;

use super::Select;
use super::cursor::Cursor;
use super::paged::refuse_other_shapes;
use crate::error::Error;
use crate::query::ast::{
    self, Binary, ColumnRef, Direction, Item, JoinKind, Logical, Node, Nulls, OrderItem, Placed, Source,
};
use crate::query::{outline, resolve};
use crate::row::OF_A_CURSOR;
use crate::types::{Parameter, PgType, RawValue};

/// A statement for one page.
pub(crate) struct Keyset<R> {
    /// Its rows, and one more, with what they are sorted by in columns behind their own.
    pub(crate) select: Select<R>,
    /// Where those columns begin.
    at: usize,
    count: usize,
    size: usize,
    backward: bool,
    /// Whether the page begins at a row, and not at the start or the end.
    is_inside: bool,
    /// What its cursors are bound to: the text of the statement for all rows, and the values that ORDER BY has.
    bound: Vec<u8>,
}

/// What a page is cut to, and where those beside it begin.
pub(crate) struct Cut {
    /// How many of the rows belong to the page.
    pub(crate) rows: usize,
    /// Whether they stand in the opposite order.
    pub(crate) backward: bool,
    pub(crate) next: Option<String>,
    pub(crate) previous: Option<String>,
}

/// What rows are sorted by.
struct Key {
    node: Node,
    ty: &'static PgType,
    direction: Direction,
    nulls_last: bool,
    nullable: bool,
}

impl<R> Keyset<R> {
    pub(crate) fn new(mut select: Select<R>, cursor: Option<&str>, size: i64) -> Result<Keyset<R>, Error> {
        let at = select.query.at;
        let rows = usize::try_from(size).ok().filter(|size| *size > 0 && *size < isize::MAX as usize);
        let Some(size) = rows else {
            let message = format!(
                "a page of {size} rows cannot be: it has at least one, and so many as memory can hold"
            );
            return Err(Error::statement_invalid(message));
        };
        refuse_other_shapes(&select.query)?;
        // What is refused is what would be refused without this.
        outline::rendered(&*select.query)?;
        let keys = keys(&select.query)?;
        refuse_secrets(&keys).map_err(|error| error.located(at))?;
        let width = select.query.items.iter().map(Item::width).sum();
        for key in &keys {
            // In the form of the type that it is sent back as, which no setting of the server changes.
            let node = Node::Cast(Box::new(key.node.clone()), key.ty);
            let item = Item::Value { node, label: Some(OF_A_CURSOR), ty: key.ty, nullable: true };
            select.query.items.push(item);
        }
        sort(&mut select.query, &keys, false);
        let mut bound = outline::rendered(&*select.query)?.text.sql.clone().into_bytes();
        keys.iter().try_for_each(|key| values_of(&key.node, &mut bound))?;
        let cursor = cursor.map(|cursor| Cursor::decode(cursor, &bound)).transpose();
        let cursor = cursor.map_err(|error| error.located(at))?;
        let backward = cursor.as_ref().is_some_and(|cursor| cursor.backward);
        if backward {
            sort(&mut select.query, &keys, true);
        }
        let values = cursor.map(|cursor| cursor.values).filter(|values| !values.is_empty());
        if let Some(values) = &values {
            if values.len() != keys.len() {
                return Err(Error::statement_invalid("this cursor is not one of this statement").located(at));
            }
            let condition = Placed { content: behind(&keys, values, backward), at };
            if select.query.group.is_empty() {
                select.query.filter.push(condition);
            } else {
                select.query.having.push(condition);
            }
        }
        let limit = i64::try_from(size + 1).unwrap_or(i64::MAX);
        let is_inside = values.is_some();
        Ok(Keyset {
            select: select.limit(limit),
            at: width,
            count: keys.len(),
            size,
            backward,
            is_inside,
            bound,
        })
    }

    /// What the page is, of so many rows; `value` gives the bytes of a column of a row.
    pub(crate) fn cut(
        &self,
        found: usize,
        value: impl Fn(usize, usize) -> Result<Option<Vec<u8>>, Error>,
    ) -> Result<Cut, Error> {
        let rows = found.min(self.size);
        let cursor = |row: usize, backward: bool| {
            let values = (self.at..self.at + self.count).map(|column| value(row, column));
            let values = values.collect::<Result<Vec<_>, Error>>()?;
            Ok::<_, Error>(Cursor { backward, values }.encode(&self.bound))
        };
        let is_more = found > self.size;
        let Some(last) = rows.checked_sub(1) else {
            // The rows there were are gone: what is left lies on the other side.
            let end = |backward| Cursor { backward, values: Vec::new() }.encode(&self.bound);
            let previous = (self.is_inside && !self.backward).then(|| end(true));
            let next = (self.is_inside && self.backward).then(|| end(false));
            return Ok(Cut { rows, backward: self.backward, next, previous });
        };
        let (next, previous) = if self.backward {
            (self.is_inside.then(|| cursor(0, false)), is_more.then(|| cursor(last, true)))
        } else {
            (is_more.then(|| cursor(last, false)), self.is_inside.then(|| cursor(0, true)))
        };
        Ok(Cut { rows, backward: self.backward, next: next.transpose()?, previous: previous.transpose()? })
    }
}

/// Writes the values that an expression has, those of statements inside of it too.
fn values_of(node: &Node, out: &mut Vec<u8>) -> Result<(), Error> {
    let mut values = Vec::new();
    node.walk(&mut |node| match node {
        Node::Parameter(value) | Node::In { list: value, .. } => values.push(value),
        Node::InTuples { columns, .. } => values.extend(columns),
        _ => {}
    });
    for value in values {
        let mut bytes = BytesMut::new();
        let written = value.to_sql(value.wire(), &mut bytes);
        written
            .map_err(|cause| Error::statement_invalid("a value in ORDER BY cannot be sent").because(cause))?;
        out.extend(bytes.len().to_be_bytes());
        out.extend(&bytes);
    }
    let mut inside = Vec::new();
    node.walk(&mut |node| inside.extend(node.select()));
    inside.into_iter().flat_map(|select| select.nodes()).try_for_each(|node| values_of(node, out))
}

/// What the rows are sorted by, with what tells those apart that are equal in that.
fn keys(query: &ast::Select) -> Result<Vec<Key>, Error> {
    let has_outer =
        query.joins.iter().any(|join| !matches!(join.content.kind, JoinKind::Inner | JoinKind::Cross));
    let mut keys = Vec::new();
    for order in &query.order {
        keys.push(key(query, &order.content, has_outer).map_err(|error| error.located(order.at))?);
    }
    let direction = keys.last().map_or(Direction::Asc, |key: &Key| key.direction);
    for node in ties(query)? {
        if !keys.iter().any(|key| key.node.is_same(&node)) {
            let order = OrderItem { node, direction, nulls: None };
            keys.push(key(query, &order, has_outer).map_err(|error| error.located(query.at))?);
        }
    }
    Ok(keys)
}

/// Refuses what cursors, which programs give away, would tell of secret columns.
fn refuse_secrets(keys: &[Key]) -> Result<(), Error> {
    let mut secret = None;
    for key in keys {
        key.node.walk(&mut |node| match node {
            Node::Column(column) if column.meta.secret => secret = Some(column.meta),
            _ => {}
        });
    }
    let Some(column) = secret else { return Ok(()) };
    Err(Error::statement_invalid(format!(
        "a cursor holds the values that rows are sorted by, and those of `{column:?}` are secret: sort by another column, \
         or use `page`"
    )))
}

/// What no two rows have in common: the groups, or the keys of all tables.
fn ties(query: &ast::Select) -> Result<Vec<Node>, Error> {
    if !query.group.is_empty() {
        return Ok(query.group.iter().map(|group| group.content.clone()).collect());
    }
    let resolved = resolve::select(query);
    let mut ties = Vec::new();
    for source in resolved.level(resolve::Resolved::TOP).own() {
        let Source { table, alias } = source;
        if table.primary_key.is_empty() {
            let message = format!(
                "`page_after` tells rows apart by primary keys, and \"{}\" has none: select from tables, or use `page`",
                source.name()
            );
            return Err(Error::statement_invalid(message).located(query.at));
        }
        ties.extend(table.key().map(|meta| Node::Column(ColumnRef { meta, alias })));
    }
    Ok(ties)
}

fn key(query: &ast::Select, order: &OrderItem, has_outer: bool) -> Result<Key, Error> {
    let node = order.node.bare();
    let selected = query.items.iter().find_map(|item| match item {
        Item::Value { node: selected, ty, nullable, .. } if selected.is_same(node) => Some((*ty, *nullable)),
        _ => None,
    });
    let (ty, nullable) = match (node, selected) {
        (_, Some(selected)) => selected,
        (Node::Column(column), None) if !column.alias.is_some_and(crate::model::Alias::is_derived) => {
            (column.meta.ty, column.meta.nullable || has_outer)
        }
        _ => {
            return Err(Error::statement_invalid(
                "`page_after` needs the type of what it sorts by: sort by columns of models, or select the expression too",
            ));
        }
    };
    let nulls_last = match (order.nulls, order.direction) {
        (Some(nulls), _) => nulls == Nulls::Last,
        (None, direction) => direction == Direction::Asc,
    };
    Ok(Key {
        node: node.clone(),
        ty,
        direction: order.direction,
        nulls_last,
        nullable: nullable || has_outer,
    })
}

fn sort(query: &mut ast::Select, keys: &[Key], backward: bool) {
    let at = query.at;
    let sorted = keys.iter().map(|key| {
        let forward = key.direction == Direction::Asc;
        let direction = if forward == backward { Direction::Desc } else { Direction::Asc };
        let last = key.nulls_last != backward;
        // Said only where it is not what PostgreSQL does by itself.
        let usual = last == (direction == Direction::Asc) || !key.nullable;
        let nulls = (!usual).then_some(if last { Nulls::Last } else { Nulls::First });
        Placed { content: OrderItem { node: key.node.clone(), direction, nulls }, at }
    });
    query.order = sorted.collect();
}

/// Whether a row comes behind the one with these values, or before it.
fn behind(keys: &[Key], values: &[Option<Vec<u8>>], backward: bool) -> Node {
    let pairs: Vec<(&Key, Option<Node>)> = keys
        .iter()
        .zip(values)
        .map(|(key, value)| (key, value.as_ref().map(|value| key.value(value))))
        .collect();
    let first = keys.first().map(|key| key.direction);
    let is_even = keys.iter().all(|key| !key.nullable && Some(key.direction) == first);
    if is_even && pairs.len() > 1 && pairs.iter().all(|(_, value)| value.is_some()) {
        // An index over the columns finds the place at once.
        let left = Node::Tuple(keys.iter().map(|key| key.node.clone()).collect());
        let right = Node::Tuple(pairs.iter().filter_map(|(_, value)| value.clone()).collect());
        return Node::Binary(keys[0].beyond(backward), Box::new([left, right]));
    }
    let mut ways = Vec::new();
    for (nth, (key, value)) in pairs.iter().enumerate() {
        let Some(beyond) = key.is_beyond(value.as_ref(), backward) else { continue };
        let mut way: Vec<Node> =
            pairs[..nth].iter().map(|(key, value)| key.is_equal(value.as_ref())).collect();
        way.push(beyond);
        ways.push(Logical::And.join(way));
    }
    match (ways.is_empty(), pairs.first()) {
        (true, _) => Node::Boolean(false),
        (false, Some((key, Some(value)))) if !key.nullable && pairs.len() > 1 => {
            let bound = if key.beyond(backward) == Binary::Greater {
                Binary::GreaterEqual
            } else {
                Binary::LessEqual
            };
            let bound = Node::Binary(bound, Box::new([key.node.clone(), value.clone()]));
            Node::Logical(Logical::And, vec![bound, Logical::Or.join(ways)])
        }
        _ => Logical::Or.join(ways),
    }
}

impl Key {
    fn value(&self, bytes: &[u8]) -> Node {
        Node::Parameter(Parameter::shared(Arc::new(RawValue::new(self.ty, bytes))))
    }

    /// How a value compares that comes later.
    fn beyond(&self, backward: bool) -> Binary {
        if (self.direction == Direction::Asc) == backward { Binary::Less } else { Binary::Greater }
    }

    fn is_equal(&self, value: Option<&Node>) -> Node {
        match value {
            Some(value) => Node::Binary(Binary::Equal, Box::new([self.node.clone(), value.clone()])),
            None => self.is_null(false),
        }
    }

    /// Whether it comes later than a value; `None` where nothing does.
    fn is_beyond(&self, value: Option<&Node>, backward: bool) -> Option<Node> {
        let nulls_last = self.nulls_last != backward;
        let Some(value) = value else { return (!nulls_last).then(|| self.is_null(true)) };
        let beyond = Node::Binary(self.beyond(backward), Box::new([self.node.clone(), value.clone()]));
        Some(match nulls_last && self.nullable {
            true => Node::Logical(Logical::Or, vec![beyond, self.is_null(false)]),
            false => beyond,
        })
    }

    fn is_null(&self, negated: bool) -> Node {
        Node::IsNull { operand: Box::new(self.node.clone()), negated }
    }
}

//! The two kinds of relations: to many, and to one.

use std::collections::{HashMap, HashSet};
use std::panic::Location;

use tokio_postgres::Row as DriverRow;

use crate::error::Error;
use crate::model::relation::{BelongsTo, HasMany};
use crate::model::{Key, Model, Row};
use crate::query::ast::{ColumnRef, Direction, Item, Node, OrderItem, Placed, Select, Source};
use crate::row::Cells;
use crate::schema::ColumnMeta;
use crate::types::Value;

/// A relation as a statement reads it: `User.posts`, or `Post.author`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a relation",
    label = "expected a relation of the selected model, such as `User.posts` or `Post.author`"
)]
pub trait Relation: Copy + Send + Sync + 'static {
    /// The model it starts from.
    type From: Model;
    /// What it gives for each.
    type Found: Row;

    /// The statement that reads what these rows are related to; `None` if it is known that there is nothing.
    #[doc(hidden)]
    fn statement(self, from: &[&Self::From]) -> Result<Option<Related>, Error>;

    /// What each of these rows is related to, in their order.
    #[doc(hidden)]
    fn sort(self, from: &[&Self::From], rows: &[DriverRow]) -> Result<Vec<Self::Found>, Error>;
}

/// A statement that reads related rows.
#[derive(Debug)]
pub struct Related(pub(super) Box<Select>);

/// The rows of `M` whose column is one of `keys`, sorted by their own key.
#[track_caller]
fn rows_of<M: Model, K: Key>(column: &'static ColumnMeta, keys: Vec<K>) -> Result<Option<Related>, Error> {
    let Some(list) = K::list(keys) else {
        return Err(Error::statement_invalid(format!(
            "the relation by `{column:?}` goes to a key of several columns, which relations cannot follow yet: join the \
             tables"
        )));
    };
    let at = Location::caller();
    let source = Source { table: M::META, alias: None };
    let mut select = Select::new(at, vec![Item::Entity { source, optional: false }]);
    let operand = Box::new(Node::Column(ColumnRef { meta: column, alias: None }));
    select.filter.push(Placed { content: Node::In { operand, list, negated: false }, at });
    for meta in M::META.key() {
        let node = Node::Column(ColumnRef { meta, alias: None });
        let direction = Direction::Ascending;
        select.order.push(Placed { content: OrderItem { node, direction, nulls: None }, at });
    }
    Ok(Some(Related(Box::new(select))))
}

/// A foreign key's value as the key it points at; `None` for NULL.
fn key_in<K: Key>(value: &dyn Value) -> Option<K> {
    value.base()?.downcast_ref::<K>().cloned()
}

fn target_of(column: &'static ColumnMeta) -> Result<&'static ColumnMeta, Error> {
    let references = column.references.as_ref();
    let target = references.map(|key| (key.target)());
    target.ok_or_else(|| Error::statement_invalid(format!("`{column:?}` is no foreign key")))
}

impl<P: Model, C: Model> Relation for HasMany<P, C> {
    type From = P;
    type Found = Vec<C>;

    fn statement(self, from: &[&P]) -> Result<Option<Related>, Error> {
        let column = self.foreign_key();
        if target_of(column)?.table != P::META {
            return Err(Error::statement_invalid(format!(
                "`{column:?}` does not reference `{}`: a `has_many` goes by a foreign key to its own model",
                P::META.entity
            )));
        }
        if from.is_empty() {
            return Ok(None);
        }
        rows_of::<C, P::Key>(column, from.iter().map(|parent| parent.key()).collect())
    }

    fn sort(self, from: &[&P], rows: &[DriverRow]) -> Result<Vec<Vec<C>>, Error> {
        let place = self.foreign_key().place;
        let mut children: HashMap<P::Key, Vec<C>> = HashMap::with_capacity(from.len());
        for row in rows {
            let child = C::decode(&mut Cells::new(row))?;
            if let Some(key) = key_in(child.column(place)) {
                children.entry(key).or_default().push(child);
            }
        }
        // The same parent may stand in several rows.
        let last =
            from.iter().enumerate().map(|(place, parent)| (parent.key(), place)).collect::<HashMap<_, _>>();
        let take = |(place, parent): (usize, &&P)| {
            let key = parent.key();
            if last.get(&key) == Some(&place) {
                children.remove(&key).unwrap_or_default()
            } else {
                children.get(&key).cloned().unwrap_or_default()
            }
        };
        Ok(from.iter().enumerate().map(take).collect())
    }
}

/// What a relation to one gives: the row, or an `Option` of it where the foreign key may be NULL.
pub trait One: Row {
    /// The model at the other end.
    type Model: Model;

    #[doc(hidden)]
    fn found(row: Option<Self::Model>, foreign_key: &ColumnMeta) -> Result<Self, Error>;
}

impl<M: Model> One for M {
    type Model = M;

    fn found(row: Option<M>, foreign_key: &ColumnMeta) -> Result<M, Error> {
        row.ok_or_else(|| {
            Error::decode(format!(
                "`{foreign_key:?}` points at a row of `{}` that does not exist (any more): the two statements of a \
                 relation see the same rows in a transaction of the level REPEATABLE READ",
                M::META.entity
            ))
        })
    }
}

impl<M: Model> One for Option<M> {
    type Model = M;

    fn found(row: Option<M>, _: &ColumnMeta) -> Result<Option<M>, Error> {
        Ok(row)
    }
}

impl<C: Model, O: One> Relation for BelongsTo<C, O> {
    type From = C;
    type Found = O;

    fn statement(self, from: &[&C]) -> Result<Option<Related>, Error> {
        let column = self.foreign_key();
        let mut keys: Vec<<O::Model as Model>::Key> = Vec::with_capacity(from.len());
        let mut seen = HashSet::with_capacity(from.len());
        for child in from {
            if let Some(key) = key_in::<<O::Model as Model>::Key>(child.column(column.place))
                && seen.insert(key.clone())
            {
                keys.push(key);
            }
        }
        if keys.is_empty() {
            return Ok(None);
        }
        rows_of::<O::Model, _>(target_of(column)?, keys)
    }

    fn sort(self, from: &[&C], rows: &[DriverRow]) -> Result<Vec<O>, Error> {
        let column = self.foreign_key();
        let targets = rows.iter().map(|row| {
            let target = O::Model::decode(&mut Cells::new(row))?;
            Ok((target.key(), target))
        });
        let targets = targets.collect::<Result<HashMap<_, _>, Error>>()?;
        let find = |child: &&C| {
            let key: Option<<O::Model as Model>::Key> = key_in(child.column(column.place));
            O::found(key.and_then(|key| targets.get(&key).cloned()), column)
        };
        from.iter().map(find).collect()
    }
}

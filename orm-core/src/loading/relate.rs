//! The two kinds of relations: to many, and to one.

use std::collections::{HashMap, HashSet};
use std::hash::{Hash, Hasher};
use std::panic::Location;
use std::sync::Arc;

use bytes::BytesMut;

use super::order;
use crate::error::Error;
use crate::model::relation::{BelongsTo, HasMany};
use crate::model::{Key, Model, Row};
use crate::query::ast::{ColumnRef, Direction, Few, Item, Node, OrderItem, Placed, Select, Source};
use crate::schema::ColumnMeta;
use crate::types::{Keyed, Parameter, Value, bulk_array};

/// A relation as a statement reads it: `User.posts`, or `Post.author`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a relation",
    label = "expected a relation of the selected model, such as `User.posts` or `Post.author`"
)]
pub trait Relation: Copy + Send + Sync + 'static {
    /// The model it starts from.
    type From: Model;
    /// The model it leads to.
    type Target: Model;
    /// What it gives for each.
    type Found: Row;

    /// The statement that reads what these rows are related to; `None` if it is known that there is nothing.
    #[doc(hidden)]
    fn statement(self, from: &[&Self::From]) -> Result<Option<Related>, Error>;

    /// What each of these rows is related to, in their order.
    #[doc(hidden)]
    fn sort(self, from: &[&Self::From], found: Vec<Self::Target>) -> Result<Vec<Self::Found>, Error>;
}

/// A relation that starts from the model `M`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a relation of `{M}`",
    label = "expected a relation of the selected model, such as `User.posts` or `Post.author`"
)]
pub trait RelationOf<M>: Relation<From = M> {}
impl<P: Model, C: Model> RelationOf<P> for HasMany<P, C> {}
impl<C: Model, O: One> RelationOf<C> for BelongsTo<C, O> {}

/// A statement that reads related rows.
#[derive(Debug)]
pub struct Related(pub(super) Box<Select>);

/// The values rows are matched by.
trait Link: Clone + Eq + Hash {
    /// A column's value as such; `None` for NULL.
    fn of(value: &dyn Value) -> Result<Option<Self>, Error>;
    /// A list of them as one parameter.
    fn list(links: Vec<Self>, column: &ColumnMeta) -> Result<Parameter, Error>;
}

/// The primary key itself, the usual and the fast one.
#[derive(Clone, PartialEq, Eq, Hash)]
struct PrimaryKey<K>(K);

impl<K: Key> Link for PrimaryKey<K> {
    fn of(value: &dyn Value) -> Result<Option<Self>, Error> {
        Ok(value.base().and_then(|base| base.downcast_ref::<K>().cloned()).map(PrimaryKey))
    }

    fn list(links: Vec<Self>, column: &ColumnMeta) -> Result<Parameter, Error> {
        K::list(links.into_iter().map(|link| link.0).collect()).ok_or_else(|| {
            Error::statement_invalid(format!(
                "the relation by `{column:?}` goes to a key of several columns, which relations cannot follow: join the \
                 tables"
            ))
        })
    }
}

/// A value of whatever type, by the bytes that equal values have alike.
#[derive(Clone)]
struct Sent {
    value: Arc<dyn Value>,
    bytes: BytesMut,
}

impl PartialEq for Sent {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl Eq for Sent {}

impl Hash for Sent {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.bytes.hash(state);
    }
}

impl Link for Sent {
    fn of(value: &dyn Value) -> Result<Option<Self>, Error> {
        if value.is_null() {
            return Ok(None);
        }
        let mut bytes = BytesMut::new();
        value.write_canonical(&mut bytes).map_err(|cause| {
            Error::encode(format!("a key of a relation cannot be sent to PostgreSQL: {cause}")).because(cause)
        })?;
        Ok(Some(Sent { value: value.share(), bytes }))
    }

    fn list(links: Vec<Self>, column: &ColumnMeta) -> Result<Parameter, Error> {
        bulk_array(column.ty, links.iter().map(|link| &*link.value)).map_err(|cause| {
            Error::encode(format!("a value of `{column:?}` cannot be sent: {cause}")).because(cause)
        })
    }
}

/// The rows of `M` whose column is one of these, in the order of their own keys if the server is to sort them.
#[track_caller]
fn rows_of<M: Model, L: Link>(
    column: &'static ColumnMeta,
    links: Vec<L>,
    sorted: bool,
) -> Result<Option<Related>, Error> {
    let list = L::list(links, column)?;
    let at = Location::caller();
    let source = Source { table: M::META, alias: None };
    let mut select = Select::new(at, Few::One(Item::Entity { source, optional: false }));
    let operand = Box::new(Node::Column(ColumnRef { meta: column, alias: None }));
    select.filter.push(Placed { content: Node::In { operand, list, negated: false }, at });
    for meta in M::META.key().filter(|_| sorted) {
        let node = Node::Column(ColumnRef { meta, alias: None });
        let direction = Direction::Asc;
        select.order.push(Placed { content: OrderItem { node, direction, nulls: None }, at });
    }
    Ok(Some(Related(Box::new(select))))
}

fn target_of(column: &'static ColumnMeta) -> Result<&'static ColumnMeta, Error> {
    column.target().ok_or_else(|| Error::statement_invalid(format!("`{column:?}` is no foreign key")))
}

impl<P: Model, C: Model> Relation for HasMany<P, C> {
    type From = P;
    type Target = C;
    type Found = Vec<C>;

    fn statement(self, from: &[&P]) -> Result<Option<Related>, Error> {
        let column = self.foreign_key();
        let target = target_of(column)?;
        if target.table != P::META {
            return Err(Error::statement_invalid(format!(
                "`{column:?}` does not reference `{}`: a `has_many` goes by a foreign key to its own model",
                P::META.entity
            )));
        }
        if from.is_empty() {
            return Ok(None);
        }
        if target.is_primary_key() {
            children_statement::<P, C, PrimaryKey<P::Key>>(from, column, target)
        } else {
            children_statement::<P, C, Sent>(from, column, target)
        }
    }

    fn sort(self, from: &[&P], found: Vec<C>) -> Result<Vec<Vec<C>>, Error> {
        let column = self.foreign_key();
        let target = target_of(column)?;
        if target.is_primary_key() {
            sort_children::<P, C, PrimaryKey<P::Key>>(from, found, column, target)
        } else {
            sort_children::<P, C, Sent>(from, found, column, target)
        }
    }
}

fn children_statement<P: Model, C: Model, L: Link>(
    parents: &[&P],
    column: &'static ColumnMeta,
    target: &ColumnMeta,
) -> Result<Option<Related>, Error> {
    let links = parents.iter().filter_map(|parent| L::of(parent.column(target.place)).transpose());
    rows_of::<C, L>(column, links.collect::<Result<_, Error>>()?, !order::is_known(C::META))
}

fn sort_children<P: Model, C: Model, L: Link>(
    parents: &[&P],
    found: Vec<C>,
    column: &ColumnMeta,
    target: &ColumnMeta,
) -> Result<Vec<Vec<C>>, Error> {
    let links = parents.iter().map(|parent| L::of(parent.column(target.place)));
    let links = links.collect::<Result<Vec<_>, Error>>()?;
    let mut places: HashMap<&L, usize, Keyed> =
        HashMap::with_capacity_and_hasher(links.len(), Keyed::default());
    // The same parent may stand in several rows.
    let mut repeated = Vec::new();
    for (place, link) in links.iter().enumerate() {
        let Some(link) = link else { continue };
        let first = *places.entry(link).or_insert(place);
        if first != place {
            repeated.push((place, first));
        }
    }
    let mut children: Vec<Vec<C>> = parents.iter().map(|_| Vec::new()).collect();
    // Most often one parent's come together.
    let mut before: Option<(L, Option<usize>)> = None;
    for child in found {
        let Some(link) = L::of(child.column(column.place))? else { continue };
        let place = match before {
            Some((ref same, place)) if *same == link => place,
            _ => {
                let place = places.get(&link).copied();
                before = Some((link, place));
                place
            }
        };
        if let Some(place) = place {
            children[place].push(child);
        }
    }
    if order::is_known(C::META) {
        children.iter_mut().for_each(|children| order::sort(children));
    }
    for (place, first) in repeated {
        children[place] = children[first].clone();
    }
    Ok(children)
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
    type Target = O::Model;
    type Found = O;

    fn statement(self, from: &[&C]) -> Result<Option<Related>, Error> {
        let column = self.foreign_key();
        let target = target_of(column)?;
        if target.is_primary_key() {
            targets_statement::<C, O, PrimaryKey<<O::Model as Model>::Key>>(from, column, target)
        } else {
            targets_statement::<C, O, Sent>(from, column, target)
        }
    }

    fn sort(self, from: &[&C], found: Vec<O::Model>) -> Result<Vec<O>, Error> {
        let column = self.foreign_key();
        let target = target_of(column)?;
        if target.is_primary_key() {
            sort_targets::<C, O, PrimaryKey<<O::Model as Model>::Key>>(from, found, column, target)
        } else {
            sort_targets::<C, O, Sent>(from, found, column, target)
        }
    }
}

fn targets_statement<C: Model, O: One, L: Link>(
    from: &[&C],
    column: &ColumnMeta,
    target: &'static ColumnMeta,
) -> Result<Option<Related>, Error> {
    let mut links: Vec<L> = Vec::with_capacity(from.len());
    let mut seen = HashSet::with_capacity_and_hasher(from.len(), Keyed::default());
    for child in from {
        if let Some(link) = L::of(child.column(column.place))?
            && seen.insert(link.clone())
        {
            links.push(link);
        }
    }
    if links.is_empty() {
        return Ok(None);
    }
    rows_of::<O::Model, L>(target, links, false)
}

fn sort_targets<C: Model, O: One, L: Link>(
    from: &[&C],
    found: Vec<O::Model>,
    column: &'static ColumnMeta,
    target: &ColumnMeta,
) -> Result<Vec<O>, Error> {
    let mut targets: HashMap<L, O::Model, Keyed> =
        HashMap::with_capacity_and_hasher(found.len(), Keyed::default());
    for found in found {
        if let Some(link) = L::of(found.column(target.place))? {
            targets.insert(link, found);
        }
    }
    let find = |child: &&C| {
        let link = L::of(child.column(column.place))?;
        O::found(link.and_then(|link| targets.get(&link).cloned()), column)
    };
    from.iter().map(find).collect()
}

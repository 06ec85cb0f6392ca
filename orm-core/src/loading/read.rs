//! Reads the rows that belong to others.

use tokio_postgres::Row as DriverRow;
use tokio_postgres::types::Type;

use super::missing;
use super::owned::Owned;
use super::runs::Runs;
use super::statement::{belonging, columns, limit_each, only_of, only_of_rows, order_by_key, refuse_others};
use crate::error::Error;
use crate::model::Row;
use crate::model::relation::{Arity, Path};
use crate::query::ast::{self, Node, Placed, Refused};
use crate::query::{
    Decode, Following, IntegerPlace, KeyPlaces, Keys, Make, Making, Parent, ReadRelated, RowSink, Select,
    Step,
};
use crate::row::Cells;
use crate::schema::Target;

/// Reads what of a relation is wanted.
pub(super) struct Read<A, R> {
    path: Path,
    query: ast::Select,
    make: Make<R>,
    limit: Option<i64>,
    arity: std::marker::PhantomData<fn() -> A>,
}

impl<A: Arity, R: Row + Clone> Read<A, R> {
    pub(super) fn new(path: Path, mut select: Select<R>, limit: Option<i64>) -> Self {
        refuse_others(&mut select.query, &path);
        Read { path, query: *select.query, make: select.make, limit, arity: std::marker::PhantomData }
    }

    /// The order that rows have without being told: by their key. Where that is a number and among the columns read, rows
    /// are sorted when they are there: a server that need not sort sends the first while it reads the others.
    fn order(&self, query: &mut ast::Select) -> Option<KeyPlaces> {
        if A::AT_MOST_ONE || !query.order.is_empty() {
            return None;
        }
        let mut key = self.path.end.table.key();
        if let (Some(column), None, None) = (key.next(), key.next(), self.limit)
            && matches!(column.ty.wire, Type::INT2 | Type::INT4 | Type::INT8)
            && let Some(place) = query.place_of(&Node::Column(ast::ColumnRef { meta: column, alias: None }))
        {
            return Some(KeyPlaces(vec![(column, place - 1)]));
        }
        order_by_key(query, &self.path);
        None
    }

    /// The statement for rows that `only` leaves, and where its rows have what they belong by, and what they are sorted by.
    fn statement(
        &self,
        only: impl FnOnce(&mut ast::Select, Target) -> Result<Option<Node>, Error>,
    ) -> Result<(ast::Select, Owned, Option<KeyPlaces>), Error> {
        let mut query = self.query.clone();
        let belonging: Target = belonging(&mut query, &self.path, None);
        let number = only(&mut query, belonging)?;
        let sorted = self.order(&mut query);
        if let Some(limit) = self.limit {
            let key =
                number.clone().map_or_else(|| columns(belonging, None).collect(), |number| vec![number]);
            limit_each(&mut query, key, limit);
        }
        let owned = Owned::new(&mut query, belonging, number);
        Ok((query, owned, sorted))
    }
}

impl<A: Arity, R: Row + Clone> ReadRelated<A::Found<R>> for Read<A, R> {
    fn read(&self, mut keys: Keys, number: usize) -> Result<Step<A::Found<R>>, Error> {
        if keys.count() == 0 {
            return Ok(Step::Done(hand_out::<A, R>(&keys.rows, Vec::new(), self.path)?));
        }
        let (query, owned, sorted) =
            self.statement(|query, belonging| only_of(query, belonging, &mut keys))?;
        let column = sorted.as_ref().map(|KeyPlaces(places)| places[0].0);
        let rows = match &self.make {
            Make::Decode(decode) if column.is_none_or(R::has_bigint) => {
                CollectedRows::Alone(*decode, Runs::new(keys.count(), column))
            }
            make => CollectedRows::Made {
                making: make.start_at(number + 1),
                owners: Vec::new(),
                order: sorted.map(|places| InOrder {
                    places,
                    integer: None,
                    keys: Vec::new(),
                    last: vec![i64::MIN; keys.count()],
                }),
            },
        };
        let taking = Taking::<A, R> { rows, owned, integer: None, keys, path: self.path };
        Ok(Step::Fetch(vec![Following { number, query }], Box::new(taking)))
    }

    fn count(&self) -> usize {
        self.make.count()
    }

    fn refused(&self) -> Option<&Placed<Refused>> {
        self.query.refused()
    }

    fn ahead(&self, parent: &Parent<'_>, ahead: &mut Vec<ast::Select>) -> Result<(), Error> {
        let (query, ..) = self.statement(|query, belonging| only_of_rows(query, belonging, parent))?;
        ahead.push(query.clone());
        self.make.ahead(&query, ahead)
    }
}

/// Takes the rows that belong to others.
struct Taking<A: Arity, R: Row + Clone> {
    rows: CollectedRows<A, R>,
    owned: Owned,
    /// The same, if it is one integer; known with the first row.
    integer: Option<Option<IntegerPlace>>,
    keys: Keys,
    path: Path,
}

/// The rows taken so far.
enum CollectedRows<A: Arity, R: Row + Clone> {
    /// Each made by itself.
    Alone(Decode<R>, Runs<A, R>),
    Made {
        making: Making<R>,
        /// For each row the number of the key that it belongs to.
        owners: Vec<usize>,
        order: Option<InOrder>,
    },
}

/// What rows are sorted by.
struct InOrder {
    places: KeyPlaces,
    integer: Option<Option<IntegerPlace>>,
    keys: Vec<i64>,
    /// The last one of each owner; emptied when a row came out of order.
    last: Vec<i64>,
}

impl InOrder {
    fn integer(&mut self, row: &DriverRow) -> Option<IntegerPlace> {
        *self.integer.get_or_insert_with(|| self.places.integer(row))
    }

    fn take(&mut self, row: &DriverRow, owner: usize) -> Result<(), Error> {
        let key = match self.integer(row) {
            Some(integer) => integer.read(row),
            None => self.places.read(row)?.and_then(|key| key.number()),
        };
        let key = key.unwrap_or(i64::MAX);
        self.keys.push(key);
        match self.last.get_mut(owner) {
            Some(last) if *last > key => self.last.clear(),
            Some(last) => *last = key,
            None => {}
        }
        Ok(())
    }
}

impl<A: Arity, R: Row + Clone> RowSink<A::Found<R>> for Taking<A, R> {
    fn take(&mut self, _: usize, row: &DriverRow) -> Result<(), Error> {
        let integer = *self.integer.get_or_insert_with(|| self.owned.integer(row));
        // A row that came between two statements may belong to one that was not there yet.
        match &mut self.rows {
            CollectedRows::Alone(decode, runs) => {
                let value = decode(&mut Cells::new(row))?;
                let owner = match integer {
                    Some(integer) => {
                        let key = integer.read_beside(&value, row);
                        key.and_then(|key| self.keys.find_integer(key))
                    }
                    None => self.owned.owner(row, &mut self.keys)?,
                };
                if let Some(owner) = owner {
                    runs.push(owner, value);
                }
            }
            CollectedRows::Made { making, owners, order } => {
                let Some(owner) = self.owned.owner(row, &mut self.keys)? else { return Ok(()) };
                making.take(row)?;
                owners.push(owner);
                if let Some(order) = order {
                    order.take(row, owner)?;
                }
            }
        }
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<Step<A::Found<R>>, Error> {
        let Taking { rows, keys, path, .. } = *self;
        let (making, owners, order) = match rows {
            CollectedRows::Alone(_, runs) => {
                return Ok(Step::Done(hand_out::<A, R>(&keys.rows, runs.finish(), path)?));
            }
            CollectedRows::Made { making, owners, order } => (making, owners, order),
        };
        making.finish()?.and_then(move |rows| {
            let mut counts = vec![0_usize; keys.count()];
            owners.iter().for_each(|owner| counts[*owner] += 1);
            let mut found: Vec<A::Rows<R>> = counts.into_iter().map(A::with_capacity::<R>).collect();
            let owned = owners.into_iter().zip(rows);
            match order {
                Some(InOrder { keys, last, .. }) if last.is_empty() => {
                    let mut sorted: Vec<_> = keys.into_iter().zip(owned).collect();
                    sorted.sort_by_key(|(key, _)| *key);
                    sorted.into_iter().for_each(|(_, (owner, row))| A::push(&mut found[owner], row));
                }
                _ => owned.for_each(|(owner, row)| A::push(&mut found[owner], row)),
            }
            Ok(Step::Done(hand_out::<A, R>(&keys.rows, found, path)?))
        })
    }
}

/// Gives each row what was found for its key; a copy where several rows have the same one.
fn hand_out<A: Arity, R: Row + Clone>(
    rows: &[Option<usize>],
    found: Vec<A::Rows<R>>,
    path: Path,
) -> Result<Vec<A::Found<R>>, Error> {
    let mut left = vec![0_usize; found.len()];
    rows.iter().flatten().for_each(|number| left[*number] += 1);
    let mut found: Vec<_> = found.into_iter().map(A::found::<R>).collect();
    let related = rows.iter().map(|number| {
        let related = match *number {
            None => A::found::<R>(Default::default()),
            Some(number) => {
                left[number] -= 1;
                if left[number] == 0 { found[number].take() } else { found[number].clone() }
            }
        };
        related.ok_or_else(|| missing(path))
    });
    related.collect()
}

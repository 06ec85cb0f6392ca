//! The seam between a select and the relations that are read with it.

use std::sync::Arc;

use tokio_postgres::Row as DriverRow;

use super::keys::{KeyPlaces, Keys};
use super::make::{Load, Make, Making, RowSink, Step};
use crate::error::Error;
use crate::model::Alias;
use crate::query::ast::{ColumnRef, Item, Node, OneOrMany, Placed, Refused, Select};
use crate::query::resolve::{self, Resolved};
use crate::schema::Target;

/// Reads what rows are related to.
pub(crate) trait Related<F>: Send + Sync {
    /// What belongs to each of the rows with these keys, in their order.
    ///
    /// Its statement has this number, and those below it the following ones.
    fn read(&self, keys: Keys, number: usize) -> Result<Step<F>, Error>;

    /// How many statements there are below its own.
    fn count(&self) -> usize;

    /// What its own statement was given that no statement can mean.
    fn refused(&self) -> Option<&Placed<Refused>>;

    /// Its statement and those below it, for what belongs to the rows of a statement, which have these columns.
    fn ahead(&self, parent: &Parent<'_>, ahead: &mut Vec<Select>) -> Result<(), Error>;
}

/// A statement whose rows others follow from, and what they are related by.
pub(crate) struct Parent<'a> {
    pub(crate) query: &'a Select,
    pub(crate) columns: Vec<Node>,
}

impl Parent<'_> {
    /// Whether it can be told in memory which values of its columns are equal.
    pub(crate) fn is_known(&self) -> bool {
        let mut columns = self.columns.iter();
        columns.all(|node| matches!(node, Node::Column(column) if column.meta.canonical.is_some()))
    }

    /// Its rows as a select of these columns.
    ///
    /// # Errors
    /// If that would be other rows.
    pub(crate) fn select(&self) -> Result<Select, Error> {
        let query = self.query;
        let limited = query.limit.is_some() || query.offset.is_some();
        let distinct = query.distinct || !query.distinct_on().is_empty();
        if query.set().is_some() || query.lock.is_some() || (limited && distinct) {
            return Err(Error::statement_invalid(
                "`together` selects related rows by the condition of the statement, which one with UNION, with a lock, or \
                 with DISTINCT and a limit does not have: leave `together` out, and read it in a transaction of the level \
                 REPEATABLE READ",
            )
            .located(query.at));
        }
        let mut select = query.clone();
        select.items = OneOrMany::None;
        if !limited {
            select.order.clear();
        }
        if let Some(function) = select.volatile() {
            return Err(Error::statement_invalid(format!(
                "`together` selects related rows by the condition of the statement once more, and `{function}` gives other \
                 values each time: leave `together` out, and read it in a transaction of the level REPEATABLE READ"
            ))
            .located(query.at));
        }
        // Inside of another statement, what FROM begins with would not follow from the conditions alone.
        select.from.clone_from(&resolve::select(query).level(Resolved::TOP).from);
        select.distinct = false;
        for node in &self.columns {
            let Node::Column(column) = node else { continue };
            select.items.push(Item::Value {
                node: node.clone(),
                label: None,
                ty: column.meta.ty,
                nullable: true,
            });
        }
        Ok(select)
    }
}

/// The columns of places, as the tree has them.
pub(crate) fn columns_of(places: &KeyPlaces, alias: Option<Alias>) -> Vec<Node> {
    places.0.iter().map(|(meta, _)| Node::Column(ColumnRef { meta, alias })).collect()
}

/// Makes rows, and appends to each what it is related to.
pub(crate) struct With<R, F, S> {
    pub(crate) inner: Make<R>,
    pub(crate) places: KeyPlaces,
    /// The name of the table whose columns these are, where that is not the table's own.
    pub(crate) alias: Option<Alias>,
    pub(crate) related: Arc<dyn Related<F>>,
    pub(crate) append: fn(R, F) -> S,
}

impl<R: Send + 'static, F: Send + 'static, S: 'static> Load<S> for With<R, F, S> {
    fn sink(&self, first: usize) -> Box<dyn RowSink<S>> {
        Box::new(Reading {
            inner: self.inner.start_at(first),
            number: first + self.inner.count(),
            keys: Keys::new(self.places.clone()),
            related: Arc::clone(&self.related),
            append: self.append,
        })
    }

    fn count(&self) -> usize {
        self.inner.count() + 1 + self.related.count()
    }

    fn ahead(&self, query: &Select, ahead: &mut Vec<Select>) -> Result<(), Error> {
        self.inner.ahead(query, ahead)?;
        self.related.ahead(&Parent { query, columns: columns_of(&self.places, self.alias) }, ahead)
    }
}

struct Reading<R, F, S> {
    inner: Making<R>,
    number: usize,
    keys: Keys,
    related: Arc<dyn Related<F>>,
    append: fn(R, F) -> S,
}

impl<R: Send + 'static, F: Send + 'static, S: 'static> RowSink<S> for Reading<R, F, S> {
    fn take(&mut self, _: usize, row: &DriverRow) -> Result<(), Error> {
        self.inner.take(row)?;
        self.keys.take(row)
    }

    fn finish(self: Box<Self>) -> Result<Step<S>, Error> {
        let Reading { inner, number, keys, related, append } = *self;
        let join = move |rows: Vec<R>, found: Vec<F>| {
            rows.into_iter().zip(found).map(|(row, found)| append(row, found)).collect()
        };
        Ok(inner.finish()?.zip(related.read(keys, number)?, join))
    }
}

impl Select {
    /// Where columns stand in its rows; what is not there is added behind all others.
    pub(crate) fn places_of(&mut self, columns: Target, alias: Option<Alias>) -> KeyPlaces {
        let places = columns.columns().map(|meta| {
            let node = Node::Column(ColumnRef { meta, alias });
            let place = self.place_of(&node).map(|place| place - 1).unwrap_or_else(|| {
                let width = self.items.iter().map(Item::width).sum();
                self.items.push(Item::Value { node, label: None, ty: meta.ty, nullable: true });
                width
            });
            (meta, place)
        });
        KeyPlaces(places.collect())
    }
}

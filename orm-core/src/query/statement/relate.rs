//! The seam between a select and the relations that are read with it.

use std::sync::Arc;

use tokio_postgres::Row as DriverRow;

use super::keys::{KeyPlaces, Keys};
use super::make::{Intake, Load, Make, Making, Step};
use crate::error::Error;
use crate::model::Alias;
use crate::query::ast::{ColumnRef, Item, Node, Select};
use crate::schema::Target;

/// Reads what rows are related to.
pub(crate) trait Related<F>: Send + Sync {
    /// What belongs to each of the rows with these keys, in their order.
    fn read(&self, keys: Keys) -> Result<Step<F>, Error>;
}

/// Makes rows, and appends to each what it is related to.
pub(crate) struct With<R, F, S> {
    pub(crate) inner: Make<R>,
    pub(crate) places: KeyPlaces,
    pub(crate) related: Arc<dyn Related<F>>,
    pub(crate) append: fn(R, F) -> S,
}

impl<R: Send + 'static, F: Send + 'static, S: 'static> Load<S> for With<R, F, S> {
    fn intake(&self) -> Box<dyn Intake<S>> {
        Box::new(Reading {
            inner: self.inner.start(),
            keys: Keys::new(self.places.clone()),
            related: Arc::clone(&self.related),
            append: self.append,
        })
    }
}

struct Reading<R, F, S> {
    inner: Making<R>,
    keys: Keys,
    related: Arc<dyn Related<F>>,
    append: fn(R, F) -> S,
}

impl<R: Send + 'static, F: Send + 'static, S: 'static> Intake<S> for Reading<R, F, S> {
    fn take(&mut self, _: usize, row: &DriverRow) -> Result<(), Error> {
        self.inner.take(row)?;
        self.keys.take(row)
    }

    fn finish(self: Box<Self>) -> Result<Step<S>, Error> {
        let Reading { inner, keys, related, append } = *self;
        let join = move |rows: Vec<R>, found: Vec<F>| {
            rows.into_iter().zip(found).map(|(row, found)| append(row, found)).collect()
        };
        Ok(inner.finish()?.zip(related.read(keys)?, join))
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

//! Rows whose fields are related rows: made when those are there.

use std::any::Any;
use std::sync::Arc;

use tokio_postgres::Row as DriverRow;

use super::keys::{KeyPlaces, Keys};
use super::make::{Decode, Load, Make, RowSink, Step};
use super::relate::{Parent, Related, columns_of};
use crate::error::Error;
use crate::model::Alias;
use crate::query::ast::{Placed, Refused, Select};
use crate::row::{Cells, RelatedPart, RelatedRows};

/// A relation that is a field of a row.
#[derive(Clone)]
pub(crate) struct RelatedField {
    pub(crate) places: KeyPlaces,
    /// The name of the table whose columns these are, where that is not the table's own.
    pub(crate) alias: Option<Alias>,
    pub(crate) related: Arc<dyn Related<Found>>,
}

/// What one relation gave for all rows: a `Vec<Option<F>>`.
pub(crate) struct Found(Box<dyn Any + Send>);

/// A relation, whatever it gives.
pub(crate) struct Erased<F>(pub(crate) Arc<dyn Related<F>>);

impl<F: Send + 'static> Related<Found> for Erased<F> {
    fn read(&self, keys: Keys, number: usize) -> Result<Step<Found>, Error> {
        self.0.read(keys, number)?.and_then(|found| {
            let found: Vec<Option<F>> = found.into_iter().map(Some).collect();
            Ok(Step::Done(vec![Found(Box::new(found))]))
        })
    }

    fn count(&self) -> usize {
        self.0.count()
    }

    fn refused(&self) -> Option<&Placed<Refused>> {
        self.0.refused()
    }

    fn ahead(&self, parent: &Parent<'_>, ahead: &mut Vec<Select>) -> Result<(), Error> {
        self.0.ahead(parent, ahead)
    }
}

/// Makes rows of their cells and of what they are related to.
pub(super) struct Shaped<R> {
    decode: Decode<R>,
    fields: Vec<RelatedField>,
}

impl<R: Send + 'static> Shaped<R> {
    /// What makes rows, of their cells alone where they have no such fields.
    pub(super) fn make(decode: Decode<R>, fields: Vec<RelatedField>) -> Make<R> {
        if fields.is_empty() { Make::Decode(decode) } else { Make::Load(Arc::new(Shaped { decode, fields })) }
    }
}

impl<R: Send + 'static> Load<R> for Shaped<R> {
    fn sink(&self, first: usize) -> Box<dyn RowSink<R>> {
        let fields = self.fields.iter().map(|field| (field.clone(), Keys::new(field.places.clone())));
        Box::new(Shaping { decode: self.decode, first, fields: fields.collect(), rows: Vec::new() })
    }

    fn count(&self) -> usize {
        self.fields.iter().map(|field| 1 + field.related.count()).sum()
    }

    fn ahead(&self, query: &Select, ahead: &mut Vec<Select>) -> Result<(), Error> {
        self.fields.iter().try_for_each(|field| {
            let columns = columns_of(&field.places, field.alias);
            field.related.ahead(&Parent { query, columns }, ahead)
        })
    }
}

struct Shaping<R> {
    decode: Decode<R>,
    /// The number of the first statement that follows.
    first: usize,
    fields: Vec<(RelatedField, Keys)>,
    /// They are decoded when what they are related to is there.
    rows: Vec<DriverRow>,
}

impl<R: Send + 'static> RowSink<R> for Shaping<R> {
    fn take(&mut self, _: usize, row: &DriverRow) -> Result<(), Error> {
        self.rows.push(row.clone());
        self.fields.iter_mut().try_for_each(|(_, keys)| keys.take(row))
    }

    fn finish(self: Box<Self>) -> Result<Step<R>, Error> {
        let Shaping { decode, first: mut number, fields, rows } = *self;
        let mut read = Step::Done(Vec::new());
        for (field, keys) in fields {
            let place = field.places.0.first().map_or(usize::MAX, |(_, place)| *place);
            let width = field.places.0.len();
            let found = field.related.read(keys, number)?;
            number += 1 + field.related.count();
            read = read.zip(found, move |mut parts: Vec<RelatedPart>, found: Vec<Found>| {
                parts.extend(found.into_iter().map(|Found(rows)| RelatedPart { place, width, rows }));
                parts
            });
        }
        read.and_then(move |parts| {
            let mut related = RelatedRows::new(parts);
            let mut made = Vec::with_capacity(rows.len());
            for row in &rows {
                made.push(decode(&mut Cells::related_to(row, &related))?);
                related.advance();
            }
            Ok(Step::Done(made))
        })
    }
}

//! Rows whose fields are related rows: made when those are there.

use std::any::Any;
use std::sync::Arc;

use tokio_postgres::Row as DriverRow;

use super::keys::{KeyPlaces, Keys};
use super::make::{Decode, Intake, Load, Make, Step};
use super::relate::Related;
use crate::error::Error;
use crate::row::{Cells, RelatedPart, RelatedRows};

/// A relation that is a field of a row.
#[derive(Clone)]
pub(crate) struct RelatedField {
    pub(crate) places: KeyPlaces,
    pub(crate) related: Arc<dyn Related<Found>>,
}

/// What one relation gave for all rows: a `Vec<Option<F>>`.
pub(crate) struct Found(Box<dyn Any + Send>);

/// A relation, whatever it gives.
pub(crate) struct Erased<F>(pub(crate) Arc<dyn Related<F>>);

impl<F: Send + 'static> Related<Found> for Erased<F> {
    fn read(&self, keys: Keys) -> Result<Step<Found>, Error> {
        self.0.read(keys)?.and_then(|found| {
            let found: Vec<Option<F>> = found.into_iter().map(Some).collect();
            Ok(Step::Done(vec![Found(Box::new(found))]))
        })
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
    fn intake(&self) -> Box<dyn Intake<R>> {
        let fields = self.fields.iter().map(|field| (field.clone(), Keys::new(field.places.clone())));
        Box::new(Shaping { decode: self.decode, fields: fields.collect(), rows: Vec::new() })
    }
}

struct Shaping<R> {
    decode: Decode<R>,
    fields: Vec<(RelatedField, Keys)>,
    /// They are decoded when what they are related to is there.
    rows: Vec<DriverRow>,
}

impl<R: Send + 'static> Intake<R> for Shaping<R> {
    fn take(&mut self, _: usize, row: &DriverRow) -> Result<(), Error> {
        self.rows.push(row.clone());
        self.fields.iter_mut().try_for_each(|(_, keys)| keys.take(row))
    }

    fn finish(self: Box<Self>) -> Result<Step<R>, Error> {
        let Shaping { decode, fields, rows } = *self;
        let mut read = Step::Done(Vec::new());
        for (field, keys) in fields {
            let place = field.places.0.first().map_or(usize::MAX, |(_, place)| *place);
            let width = field.places.0.len();
            let found = field.related.read(keys)?;
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

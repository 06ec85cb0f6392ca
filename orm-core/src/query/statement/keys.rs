//! What rows are related by: read from their cells, matched in memory, and sent as lists.

use std::collections::HashMap;

use bytes::BytesMut;
use tokio_postgres::Row as DriverRow;
use tokio_postgres::types::Type;

use crate::error::Error;
use crate::model::Row;
use crate::schema::ColumnMeta;
use crate::types::{
    BulkColumn, Cell, Keyed, Parameter, RawValue, Value, bulk_array, bulk_column, integer, integer_of,
    is_integer, list,
};

/// What a row is related by: equal where PostgreSQL's `=` says so, whatever the width of an integer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Key {
    Integer(i64),
    /// The bytes of a value, or of several values behind their lengths.
    Bytes(Box<[u8]>),
}

impl Key {
    /// The number, if it is one.
    pub(crate) fn number(&self) -> Option<i64> {
        match self {
            Key::Integer(number) => Some(*number),
            Key::Bytes(_) => None,
        }
    }
}

/// Where the columns stand in a row that it is related by.
#[derive(Clone, Debug)]
pub(crate) struct KeyPlaces(pub(crate) Vec<(&'static ColumnMeta, usize)>);

impl KeyPlaces {
    /// Where the key stands, if it is one integer in rows like this.
    pub(crate) fn integer(&self, row: &DriverRow) -> Option<IntegerPlace> {
        let [(column, place)] = *self.0 else { return None };
        let is_integer = row.columns().get(place).is_some_and(|column| is_integer(column.type_()));
        is_integer.then_some(IntegerPlace { column, place })
    }

    /// The key of a row; `None` if a part of it is NULL.
    pub(crate) fn read(&self, row: &DriverRow) -> Result<Option<Key>, Error> {
        if let [(column, place)] = &*self.0 {
            let raw = cell(row, column, *place)?;
            return raw.map(|raw| key(column, row.columns()[*place].type_(), raw)).transpose();
        }
        let parts = self.0.iter().map(|(column, place)| {
            let raw = cell(row, column, *place)?;
            raw.map(|raw| key(column, row.columns()[*place].type_(), raw)).transpose()
        });
        key_of_parts(parts)
    }
}

/// Where a key stands that is one integer, in all rows of a statement.
#[derive(Clone, Copy, Debug)]
pub(crate) struct IntegerPlace {
    column: &'static ColumnMeta,
    place: usize,
}

impl IntegerPlace {
    /// The key of a row, which the value that was made of it may have at hand; `None` if it is NULL.
    #[inline]
    pub(crate) fn read_beside<R: Row>(self, value: &R, row: &DriverRow) -> Option<i64> {
        value.bigint(self.column).or_else(|| self.read(row))
    }

    /// The key of a row; `None` if it is NULL.
    #[inline]
    pub(crate) fn read(self, row: &DriverRow) -> Option<i64> {
        match row.try_get(self.place) {
            Ok(Cell(Some(raw))) => integer_of(raw),
            _ => None,
        }
    }
}

/// The key that several parts are; `None` if one of them is.
fn key_of_parts(parts: impl Iterator<Item = Result<Option<Key>, Error>>) -> Result<Option<Key>, Error> {
    let mut bytes = Vec::new();
    for part in parts {
        let part = match part? {
            Some(Key::Integer(number)) => number.to_be_bytes().into(),
            Some(Key::Bytes(part)) => part,
            None => return Ok(None),
        };
        bytes.extend_from_slice(&part.len().to_be_bytes());
        bytes.extend_from_slice(&part);
    }
    Ok(Some(Key::Bytes(bytes.into())))
}

fn cell<'a>(row: &'a DriverRow, column: &ColumnMeta, place: usize) -> Result<Option<&'a [u8]>, Error> {
    let Cell(raw) = row.try_get(place).map_err(|cause| {
        Error::decode(format!("`{column:?}`, which a relation goes by, was expected in column {}", place + 1))
            .because(cause)
    })?;
    // The blanks that char(n) is padded with are no part of its value, and are in the way where it is compared as text.
    let is_padded = row.columns()[place].type_() == &Type::BPCHAR;
    Ok(raw.map(|raw: &[u8]| {
        let end = if is_padded {
            raw.iter().rposition(|byte| *byte != b' ').map_or(0, |last| last + 1)
        } else {
            raw.len()
        };
        &raw[..end]
    }))
}

/// The key that the bytes of a value are: of whatever form, those of equal values are the same, where that can be told.
fn key(column: &ColumnMeta, ty: &Type, raw: &[u8]) -> Result<Key, Error> {
    if let Some(number) = integer(ty, raw) {
        return Ok(Key::Integer(number));
    }
    let Some(canonical) = column.canonical else { return Ok(Key::Bytes(raw.into())) };
    let mut bytes = BytesMut::with_capacity(raw.len());
    canonical(ty, raw, &mut bytes).map_err(|cause| {
        Error::decode(format!("`{column:?}`, which a relation goes by, cannot be read: {cause}"))
            .because(cause)
    })?;
    Ok(Key::Bytes(bytes[..].into()))
}

/// The keys of rows, in their order.
#[derive(Debug)]
pub(crate) struct Keys {
    places: KeyPlaces,
    /// The same, if it is one integer; known with the first row.
    integer: Option<Option<IntegerPlace>>,
    /// For each row the number of its key; `None` where that is NULL.
    pub(crate) rows: Vec<Option<usize>>,
    numbers: HashMap<Key, usize, Keyed>,
    last: Option<(Key, usize)>,
    /// The different keys, column by column.
    values: Vec<Values>,
}

#[derive(Debug)]
enum Values {
    Bigint(Vec<i64>),
    Other(Vec<RawValue>),
}

impl Values {
    fn extend(&mut self, column: &'static ColumnMeta, raw: Option<&[u8]>) {
        let Some(raw) = raw else { return };
        match self {
            Values::Bigint(list) => list.extend(integer(&Type::INT8, raw)),
            Values::Other(list) => list.push(RawValue::new(column.ty, raw)),
        }
    }
}

impl Keys {
    pub(crate) fn new(places: KeyPlaces) -> Keys {
        let values = places.0.iter().map(|(column, _)| match column.ty.wire {
            Type::INT8 => Values::Bigint(Vec::new()),
            _ => Values::Other(Vec::new()),
        });
        let values = values.collect();
        Keys { places, integer: None, rows: Vec::new(), numbers: HashMap::default(), last: None, values }
    }

    /// Takes the key of the next row.
    pub(crate) fn take(&mut self, row: &DriverRow) -> Result<(), Error> {
        if let Some(integer) = *self.integer.get_or_insert_with(|| self.places.integer(row))
            && let [Values::Bigint(_)] = *self.values
        {
            let number = integer.read(row);
            if self.note(number.map(Key::Integer))
                && let [Values::Bigint(list)] = &mut *self.values
            {
                list.extend(number);
            }
            return Ok(());
        }
        let key = self.places.read(row)?;
        if self.note(key) {
            for ((column, place), values) in self.places.0.iter().zip(&mut self.values) {
                values.extend(column, cell(row, column, *place)?);
            }
        }
        Ok(())
    }

    /// Takes the key of an object, as the next row's.
    pub(crate) fn take_object<'a>(&mut self, column: impl Fn(usize) -> &'a dyn Value) -> Result<(), Error> {
        let mut raws = Vec::with_capacity(self.places.0.len());
        for (meta, _) in &self.places.0 {
            let value = column(meta.place);
            let mut raw = BytesMut::new();
            value.write(&mut raw).map_err(|cause| meta.refused(cause))?;
            raws.push((!value.is_null()).then_some(raw));
        }
        let mut parts = self
            .places
            .0
            .iter()
            .zip(&raws)
            .map(|((meta, _), raw)| raw.as_ref().map(|raw| key(meta, &meta.ty.wire, raw)).transpose());
        let key = if raws.len() == 1 { parts.next().transpose()?.flatten() } else { key_of_parts(parts)? };
        if self.note(key) {
            for (((meta, _), values), raw) in self.places.0.iter().zip(&mut self.values).zip(&raws) {
                values.extend(meta, raw.as_deref());
            }
        }
        Ok(())
    }

    /// Notes the key of the next row; says whether it is a new one.
    fn note(&mut self, key: Option<Key>) -> bool {
        let Some(key) = key else {
            self.rows.push(None);
            return false;
        };
        let next = self.numbers.len();
        let number = *self.numbers.entry(key).or_insert(next);
        self.rows.push(Some(number));
        number == next
    }

    /// How many different keys there are.
    pub(crate) fn count(&self) -> usize {
        self.numbers.len()
    }

    /// The number of a key that is an integer.
    #[inline]
    pub(crate) fn find_integer(&mut self, key: i64) -> Option<usize> {
        match self.last {
            Some((Key::Integer(last), number)) if last == key => Some(number),
            _ => self.find(Key::Integer(key)),
        }
    }

    /// The number of a key; most often it is that of the row before.
    pub(crate) fn find(&mut self, key: Key) -> Option<usize> {
        match &self.last {
            Some((last, number)) if *last == key => Some(*number),
            _ => {
                let number = *self.numbers.get(&key)?;
                self.last = Some((key, number));
                Some(number)
            }
        }
    }

    /// Whether it can be told in memory which of them are equal.
    pub(crate) fn are_known(&self) -> bool {
        self.places.0.iter().all(|(column, _)| column.canonical.is_some())
    }

    /// The different keys as the columns of rows that are sent, in the order of their numbers.
    pub(crate) fn columns(&mut self) -> Result<Vec<BulkColumn>, Error> {
        let places = self.places.0.iter();
        let columns = std::mem::take(&mut self.values).into_iter().zip(places);
        let columns = columns.map(|(values, (column, _))| match values {
            Values::Bigint(values) => Ok(BulkColumn::Values(list(values))),
            Values::Other(values) => {
                let values = values.iter().map(|value| value as &dyn Value);
                bulk_column(column.ty, values).map_err(|cause| column.refused(cause))
            }
        });
        columns.collect()
    }

    /// The different keys as parameters, one a column.
    pub(crate) fn lists(&mut self) -> Result<Vec<Parameter>, Error> {
        let places = self.places.0.iter();
        let lists =
            std::mem::take(&mut self.values).into_iter().zip(places).map(
                |(values, (column, _))| match values {
                    Values::Bigint(values) => Ok(list(values)),
                    Values::Other(values) => {
                        let values = values.iter().map(|value| value as &dyn Value);
                        bulk_array(column.ty, values).map_err(|cause| column.refused(cause))
                    }
                },
            );
        lists.collect()
    }
}

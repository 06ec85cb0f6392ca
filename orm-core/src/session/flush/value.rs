//! The values of a row in some columns, encoded so that equal values have equal bytes.

use bytes::BytesMut;
use tokio_postgres::types::Type;

use super::row_batch::{Operation, RowBatch};
use crate::error::Error;
use crate::model::NewValue;
use crate::session::identity::{AnyArena, Identity};
use crate::types::{Value, integer};

/// The values of a row in some columns.
pub(in crate::session) type Claim = Vec<u8>;

/// Which values count as equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Those that PostgreSQL's `=` calls equal; NULL is equal to nothing.
    Exact,
    /// The same, and NULL is equal to NULL.
    NullsAlike,
    /// Those that an expression may make equal: NULLs, and texts that differ in case.
    Guess,
}

/// The values an object has in the database; `None` if one is NULL.
pub(in crate::session) fn stored(
    arena: &dyn AnyArena,
    slot: u32,
    places: &[usize],
) -> Result<Option<Claim>, Error> {
    of_object(Form::Exact, places, |place| arena.stored_value(slot, place))
}

/// The values an object has after the flush; `None` if one is NULL.
pub(in crate::session) fn now(
    arena: &dyn AnyArena,
    slot: u32,
    places: &[usize],
) -> Result<Option<Claim>, Error> {
    of_object(Form::Exact, places, |place| arena.value(slot, place))
}

/// The values a new row will have; `None` if one is NULL, or is not known before the row is inserted.
pub(in crate::session) fn inserted(
    identity: &Identity,
    arena: &dyn AnyArena,
    slot: u32,
    places: &[usize],
) -> Result<Option<Claim>, Error> {
    of_new(Form::Exact, places, identity, arena, slot)
}

/// The value a new row will have in a column; `None` if it is NULL, or is not known before the row is inserted.
pub(in crate::session) fn inserted_value<'a>(
    identity: &'a Identity,
    arena: &'a dyn AnyArena,
    slot: u32,
    place: usize,
) -> Result<Option<&'a dyn Value>, Error> {
    match arena.new_value(slot, place) {
        NewValue::Value(value) => Ok(Some(value)),
        NewValue::Pending(pending) => identity.referenced(pending, &arena.table().columns[place]),
        NewValue::Null | NewValue::Default => Ok(None),
    }
}

/// The values that a row of a batch has before the flush.
pub(super) fn before(
    arena: &dyn AnyArena,
    batch: &RowBatch,
    nth: usize,
    places: &[usize],
    form: Form,
) -> Result<Option<Claim>, Error> {
    if !batch.is_stored() {
        return Ok(None);
    }
    let slot = batch.stored_slot(nth);
    of_object(form, places, |place| arena.stored_value(slot, place))
}

/// The values that a changed row has after its own UPDATE and before later cascades.
pub(super) fn between(
    arena: &dyn AnyArena,
    batch: &RowBatch,
    nth: usize,
    places: &[usize],
    form: Form,
) -> Result<Option<Claim>, Error> {
    let slot = batch.slots[nth];
    of_object(form, places, |place| match batch.sets(place) {
        true => arena.value(slot, place),
        false => arena.stored_value(slot, place),
    })
}

/// The values that a row of a batch has after the flush.
pub(super) fn after(
    identity: &Identity,
    arena: &dyn AnyArena,
    batch: &RowBatch,
    nth: usize,
    places: &[usize],
    form: Form,
) -> Result<Option<Claim>, Error> {
    let slot = batch.slots[nth];
    match batch.operation {
        Operation::Insert | Operation::Replace => of_new(form, places, identity, arena, slot),
        // Values that a cascade sets count too.
        Operation::Update => of_object(form, places, |place| arena.value(slot, place)),
        Operation::Delete => Ok(None),
    }
}

/// The values of an object, by a function that reads one of them.
pub(super) fn of_object<'a>(
    form: Form,
    places: &[usize],
    read: impl Fn(usize) -> Result<&'a dyn Value, Error>,
) -> Result<Option<Claim>, Error> {
    claim(form, places.iter().map(|&place| read(place).map(Some)))
}

fn of_new(
    form: Form,
    places: &[usize],
    identity: &Identity,
    arena: &dyn AnyArena,
    slot: u32,
) -> Result<Option<Claim>, Error> {
    claim(form, places.iter().map(|&place| inserted_value(identity, arena, slot, place)))
}

/// The values, encoded; `None` if one is NULL.
pub(in crate::session) fn claim_of(values: &[&dyn Value]) -> Result<Option<Claim>, Error> {
    claim(Form::Exact, values.iter().map(|value| Ok(Some(*value))))
}

/// The values in this form; `None` if one is NULL or unknown, and they are therefore equal to nothing.
fn claim<'a>(
    form: Form,
    values: impl Iterator<Item = Result<Option<&'a dyn Value>, Error>>,
) -> Result<Option<Claim>, Error> {
    let mut claim = Claim::new();
    for value in values {
        let added = value?.is_some_and(|value| add(&mut claim, value, form));
        match form {
            Form::Exact if !added => return Ok(None),
            Form::NullsAlike | Form::Guess if !added => claim.extend_from_slice(&u32::MAX.to_be_bytes()),
            _ => {}
        }
    }
    Ok(Some(claim))
}

/// Adds a value; gives false for NULL. A value that cannot be encoded is an error later, when it is sent.
fn add(claim: &mut Claim, value: &dyn Value, form: Form) -> bool {
    if value.is_null() {
        return false;
    }
    let mut bytes = BytesMut::new();
    if value.write_canonical(&mut bytes).is_err() {
        return false;
    }
    match value.pg_type().wire {
        Type::TEXT if form == Form::Guess => {
            constant(claim, String::from_utf8_lossy(&bytes).to_lowercase().as_bytes());
        }
        // A foreign key may be a wider or narrower integer than the key it points at.
        ref ty => match integer(ty, &bytes) {
            Some(number) => constant(claim, &number.to_be_bytes()),
            None => constant(claim, &bytes),
        },
    }
    true
}

/// Adds the length and the canonical bytes of a value.
fn constant(claim: &mut Claim, bytes: &[u8]) {
    claim.extend_from_slice(&u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
    claim.extend_from_slice(bytes);
}

//! The values of a row in some columns, in a form in which equal values are equal bytes.

use bytes::BytesMut;
use tokio_postgres::types::Type;

use crate::error::Error;
use crate::model::NewValue;
use crate::session::flush::collect::{Batch, Operation};
use crate::session::identity::{AnyArena, Identity};
use crate::types::Value;

/// The values of a row in some columns.
pub(in crate::session::flush) type Claim = Vec<u8>;

/// Which values count as equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::session::flush) enum Form {
    /// Those that are equal to PostgreSQL; NULL is like no other.
    Exact,
    /// Those, and NULLs.
    NullsAlike,
    /// Those that an expression may make equal: NULLs, and texts that differ in case.
    Guess,
}

/// The values an object has in the database; `None` if one is NULL.
pub(in crate::session::flush) fn stored(
    arena: &dyn AnyArena,
    slot: u32,
    places: &[usize],
) -> Result<Option<Claim>, Error> {
    claim(Form::Exact, places.iter().map(|&place| arena.stored_value(slot, place).map(Some)))
}

/// The values an object has when all is done; `None` if one is NULL.
pub(in crate::session::flush) fn now(
    arena: &dyn AnyArena,
    slot: u32,
    places: &[usize],
) -> Result<Option<Claim>, Error> {
    claim(Form::Exact, places.iter().map(|&place| arena.value(slot, place).map(Some)))
}

/// The values a new row is to have; `None` if one is NULL, or is not known before the row is there.
pub(in crate::session::flush) fn given(
    identity: &Identity,
    arena: &dyn AnyArena,
    slot: u32,
    places: &[usize],
) -> Result<Option<Claim>, Error> {
    claim(Form::Exact, places.iter().map(|&place| new_value(identity, arena, slot, place)))
}

fn new_value<'a>(
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
pub(in crate::session::flush) fn before(
    arena: &dyn AnyArena,
    batch: &Batch,
    nth: usize,
    places: &[usize],
    form: Form,
) -> Result<Option<Claim>, Error> {
    if !batch.is_stored() {
        return Ok(None);
    }
    let slot = batch.stored_slot(nth);
    claim(form, places.iter().map(|&place| arena.stored_value(slot, place).map(Some)))
}

/// The values that a row of a batch has after the flush.
pub(in crate::session::flush) fn after(
    identity: &Identity,
    arena: &dyn AnyArena,
    batch: &Batch,
    nth: usize,
    places: &[usize],
    form: Form,
) -> Result<Option<Claim>, Error> {
    let slot = batch.slots[nth];
    match batch.operation {
        Operation::Insert | Operation::Replace => {
            claim(form, places.iter().map(|&place| new_value(identity, arena, slot, place)))
        }
        // What it takes along counts too.
        Operation::Update => claim(form, places.iter().map(|&place| arena.value(slot, place).map(Some))),
        Operation::Delete => Ok(None),
    }
}

/// The values in that form; `None` if one is NULL or not known and that makes them like no other.
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

/// Adds a value behind its length; says whether it could, which NULL cannot. A value that cannot be sent is an error when
/// it is sent.
fn add(claim: &mut Claim, value: &dyn Value, form: Form) -> bool {
    if value.is_null() {
        return false;
    }
    let mut bytes = BytesMut::new();
    if value.write(&mut bytes).is_err() {
        return false;
    }
    let start = claim.len();
    claim.extend_from_slice(&[0; 4]);
    match value.pg_type().wire {
        Type::NUMERIC => add_numeric(claim, &bytes),
        Type::FLOAT4 | Type::FLOAT8 if is_zero(&bytes) => claim.extend(bytes.iter().map(|_| 0)),
        Type::TEXT if form == Form::Guess => {
            claim.extend_from_slice(String::from_utf8_lossy(&bytes).to_lowercase().as_bytes());
        }
        _ => claim.extend_from_slice(&bytes),
    }
    let length = u32::try_from(claim.len() - start).unwrap_or(u32::MAX);
    claim[start..start + 4].copy_from_slice(&length.to_be_bytes());
    true
}

/// Whether a float is zero, with whatever sign.
fn is_zero(bytes: &[u8]) -> bool {
    let [first, rest @ ..] = bytes else { return true };
    first & 0x7f == 0 && rest.iter().all(|byte| *byte == 0)
}

/// A numeric without what makes no difference: digits that are zero before and behind the others, and how many are shown.
fn add_numeric(claim: &mut Claim, bytes: &[u8]) {
    let (words, _) = bytes.as_chunks::<2>();
    let words: Vec<i16> = words.iter().map(|word| i16::from_be_bytes(*word)).collect();
    let [_, weight, sign, _, digits @ ..] = &words[..] else { return claim.extend_from_slice(bytes) };
    let first = digits.iter().take_while(|digit| **digit == 0).count();
    let last = digits.iter().rposition(|digit| *digit != 0).map_or(first, |last| last + 1);
    let digits = &digits[first..last];
    // NaN and the infinities have no digits and are told apart by the sign; zero has none.
    let is_zero = digits.is_empty() && matches!(*sign, 0 | 0x4000);
    let weight = if digits.is_empty() { 0 } else { i32::from(*weight) - first as i32 };
    claim.extend_from_slice(&weight.to_be_bytes());
    claim.extend_from_slice(&if is_zero { 0 } else { *sign }.to_be_bytes());
    digits.iter().for_each(|digit| claim.extend_from_slice(&digit.to_be_bytes()));
}

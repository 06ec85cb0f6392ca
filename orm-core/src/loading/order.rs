//! Puts rows into the order of their keys, where that is known without the server.
//!
//! A server that need not sort sends the first rows while it reads the others.

use std::any::Any;
use std::cmp::Ordering;

use bytes::BytesMut;

use crate::model::Model;
use crate::schema::{ColumnMeta, TableMeta};
use crate::types::{BaseType, Value};

/// Whether the key is a number that every server sorts alike.
pub(super) fn is_known(table: &TableMeta) -> bool {
    let mut key = table.key();
    matches!((key.next(), key.next()), (Some(column), None) if is_number(column))
}

fn is_number(column: &ColumnMeta) -> bool {
    [i16::TYPE, i32::TYPE, i64::TYPE].iter().any(|ty| ty.name == column.ty.name)
}

/// Sorts rows of a model whose key is known.
pub(super) fn sort<M: Model>(rows: &mut [M]) {
    let Some(key) = M::META.key().next() else { return };
    let by_key = |a: &M, b: &M| match (number(a), number(b)) {
        (Some(a), Some(b)) => a.cmp(&b),
        _ => compare(a.column(key.place), b.column(key.place)),
    };
    // Most often they came so.
    if !rows.is_sorted_by(|a, b| by_key(a, b) != Ordering::Greater) {
        rows.sort_by(by_key);
    }
}

/// The usual key as what it is.
fn number<M: Model>(row: &M) -> Option<i64> {
    let key = row.key();
    (&key as &dyn Any).downcast_ref::<i64>().copied()
}

/// A type of the program's own says at most what is equal, and always what is sent.
fn compare(a: &dyn Value, b: &dyn Value) -> Ordering {
    a.compare(b).unwrap_or_else(|| sent(a).cmp(&sent(b)))
}

/// What is sent for a number: its bytes, the greatest first, with the sign turned round so that they sort as the number.
fn sent(number: &dyn Value) -> Option<BytesMut> {
    let mut bytes = BytesMut::new();
    number.write(&mut bytes).ok()?;
    *bytes.first_mut()? ^= 0x80;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::sent;

    #[test]
    fn what_is_sent_sorts_as_the_numbers_do() {
        let numbers = [i64::MIN, -256, -1, 0, 1, 255, 256, i64::MAX];
        assert!(numbers.iter().is_sorted_by_key(|number| sent(number)));
    }
}

//! Names rows of a flush in errors.

use super::row_batch::RowBatch;
use super::schedule::Stuck;
use crate::error::Error;
use crate::session::identity::Identity;
use crate::types::shown_in_name;

/// How many rows of a circle are named.
const NAMED: usize = 8;

pub(super) fn circle(identity: &Identity, groups: &[RowBatch], stuck: &Stuck) -> Error {
    let mut rows: Vec<String> =
        stuck.rows.iter().take(NAMED).map(|&(group, nth)| name_of(identity, &groups[group], nth)).collect();
    if stuck.rows.len() > NAMED {
        rows.push(format!("{} more", stuck.rows.len() - NAMED));
    }
    Error::session(format!(
        "rows wait for each other in a circle: {}; what one gives up another takes, which PostgreSQL does not let pass row by \
         row: give one of them another value, flush, and then give it its own, or declare the constraint `deferrable`",
        rows.join(", ")
    ))
}

/// A row in words: its model and its key.
pub(super) fn name_of(identity: &Identity, batch: &RowBatch, nth: usize) -> String {
    let entity = batch.table.entity;
    let Some(arena) = identity.any(batch.table).filter(|_| batch.is_stored()) else {
        return format!("a new `{entity}`");
    };
    let part = |place: &usize| match arena.stored_value(batch.stored_slot(nth), *place) {
        Ok(value) => shown_in_name(value),
        Err(_) => "?".to_owned(),
    };
    let key: Vec<String> = batch.table.primary_key.iter().map(part).collect();
    format!("`{entity}` {}", key.join("/"))
}

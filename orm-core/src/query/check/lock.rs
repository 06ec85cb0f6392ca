//! Checks that the rows a SELECT locks are rows of its tables.

use super::scope::Scope;
use super::{called, group, refuse};
use crate::error::Error;
use crate::query::ast::{Item, Select};

pub(super) fn select(select: &Select, scope: &Scope<'_>) -> Result<(), Error> {
    let Some(lock) = &select.lock else { return Ok(()) };
    let (at, lock) = (lock.at, &lock.content);
    if lock.strength.is_none() {
        let message = "this says how rows are locked, and none are: add `.for_update()` or `.for_share()`";
        return Err(refuse(message.to_owned(), at));
    }
    let several = if select.distinct || !select.distinct_on().is_empty() {
        Some("distinct")
    } else if !select.group.is_empty() || !select.having.is_empty() {
        Some("grouped")
    } else if calls(select) {
        Some("made of several by an aggregate or a window")
    } else {
        None
    };
    if let Some(several) = several {
        return Err(refuse(
            format!(
                "rows that are {several} are no rows of a table and cannot be locked: lock them in a select before"
            ),
            at,
        ));
    }
    for source in &lock.of {
        if !scope.sources().contains(&source.content) {
            return Err(scope.missing(source.content, "the lock's `of`", source.at));
        }
    }
    let named = lock.of.iter().map(|source| (source.content, source.at));
    let all = scope.sources().iter().map(|source| (*source, at)).filter(|_| lock.of.is_empty());
    match named.chain(all).find(|(source, _)| scope.is_outer(*source)) {
        None => Ok(()),
        Some((outer, at)) => Err(refuse(
            format!(
                "the row of {} may be missing because of an outer join, so that it cannot be locked: name the tables \
                 whose rows are, with `.of(..)`",
                called(outer)
            ),
            at,
        )),
    }
}

/// Whether what is selected is an aggregate or a window function.
fn calls(select: &Select) -> bool {
    !select.keep().is_empty()
        || select.items.iter().any(|item| match item {
            Item::Value { node, .. } => group::first_call(node).is_some(),
            Item::Entity { .. } => false,
        })
}

//! Checks a MERGE.

use super::scope::{Change, Scope};
use super::{assignments, columns, filters_are_known, refuse, returning, table, write_filter};
use crate::error::Error;
use crate::query::ast::{Merge, MergeAction, MergeClause, MergeWhen};
use crate::query::resolve::Resolved;

/// Checks a MERGE.
pub(crate) fn merge(merge: &Merge, resolved: &Resolved) -> Result<(), Error> {
    table::with(resolved, true)?;
    let (target, level) = (merge.target, Resolved::TOP);
    if merge.clauses.is_empty() {
        return Err(refuse(
            "this MERGE says nothing of what is to be done: add `.when_matched()` or `.when_not_matched()`"
                .into(),
            merge.at,
        ));
    }
    let filter = std::slice::from_ref(&merge.on);
    let change = Change { source: target, beside: &merge.using.sources, filter, method: "using" };
    let scope = Scope::of_change(change, resolved, level)?;
    filters_are_known(&merge.without, || scope.sources.iter().copied(), merge.at)?;
    scope.covers(&merge.on.content, "ON", merge.on.at)?;
    for clause in &merge.clauses {
        match clause.when {
            MergeWhen::Matched => check(&scope, clause)?,
            MergeWhen::NotMatched => check(&Scope::of_unmatched(merge.source(), resolved, level), clause)?,
            MergeWhen::NotMatchedBySource => check(&Scope::of_table(target, resolved, level), clause)?,
        }
        if let MergeAction::Insert(set) = &clause.action {
            let named: Vec<_> = set.iter().map(|set| set.content.column).collect();
            columns(target.table, &named, clause.at)?;
        }
    }
    returning(&scope, &merge.returning, merge.at)
}

fn check(scope: &Scope<'_>, clause: &MergeClause) -> Result<(), Error> {
    write_filter(scope, &clause.conditions)?;
    if let MergeAction::Update(set) | MergeAction::Insert(set) = &clause.action
        && set.is_empty()
    {
        return Err(refuse(
            "this clause of a MERGE sets nothing: add `.set(column, value)`".into(),
            clause.at,
        ));
    }
    assignments(scope, clause.action.set())
}

//! Checks UNION, INTERSECT and EXCEPT.

use super::scope::Scope;
use super::{refuse, select_at};
use crate::error::Error;
use crate::query::ast::{Select, SetOperation};
use crate::query::resolve::Resolved;

pub(super) fn select(
    select: &Select,
    set: &SetOperation,
    resolved: &Resolved,
    level: usize,
    parent: Option<&Scope<'_>>,
) -> Result<(), Error> {
    for (arm, level) in set.arms.iter().zip(&resolved.level(level).arms) {
        select_at(arm, resolved, *level, parent)?;
    }
    let name = set.sql().trim().to_lowercase().replace(' ', "_");
    let more = (!select.filter.is_empty()).then_some("filter");
    let more = more.or((!select.joins.is_empty()).then_some("join"));
    let more = more.or((!select.group.is_empty() || !select.having.is_empty()).then_some("group_by"));
    let more = more.or((select.distinct || !select.distinct_on().is_empty()).then_some("distinct"));
    let more = more.or((!select.from.is_empty()).then_some("select_from"));
    let more = more.or((!select.keep().is_empty()).then_some("keep"));
    let more = more.or(select.lock.is_some().then_some("for_update"));
    if let Some(more) = more {
        return Err(refuse(
            format!(
                "`.{more}(..)` stands behind `.{name}(..)`, whose rows can only be sorted and limited: say it in each of \
                 the selects, or make the whole a table with `.derived(\"name\")`"
            ),
            select.at,
        ));
    }
    for order in &select.order {
        if select.place_of(&order.content.node).is_none() {
            return Err(refuse(
                format!(
                    "the rows of `.{name}(..)` are sorted by something that the first select does not select: select it, \
                     or make the whole a table with `.derived(\"name\")`"
                ),
                order.at,
            ));
        }
    }
    Ok(())
}

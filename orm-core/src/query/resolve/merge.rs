//! The tables of a MERGE.

use super::{Around, Resolved};
use crate::query::ast::Merge;

/// The tables of a MERGE.
pub(crate) fn merge(merge: &Merge) -> Resolved {
    let mut resolved = Resolved::default();
    let number = resolved.begin();
    let bodies = merge.bodies();
    let (mut level, own) = resolved.change(merge.target, &merge.using.sources, bodies, None);
    let within = Around { sources: &own, bodies, parent: None };
    resolved.node(&merge.on.content, &mut level, &within);
    for clause in &merge.clauses {
        clause.conditions.iter().for_each(|condition| resolved.node(&condition.content, &mut level, &within));
        clause.action.set().iter().for_each(|set| resolved.node(&set.content.value, &mut level, &within));
    }
    resolved.items(&merge.returning, &mut level, &within);
    resolved.levels[number] = level;
    resolved
}

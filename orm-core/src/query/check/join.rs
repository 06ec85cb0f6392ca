//! Checks that the tables of a statement are joined, and finds those that an outer join may leave all NULL.

use std::panic::Location;

use super::connect::Groups;
use super::null::needed_for_truth;
use super::scope::{Change, Scope, reference};
use super::{called, refuse};
use crate::error::Error;
use crate::query::ast::{Join, JoinKind, Logical, Node, Placed, Select, Source};

impl Scope<'_> {
    pub(super) fn stand_beside(&mut self, change: &Change<'_>) -> Result<(), Error> {
        let Change { source: changed, beside, filter, method } = change;
        for source in *beside {
            if self.sources.iter().any(|other| other.name() == source.content.name()) {
                return Err(refuse(twice(source.content), source.at));
            }
            self.sources.push(source.content);
        }
        super::table::bodies(self, beside[0].at)?;
        let mut groups = Groups::new(&self.sources);
        filter.iter().for_each(|condition| self.connect_conjuncts(&condition.content, &mut groups));
        let apart = beside.iter().find(|source| !groups.together(*changed, source.content));
        let Some(apart) = apart else { return Ok(()) };
        Err(refuse(
            format!(
                "`.{method}(..)` brings {} in, and nothing connects it to {}: every row of the one would meet every row of \
                 the other; add a `.filter(..)` that uses both",
                called(apart.content),
                called(*changed)
            ),
            apart.at,
        ))
    }

    pub(super) fn joins(&mut self, select: &Select) -> Result<(), Error> {
        let mut groups = Groups::new(&self.sources);
        for join in &select.joins {
            self.join(join, &mut groups)?;
        }
        self.names_are_unique(select)?;
        for condition in &select.filter {
            self.connect_conjuncts(&condition.content, &mut groups);
            self.require(&condition.content);
        }
        self.is_connected(select, &groups)
    }

    pub(super) fn join(&mut self, join: &Placed<Join>, groups: &mut Groups) -> Result<(), Error> {
        let Join { kind, source, on, with_next: _ } = &join.content;
        match kind {
            JoinKind::Left => {
                // A row has a partner only where the condition was true.
                let mut needed = Vec::new();
                on.iter().for_each(|on| needed_for_truth(on, &mut needed));
                self.outer.push(*source);
                self.along.push((*source, needed));
            }
            JoinKind::Right => self.all_outer(),
            JoinKind::Full => {
                self.all_outer();
                self.outer.push(*source);
            }
            JoinKind::Inner | JoinKind::Cross => {}
        }
        if matches!(kind, JoinKind::Right | JoinKind::Full) {
            self.sees_nothing_before(*source, join.at)?;
        }
        groups.add(*source);
        self.sources.push(*source);
        // A lateral table or a function uses rows of the tables before it.
        if let Some((_, level)) = self.own_level().body(*source) {
            let before =
                self.resolved.level(level).outside.iter().filter(|other| self.sources.contains(other));
            groups.connect(&before.copied().chain([*source]).collect::<Vec<_>>());
        }
        match on {
            // Connected with the first one only: earlier tables that nothing joins are still a mistake.
            None => groups.connect(&[self.sources[0], *source]),
            Some(on) => {
                self.covers(on, "JOIN .. ON", join.at)?;
                super::plain(on, "JOIN .. ON", join.at)?;
                self.connect_conjuncts(on, groups);
                if self.means_each_row(on, *source) {
                    groups.connect(&[self.sources[0], *source]);
                }
                if *kind == JoinKind::Inner {
                    self.require(on);
                }
            }
        }
        Ok(())
    }

    /// Whether a condition says outright that each row meets each, as CROSS JOIN does: ON true, or one that asks of the joined
    /// table alone what it holds. One that compares its columns with each other was meant to name another table.
    fn means_each_row(&self, on: &Node, source: Source) -> bool {
        if matches!(on, Node::Parameter(_) | Node::Boolean(_)) {
            return true;
        }
        let used = self.used(on);
        !used.is_empty() && used.iter().all(|used| *used == source) && !compares_columns(on)
    }

    /// Refuses a right or full join of a lateral table: it has no rows without the row on the left.
    pub(super) fn sees_nothing_before(
        &self,
        source: Source,
        at: &'static Location<'static>,
    ) -> Result<(), Error> {
        let outside = self.own_level().body(source).map(|(_, level)| &self.resolved.level(level).outside);
        match outside.and_then(|outside| outside.iter().find(|seen| self.sources.contains(seen))) {
            None => Ok(()),
            Some(seen) => Err(refuse(
                format!(
                    "{} sees the row of {} beside it, so that it has no rows without that one: use `.join(..)` or \
                     `.outer_join(..)`",
                    called(source),
                    called(*seen)
                ),
                at,
            )),
        }
    }

    /// Marks all sources so far as possibly all NULL, together.
    pub(super) fn all_outer(&mut self) {
        let always = self.sources.iter().copied().filter(|source| !self.outer.contains(source));
        let always: Vec<_> = always.collect();
        self.along.extend(self.sources.iter().map(|source| (*source, always.clone())));
        self.outer = self.sources.clone();
    }

    /// Only rows for which the condition is true remain, so the sources it needs have a row.
    pub(super) fn require(&mut self, condition: &Node) {
        if self.outer.is_empty() {
            return;
        }
        let mut needed = Vec::new();
        needed_for_truth(condition, &mut needed);
        let mut nth = 0;
        while let Some(source) = needed.get(nth).copied() {
            for (_, along) in self.along.iter().filter(|(other, _)| *other == source) {
                let new: Vec<_> = along.iter().copied().filter(|source| !needed.contains(source)).collect();
                needed.extend(new);
            }
            nth += 1;
        }
        self.outer.retain(|source| !needed.contains(source));
    }

    /// Connects the sources that one condition uses; of an AND, each part for itself. An outer row connects as well, since it
    /// is one row for the whole subquery.
    pub(super) fn connect_conjuncts(&self, node: &Node, groups: &mut Groups) {
        if let Node::Logical(Logical::And, operands) = node {
            operands.iter().for_each(|operand| self.connect_conjuncts(operand, groups));
            return;
        }
        if groups.sources.len() > 1 {
            groups.connect(&self.used(node));
        }
    }

    pub(super) fn names_are_unique(&self, select: &Select) -> Result<(), Error> {
        for (nth, source) in self.sources.iter().enumerate() {
            if self.sources[..nth].iter().any(|other| other.name() == source.name()) {
                let at = select.joins.iter().rev().find(|join| join.content.source.name() == source.name());
                return Err(refuse(twice(*source), at.map_or(select.at, |join| join.at)));
            }
        }
        Ok(())
    }

    pub(super) fn is_connected(&self, select: &Select, groups: &Groups) -> Result<(), Error> {
        let Some(&first) = self.sources.first() else { return Ok(()) };
        let Some(&apart) = self.sources.iter().find(|source| !groups.together(first, **source)) else {
            return Ok(());
        };
        if self.implied.contains(&apart) && self.parent.is_none() {
            let filter = select.filter.iter().find(|filter| uses(&filter.content, apart));
            let at = filter.map_or(select.at, |filter| filter.at);
            return Err(self.missing(apart, "WHERE", at));
        }
        let joined = select.joins.iter().find(|join| join.content.source == apart);
        let all = match joined.map(|join| join.content.kind) {
            Some(JoinKind::Left | JoinKind::Right | JoinKind::Full) => "join it on `lit(true)`".to_owned(),
            _ => format!("say `.cross_join({})`", reference(apart)),
        };
        Err(refuse(
            format!(
                "nothing joins {} to {}: every row of the one would meet every row of the other; add `.join({}, ..)` \
                 or a condition that uses both, or {all} if it is meant",
                called(apart),
                called(first),
                reference(apart),
            ),
            joined.map_or(select.at, |join| join.at),
        ))
    }
}

fn twice(source: Source) -> String {
    format!(
        "{} is in FROM twice under the name \"{}\": give one another name with `.alias(\"..\")`",
        called(source),
        source.name()
    )
}

fn compares_columns(node: &Node) -> bool {
    if let Node::Binary(_, operands) = node
        && operands.iter().all(|operand| matches!(operand, Node::Column(_)))
    {
        return true;
    }
    node.children().any(compares_columns)
}

fn uses(node: &Node, source: Source) -> bool {
    let mut found = Vec::new();
    node.collect_sources(&mut found);
    found.contains(&source)
}

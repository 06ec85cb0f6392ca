//! Checks that every table a statement uses is in its FROM, and that something joins them.

use std::panic::Location;

use super::null::needed_for_truth;
use super::{called, refuse};
use crate::error::Error;
use crate::query::ast::{Item, Join, JoinKind, Logical, Node, Placed, Select, Source};
use crate::schema::{ColumnMeta, TableMeta};

/// The sources of a statement, and which of them may give NULLs for a whole row.
pub(super) struct Scope {
    sources: Vec<Source>,
    /// Sources that only WHERE brought in.
    implied: Vec<Source>,
    /// Sources whose row may be missing because of an outer join.
    outer: Vec<Source>,
    /// A join of that source would bring it in; an UPDATE has no joins.
    can_join: bool,
    /// The table of the rows that an INSERT found no place for.
    excluded: Option<&'static TableMeta>,
}

impl Scope {
    pub(super) fn of_table(source: Source) -> Scope {
        Scope {
            sources: vec![source],
            implied: Vec::new(),
            outer: Vec::new(),
            can_join: false,
            excluded: None,
        }
    }

    /// Of DO UPDATE: besides the row that is there, the one that was to be inserted.
    pub(super) fn of_conflict(source: Source) -> Scope {
        Scope { excluded: Some(source.table), ..Scope::of_table(source) }
    }

    /// The sources of a SELECT, after a check that no name stands for two of them and that joins connect them.
    pub(super) fn of_select(select: &Select, sources: &[Source]) -> Result<Scope, Error> {
        if sources.is_empty() && !select.joins.is_empty() {
            let first = &select.joins[0];
            let joined = called(first.content.source);
            return Err(refuse(format!("nothing to join {joined} to: add `.select_from(..)`"), first.at));
        }
        if sources.len() <= 1 && select.joins.is_empty() {
            let sources = sources.to_vec();
            return Ok(Scope {
                sources,
                implied: Vec::new(),
                outer: Vec::new(),
                can_join: true,
                excluded: None,
            });
        }
        let implied = implied(select, sources);
        let mut scope =
            Scope { sources: sources.to_vec(), implied, outer: Vec::new(), can_join: true, excluded: None };
        let mut groups = Groups::new(&scope.sources);
        for join in &select.joins {
            scope.join(join, &mut groups)?;
        }
        scope.names_are_unique(select)?;
        for condition in &select.filter {
            connect_conjuncts(&condition.content, &mut groups);
            scope.require(&condition.content);
        }
        scope.is_connected(select, &groups)?;
        Ok(scope)
    }

    fn join(&mut self, join: &Placed<Join>, groups: &mut Groups) -> Result<(), Error> {
        let Join { kind, source, on } = &join.content;
        match kind {
            JoinKind::Left => self.outer.push(*source),
            JoinKind::Right => self.outer = self.sources.clone(),
            JoinKind::Full => {
                self.outer = self.sources.clone();
                self.outer.push(*source);
            }
            JoinKind::Inner | JoinKind::Cross => {}
        }
        groups.add(*source);
        self.sources.push(*source);
        match on {
            // With the first one only: it does not excuse earlier ones that nothing joins.
            None => groups.connect(&[self.sources[0], *source]),
            Some(on) => {
                self.covers(on, "JOIN .. ON", join.at)?;
                super::plain(on, "JOIN .. ON", join.at)?;
                connect_conjuncts(on, groups);
                if *kind == JoinKind::Inner {
                    self.require(on);
                }
            }
        }
        Ok(())
    }

    /// Only rows for which the condition is true are left, and with them the rows it needs.
    fn require(&mut self, condition: &Node) {
        if !self.outer.is_empty() {
            let mut needed = Vec::new();
            needed_for_truth(condition, &mut needed);
            self.outer.retain(|source| !needed.contains(source));
        }
    }

    fn names_are_unique(&self, select: &Select) -> Result<(), Error> {
        for (nth, source) in self.sources.iter().enumerate() {
            if self.sources[..nth].iter().any(|other| other.name() == source.name()) {
                let at = select.joins.iter().rev().find(|join| join.content.source.name() == source.name());
                return Err(refuse(
                    format!(
                        "{} is in FROM twice under the name \"{}\": give one another name with `.alias(\"..\")`",
                        called(*source),
                        source.name()
                    ),
                    at.map_or(select.at, |join| join.at),
                ));
            }
        }
        Ok(())
    }

    fn is_connected(&self, select: &Select, groups: &Groups) -> Result<(), Error> {
        let Some(&first) = self.sources.first() else { return Ok(()) };
        let Some(&apart) = self.sources.iter().find(|source| !groups.together(first, **source)) else {
            return Ok(());
        };
        if self.implied.contains(&apart) {
            let filter = select.filter.iter().find(|filter| uses(&filter.content, apart));
            let at = filter.map_or(select.at, |filter| filter.at);
            return Err(self.missing(apart, "WHERE", at));
        }
        let joined = select.joins.iter().find(|join| join.content.source == apart);
        Err(refuse(
            format!(
                "nothing joins {} to {}: every row of the one would meet every row of the other; add `.join({}, ..)` \
                 or a condition that uses both, or say `.cross_join({})` if it is meant",
                called(apart),
                called(first),
                apart.table.entity,
                apart.table.entity
            ),
            joined.map_or(select.at, |join| join.at),
        ))
    }

    pub(super) fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// Whether the row of a source may be missing.
    pub(super) fn is_outer(&self, source: Source) -> bool {
        self.outer.contains(&source)
    }

    pub(super) fn covers(
        &self,
        node: &Node,
        clause: &str,
        at: &'static Location<'static>,
    ) -> Result<(), Error> {
        let mut missing = None;
        node.walk(&mut |node| match node {
            Node::Column(column) if !self.sources.contains(&column.source()) => {
                missing.get_or_insert_with(|| self.missing(column.source(), clause, at));
            }
            Node::Subquery(select) => {
                if let Err(error) = super::select(select, &select.sources()) {
                    missing.get_or_insert(error);
                }
            }
            Node::Excluded(column) if self.excluded != Some(column.table) => {
                missing.get_or_insert_with(|| refuse(self.no_excluded(column, clause), at));
            }
            _ => {}
        });
        missing.map_or(Ok(()), Err)
    }

    fn no_excluded(&self, column: &ColumnMeta, clause: &str) -> String {
        let why = match self.excluded {
            Some(table) => format!("the row that was to be inserted is one of `{}`", table.entity),
            None => {
                "only `.set(..)` and `.filter(..)` behind `.do_update()` know the row that was to be inserted"
                    .into()
            }
        };
        format!("`excluded({column:?})` is used in {clause}, but {why}")
    }

    pub(super) fn missing(&self, source: Source, clause: &str, at: &'static Location<'static>) -> Error {
        let entity = source.table.entity;
        let same_table = self.sources.iter().find(|other| other.table == source.table && **other != source);
        let remedy = match (same_table, self.can_join) {
            (Some(other), _) => {
                format!("the statement knows it as {}: use that one's columns", called(*other))
            }
            (None, true) if self.sources.is_empty() => format!("add `.select_from({entity})`"),
            (None, true) => format!("add `.join({entity}, ..)`"),
            (None, false) => "only the columns of the changed table can be used here".to_owned(),
        };
        refuse(
            format!("{} is used in {clause} but is not in this statement's FROM: {remedy}", called(source)),
            at,
        )
    }

    pub(super) fn covers_items(
        &self,
        items: &[Item],
        clause: &str,
        at: &'static Location<'static>,
    ) -> Result<(), Error> {
        for item in items {
            match item {
                Item::Value { node, .. } => self.covers(node, clause, at)?,
                Item::Entity { source, .. } if !self.sources.contains(source) => {
                    return Err(self.missing(*source, clause, at));
                }
                Item::Entity { .. } => {}
            }
        }
        Ok(())
    }

    pub(super) fn covers_select(&self, select: &Select) -> Result<(), Error> {
        self.covers_items(&select.items, "the select list", select.at)?;
        let clauses = [("WHERE", &*select.filter), ("GROUP BY", &*select.group), ("HAVING", &*select.having)];
        for (clause, conditions) in clauses {
            for condition in conditions {
                self.covers(&condition.content, clause, condition.at)?;
            }
        }
        for order in &select.order {
            self.covers(&order.content.node, "ORDER BY", order.at)?;
        }
        Ok(())
    }
}

/// The sources that stand in WHERE only: an implicit join, if a condition connects them.
fn implied(select: &Select, sources: &[Source]) -> Vec<Source> {
    if !select.from.is_empty() {
        return Vec::new();
    }
    let mut selected = Vec::new();
    select.items.iter().for_each(|item| item.collect_sources(&mut selected));
    sources.iter().copied().filter(|source| !selected.contains(source)).collect()
}

fn uses(node: &Node, source: Source) -> bool {
    let mut found = Vec::new();
    node.collect_sources(&mut found);
    found.contains(&source)
}

/// Connects the sources that one condition uses together; each part of an AND for itself.
fn connect_conjuncts(node: &Node, groups: &mut Groups) {
    if let Node::Logical(Logical::And, operands) = node {
        operands.iter().for_each(|operand| connect_conjuncts(operand, groups));
        return;
    }
    if groups.sources.len() > 1 {
        let mut used = Vec::new();
        node.collect_sources(&mut used);
        groups.connect(&used);
    }
}

/// Which sources conditions connect: each has the number of its group.
struct Groups {
    sources: Vec<Source>,
    group: Vec<usize>,
}

impl Groups {
    fn new(sources: &[Source]) -> Groups {
        Groups { sources: sources.to_vec(), group: (0..sources.len()).collect() }
    }

    fn add(&mut self, source: Source) {
        self.group.push(self.sources.len());
        self.sources.push(source);
    }

    fn of(&self, source: Source) -> Option<usize> {
        self.sources.iter().position(|other| *other == source).map(|place| self.group[place])
    }

    fn connect(&mut self, sources: &[Source]) {
        let Some(first) = sources.first().and_then(|source| self.of(*source)) else { return };
        for source in &sources[1..] {
            if let Some(other) = self.of(*source) {
                self.group.iter_mut().filter(|group| **group == other).for_each(|group| *group = first);
            }
        }
    }

    fn together(&self, a: Source, b: Source) -> bool {
        self.of(a) == self.of(b)
    }
}

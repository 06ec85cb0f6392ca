//! Checks that every table a statement uses is in its FROM, and that something joins them.

use std::panic::Location;
use std::sync::Arc;

use super::connect::Groups;
use super::null::needed_for_truth;
use super::{called, refuse};
use crate::error::Error;
use crate::model::Alias;
use crate::query::ast::{ColumnRef, Item, Join, JoinKind, Logical, Node, Placed, Raw, Select, Source};
use crate::query::resolve::{Level, Resolved};
use crate::schema::{ColumnMeta, TableMeta};

/// The sources of a statement, and which of them may give NULLs for a whole row.
pub(super) struct Scope<'a> {
    resolved: &'a Resolved,
    level: usize,
    /// What the statement around it has.
    parent: Option<&'a Scope<'a>>,
    sources: Vec<Source>,
    /// Sources that only WHERE brought in.
    implied: Vec<Source>,
    /// Sources whose row may be missing because of an outer join.
    outer: Vec<Source>,
    /// Sources whose rows are there wherever the row of the first one is.
    along: Vec<(Source, Vec<Source>)>,
    /// What would bring another source in.
    brings: Brings,
    /// The table of the rows that an INSERT found no place for.
    excluded: Option<&'static TableMeta>,
}

/// How a statement takes a further table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Brings {
    Join,
    /// The method of an UPDATE or DELETE.
    Beside(&'static str),
    Nothing,
}

impl<'a> Scope<'a> {
    fn new(resolved: &'a Resolved, level: usize, sources: Vec<Source>) -> Scope<'a> {
        Scope {
            resolved,
            level,
            parent: None,
            sources,
            implied: Vec::new(),
            outer: Vec::new(),
            along: Vec::new(),
            brings: Brings::Nothing,
            excluded: None,
        }
    }

    pub(super) fn of_table(source: Source, resolved: &'a Resolved, level: usize) -> Scope<'a> {
        Scope::new(resolved, level, vec![source])
    }

    /// Of what an INSERT sets: there is no row yet.
    pub(super) fn of_no_row(resolved: &'a Resolved, level: usize) -> Scope<'a> {
        Scope::new(resolved, level, Vec::new())
    }

    /// Of a change of one table, with those beside it, after a check that conditions connect them.
    pub(super) fn of_change(
        change: Change<'_>,
        resolved: &'a Resolved,
        level: usize,
    ) -> Result<Scope<'a>, Error> {
        let mut scope = Scope::of_table(change.source, resolved, level);
        scope.brings = Brings::Beside(change.method);
        if !change.beside.is_empty() {
            scope.stand_beside(&change)?;
        }
        Ok(scope)
    }

    fn stand_beside(&mut self, change: &Change<'_>) -> Result<(), Error> {
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

    /// Of DO UPDATE: besides the row that is there, the one that was to be inserted.
    pub(super) fn of_conflict(source: Source, resolved: &'a Resolved, level: usize) -> Scope<'a> {
        Scope { excluded: Some(source.table), ..Scope::of_table(source, resolved, level) }
    }

    /// Of SQL of the program: the tables that it names.
    pub(super) fn of_raw(
        raw: &Raw,
        resolved: &'a Resolved,
        level: usize,
        parent: Option<&'a Scope<'a>>,
    ) -> Scope<'a> {
        Scope { parent, ..Scope::new(resolved, level, raw.tables().collect()) }
    }

    /// Of SQL of the program inside of a statement.
    pub(super) fn within_raw(raw: &Raw, around: &'a Scope<'a>) -> Scope<'a> {
        Scope::of_raw(raw, around.resolved, around.level, Some(around))
    }

    /// The sources of a SELECT, after a check that no name stands for two of them and that joins connect them.
    pub(super) fn of_select(
        select: &Select,
        resolved: &'a Resolved,
        level: usize,
        parent: Option<&'a Scope<'a>>,
    ) -> Result<Scope<'a>, Error> {
        let sources = &resolved.level(level).from;
        if sources.is_empty() && !select.joins.is_empty() {
            return Err(nothing_to_join(select));
        }
        let mut scope = Scope::new(resolved, level, sources.clone());
        (scope.parent, scope.brings) = (parent, Brings::Join);
        if sources.len() > 1 || !select.joins.is_empty() {
            scope.implied = implied(select, sources);
            scope.joins(select)?;
        }
        scope.are_told(select.at)?;
        Ok(scope)
    }

    fn joins(&mut self, select: &Select) -> Result<(), Error> {
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

    /// A derived table is known by what stands behind it, which a column alone does not say.
    fn are_told(&self, at: &'static Location<'static>) -> Result<(), Error> {
        let is_untold = |source: &&Source| {
            source.alias.is_some_and(Alias::is_derived) && self.own_level().body(**source).is_none()
        };
        match self.sources.iter().find(is_untold) {
            None => Ok(()),
            Some(source) => Err(refuse(
                format!(
                    "the columns of \"{0}\" are used, and nothing says what it is: add `.select_from(&{0})` or \
                     `.join(&{0}, ..)`",
                    source.name()
                ),
                at,
            )),
        }
    }

    pub(super) fn resolved(&self) -> &'a Resolved {
        self.resolved
    }

    pub(super) fn own_level(&self) -> &'a Level {
        self.resolved.level(self.level)
    }

    /// The level of a statement inside of its expressions.
    pub(super) fn inner(&self, select: &Arc<Select>) -> usize {
        self.resolved.inner(self.level, select)
    }

    /// Whether the statement has the source, or one around it.
    pub(super) fn sees(&self, source: Source) -> bool {
        self.sources.contains(&source) || self.parent.is_some_and(|parent| parent.sees(source))
    }

    /// The sources that an expression uses, in statements inside of it too.
    pub(super) fn used(&self, node: &Node) -> Vec<Source> {
        let mut used = Vec::new();
        self.resolved.collect_used(self.level, node, &mut used);
        used
    }

    fn join(&mut self, join: &Placed<Join>, groups: &mut Groups) -> Result<(), Error> {
        let Join { kind, source, on } = &join.content;
        match kind {
            JoinKind::Left => {
                // A partner is there only where the condition was true.
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
        // What stands behind a lateral table or a function uses rows of the tables before it.
        if let Some((_, level)) = self.own_level().body(*source) {
            let before =
                self.resolved.level(level).outside.iter().filter(|other| self.sources.contains(other));
            groups.connect(&before.copied().chain([*source]).collect::<Vec<_>>());
        }
        match on {
            // With the first one only: it does not excuse earlier ones that nothing joins.
            None => groups.connect(&[self.sources[0], *source]),
            Some(on) => {
                self.covers(on, "JOIN .. ON", join.at)?;
                super::plain(on, "JOIN .. ON", join.at)?;
                self.connect_conjuncts(on, groups);
                // ON true says that every row is meant, as CROSS JOIN does.
                if matches!(on, Node::Parameter(_) | Node::Boolean(_)) {
                    groups.connect(&[self.sources[0], *source]);
                }
                if *kind == JoinKind::Inner {
                    self.require(on);
                }
            }
        }
        Ok(())
    }

    /// What a right or full join brings in has rows without a partner, which a lateral table could not have.
    fn sees_nothing_before(&self, source: Source, at: &'static Location<'static>) -> Result<(), Error> {
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

    /// The rows so far may be missing, all of them at once.
    fn all_outer(&mut self) {
        let always = self.sources.iter().copied().filter(|source| !self.outer.contains(source));
        let always: Vec<_> = always.collect();
        self.along.extend(self.sources.iter().map(|source| (*source, always.clone())));
        self.outer = self.sources.clone();
    }

    /// Only rows for which the condition is true are left, and with them the rows it needs.
    fn require(&mut self, condition: &Node) {
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

    /// Connects the sources that one condition uses together; each part of an AND for itself. What is outside is one row, so
    /// that it connects too.
    fn connect_conjuncts(&self, node: &Node, groups: &mut Groups) {
        if let Node::Logical(Logical::And, operands) = node {
            operands.iter().for_each(|operand| self.connect_conjuncts(operand, groups));
            return;
        }
        if groups.sources.len() > 1 {
            groups.connect(&self.used(node));
        }
    }

    fn names_are_unique(&self, select: &Select) -> Result<(), Error> {
        for (nth, source) in self.sources.iter().enumerate() {
            if self.sources[..nth].iter().any(|other| other.name() == source.name()) {
                let at = select.joins.iter().rev().find(|join| join.content.source.name() == source.name());
                return Err(refuse(twice(*source), at.map_or(select.at, |join| join.at)));
            }
        }
        Ok(())
    }

    fn is_connected(&self, select: &Select, groups: &Groups) -> Result<(), Error> {
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

    /// Whether it is a statement inside of another.
    pub(super) fn is_inside(&self) -> bool {
        self.parent.is_some()
    }

    pub(super) fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// Whether the row of a source may be missing.
    pub(super) fn is_outer(&self, source: Source) -> bool {
        match self.parent {
            Some(parent) if !self.sources.contains(&source) => parent.is_outer(source),
            _ => self.outer.contains(&source),
        }
    }

    pub(super) fn covers(
        &self,
        node: &Node,
        clause: &str,
        at: &'static Location<'static>,
    ) -> Result<(), Error> {
        let mut missing = None;
        node.walk(&mut |node| match node {
            Node::Column(column) if !self.sees(column.source()) => {
                missing.get_or_insert_with(|| self.missing(column.source(), clause, at));
            }
            Node::Column(column) if self.lacks(*column) => {
                missing.get_or_insert_with(|| refuse(no_column(*column), at));
            }
            Node::Excluded(column) if self.excluded != Some(column.table) => {
                missing.get_or_insert_with(|| refuse(self.no_excluded(column, clause), at));
            }
            _ => {}
        });
        match missing {
            None => super::subquery::inner(node, self, Some(at)),
            Some(error) => Err(error),
        }
    }

    /// Whether a table that the statement makes has no such column: its rows are some of the columns of a model.
    fn lacks(&self, column: ColumnRef) -> bool {
        let Some(alias) = column.alias else { return false };
        let mut scopes = std::iter::successors(Some(self), |scope| scope.parent);
        alias.is_derived()
            && scopes
                .find_map(|scope| scope.own_level().body(column.source()))
                .is_some_and(|(body, _)| !body.columns.contains(&column.meta.name))
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
        let entity = reference(source);
        let same_table = self.sources.iter().find(|other| other.table == source.table && **other != source);
        let remedy = match (same_table, self.brings) {
            (Some(other), _) => {
                format!("the statement knows it as {}: use that one's columns", called(*other))
            }
            (None, Brings::Join) if self.sources.is_empty() => format!("add `.select_from({entity})`"),
            (None, Brings::Join) => format!("add `.join({entity}, ..)`"),
            (None, Brings::Beside(method)) => format!("add `.{method}({entity})`"),
            (None, Brings::Nothing) if self.sources.is_empty() => {
                "a new row has no columns to look at yet: set a value, or what a subquery gives".to_owned()
            }
            (None, Brings::Nothing) => "only the columns of the changed table can be used here".to_owned(),
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

/// A change of a table, and what stands beside it.
#[derive(Clone, Copy)]
pub(super) struct Change<'a> {
    pub(super) source: Source,
    pub(super) beside: &'a [Placed<Source>],
    pub(super) filter: &'a [Placed<Node>],
    /// The method that brings a table in.
    pub(super) method: &'static str,
}

fn twice(source: Source) -> String {
    format!(
        "{} is in FROM twice under the name \"{}\": give one another name with `.alias(\"..\")`",
        called(source),
        source.name()
    )
}

fn no_column(column: ColumnRef) -> String {
    let (name, meta) = (called(column.source()), column.meta);
    format!(
        "{name} has no column `{meta:?}`: give its rows a field `{}`, or select it there by itself",
        meta.field
    )
}

fn nothing_to_join(select: &Select) -> Error {
    let mut selected = Vec::new();
    select.items.iter().for_each(|item| item.collect_sources(&mut selected));
    let twice = select.joins.iter().find(|join| selected.contains(&join.content.source));
    let join = twice.unwrap_or(&select.joins[0]);
    let (called, entity) = (called(join.content.source), join.content.source.table.entity);
    let message = match twice {
        Some(_) => format!(
            "{called} is what is selected, and it is joined too, so that there is nothing to join it to: give the one that \
             is joined another name, as `let other = {entity}.alias(\"other\")`, or leave the join out"
        ),
        None => format!("nothing to join {called} to: add `.select_from(..)`"),
    };
    refuse(message, join.at)
}

/// The sources that stand in WHERE only: an implicit join, if a condition connects them.
pub(super) fn implied(select: &Select, sources: &[Source]) -> Vec<Source> {
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

/// How a source is written where one is joined.
pub(super) fn reference(source: Source) -> String {
    match source.alias {
        Some(alias) if alias.is_derived() => format!("&{}", alias.name()),
        _ => source.table.entity.to_owned(),
    }
}

//! Checks that every table a statement uses is in its FROM, and that something joins them.

use std::panic::Location;
use std::sync::Arc;

use super::{called, refuse};
use crate::error::Error;
use crate::model::Alias;
use crate::query::ast::{Node, Placed, Raw, Select, Source};
use crate::query::resolve::{Level, Resolved};
use crate::schema::TableMeta;

/// The sources of a statement, and which of them may be all NULL because of an outer join.
pub(super) struct Scope<'a> {
    pub(super) resolved: &'a Resolved,
    level: usize,
    /// The scope of the statement around it.
    pub(super) parent: Option<&'a Scope<'a>>,
    pub(super) sources: Vec<Source>,
    /// Sources that are named in WHERE only.
    pub(super) implied: Vec<Source>,
    /// Sources whose row may be missing because of an outer join.
    pub(super) outer: Vec<Source>,
    /// For each source, those that have a row whenever it has one.
    pub(super) along: Vec<(Source, Vec<Source>)>,
    /// The method by which another source would be added.
    pub(super) brings: Brings,
    /// The table of `excluded`: the row proposed for insertion.
    pub(super) excluded: Option<&'static TableMeta>,
}

/// The clause that gives back changed rows.
pub(super) const RETURNING: &str = "RETURNING";

/// How a further table is added to a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Brings {
    Join,
    /// The method of an UPDATE or DELETE.
    Beside(&'static str),
    Nothing,
    /// Of an INSERT: there is no row of the table yet.
    NewRow,
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

    /// Of the INSERT of a MERGE: the source row without a match.
    pub(super) fn of_unmatched(source: Source, resolved: &'a Resolved, level: usize) -> Scope<'a> {
        Scope { brings: Brings::NewRow, ..Scope::of_table(source, resolved, level) }
    }

    /// Of the values that an INSERT sets: there is no row yet.
    pub(super) fn of_no_row(resolved: &'a Resolved, level: usize) -> Scope<'a> {
        Scope::new(resolved, level, Vec::new())
    }

    /// Of an UPDATE or DELETE with its further tables, after a check that conditions connect them.
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

    /// Of DO UPDATE: the existing row, and the one proposed for insertion.
    pub(super) fn of_conflict(source: Source, resolved: &'a Resolved, level: usize) -> Scope<'a> {
        Scope { excluded: Some(source.table), ..Scope::of_table(source, resolved, level) }
    }

    /// Of raw SQL: the tables in its braces.
    pub(super) fn of_raw(
        raw: &Raw,
        resolved: &'a Resolved,
        level: usize,
        parent: Option<&'a Scope<'a>>,
    ) -> Scope<'a> {
        Scope { parent, ..Scope::new(resolved, level, raw.tables().collect()) }
    }

    /// Of raw SQL inside a statement.
    pub(super) fn within_raw(raw: &Raw, around: &'a Scope<'a>) -> Scope<'a> {
        Scope::of_raw(raw, around.resolved, around.level, Some(around))
    }

    /// Of a SELECT, after a check that no two sources have one name and that joins connect them.
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

    /// A derived table is identified by its select, which a column of it does not tell.
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

    /// The scope of a subquery in its expressions.
    pub(super) fn inner(&self, select: &Arc<Select>) -> usize {
        self.resolved.inner(self.level, select)
    }

    /// Whether this statement, or one around it, has the source.
    pub(super) fn sees(&self, source: Source) -> bool {
        self.sources.contains(&source) || self.parent.is_some_and(|parent| parent.sees(source))
    }

    /// The sources that an expression uses, including those used by its subqueries.
    pub(super) fn used(&self, node: &Node) -> Vec<Source> {
        let mut used = Vec::new();
        self.resolved.collect_used(self.level, node, &mut used);
        used
    }

    /// Whether it is a subquery.
    pub(super) fn is_inside(&self) -> bool {
        self.parent.is_some()
    }

    pub(super) fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// Whether a source may be all NULL because of an outer join.
    pub(super) fn is_outer(&self, source: Source) -> bool {
        match self.parent {
            Some(parent) if !self.sources.contains(&source) => parent.is_outer(source),
            _ => self.outer.contains(&source),
        }
    }
}

/// An UPDATE or DELETE, and its further tables.
#[derive(Clone, Copy)]
pub(super) struct Change<'a> {
    pub(super) source: Source,
    pub(super) beside: &'a [Placed<Source>],
    pub(super) filter: &'a [Placed<Node>],
    /// The method that adds a table.
    pub(super) method: &'static str,
}

/// The sources that are named in WHERE only: an implicit join, if a condition connects them.
pub(super) fn implied(select: &Select, sources: &[Source]) -> Vec<Source> {
    if !select.from.is_empty() {
        return Vec::new();
    }
    let mut selected = Vec::new();
    select.items.iter().for_each(|item| item.collect_sources(&mut selected));
    sources.iter().copied().filter(|source| !selected.contains(source)).collect()
}

/// How a source is written where one is joined.
pub(super) fn reference(source: Source) -> String {
    match source.alias {
        Some(alias) if alias.is_derived() => format!("&{}", alias.name()),
        _ => source.table.entity.to_owned(),
    }
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

//! A statement that tells which rows it touched, so that no others are read again.

use std::borrow::Cow;

use super::follower::{Follows, follows};
use super::has_own_changes;
use super::reread::reached_by;
use super::spread::{Happening, Spread, Step, spread};
use crate::engine::{LiveTable, Reach};
use crate::query::WriteTarget;
use crate::query::ast::{ConflictTarget, Item};
use crate::query::render::{
    Before, CascadedColumns, CascadedDefault, CascadedRows, Gives, Link, Relation, Rendered, Touch, lock,
    touching,
};
use crate::schema::{ColumnDefault, ColumnMeta, TableMeta, fitted};
use crate::session::default_value::constant_default;
use crate::session::identity::Identity;

/// A statement in the form that tells what it touched.
pub(in crate::session) struct Touched {
    pub(super) table: &'static TableMeta,
    /// Locks the rows of an UPDATE that changes keys.
    pub(super) lock: Option<Rendered>,
    pub(super) rendered: Rendered,
    /// How many columns its own RETURNING gives.
    pub(super) own: usize,
    pub(super) gives: Gives,
    pub(super) limit: i64,
    /// The table's number, and how many triggers there were when the catalogue was asked.
    pub(super) oid: i64,
    pub(super) triggers: i64,
    pub(super) cascaded: Vec<CascadedValue>,
    /// The tables that it may have changed rows of, if more has happened than is known.
    pub(super) reached: Vec<&'static TableMeta>,
}

/// A table with objects whose rows a cascade may reach.
pub(super) struct CascadedValue {
    pub(super) table: &'static TableMeta,
    /// Where what is told of its rows begins.
    pub(super) at: usize,
    /// Whether the keys are told that they have afterwards.
    pub(super) changes_key: bool,
}

/// The statement in that form; `None` where it cannot tell all that it changes.
pub(super) fn touched(
    identity: &Identity,
    target: &WriteTarget<'_>,
    statement: &Rendered,
    reach: &Reach,
) -> Option<Touched> {
    let table = target.table();
    let set = target.set();
    let names: Vec<Cow<'_, str>> = set.iter().map(|set| fitted(set.content.column.name, "")).collect();
    let happening = match target {
        WriteTarget::Delete(_) => Happening::Deleted,
        _ => Happening::Updated(names.iter().map(|name| &**name).collect()),
    };
    let spread = spread(reach, &happening, matches!(target, WriteTarget::Insert(_)))?;
    let mut cascaded = cascaded_rows(identity, reach, &spread);
    let steps = if cascaded.is_empty() { &[] } else { &*spread.steps };
    let links: Vec<_> = steps.iter().map(|step| link(reach, *step)).collect();
    let is_set = |place: usize| set.iter().any(|set| set.content.column.place == place);
    let sets_key = table.primary_key.iter().any(|&place| is_set(place));
    let kept = match target {
        _ if happening == Happening::Deleted || cascaded.is_empty() && !sets_key => None,
        WriteTarget::Update(update) => Some((&*update.0, kept(table, &links)?)),
        // An INSERT cannot be joined to the rows that it changes.
        _ if cascaded.is_empty() => None,
        _ => return None,
    };
    if !cascaded.is_empty() {
        let follows = follows(reach, &spread, &happening);
        for cascaded in &mut cascaded {
            cascaded.key_changes = key_changes(cascaded, &follows, table, &is_set)?;
            cascaded.constants = constants(identity, reach, cascaded, &follows)?;
        }
    }
    let has_objects = identity.any(table).is_some_and(|arena| arena.len() > 0);
    let found_by = match target {
        WriteTarget::Insert(insert) if sets_key && has_objects => {
            Some(conflict_places(insert.conflict?, &is_set)?)
        }
        _ => None,
    };
    let gives = match (has_objects, target) {
        (false, _) => Gives::Nothing,
        (true, WriteTarget::Insert(insert)) if insert.set.is_empty() => Gives::Nothing,
        (true, WriteTarget::Delete(_)) => Gives::Key,
        (true, _) => Gives::Row,
    };
    let tracked = cascaded.iter().map(|cascaded| cascaded.table).chain([table]);
    let tracked: usize = tracked.filter_map(|table| Some(identity.any(table)?.len())).sum();
    // Objects whose keys change are found by what is told of their rows, and by nothing else; so it is with own versions.
    let changes_keys = sets_key || cascaded.iter().any(CascadedRows::changes_key);
    let limit = if changes_keys || has_own_changes(identity, target) {
        i64::MAX
    } else {
        i64::try_from(tracked).unwrap_or(i64::MAX)
    };
    let counted: Vec<i64> = reach.tables.iter().map(|table| table.oid).collect();
    let before = kept.as_ref().map(|(update, columns)| Before { update, columns });
    let found_by = found_by.as_deref();
    let row = target.beside().then_some(target.name());
    let touch = Touch {
        table,
        row,
        gives,
        limit,
        counted: &counted,
        links: &links,
        cascaded: &cascaded,
        before,
        found_by,
    };
    Some(Touched {
        table,
        lock: before.map(|before| lock(before.update)),
        rendered: Rendered { at: statement.at, ..touching(statement, target.returning(), &touch) },
        own: target.returning().iter().map(Item::width).sum(),
        gives,
        limit,
        oid: reach.tables[0].oid,
        triggers: reach.triggers,
        cascaded: placed(table, gives, &cascaded),
        reached: reached_by(identity, target),
    })
}

/// Where what is told of cascaded rows begins, behind the columns of the statement's own RETURNING.
fn placed(table: &'static TableMeta, gives: Gives, cascaded: &[CascadedRows<'_>]) -> Vec<CascadedValue> {
    let mut at = 5 + match gives {
        Gives::Nothing => 0,
        Gives::Key => table.primary_key.len(),
        Gives::Row => table.primary_key.len() + table.columns.len(),
    };
    let placed = cascaded.iter().map(|cascaded| {
        let taken = CascadedValue { table: cascaded.table, at, changes_key: cascaded.changes_key() };
        at += 1 + cascaded.table.primary_key.len() * if taken.changes_key { 2 } else { 1 };
        taken
    });
    placed.collect()
}

/// The columns of which is told what they held before an UPDATE: the key, and those that links point at; `None` if the
/// model does not know them all.
fn kept(table: &'static TableMeta, links: &[Link<'_>]) -> Option<Vec<&'static ColumnMeta>> {
    let mut kept: Vec<&'static ColumnMeta> = table.key().collect();
    for name in links.iter().filter(|link| link.from.is_none()).flat_map(|link| link.target_columns) {
        let column = column(table, name)?;
        if !kept.contains(&column) {
            kept.push(column);
        }
    }
    Some(kept)
}

/// The columns by which an INSERT finds the rows that it changes; `None` if they do not tell afterwards which those were.
fn conflict_places(conflict: &ConflictTarget, is_set: &dyn Fn(usize) -> bool) -> Option<Vec<usize>> {
    if conflict.constraint.is_some() {
        return None;
    }
    let places: Option<Vec<usize>> = conflict.parts.iter().map(|part| part.place()).collect();
    places.filter(|places| conflict.predicate.is_none() && !places.iter().any(|&place| is_set(place)))
}

/// What the key of cascaded rows takes over from touched rows; `None` where that cannot be told.
fn key_changes(
    cascaded: &CascadedRows<'_>,
    follows: &[Follows<'_>],
    changed: &'static TableMeta,
    is_set: &dyn Fn(usize) -> bool,
) -> Option<Vec<CascadedColumns>> {
    let table = cascaded.table;
    let in_key = |place: usize| table.primary_key.contains(&place);
    let mut key_changes = Vec::new();
    if table == changed && table.primary_key.iter().any(|&place| is_set(place)) {
        key_changes
            .push(CascadedColumns { columns: table.key().map(|column| (column.place, column)).collect() });
    }
    for follows in cascaded.groups.iter().map(|&group| &follows[group]) {
        if follows.unknown.iter().any(|name| column(table, name).is_some_and(|column| in_key(column.place))) {
            return None;
        }
        for follower in &follows.followers {
            let takes_over = |(own, source): &(&str, &str)| {
                column(table, own).is_some_and(|own| in_key(own.place))
                    && column(changed, source).is_some_and(|source| is_set(source.place))
            };
            if !follower.iter().any(takes_over) {
                continue;
            }
            let columns = follower
                .iter()
                .map(|(own, source)| Some((column(table, own)?.place, column(changed, source)?)));
            key_changes.push(CascadedColumns { columns: columns.collect::<Option<Vec<_>>>()? });
        }
    }
    Some(key_changes)
}

/// The columns of the key of cascaded rows that become constants; `None` where these are not known, or a column may become
/// something else as well.
fn constants(
    identity: &Identity,
    reach: &Reach,
    cascaded: &CascadedRows<'_>,
    follows: &[Follows<'_>],
) -> Option<Vec<CascadedDefault>> {
    let tables = identity.known_tables();
    let mut constants: Vec<CascadedDefault> = Vec::new();
    for &group in &cascaded.groups {
        for constant in &follows[group].constants {
            let place = column(cascaded.table, constant.own)?.place;
            if !cascaded.table.primary_key.contains(&place) {
                continue;
            }
            let live = &reach.tables[constant.table];
            let column = column(tables.iter().find(|table| stands_for(live, table))?, constant.column)?;
            constant_default(column)?;
            let ColumnDefault::Sql(default) = column.default else { return None };
            let is_set_twice =
                cascaded.key_changes.iter().flat_map(|change| &change.columns).any(|(own, _)| *own == place)
                    || constants.iter().any(|other| other.place == place);
            if is_set_twice {
                return None;
            }
            constants.push(CascadedDefault { group, place, default });
        }
    }
    Some(constants)
}

fn column(table: &'static TableMeta, name: &str) -> Option<&'static ColumnMeta> {
    table.columns.iter().find(|column| fitted(column.name, "") == name)
}

/// The tables with objects of which a cascade may reach rows.
fn cascaded_rows<'a>(identity: &Identity, reach: &'a Reach, spread: &Spread<'_>) -> Vec<CascadedRows<'a>> {
    let arenas = identity.arenas().filter(|arena| arena.len() > 0);
    let cascaded = arenas.filter_map(|arena| {
        let live = reach.tables.iter().position(|live| stands_for(live, arena.table()))?;
        let groups = (0..).zip(&spread.reached).filter(|(_, reached)| reached.table == live);
        let groups: Vec<usize> = groups.map(|(group, _)| group).collect();
        let relation = relation(&reach.tables[live]);
        (!groups.is_empty()).then_some(CascadedRows {
            table: arena.table(),
            relation,
            groups,
            key_changes: Vec::new(),
            constants: Vec::new(),
        })
    });
    cascaded.collect()
}

pub(in crate::session) fn stands_for(live: &LiveTable, table: &TableMeta) -> bool {
    let is_there = match table.schema {
        Some(schema) => live.schema == fitted(schema, ""),
        None => live.is_visible,
    };
    is_there && live.name == fitted(table.name, "")
}

fn relation(live: &LiveTable) -> Relation<'_> {
    Relation { schema: &live.schema, name: &live.name }
}

fn link(reach: &Reach, step: Step) -> Link<'_> {
    let key = &reach.keys[step.key];
    Link {
        from: step.from,
        target: relation(&reach.tables[key.target]),
        target_columns: &key.target_columns,
        to: step.to,
        own: relation(&reach.tables[key.table]),
        columns: &key.columns,
    }
}

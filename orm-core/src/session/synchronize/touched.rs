//! A statement that tells which rows it touched, so that no others are read again.

use std::borrow::Cow;

use tokio_postgres::Row as DriverRow;

use super::reread::{Reread, all, everything, reread};
use super::spread::{Happening, Spread, Step, spread};
use crate::engine::{Answer, Catalogue, LiveTable, Reach};
use crate::error::Error;
use crate::query::Target;
use crate::query::ast::Item;
use crate::query::render::{Along, Gives, Link, Relation, Rendered, Touch, touching};
use crate::row::Cells;
use crate::schema::{TableMeta, fitted};
use crate::session::identity::{AnyArena, Identity};

/// A statement in the form that tells what it touched.
pub(in crate::session) struct Touched {
    table: &'static TableMeta,
    pub(super) rendered: Rendered,
    /// How many columns its own RETURNING gives.
    own: usize,
    gives: Gives,
    limit: i64,
    /// The table's number, and how many triggers there were when the catalogue was asked.
    oid: i64,
    triggers: i64,
    /// The tables of objects whose rows may be taken along.
    along: Vec<&'static TableMeta>,
}

/// The statement in that form; `None` where it cannot tell all that it changes.
pub(super) fn touched(
    identity: &Identity,
    target: &Target<'_>,
    statement: &Rendered,
    reach: &Reach,
) -> Option<Touched> {
    let table = target.table();
    let set = target.set();
    let names: Vec<Cow<'_, str>> = set.iter().map(|set| fitted(set.content.column.name, "")).collect();
    let happening = match target {
        Target::Delete(_) => Happening::Deleted,
        _ => Happening::Updated(names.iter().map(|name| &**name).collect()),
    };
    let spread = spread(reach, &happening, matches!(target, Target::Insert(_)))?;
    let along = along(identity, reach, &spread);
    // Before PostgreSQL 18 RETURNING does not know what a key was.
    let is_in_key = |place: usize| set.iter().any(|set| set.content.column.place == place);
    let follows_keys = happening != Happening::Deleted && !along.is_empty();
    if follows_keys || table.primary_key.iter().any(|&place| is_in_key(place)) {
        return None;
    }
    let gives = match (identity.any(table).is_some_and(|arena| arena.len() > 0), target) {
        (false, _) => Gives::Nothing,
        (true, Target::Delete(_)) => Gives::Key,
        (true, _) => Gives::Row,
    };
    let steps = if along.is_empty() { &[] } else { &*spread.steps };
    let links: Vec<_> = steps.iter().map(|step| link(reach, *step)).collect();
    let tracked = along.iter().map(|along| along.table).chain([table]);
    let tracked: usize = tracked.filter_map(|table| Some(identity.any(table)?.len())).sum();
    let limit = i64::try_from(tracked).unwrap_or(i64::MAX);
    let counted: Vec<i64> = reach.tables.iter().map(|table| table.oid).collect();
    let touch = Touch { table, gives, limit, counted: &counted, links: &links, along: &along };
    Some(Touched {
        table,
        rendered: touching(statement, target.returning(), &touch),
        own: target.returning().iter().map(Item::width).sum(),
        gives,
        limit,
        oid: reach.tables[0].oid,
        triggers: reach.triggers,
        along: along.iter().map(|along| along.table).collect(),
    })
}

/// The tables with objects of which rows may be taken along.
fn along<'a>(identity: &Identity, reach: &'a Reach, spread: &Spread<'_>) -> Vec<Along<'a>> {
    let arenas = identity.arenas().filter(|arena| arena.len() > 0);
    let along = arenas.filter_map(|arena| {
        let live = reach.tables.iter().position(|live| stands_for(live, arena.table()))?;
        let groups = (0..).zip(&spread.reached).filter(|(_, reached)| reached.table == live);
        let groups: Vec<usize> = groups.map(|(group, _)| group).collect();
        let relation = relation(&reach.tables[live]);
        (!groups.is_empty()).then_some(Along { table: arena.table(), relation, groups })
    });
    along.collect()
}

fn stands_for(live: &LiveTable, table: &TableMeta) -> bool {
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

/// What the columns behind those of the statement's own RETURNING say.
struct Told {
    touched: i64,
    taken_along: i64,
    is_as_known: bool,
}

impl Touched {
    /// Takes over what came back; gives the statement's own answer, and what has to be read.
    pub(super) fn take(
        &self,
        identity: &mut Identity,
        catalogue: &Catalogue,
        mut answer: Answer,
    ) -> Result<(Answer, Vec<Reread>), Error> {
        let told = self.told(&answer.rows).map_err(|error| self.explain(error))?;
        let more = if told.is_as_known {
            self.take_rows(identity, &told, &answer.rows).map_err(|error| self.explain(error))?
        } else {
            catalogue.forget();
            everything(identity, self.table)?
        };
        answer.affected = told.touched.unsigned_abs();
        if self.own == 0 {
            answer.rows.clear();
        } else {
            answer.rows.retain(|row| self.is_touched(row));
        }
        Ok((answer, more))
    }

    fn explain(&self, error: Error) -> Error {
        error.in_statement(&self.rendered.text.sql)
    }

    fn told(&self, rows: &[DriverRow]) -> Result<Told, Error> {
        for row in rows {
            let mut cells = Cells::new(row);
            cells.skip(self.own);
            if let (Some(touched), Some(taken_along)) = (cells.read()?, cells.read()?) {
                let (oid, triggers): (Option<i64>, i64) = (cells.read()?, cells.read()?);
                let is_as_known = triggers == self.triggers && oid.is_none_or(|oid| oid == self.oid);
                return Ok(Told { touched, taken_along, is_as_known });
            }
        }
        Err(Error::decode("the server did not say how many rows it changed"))
    }

    fn is_touched(&self, row: &DriverRow) -> bool {
        let mut cells = Cells::new(row);
        cells.skip(self.own + 4);
        cells.read::<Option<bool>>().is_ok_and(|touched| touched == Some(true))
    }

    fn take_rows(
        &self,
        identity: &mut Identity,
        told: &Told,
        rows: &[DriverRow],
    ) -> Result<Vec<Reread>, Error> {
        let mut more = Vec::new();
        if self.gives != Gives::Nothing && self.own == 0 && told.touched > self.limit {
            more.extend(all(identity, self.table)?);
        } else if let Some((arena, clock)) =
            identity.any_mut(self.table).filter(|_| self.gives != Gives::Nothing)
        {
            let mut touched = rows.iter().filter(|row| self.is_touched(row)).map(|row| self.cells(row, 5));
            match self.gives {
                Gives::Row => arena.take_rows(&mut touched, clock)?,
                _ => arena.slots_of(&mut touched)?.into_iter().for_each(|slot| arena.deleted(slot, clock)),
            }
        }
        let mut at = 5 + match self.gives {
            Gives::Nothing => 0,
            Gives::Key => self.table.primary_key.len(),
            Gives::Row => self.table.primary_key.len() + self.table.columns.len(),
        };
        for &table in &self.along {
            if told.taken_along > self.limit {
                more.extend(all(identity, table)?);
            } else if let Some(arena) = identity.any(table) {
                more.extend(self.taken_along(arena, rows, at)?);
            }
            at += 1 + table.primary_key.len();
        }
        Ok(more)
    }

    /// The objects whose rows were taken along are read again, for what has become of them nobody has told.
    fn taken_along(
        &self,
        arena: &dyn AnyArena,
        rows: &[DriverRow],
        at: usize,
    ) -> Result<Option<Reread>, Error> {
        let is_one = |row: &&DriverRow| {
            self.cells(row, at).read::<Option<bool>>().is_ok_and(|is_one| is_one == Some(true))
        };
        let mut keys = rows.iter().filter(is_one).map(|row| self.cells(row, at + 1));
        let mut slots = arena.slots_of(&mut keys)?;
        slots.sort_unstable();
        slots.dedup();
        if slots.is_empty() { Ok(None) } else { reread(arena, slots, &[]).map(Some) }
    }

    /// The cells of a row from a place behind those of the statement's own RETURNING.
    fn cells<'a>(&self, row: &'a DriverRow, at: usize) -> Cells<'a> {
        let mut cells = Cells::new(row);
        cells.skip(self.own + at);
        cells
    }
}

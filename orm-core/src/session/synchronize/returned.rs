//! Takes over into objects what a statement tells of the rows it touched.

use tokio_postgres::Row as DriverRow;

use super::reread::{Reread, all, everything, reread};
use super::touched::{CascadedValue, Touched};
use crate::engine::{Answer, Catalogue};
use crate::error::Error;
use crate::query::render::Gives;
use crate::row::Cells;
use crate::schema::TableMeta;
use crate::session::identity::{AnyArena, Identity};

/// What the columns behind those of the statement's own RETURNING say.
struct Returned {
    touched: i64,
    cascaded: i64,
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
        let returned = self.returned(&answer.rows).map_err(|error| self.explain(error))?;
        let mut more =
            self.take_rows(identity, &returned, &answer.rows).map_err(|error| self.explain(error))?;
        if !returned.is_as_known {
            catalogue.forget();
            more = everything(identity, &self.reached)?;
        }
        answer.affected = returned.touched.unsigned_abs();
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

    fn returned(&self, rows: &[DriverRow]) -> Result<Returned, Error> {
        for row in rows {
            let mut cells = Cells::new(row);
            cells.skip(self.own);
            if let (Some(touched), Some(cascaded)) = (cells.read()?, cells.read()?) {
                let (oid, triggers): (Option<i64>, i64) = (cells.read()?, cells.read()?);
                let is_as_known = triggers == self.triggers && oid.is_none_or(|oid| oid == self.oid);
                return Ok(Returned { touched, cascaded, is_as_known });
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
        returned: &Returned,
        rows: &[DriverRow],
    ) -> Result<Vec<Reread>, Error> {
        let mut more = Vec::new();
        let is_all_returned = returned.cascaded <= self.limit;
        // Before any object has another key.
        let mut found = Vec::new();
        for taken in self.cascaded.iter().filter(|_| is_all_returned) {
            if let Some(arena) = identity.any(taken.table) {
                found.push((taken, self.found(arena, rows, taken)?));
            }
        }
        if self.gives != Gives::Nothing && self.own == 0 && returned.touched > self.limit {
            more.extend(all(identity, self.table)?);
        } else if let Some((arena, clock)) =
            identity.any_mut(self.table).filter(|_| self.gives != Gives::Nothing)
        {
            let mut touched = rows.iter().filter(|row| self.is_touched(row)).map(|row| self.cells(row, 5));
            match self.gives {
                Gives::Row => arena.take_rows(&mut touched, clock)?,
                _ => {
                    let slots = arena.slots_of(&mut touched)?.into_iter().flatten();
                    slots.for_each(|slot| arena.deleted(slot, clock));
                }
            }
        }
        for (taken, found) in found.iter().filter(|(taken, _)| taken.changes_key) {
            if let Some((arena, clock)) = identity.any_mut(taken.table) {
                let places = 1 + taken.table.primary_key.len();
                let mut keys = found.iter().map(|&(slot, row)| (slot, self.cells(row, taken.at + places)));
                arena.take_keys(&mut keys, clock)?;
            }
        }
        for table in self.cascaded.iter().map(|taken| taken.table).chain([self.table]) {
            if let Some((arena, clock)) = identity.any_mut(table) {
                arena.settle_keys(clock);
            }
        }
        for (taken, found) in found {
            more.extend(self.reread_cascaded(identity, taken.table, found)?);
        }
        for taken in self.cascaded.iter().filter(|_| !is_all_returned) {
            more.extend(all(identity, taken.table)?);
        }
        Ok(more)
    }

    /// The objects whose rows were cascaded to, each with what is told of its row.
    fn found<'a>(
        &self,
        arena: &dyn AnyArena,
        rows: &'a [DriverRow],
        taken: &CascadedValue,
    ) -> Result<Vec<(u32, &'a DriverRow)>, Error> {
        let is_one = |row: &&DriverRow| {
            self.cells(row, taken.at).read::<Option<bool>>().is_ok_and(|is_one| is_one == Some(true))
        };
        let rows = || rows.iter().filter(is_one);
        let slots = arena.slots_of(&mut rows().map(|row| self.cells(row, taken.at + 1)))?;
        let mut found: Vec<_> =
            slots.into_iter().zip(rows()).filter_map(|(slot, row)| Some((slot?, row))).collect();
        found.sort_by_key(|(slot, _)| *slot);
        found.dedup_by_key(|(slot, _)| *slot);
        Ok(found)
    }

    /// The objects whose rows were cascaded to are read again: RETURNING does not tell what they hold now.
    fn reread_cascaded(
        &self,
        identity: &Identity,
        table: &'static TableMeta,
        found: Vec<(u32, &DriverRow)>,
    ) -> Result<Option<Reread>, Error> {
        let Some(arena) = identity.any(table).filter(|_| !found.is_empty()) else { return Ok(None) };
        // One that had the key of another has lost its row.
        let slots: Vec<u32> =
            found.into_iter().map(|(slot, _)| slot).filter(|&slot| arena.is_tracked(slot)).collect();
        if slots.is_empty() { Ok(None) } else { reread(arena, slots, &[]).map(Some) }
    }

    /// The cells of a row from a place behind those of the statement's own RETURNING.
    fn cells<'a>(&self, row: &'a DriverRow, at: usize) -> Cells<'a> {
        let mut cells = Cells::new(row);
        cells.skip(self.own + at);
        cells
    }
}

//! Holds rows and objects behind a flush against what orders leave, and against each other.

use orm_core::schema::{ColumnMeta, TableMeta};

use super::case::{Operation, Target, is_generated, show};
use super::generate::{is_fixed, is_system};
use super::meaning::{broken, is_pointed_at};
use super::run::{Ended, Kind, Objects, Result, Runner};
use super::state::{Line, State};
use super::table::Cell;

impl Runner<'_> {
    /// The flush said Ok.
    pub fn judge(&self, objects: &Objects, lines: Vec<Line>) -> Result<Ended> {
        let mut new = Vec::new();
        for (number, handle) in &objects.new {
            let Some(Operation::Insert { table, .. }) = self.case.operation(*number) else { continue };
            match self.schema.tables[*table].read(&objects.session, handle) {
                Ok(cells) => new.push((*number, *table, cells)),
                Err(error) => {
                    return Err((
                        Kind::WrongMemory,
                        format!("the new object of operation {number}: {error}"),
                    ));
                }
            }
        }
        let state = State::of_flush(self.schema, lines.clone(), &new);
        let is_right = self.orders.passing.iter().any(|(_, right)| self.same(right, &state));
        if !is_right {
            let why = broken(self.schema, self.case, &state);
            let stays = is_pointed_at(self.schema, self.case, self.orders);
            let another = !self.orders.passing.is_empty() && !stays;
            if another || why.is_some() || !state.strangers.is_empty() {
                let rows = state.describe(self.schema);
                let why = why.unwrap_or_else(|| "no order leaves these rows".to_owned());
                return Err((Kind::WrongRows, format!("{why}: {rows}")));
            }
        }
        for (number, table, cells) in &new {
            let key = self.schema.meta(*table).primary_key;
            let row = lines.iter().find(|line| {
                line.table == *table && key.iter().all(|place| line.cells[*place] == cells[*place])
            });
            match row {
                None => {
                    return Err((
                        Kind::WrongMemory,
                        format!("the new object of operation {number} has no row: {cells:?}"),
                    ));
                }
                Some(row) if row.cells != *cells => {
                    let why =
                        format!("the new object of operation {number} is {cells:?}, its row {:?}", row.cells);
                    let meta = self.schema.meta(*table);
                    let by_trigger = self.same_but_for_triggers(meta, cells, &row.cells);
                    return Err((if by_trigger { Kind::BehindTrigger } else { Kind::WrongMemory }, why));
                }
                Some(_) => {}
            }
        }
        let old = lines.into_iter().filter(|line| {
            let tag = line.tag.filter(|tag| !self.case.is_deleted(*tag));
            tag.is_some()
        });
        self.compare(objects, &old.collect::<Vec<_>>())?;
        Ok(if is_right { Ended::Ok } else { Ended::OkAllTheSame })
    }

    /// Whether rows are those of an order. The version of a row that a new one took over is not looked at: it counts on where
    /// the row is changed, and is another row's where it is made anew.
    fn same(&self, right: &State, state: &State) -> bool {
        let mut right = right.clone();
        for ((table, target), cells) in &mut right.rows {
            let version = self.schema.meta(*table).version.map(|version| version.place);
            if let (Some(place), Target::New(_), Some(found)) =
                (version, target, state.rows.get(&(*table, *target)))
            {
                cells[place].clone_from(&found[place]);
            }
        }
        right == *state
    }

    /// Objects that were there before, and the rows that they stand for.
    pub fn compare(&self, objects: &Objects, lines: &[Line]) -> Result<()> {
        let mut behind = Ok(());
        for (tag, handle) in &objects.old {
            let table = self.schema.tables[self.case.row(*tag).table];
            let line = lines.iter().find(|line| line.tag == Some(*tag));
            let contains = table.contains(&objects.session, handle);
            if contains != line.is_some() {
                let (row, object) = if contains { ("gone", "is") } else { ("there", "is not") };
                return Err((
                    Kind::WrongMemory,
                    format!("row {tag} is {row}, and its object {object} in the session"),
                ));
            }
            let Some(line) = line else { continue };
            let cells = table.read(&objects.session, handle);
            let cells = cells.map_err(|error| (Kind::WrongMemory, format!("row {tag}: {error}")))?;
            if cells != line.cells {
                let show = |cells: &[Cell]| cells.iter().map(show).collect::<Vec<_>>().join(", ");
                let why = format!("row {tag} is ({}), its object ({})", show(&line.cells), show(&cells));
                if !self.same_but_for_triggers(table.meta(), &cells, &line.cells) {
                    return Err((Kind::WrongMemory, why));
                }
                behind = Err((Kind::BehindTrigger, why));
            }
        }
        behind
    }

    /// Whether only what triggers write differs: the columns that the program leaves alone, and with them an `xmin`.
    fn same_but_for_triggers(&self, meta: &TableMeta, some: &[Cell], others: &[Cell]) -> bool {
        let is_written = |column: &ColumnMeta| {
            let is_version = meta.version.is_some_and(|version| version.place == column.place);
            is_system(column) || is_fixed(column) && !is_version && !is_generated(meta, column.place)
        };
        let mut columns = meta.columns.iter();
        self.schema.has_triggers
            && columns.all(|column| is_written(column) || some[column.place] == others[column.place])
    }
}

//! Makes the rows that a case begins with.

use orm_core::schema::{ColumnDefault, ColumnMeta, ForeignKey, IndexPart};

use super::case::{Row, is_generated};
use super::generate::{Generator, foreign_key, is_system};
use super::table::Cell;

const ROWS: usize = 8;

/// Few values, so that rows get in each other's way.
const KEYS: [&str; 6] = ["a", "b", "c", "d", "e", "f"];
/// One of them twice to an index of `lower(..)`.
const NAMES: [&str; 5] = ["w", "x", "y", "z", "X"];

impl Generator<'_> {
    pub fn rows(&mut self) -> Vec<Row> {
        let tables = self.schema.tables.len();
        let one_of_each = !self.random.once_in(5);
        let count = 1 + self.random.below(ROWS);
        let mut rows: Vec<Row> = Vec::new();
        for tag in 0..if one_of_each { count.max(tables) } else { count } {
            let table = if one_of_each && tag < tables { tag } else { self.random.below(tables) };
            let meta = self.schema.meta(table);
            let cells = meta.columns.iter().map(|column| self.first_cell(column, tag)).collect();
            rows.push(Row { tag, table, cells });
        }
        let targets: Vec<Vec<Option<usize>>> = rows.iter().map(|row| self.targets(&rows, row)).collect();
        // A key may be made of keys that are made of keys.
        for _ in 0..3 {
            for (number, targets) in targets.iter().enumerate() {
                let meta = self.schema.meta(rows[number].table);
                for (key, target) in meta.foreign_keys.iter().zip(targets) {
                    for (place, source) in key.columns.iter().zip((key.target)().places) {
                        let cell = target.and_then(|target| rows[target].cells[*source].clone());
                        rows[number].cells[*place] = cell;
                    }
                }
            }
        }
        self.without_conflicts(rows)
    }

    fn first_cell(&mut self, column: &ColumnMeta, tag: usize) -> Cell {
        if is_generated(column.table, column.place) {
            return Some((tag + 1).to_string());
        }
        if column.table.version.is_some_and(|version| version.place == column.place) {
            return Some("1".to_owned());
        }
        if foreign_key(column.table, column.place).is_some() {
            return None;
        }
        if column.default != ColumnDefault::None {
            return Some("0".to_owned());
        }
        self.value(column)
    }

    pub fn value(&mut self, column: &ColumnMeta) -> Cell {
        if column.nullable && self.random.once_in(4) {
            return None;
        }
        let is_key = column.table.primary_key.contains(&column.place);
        Some(match column.ty.name {
            "text" if is_key => (*self.random.pick(&KEYS)).to_owned(),
            "text" => (*self.random.pick(&NAMES)).to_owned(),
            "boolean" => self.random.once_in(2).to_string(),
            _ => (1 + self.random.below(6)).to_string(),
        })
    }

    /// The row that each foreign key of a row points at.
    fn targets(&mut self, rows: &[Row], row: &Row) -> Vec<Option<usize>> {
        let keys = self.schema.meta(row.table).foreign_keys;
        let choose = |key: &ForeignKey| {
            let target = self.schema.place((key.target)().table);
            let nullable =
                key.columns.iter().all(|place| self.schema.meta(row.table).columns[*place].nullable);
            let there: Vec<usize> = (0..rows.len()).filter(|number| rows[*number].table == target).collect();
            let none = there.is_empty() || nullable && self.random.once_in(3);
            (!none).then(|| *self.random.pick(&there))
        };
        keys.iter().map(choose).collect()
    }

    /// The rows that may stand beside each other, as far as the models say.
    fn without_conflicts(&self, mut rows: Vec<Row>) -> Vec<Row> {
        loop {
            let bad = (0..rows.len()).find(|number| {
                let row = &rows[*number];
                self.lacks(&rows, row) || rows[..*number].iter().any(|other| self.conflicts(row, other))
            });
            match bad {
                Some(number) => rows.remove(number),
                None => return rows,
            };
        }
    }

    /// Whether a value that must be there is not, or points at nothing.
    fn lacks(&self, rows: &[Row], row: &Row) -> bool {
        let meta = self.schema.meta(row.table);
        let is_null = |place: &usize| row.cells[*place].is_none();
        meta.columns.iter().any(|column| !column.nullable && is_null(&column.place) && !is_system(column))
            || meta.foreign_keys.iter().any(|key| {
                let target = (key.target)();
                let table = self.schema.place(target.table);
                !key.columns.iter().any(is_null)
                    && !rows.iter().any(|other| {
                        let mut pairs = key.columns.iter().zip(target.places);
                        other.table == table
                            && pairs.all(|(place, source)| row.cells[*place] == other.cells[*source])
                    })
            })
    }

    fn conflicts(&self, row: &Row, other: &Row) -> bool {
        if row.table != other.table {
            return false;
        }
        let meta = self.schema.meta(row.table);
        let same = |places: &[usize]| {
            places.iter().all(|place| row.cells[*place].is_some() && row.cells[*place] == other.cells[*place])
        };
        same(meta.primary_key)
            || meta.columns.iter().any(|column| column.unique && same(&[column.place]))
            || meta.uniques.iter().any(|unique| same(unique.columns))
            || meta.indexes.iter().filter(|index| index.unique && index.predicate.is_none()).any(|index| {
                let place = |part: &IndexPart| match part {
                    IndexPart::Place(place) => Some(*place),
                    IndexPart::Sql(_) => None,
                };
                let places: Option<Vec<usize>> = index.parts.iter().map(place).collect();
                places.is_some_and(|places| same(&places))
            })
    }
}

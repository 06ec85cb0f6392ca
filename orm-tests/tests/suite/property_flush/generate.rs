//! Makes random cases.

use orm_core::schema::{ColumnMeta, Default, ForeignKey, IndexPart, TableMeta};
use orm_tests::Random;

use super::case::{Case, Operation, Row, Say, Target, is_generated};
use super::schema::TestSchema;
use super::table::Cell;

const ROWS: usize = 8;
const OPERATIONS: usize = 6;

/// Few values, so that rows get in each other's way.
const KEYS: [&str; 6] = ["a", "b", "c", "d", "e", "f"];
/// One of them twice to an index of `lower(..)`.
const NAMES: [&str; 5] = ["w", "x", "y", "z", "X"];

pub struct Generator<'a> {
    pub schema: &'a TestSchema,
    pub random: Random,
}

/// Whether the program leaves the column alone: because the database makes it, counts it, or a trigger does. What a program
/// and a trigger both write is what the later of them wrote, so no order is right.
pub fn is_fixed(column: &ColumnMeta) -> bool {
    let is_version = column.table.version.is_some_and(|version| version.place == column.place);
    is_version || column.default != Default::None && foreign_key(column.table, column.place).is_none()
}

fn foreign_key(meta: &TableMeta, place: usize) -> Option<&'static ForeignKey> {
    meta.foreign_keys.iter().find(|key| key.columns.contains(&place))
}

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
        if column.default != Default::None {
            return Some("0".to_owned());
        }
        self.value(column)
    }

    fn value(&mut self, column: &ColumnMeta) -> Cell {
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

    pub fn case(&mut self, rows: Vec<Row>) -> Case {
        let mut case = Case { rows, operations: Vec::new() };
        let mut tags: Vec<usize> = case.rows.iter().map(|row| row.tag).collect();
        let count = 1 + self.random.below(OPERATIONS);
        // What is given up and taken first; then what refers to it.
        for number in 0..count {
            let kind = self.random.below(8);
            let operation = if kind < 3 || tags.is_empty() {
                self.insert()
            } else {
                let tag = tags.swap_remove(self.random.below(tags.len()));
                if kind < 6 { self.update(case.row(tag)) } else { Operation::Delete { tag } }
            };
            case.operations.push((number, operation));
        }
        for number in 0..count {
            self.refer(&mut case, number);
        }
        case.operations.retain(|(_, operation)| match operation {
            Operation::Update { changes, .. } => !changes.is_empty(),
            _ => true,
        });
        case
    }

    fn insert(&mut self) -> Operation {
        let table = self.random.below(self.schema.tables.len());
        let meta = self.schema.meta(table);
        let mut given = Vec::new();
        for column in meta.columns.iter().filter(|column| !is_fixed(column)) {
            let say = match foreign_key(meta, column.place) {
                Some(_) => Say::Null,
                None => self.value(column).map_or(Say::Null, Say::Value),
            };
            given.push((column.place, say));
        }
        Operation::Insert { table, given }
    }

    fn update(&mut self, row: &Row) -> Operation {
        let meta = self.schema.meta(row.table);
        let own: Vec<&ColumnMeta> = meta
            .columns
            .iter()
            .filter(|column| !is_fixed(column) && foreign_key(meta, column.place).is_none())
            .collect();
        let mut changes = Vec::new();
        for column in own {
            if self.random.once_in(2) {
                let cell = self.value(column);
                if cell != row.cells[column.place] {
                    changes.push((column.place, cell));
                }
            }
        }
        Operation::Update { tag: row.tag, changes }
    }

    /// Fills the foreign keys of an operation.
    fn refer(&mut self, case: &mut Case, number: usize) {
        let Some((_, operation)) = case.operations.iter().find(|(other, _)| *other == number).cloned() else {
            return;
        };
        match operation {
            Operation::Delete { .. } => {}
            Operation::Insert { table, mut given } => {
                for key in self.schema.meta(table).foreign_keys {
                    let Some(target) = self.choose(case, table, key) else {
                        self.point_at_nothing(&mut given, table, key);
                        continue;
                    };
                    let by_handle = !self.random.once_in(3);
                    for (place, source) in key.columns.iter().zip((key.target)().places) {
                        let value = self.meant(case, target, *source).map(Say::Value);
                        let say = match value {
                            Some(value) if !by_handle => value,
                            _ => Say::Handle(target),
                        };
                        given
                            .iter_mut()
                            .filter(|(other, _)| other == place)
                            .for_each(|entry| entry.1 = say.clone());
                    }
                }
                case.operations[number].1 = Operation::Insert { table, given };
            }
            Operation::Update { tag, mut changes } => {
                let row = case.row(tag).clone();
                for key in self.schema.meta(row.table).foreign_keys {
                    if !self.random.once_in(2) && !changes.is_empty() {
                        continue;
                    }
                    let target = self.choose(case, row.table, key);
                    for (place, source) in key.columns.iter().zip((key.target)().places) {
                        let cell = target.and_then(|target| self.meant(case, target, *source));
                        let nullable = self.schema.meta(row.table).columns[*place].nullable;
                        // A row that has no key yet cannot be named by its value.
                        let named = cell.as_ref().is_none_or(|text| text.len() < 6);
                        if named && (cell.is_some() || nullable) && cell != row.cells[*place] {
                            changes.push((*place, cell));
                        }
                    }
                }
                case.operations[number].1 = Operation::Update { tag, changes };
            }
        }
    }

    /// A value that no row has, where there is no row to point at and NULL may not be.
    fn point_at_nothing(&self, given: &mut [(usize, Say)], table: usize, key: &ForeignKey) {
        for (place, say) in given.iter_mut().filter(|(place, _)| key.columns.contains(place)) {
            let column = &self.schema.meta(table).columns[*place];
            if !column.nullable {
                *say = Say::Value(if column.ty.name == "text" { "q" } else { "77" }.to_owned());
            }
        }
    }

    /// A value that means the row: the one it will have, or seldom the one it had, which then means another row or none.
    fn meant(&mut self, case: &Case, target: Target, place: usize) -> Cell {
        match target {
            Target::Old(tag) if self.random.once_in(6) => case.row(tag).cells[place].clone(),
            _ => {
                let cell = case.final_cell(self.schema, target, place);
                cell.filter(|text| text.len() < 6)
            }
        }
    }

    /// A row that a foreign key may point at.
    fn choose(&mut self, case: &Case, table: usize, key: &ForeignKey) -> Option<Target> {
        let to = self.schema.place((key.target)().table);
        let nullable = key.columns.iter().all(|place| self.schema.meta(table).columns[*place].nullable);
        if nullable && self.random.once_in(4) {
            return None;
        }
        let keep_deleted = self.random.once_in(8);
        let old =
            case.rows.iter().filter(|row| row.table == to && (keep_deleted || !case.is_deleted(row.tag)));
        let mut targets: Vec<Target> = old.map(|row| Target::Old(row.tag)).collect();
        let new = case.operations.iter().filter_map(|(number, operation)| match operation {
            Operation::Insert { table, .. } if *table == to => Some(Target::New(*number)),
            _ => None,
        });
        targets.extend(new);
        (!targets.is_empty()).then(|| *self.random.pick(&targets))
    }
}

pub fn is_system(column: &ColumnMeta) -> bool {
    column.name == "xmin"
}

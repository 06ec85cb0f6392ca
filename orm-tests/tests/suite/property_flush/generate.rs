//! Makes random cases.

use orm_core::schema::{ColumnDefault, ColumnMeta, ForeignKey, TableMeta};
use orm_tests::Random;

use super::case::{Case, Operation, Row, Say, Target};
use super::schema::TestSchema;
use super::table::Cell;

const OPERATIONS: usize = 6;

pub struct Generator<'a> {
    pub schema: &'a TestSchema,
    pub random: Random,
}

/// Whether the program leaves the column alone: because the database makes it, counts it, or a trigger does. What a program
/// and a trigger both write is what the later of them wrote, so no order is right.
pub fn is_fixed(column: &ColumnMeta) -> bool {
    let is_version = column.table.version.is_some_and(|version| version.place == column.place);
    is_version || column.default != ColumnDefault::None && foreign_key(column.table, column.place).is_none()
}

pub fn foreign_key(meta: &TableMeta, place: usize) -> Option<&'static ForeignKey> {
    meta.foreign_keys.iter().find(|key| key.columns.contains(&place))
}

/// Whether another foreign key has a column of this one.
fn is_shared(meta: &TableMeta, key: &ForeignKey) -> bool {
    let others = meta.foreign_keys.iter().filter(|other| other.columns != key.columns);
    others.flat_map(|other| other.columns).any(|place| key.columns.contains(place))
}

impl Generator<'_> {
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
                    let is_shared = is_shared(self.schema.meta(table), key);
                    let by_handle = !self.random.once_in(3) && !is_shared;
                    for (place, source) in key.columns.iter().zip((key.target)().places) {
                        let value = self.meant(case, target, *source).map(Say::Value);
                        let say = match value {
                            Some(value) if !by_handle => value,
                            // A handle in a column of two keys is one of the first key.
                            None if is_shared => nothing(&self.schema.meta(table).columns[*place]),
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
                        if named && (cell.is_some() || nullable) {
                            changes.retain(|(other, _)| other != place);
                        }
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
                *say = nothing(column);
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

/// A value that no row has.
fn nothing(column: &ColumnMeta) -> Say {
    Say::Value(if column.ty.name == "text" { "q" } else { "77" }.to_owned())
}

pub fn is_system(column: &ColumnMeta) -> bool {
    column.name == "xmin"
}

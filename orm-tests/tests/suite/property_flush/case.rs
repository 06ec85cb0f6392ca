//! A case: rows to begin with, and the operations of one flush.

use std::fmt::Write;

use orm_core::schema::{ColumnDefault, TableMeta};

use super::schema::TestSchema;
use super::table::Cell;

#[derive(Clone, Debug, Default)]
pub struct Case {
    pub rows: Vec<Row>,
    pub operations: Vec<(usize, Operation)>,
}

/// A row that is there, known by its tag.
#[derive(Clone, Debug)]
pub struct Row {
    pub tag: usize,
    pub table: usize,
    pub cells: Vec<Cell>,
}

#[derive(Clone, Debug)]
pub enum Operation {
    /// What the program says of each column that it gives.
    Insert {
        table: usize,
        given: Vec<(usize, Say)>,
    },
    Update {
        tag: usize,
        changes: Vec<(usize, Cell)>,
    },
    Delete {
        tag: usize,
    },
}

/// What a new row says of a column.
#[derive(Clone, Debug, PartialEq)]
pub enum Say {
    Null,
    Value(String),
    Handle(Target),
}

/// A row, whatever its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// By its tag.
    Old(usize),
    /// By the number of its operation.
    New(usize),
}

/// New rows have these tags, in the statements of the oracle.
pub const NEW: usize = 100;

impl Target {
    pub fn tag(self) -> usize {
        match self {
            Target::Old(tag) => tag,
            Target::New(number) => NEW + number,
        }
    }
}

/// What the database makes of a key in the statements of the oracle, which have to know it.
pub fn generated(number: usize) -> String {
    format!("{}", 100_000 + number)
}

pub fn is_generated(meta: &TableMeta, place: usize) -> bool {
    matches!(meta.columns[place].default, ColumnDefault::Identity(_))
}

impl Case {
    pub fn row(&self, tag: usize) -> &Row {
        self.rows.iter().find(|row| row.tag == tag).unwrap()
    }

    pub fn operation(&self, number: usize) -> Option<&Operation> {
        self.operations.iter().find(|(other, _)| *other == number).map(|(_, operation)| operation)
    }

    pub fn is_deleted(&self, tag: usize) -> bool {
        self.operations
            .iter()
            .any(|(_, operation)| matches!(operation, Operation::Delete { tag: other } if *other == tag))
    }

    /// Whether a program has to hold the object of a row to do what it does.
    pub fn needs(&self, tag: usize) -> bool {
        self.operations.iter().any(|(_, operation)| match operation {
            Operation::Insert { given, .. } => {
                given.iter().any(|(_, say)| *say == Say::Handle(Target::Old(tag)))
            }
            Operation::Update { tag: other, .. } | Operation::Delete { tag: other } => *other == tag,
        })
    }

    pub fn table_of(&self, target: Target) -> usize {
        match target {
            Target::Old(tag) => self.row(tag).table,
            Target::New(number) => match self.operation(number) {
                Some(Operation::Insert { table, .. }) => *table,
                other => panic!("{other:?} makes no row"),
            },
        }
    }

    /// What a column holds when all is done, as far as the program says it.
    pub fn final_cell(&self, schema: &TestSchema, target: Target, place: usize) -> Cell {
        match target {
            Target::Old(tag) => {
                let changed = self.operations.iter().find_map(|(_, operation)| match operation {
                    Operation::Update { tag: other, changes } if *other == tag => {
                        changes.iter().find(|(other, _)| *other == place).map(|(_, cell)| cell.clone())
                    }
                    _ => None,
                });
                changed.unwrap_or_else(|| self.row(tag).cells[place].clone())
            }
            Target::New(number) => self.new_cell(schema, number, place),
        }
    }

    fn new_cell(&self, schema: &TestSchema, number: usize, place: usize) -> Cell {
        let Some(Operation::Insert { table, given }) = self.operation(number) else { return None };
        let meta = schema.meta(*table);
        if is_generated(meta, place) {
            return Some(generated(number));
        }
        match &given.iter().find(|(other, _)| *other == place)?.1 {
            Say::Value(text) => Some(text.clone()),
            Say::Handle(target) => {
                let target_place = target_place(meta, place)?;
                (*target != Target::New(number) || target_place != place)
                    .then(|| self.final_cell(schema, *target, target_place))?
            }
            Say::Null => None,
        }
    }

    /// As a program, for people.
    pub fn describe(&self, schema: &TestSchema) -> String {
        let mut text = String::new();
        for row in &self.rows {
            let meta = schema.meta(row.table);
            let cells = meta
                .columns
                .iter()
                .zip(&row.cells)
                .map(|(column, cell)| format!("{}: {}", column.name, show(cell)));
            let cells: Vec<_> = cells.collect();
            let _ = writeln!(text, "  row {}: {} {{ {} }}", row.tag, meta.entity, cells.join(", "));
        }
        for (number, operation) in &self.operations {
            let _ = writeln!(text, "  operation {number}: {}", self.describe_operation(schema, operation));
        }
        text
    }

    fn describe_operation(&self, schema: &TestSchema, operation: &Operation) -> String {
        match operation {
            Operation::Insert { table, given } => {
                let meta = schema.meta(*table);
                let says = given.iter().map(|(place, say)| {
                    let say = match say {
                        Say::Null => "NULL".to_owned(),
                        Say::Value(text) => format!("'{text}'"),
                        Say::Handle(Target::Old(tag)) => format!("handle of row {tag}"),
                        Say::Handle(Target::New(number)) => format!("handle of operation {number}"),
                    };
                    format!("{}: {say}", meta.columns[*place].name)
                });
                format!("add {} {{ {} }}", meta.entity, says.collect::<Vec<_>>().join(", "))
            }
            Operation::Update { tag, changes } => {
                let meta = schema.meta(self.row(*tag).table);
                let changes = changes
                    .iter()
                    .map(|(place, cell)| format!("{} = {}", meta.columns[*place].name, show(cell)));
                format!("row {tag} ({}): {}", meta.entity, changes.collect::<Vec<_>>().join(", "))
            }
            Operation::Delete { tag } => {
                format!("delete row {tag} ({})", schema.meta(self.row(*tag).table).entity)
            }
        }
    }
}

pub fn show(cell: &Cell) -> String {
    match cell {
        Some(text) => format!("'{text}'"),
        None => "NULL".to_owned(),
    }
}

/// The column that a column of a foreign key takes its value from.
pub fn target_place(meta: &TableMeta, place: usize) -> Option<usize> {
    meta.foreign_keys.iter().find_map(|key| {
        let nth = key.columns.iter().position(|other| *other == place)?;
        Some((key.target)().places[nth])
    })
}

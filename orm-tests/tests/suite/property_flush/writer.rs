//! Writes the operations of a case as statements of one row.

use std::fmt::Write;

use orm_core::schema::TableMeta;

use super::case::{Case, NEW, Operation, Say, Target, generated, is_generated};
use super::generate::is_system;
use super::schema::TestSchema;
use super::table::Cell;

/// What a statement of the oracle knows beside its operation.
pub struct Writer<'a> {
    pub schema: &'a TestSchema,
    pub case: &'a Case,
    /// Whether a row with an `xmin` has to have the one it had.
    pub holds_xmin: bool,
    /// Whether operations are parts of one statement, where a handle is the key that the row has at the end.
    pub is_one_statement: bool,
}

impl Writer<'_> {
    /// An operation as a statement of one row.
    ///
    /// - An INSERT gives what the program gave. A handle is the key that the row has by then; there has to be one.
    /// - An UPDATE sets the columns that the program changed, in the row it changed, found by its tag, since the database may
    ///   have given it another key by then; it has to be there. A version counts on. An `xmin` is still the first one.
    /// - A DELETE deletes the row, if it has not gone along with another.
    pub fn statement(&self, number: usize, operation: &Operation) -> String {
        match operation {
            Operation::Insert { table, given } => self.insert(number, *table, given),
            Operation::Update { tag, changes } => self.update(*tag, changes),
            Operation::Delete { tag } => {
                let meta = self.schema.meta(self.case.row(*tag).table);
                let condition = self.condition(meta);
                // Where the `xmin` is held, no row may also be one of another `xmin`.
                let space = if condition.is_empty() { "" } else { " " };
                format!("{space}DELETE FROM \"{}\" WHERE tag = {tag}{condition}", meta.name)
            }
        }
    }

    fn insert(&self, number: usize, table: usize, given: &[(usize, Say)]) -> String {
        let meta = self.schema.meta(table);
        let (mut names, mut values) = (String::from("tag"), (NEW + number).to_string());
        for column in meta.columns.iter().filter(|column| !is_system(column)) {
            let say = given.iter().find(|(place, _)| *place == column.place).map(|(_, say)| say);
            let value = match say {
                _ if is_generated(meta, column.place) => format!("'{}'", generated(number)),
                None if meta.version.is_some_and(|version| version.place == column.place) => "1".to_owned(),
                None => "DEFAULT".to_owned(),
                Some(Say::Null) => "NULL".to_owned(),
                Some(Say::Value(text)) => format!("'{text}'"),
                Some(Say::Handle(target)) => self.key(number, *target, meta, column.place),
            };
            let _ = write!(names, ", \"{}\"", column.name);
            let _ = write!(values, ", {value}");
        }
        format!("INSERT INTO \"{}\" ({names}) VALUES ({values})", meta.name)
    }

    /// The value of the column that a column refers to, as the row has it when the statement runs.
    fn key(&self, number: usize, target: Target, meta: &TableMeta, place: usize) -> String {
        let source = super::case::target_place(meta, place).unwrap();
        if target == Target::New(number) {
            return literal(&self.case.final_cell(self.schema, target, source));
        }
        if self.is_one_statement {
            // A row that the same statement deletes is still seen by it.
            return match target {
                Target::Old(tag) if self.case.is_deleted(tag) => {
                    format!("flush_missing()::{}", meta.columns[place].ty.name)
                }
                _ => literal(&self.case.final_cell(self.schema, target, source)),
            };
        }
        let other = self.schema.meta(self.case.table_of(target));
        let column = &other.columns[source];
        format!(
            "coalesce((SELECT \"{}\" FROM \"{}\" WHERE tag = {}), flush_missing()::{})",
            column.name,
            other.name,
            target.tag(),
            column.ty.name
        )
    }

    fn update(&self, tag: usize, changes: &[(usize, Cell)]) -> String {
        let meta = self.schema.meta(self.case.row(tag).table);
        let sets = changes
            .iter()
            .map(|(place, cell)| format!("\"{}\" = {}", meta.columns[*place].name, literal(cell)));
        let mut sets: Vec<_> = sets.collect();
        sets.extend(version(meta));
        format!("UPDATE \"{}\" SET {} WHERE tag = {tag}{}", meta.name, sets.join(", "), self.condition(meta))
    }

    fn condition(&self, meta: &TableMeta) -> &'static str {
        // The rows are made in the transaction itself, and operations are tried in others inside of it.
        let holds = self.holds_xmin && meta.columns.iter().any(is_system);
        if holds { " AND xmin = pg_current_xact_id()::xid" } else { "" }
    }

    /// The UPDATE by which a new row takes over the row of one that is deleted.
    pub fn replace(&self, tag: usize, number: usize, given: &[(usize, Say)]) -> String {
        let meta = self.schema.meta(self.case.row(tag).table);
        let mut sets = vec![format!("tag = {}", NEW + number)];
        for column in meta.columns.iter().filter(|column| !is_system(column)) {
            let say = given.iter().find(|(place, _)| *place == column.place).map(|(_, say)| say);
            let value = match say {
                None if meta.version.is_some_and(|version| version.place == column.place) => continue,
                _ if meta.primary_key.contains(&column.place) => continue,
                None => "DEFAULT".to_owned(),
                Some(Say::Null) => "NULL".to_owned(),
                Some(Say::Value(text)) => format!("'{text}'"),
                Some(Say::Handle(target)) => self.key(number, *target, meta, column.place),
            };
            sets.push(format!("\"{}\" = {value}", column.name));
        }
        sets.extend(version(meta));
        format!("UPDATE \"{}\" SET {} WHERE tag = {tag}{}", meta.name, sets.join(", "), self.condition(meta))
    }
}

pub fn literal(cell: &Cell) -> String {
    match cell {
        Some(text) => format!("'{text}'"),
        None => "NULL".to_owned(),
    }
}

fn version(meta: &TableMeta) -> Option<String> {
    let column = &meta.columns[meta.version?.place];
    (!is_system(column)).then(|| format!("\"{0}\" = \"{0}\" + 1", column.name))
}

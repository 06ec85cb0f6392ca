//! The rows of all tables at some moment, in words that mean the same in the oracle and behind a flush.

use std::collections::{BTreeMap, HashMap};

use orm_core::schema::TableMeta;

use super::case::{Target, is_generated, show};
use super::generate::is_system;
use super::schema::TestSchema;
use super::table::Cell;

/// A row as it is read.
#[derive(Clone, Debug)]
pub struct Line {
    pub table: usize,
    pub tag: Option<usize>,
    pub cells: Vec<Cell>,
}

/// Reads what the view `flush_lines` gives.
pub fn parse(text: &str) -> Vec<Line> {
    text.lines().map(line).collect()
}

pub fn line(text: &str) -> Line {
    let mut parts = text.trim_end_matches('*').split('|');
    let table = parts.next().unwrap().parse().unwrap();
    let tag = parts.next().unwrap().parse().ok();
    let cells = parts.map(|part| (part != "NULL").then(|| part.to_owned())).collect();
    Line { table, tag, cells }
}

/// Rows by what they are, whatever their keys.
///
/// Keys that the database made for new rows are called by the row, since each run makes others. An `xmin` is left out, as
/// each transaction has its own; memory is compared with it elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct State {
    pub rows: BTreeMap<(usize, Target), Vec<Cell>>,
    /// Rows that nobody knows.
    pub strangers: Vec<(usize, Vec<Cell>)>,
}

impl State {
    /// New rows have tags of their own.
    pub fn of_oracle(schema: &TestSchema, lines: Vec<Line>) -> State {
        let mut state = State::default();
        for line in lines {
            let tag = line.tag.unwrap();
            let target =
                if tag < super::case::NEW { Target::Old(tag) } else { Target::New(tag - super::case::NEW) };
            let meta = schema.meta(line.table);
            let name = |_: &'static TableMeta, text: &str| {
                text.strip_prefix("1000").filter(|rest| rest.len() == 2).map(|rest| rest.parse().unwrap())
            };
            state.rows.insert((line.table, target), named(meta, line.cells, &name));
        }
        state
    }

    /// New rows are known by the keys that their objects have.
    pub fn of_flush(schema: &TestSchema, lines: Vec<Line>, new: &[(usize, usize, Vec<Cell>)]) -> State {
        let mut made: HashMap<(*const TableMeta, &str), usize> = HashMap::new();
        for (number, table, cells) in new {
            let meta = schema.meta(*table);
            for column in meta.columns.iter().filter(|column| is_generated(meta, column.place)) {
                if let Some(text) = &cells[column.place] {
                    made.insert((meta, text), *number);
                }
            }
        }
        let mut state = State::default();
        for line in lines {
            let meta = schema.meta(line.table);
            let same_key =
                |cells: &[Cell]| meta.primary_key.iter().all(|place| cells[*place] == line.cells[*place]);
            let own = new.iter().find(|(_, table, cells)| *table == line.table && same_key(cells));
            let target = match own {
                Some((number, ..)) => Some(Target::New(*number)),
                None => line.tag.map(Target::Old),
            };
            let name =
                |root: &'static TableMeta, text: &str| made.get(&(std::ptr::from_ref(root), text)).copied();
            let cells = named(meta, line.cells.clone(), &name);
            match target {
                Some(target) => drop(state.rows.insert((line.table, target), cells)),
                None => state.strangers.push((line.table, cells)),
            }
        }
        state
    }

    pub fn describe(&self, schema: &TestSchema) -> String {
        let row = |table: usize, name: String, cells: &[Cell]| {
            let cells: Vec<_> = cells.iter().map(show).collect();
            format!("{} {name} ({})", schema.meta(table).entity, cells.join(", "))
        };
        let known =
            self.rows.iter().map(|((table, target), cells)| row(*table, format!("{target:?}"), cells));
        let strangers =
            self.strangers.iter().map(|(table, cells)| row(*table, "nobody knows".to_owned(), cells));
        known.chain(strangers).collect::<Vec<_>>().join("; ")
    }
}

/// The cells, with the names of rows in the place of keys that the database made.
fn named(
    meta: &'static TableMeta,
    cells: Vec<Cell>,
    name: &dyn Fn(&'static TableMeta, &str) -> Option<usize>,
) -> Vec<Cell> {
    let cell = |(place, cell): (usize, Cell)| {
        if is_system(&meta.columns[place]) {
            return None;
        }
        let number = root(meta, place).and_then(|root| name(root, cell.as_deref()?));
        match number {
            Some(number) => Some(format!("#{number}")),
            None => cell,
        }
    };
    cells.into_iter().enumerate().map(cell).collect()
}

/// The table that makes the values of a column, its own or one it refers to.
fn root(meta: &'static TableMeta, place: usize) -> Option<&'static TableMeta> {
    let (mut meta, mut place) = (meta, place);
    for _ in 0..4 {
        if is_generated(meta, place) {
            return Some(meta);
        }
        let key = meta.foreign_keys.iter().find(|key| key.columns.contains(&place))?;
        let target = (key.target)();
        let nth = key.columns.iter().position(|other| *other == place)?;
        (meta, place) = (target.table, target.places[nth]);
    }
    None
}

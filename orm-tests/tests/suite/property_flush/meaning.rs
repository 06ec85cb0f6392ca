//! What the operations of a case mean, whatever the order: what has to be true of the rows behind them.

use std::collections::BTreeSet;

use orm_core::schema::{Action, ForeignKey};

use super::case::{Case, Operation, Row, Say, Target, target_place};
use super::oracle::Orders;
use super::schema::TestSchema;
use super::state::State;
use super::table::Cell;

/// The rows that go: those that are deleted, and those that the database deletes along with them.
///
/// A foreign key that is written in this flush does not take its row along: a reference to a row that goes is an error.
pub fn going(schema: &TestSchema, case: &Case) -> BTreeSet<usize> {
    let mut going: BTreeSet<usize> =
        case.rows.iter().map(|row| row.tag).filter(|tag| case.is_deleted(*tag)).collect();
    loop {
        let next = case.rows.iter().find(|row| {
            let keys = schema.meta(row.table).foreign_keys;
            !going.contains(&row.tag)
                && keys.iter().any(|key| {
                    key.on_delete == Action::Cascade
                        && !writes(case, row.tag, key)
                        && first_target(schema, case, row.tag, key)
                            .is_some_and(|target| going.contains(&target))
                })
        });
        match next {
            Some(row) => going.insert(row.tag),
            None => return going,
        };
    }
}

fn changes(case: &Case, tag: usize) -> &[(usize, Cell)] {
    let found = case.operations.iter().find_map(|(_, operation)| match operation {
        Operation::Update { tag: other, changes } if *other == tag => Some(changes.as_slice()),
        _ => None,
    });
    found.unwrap_or_default()
}

fn writes(case: &Case, tag: usize, key: &ForeignKey) -> bool {
    changes(case, tag).iter().any(|(place, _)| key.columns.contains(place))
}

/// The row that a row points at before the flush.
fn first_target(schema: &TestSchema, case: &Case, tag: usize, key: &ForeignKey) -> Option<usize> {
    let row = case.row(tag);
    let target = (key.target)();
    let table = schema.place(target.table);
    let found = case.rows.iter().find(|other| {
        let mut pairs = key.columns.iter().zip(target.places);
        other.table == table
            && pairs.all(|(place, source)| {
                row.cells[*place].is_some() && row.cells[*place] == other.cells[*source]
            })
    });
    found.map(|row| row.tag)
}

/// Why rows are not what the program says, if they are not.
///
/// What is deleted is gone. A new row is there, with the values it was given: a handle is the key of that row, and a value is
/// still this value, so that it means the row that has this key when all is done (the foreign key sees to it that there is
/// one). A changed row has the values it was given, or went along with another.
pub fn broken(schema: &TestSchema, case: &Case, state: &State) -> Option<String> {
    let going = going(schema, case);
    for (number, operation) in &case.operations {
        let why = match operation {
            Operation::Delete { tag } => state
                .rows
                .contains_key(&(case.row(*tag).table, Target::Old(*tag)))
                .then(|| "is still there".to_owned()),
            Operation::Update { tag, changes } => {
                let row = case.row(*tag);
                match state.rows.get(&(row.table, Target::Old(*tag))) {
                    None if going.contains(tag) || !refers(schema, case, *tag) => None,
                    None => Some("is gone, and its new reference with it".to_owned()),
                    Some(cells) => {
                        let whole = whole_references(schema, case, *tag);
                        let wrong = changes.iter().chain(&whole).find(|(place, cell)| cells[*place] != *cell);
                        wrong.map(|(place, _)| {
                            format!(
                                "has {:?} in `{}`",
                                cells[*place],
                                schema.meta(row.table).columns[*place].name
                            )
                        })
                    }
                }
            }
            Operation::Insert { table, given } => match state.rows.get(&(*table, Target::New(*number))) {
                None => Some("is not there".to_owned()),
                Some(cells) => given.iter().find_map(|(place, say)| {
                    let found = &cells[*place];
                    let is_right = match say {
                        Say::Null => found.is_none(),
                        Say::Value(text) => found.as_ref() == Some(text),
                        Say::Handle(target) => {
                            let source = target_place(schema.meta(*table), *place).unwrap();
                            let other = state.rows.get(&(case.table_of(*target), *target));
                            other.is_some_and(|other| other[source] == *found)
                        }
                    };
                    (!is_right)
                        .then(|| format!("has {found:?} in `{}`", schema.meta(*table).columns[*place].name))
                }),
            },
        };
        if let Some(why) = why {
            return Some(format!("the row of operation {number} {why}"));
        }
    }
    None
}

/// What a program that changes one column of a foreign key says with the others: the key is the one that the object has then.
/// A column that it shares with a key which the program has not written is that of the row which this one still names.
fn whole_references(schema: &TestSchema, case: &Case, tag: usize) -> Vec<(usize, Cell)> {
    let row = case.row(tag);
    let keys = schema.meta(row.table).foreign_keys.iter().filter(|key| writes(case, tag, key));
    let places = keys.flat_map(|key| key.columns.iter().copied());
    places.map(|place| (place, cell_at_the_end(schema, case, tag, place, 0))).collect()
}

/// What a column holds when all is done: what the program says, or what the row holds that a key names which is not written.
fn cell_at_the_end(schema: &TestSchema, case: &Case, tag: usize, place: usize, depth: usize) -> Cell {
    let meta = schema.meta(case.row(tag).table);
    if depth < MOST_KEYS && !changes(case, tag).iter().any(|(other, _)| *other == place) {
        for key in meta.foreign_keys.iter().filter(|key| !writes(case, tag, key)) {
            let Some(nth) = key.columns.iter().position(|column| *column == place) else { continue };
            let Some(target) = first_target(schema, case, tag, key) else { continue };
            let source = (key.target)().places[nth];
            let cell = cell_at_the_end(schema, case, target, source, depth + 1);
            if key.on_update == Action::Cascade && cell != case.row(target).cells[source] {
                return cell;
            }
        }
    }
    case.final_cell(schema, Target::Old(tag), place)
}

/// How many keys a value goes through at most: rows may refer to each other in a circle.
const MOST_KEYS: usize = 8;

/// Whether a changed row has a new reference.
fn refers(schema: &TestSchema, case: &Case, tag: usize) -> bool {
    let keys = schema.meta(case.row(tag).table).foreign_keys;
    keys.iter().any(|key| writes(case, tag, key))
}

/// Whether an error is right as well as what an order leaves.
///
/// - A row that goes along with another is given a reference to a row that goes: an error, since it says so, and none, since
///   nothing comes of it.
/// - A row that is deleted and added again is one UPDATE, so that what points at it stays; an order passes only where it is two
///   statements, and then takes along what points at it, or turns it away.
/// - By a deferred constraint a row that the program has not touched comes to point at another row, which has taken the key of
///   its own.
pub fn is_moot(schema: &TestSchema, case: &Case, orders: &Orders) -> bool {
    let going = going(schema, case);
    let refers =
        case.rows.iter().filter(|row| going.contains(&row.tag)).any(|row| refers(schema, case, row.tag));
    let turns_away = is_pointed_at(schema, case, orders);
    let strays = schema.is_deferrable && orders.passing.iter().all(|(_, state)| strays(schema, case, state));
    refers || turns_away || !orders.passing.is_empty() && strays
}

/// Whether a row that is deleted and added again is pointed at by rows of which the program says nothing, where orders pass
/// only if that is two statements. These take such rows along, or turn them away. Where one statement passes in which the row
/// stays, as with an UPDATE, they stay where they are.
pub fn is_pointed_at(schema: &TestSchema, case: &Case, orders: &Orders) -> bool {
    let points_at = |row: &Row, tag: usize| {
        let mut keys = schema.meta(row.table).foreign_keys.iter();
        keys.any(|key| !writes(case, row.tag, key) && first_target(schema, case, row.tag, key) == Some(tag))
    };
    orders.made_anew.iter().any(|tag| case.rows.iter().any(|row| points_at(row, *tag)))
}

/// Whether a row that the session has not loaded tells which of two rows goes first: it goes along with one, and keeps the other
/// from going as long as it is there. PostgreSQL refuses that in one DELETE too, where the rows are found in the other order.
pub fn hides_an_order(schema: &TestSchema, case: &Case, loaded: &[usize]) -> bool {
    let going = going(schema, case);
    case.rows.iter().filter(|row| going.contains(&row.tag) && !loaded.contains(&row.tag)).any(|row| {
        let mut keys = schema.meta(row.table).foreign_keys.iter();
        keys.any(|key| {
            matches!(key.on_delete, Action::NoAction | Action::Restrict)
                && first_target(schema, case, row.tag, key).is_some_and(|target| going.contains(&target))
        })
    })
}

/// Whether a reference that nobody wrote has come to mean another row.
pub fn strays(schema: &TestSchema, case: &Case, state: &State) -> bool {
    case.rows.iter().any(|row| {
        let Some(cells) = state.rows.get(&(row.table, Target::Old(row.tag))) else { return false };
        schema.meta(row.table).foreign_keys.iter().any(|key| {
            let target = (key.target)();
            let Some(first) =
                first_target(schema, case, row.tag, key).filter(|_| !writes(case, row.tag, key))
            else {
                return false;
            };
            let table = schema.place(target.table);
            let is_meant = |row: &[Cell]| {
                let mut pairs = key.columns.iter().zip(target.places);
                pairs.all(|(place, source)| cells[*place].is_some() && cells[*place] == row[*source])
            };
            let mut rows = state.rows.iter().filter(|((other, _), _)| *other == table);
            let now = rows.find(|(_, cells)| is_meant(cells)).map(|((_, now), _)| *now);
            // One that is deleted and added again is the same to those that point at it.
            now.is_some_and(|now| match now {
                Target::Old(tag) => tag != first,
                Target::New(_) => !case.is_deleted(first),
            })
        })
    })
}

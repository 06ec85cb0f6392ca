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
    broken_by(schema, case, state, true)
}

/// The same, where a part of a reference that the program does not write may follow the row that it named before, or not.
fn broken_by(schema: &TestSchema, case: &Case, state: &State, may_follow: bool) -> Option<String> {
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
                        let whole = whole_references(schema, case, *tag, state, may_follow);
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
/// A column that it shares with a key which the program has not written is that of the row which this one still names. Where
/// what it says of the key is what the row has by then that it named before, it names that row.
fn whole_references(
    schema: &TestSchema,
    case: &Case,
    tag: usize,
    state: &State,
    may_follow: bool,
) -> Vec<(usize, Cell)> {
    let row = case.row(tag);
    let keys = schema.meta(row.table).foreign_keys.iter().filter(|key| writes(case, tag, key));
    let keys = keys.filter(|key| !(may_follow && still_names(schema, case, tag, key, state)));
    let places = keys.flat_map(|key| key.columns.iter().copied());
    places.map(|place| (place, cell_at_the_end(schema, case, tag, place, 0))).collect()
}

/// Whether a row names the row by a key that it named before.
fn still_names(schema: &TestSchema, case: &Case, tag: usize, key: &ForeignKey, state: &State) -> bool {
    let (table, target) = (case.row(tag).table, (key.target)());
    let Some(first) = first_target(schema, case, tag, key) else { return false };
    let cells = |table: usize, tag: usize| state.rows.get(&(table, Target::Old(tag)));
    let (Some(own), Some(named)) = (cells(table, tag), cells(schema.place(target.table), first)) else {
        return false;
    };
    key.columns.iter().zip(target.places).all(|(place, source)| own[*place] == named[*source])
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
/// - A row that goes along with another is given the key of a third: an error, since two rows cannot have it, and none, since
///   one of them goes.
/// - A part of a reference is written, and the other part follows the row that it named before: what the program says with the
///   whole is nowhere then.
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
    let follows = orders.passing.iter().all(|(_, state)| broken_by(schema, case, state, false).is_some());
    let is_moot = !orders.passing.is_empty() && (strays || follows);
    refers || shares_a_key(schema, case, &going) || turns_away || is_moot
}

/// Whether a row that goes along with another gets the key of a third.
fn shares_a_key(schema: &TestSchema, case: &Case, going: &BTreeSet<usize>) -> bool {
    let key = |table: usize, target: Target| -> Vec<Cell> {
        let places = schema.meta(table).primary_key.iter();
        places.map(|&place| case.final_cell(schema, target, place)).collect()
    };
    let old = case.rows.iter().filter(|row| !case.is_deleted(row.tag));
    let old = old.map(|row| (row.table, Target::Old(row.tag)));
    let new = case.operations.iter().filter_map(|(number, operation)| match operation {
        Operation::Insert { table, .. } => Some((*table, Target::New(*number))),
        _ => None,
    });
    let others: Vec<(usize, Target)> = old.chain(new).collect();
    let changed = case.rows.iter().filter(|row| going.contains(&row.tag) && !case.is_deleted(row.tag));
    let changed = changed.filter(|row| {
        let key = schema.meta(row.table).primary_key;
        changes(case, row.tag).iter().any(|(place, _)| key.contains(place))
    });
    changed.into_iter().any(|row| {
        let own = (row.table, Target::Old(row.tag));
        let is_same = |other: &&(usize, Target)| {
            **other != own && other.0 == row.table && key(other.0, other.1) == key(own.0, own.1)
        };
        others.iter().any(|other| is_same(&other))
    })
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

/// Whether a row is gone that the program leaves where it is: it has come to point at another that goes.
pub fn loses(schema: &TestSchema, case: &Case, state: &State) -> bool {
    let going = going(schema, case);
    let stays = |row: &&Row| !going.contains(&row.tag);
    case.rows.iter().filter(stays).any(|row| !state.rows.contains_key(&(row.table, Target::Old(row.tag))))
}

//! What the operations of a case mean, whatever the order: what has to be true of the rows behind them.

use std::collections::BTreeSet;

use orm_core::schema::{Action, ForeignKey};

use super::case::{Case, Operation, Say, Target, target_place};
use super::schema::TestSchema;
use super::state::State;

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

fn changes(case: &Case, tag: usize) -> &[(usize, super::table::Cell)] {
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
                        let wrong = changes.iter().find(|(place, cell)| cells[*place] != *cell);
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

/// Whether a changed row has a new reference.
fn refers(schema: &TestSchema, case: &Case, tag: usize) -> bool {
    let keys = schema.meta(case.row(tag).table).foreign_keys;
    keys.iter().any(|key| writes(case, tag, key))
}

/// Whether a row that goes along with another is given a reference to a row that goes: an error, since it says so, and none,
/// since nothing comes of it.
pub fn is_moot(schema: &TestSchema, case: &Case) -> bool {
    let going = going(schema, case);
    case.rows.iter().filter(|row| going.contains(&row.tag)).any(|row| refers(schema, case, row.tag))
}

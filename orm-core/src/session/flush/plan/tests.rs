//! The order of a flush, without a database.

use super::{Batch, plan};
use crate::model::Model as _;
use crate::prelude::*;
use crate::schema::TableMeta;
use crate::session::flush::collect::{Changes, NewRow, Row};

#[derive(Model, Clone, Debug)]
struct Person {
    #[orm(primary_key, generated)]
    id: i64,
    #[orm(references = Person.id, relation = boss)]
    boss_id: Option<i64>,
}

#[derive(Model, Clone, Debug)]
struct Note {
    #[orm(primary_key, generated)]
    id: i64,
    #[orm(references = Person.id, relation = writer)]
    person_id: i64,
    text: Option<String>,
}

fn row(table: &'static TableMeta, slot: u32, places: &[usize]) -> Row {
    Row { table, slot, places: places.to_vec() }
}

fn new(table: &'static TableMeta, slot: u32, places: &[usize], after: &[usize]) -> NewRow {
    NewRow { row: row(table, slot, places), after: after.to_vec() }
}

fn batch(table: &'static TableMeta, places: &[usize], slots: &[u32]) -> Batch {
    Batch { table, places: places.to_vec(), slots: slots.to_vec() }
}

#[test]
fn rows_of_one_shape_are_one_batch() {
    let new =
        vec![new(Note::META, 0, &[1], &[]), new(Note::META, 1, &[1, 2], &[]), new(Note::META, 2, &[1], &[])];
    let plan = plan(&Changes { new, ..Changes::default() }).unwrap();
    assert_eq!(plan.inserts, [vec![batch(Note::META, &[1], &[0, 2]), batch(Note::META, &[1, 2], &[1])]]);
}

#[test]
fn rows_come_after_those_they_refer_to_across_and_inside_tables() {
    let new = vec![
        new(Note::META, 0, &[1], &[2]),
        new(Person::META, 0, &[], &[]),
        new(Person::META, 1, &[1], &[1]),
    ];
    let plan = plan(&Changes { new, ..Changes::default() }).unwrap();
    assert_eq!(
        plan.inserts,
        [
            vec![batch(Person::META, &[], &[0])],
            vec![batch(Person::META, &[1], &[1])],
            vec![batch(Note::META, &[1], &[0])],
        ]
    );
}

#[test]
fn a_long_chain_needs_no_stack() {
    let new = (0..100_000_u32)
        .map(|number| {
            new(
                Person::META,
                number,
                &[1],
                if number < 99_999 { vec![number as usize + 1] } else { vec![] }.as_slice(),
            )
        })
        .collect();
    let plan = plan(&Changes { new, ..Changes::default() }).unwrap();
    assert_eq!(plan.inserts.len(), 100_000);
    assert_eq!(plan.inserts[0][0].slots, [99_999]);
}

#[test]
fn a_row_may_refer_to_itself_but_not_in_a_circle() {
    let own = vec![new(Person::META, 0, &[1], &[0])];
    assert_eq!(plan(&Changes { new: own, ..Changes::default() }).unwrap().inserts.len(), 1);
    let circle = vec![new(Person::META, 0, &[1], &[1]), new(Person::META, 1, &[1], &[0])];
    let error = plan(&Changes { new: circle, ..Changes::default() }).unwrap_err();
    assert!(error.to_string().contains("in a circle"), "{error}");
}

#[test]
fn children_are_deleted_before_their_parents() {
    let doomed = vec![row(Person::META, 0, &[]), row(Note::META, 0, &[]), row(Person::META, 1, &[])];
    let plan = plan(&Changes { doomed, ..Changes::default() }).unwrap();
    assert_eq!(plan.deletes, [batch(Note::META, &[], &[0]), batch(Person::META, &[], &[0, 1])]);
}

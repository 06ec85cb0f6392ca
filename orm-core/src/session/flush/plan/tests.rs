//! The order of a flush, without a database.

use super::{Batch, Kind, Level, plan};
use crate::model::Model as _;
use crate::prelude::*;
use crate::schema::TableMeta;
use crate::session::flush::collect::{Changes, NewRow, Room, Row, Write};

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
    Row { table, slot, replaces: None, places: places.into() }
}

fn new(table: &'static TableMeta, slot: u32, places: &[usize], after: &[usize]) -> NewRow {
    NewRow { row: row(table, slot, places), after: after.to_vec() }
}

fn batch(table: &'static TableMeta, places: &[usize], slots: &[u32]) -> Batch {
    Batch { table, places: places.into(), slots: slots.to_vec(), replaced: Vec::new() }
}

fn level(batches: Vec<Batch>) -> Level {
    Level { batches, knots: Vec::new() }
}

#[test]
fn rows_of_one_shape_are_one_batch() {
    let new =
        vec![new(Note::META, 0, &[1], &[]), new(Note::META, 1, &[1, 2], &[]), new(Note::META, 2, &[1], &[])];
    let plan = plan(&Changes { new, ..Changes::default() }).unwrap();
    let batches = vec![batch(Note::META, &[1], &[0, 2]), batch(Note::META, &[1, 2], &[1])];
    assert_eq!(plan.inserts, [level(batches)]);
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
            level(vec![batch(Person::META, &[], &[0])]),
            level(vec![batch(Person::META, &[1], &[1])]),
            level(vec![batch(Note::META, &[1], &[0])]),
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
    assert_eq!(plan.inserts[0].batches[0].slots, [99_999]);
}

#[test]
fn a_row_that_refers_to_itself_waits_for_nothing() {
    let own = vec![new(Person::META, 0, &[1], &[0])];
    let plan = plan(&Changes { new: own, ..Changes::default() }).unwrap();
    assert_eq!(plan.inserts, [level(vec![batch(Person::META, &[1], &[0])])]);
}

#[test]
fn a_circle_of_one_shape_is_a_batch_and_another_a_knot() {
    let one = vec![new(Person::META, 0, &[1], &[1]), new(Person::META, 1, &[1], &[0])];
    let one_shape = plan(&Changes { new: one, ..Changes::default() }).unwrap();
    let [Level { batches, knots }] = &one_shape.inserts[..] else { panic!("{one_shape:?}") };
    assert!(knots.is_empty() && batches.len() == 1 && batches[0].slots.len() == 2, "{one_shape:?}");

    let two = vec![
        new(Person::META, 0, &[1], &[1]),
        new(Note::META, 0, &[1], &[0]),
        new(Note::META, 1, &[1], &[1]),
        new(Person::META, 1, &[], &[]),
    ];
    let two_tables = plan(&Changes { new: two, ..Changes::default() }).unwrap();
    let [first, second] = &two_tables.inserts[..] else { panic!("{two_tables:?}") };
    assert_eq!(first.batches, [batch(Person::META, &[], &[1])]);
    assert_eq!(
        first.knots[0].iter().map(|batch| batch.table).collect::<Vec<_>>(),
        [Person::META, Note::META]
    );
    assert_eq!(second, &level(vec![batch(Note::META, &[1], &[1])]));
}

#[test]
fn what_makes_room_goes_first() {
    let changed = vec![row(Person::META, 0, &[1]), row(Person::META, 1, &[1]), row(Person::META, 2, &[1])];
    let doomed = vec![row(Person::META, 3, &[]), row(Person::META, 4, &[])];
    let new = vec![new(Person::META, 5, &[], &[])];
    let room = vec![
        Room { first: Write::Doomed(0), then: Write::New(0) },
        Room { first: Write::Changed(0), then: Write::Doomed(0) },
        Room { first: Write::Changed(2), then: Write::Changed(1) },
    ];
    let plan = plan(&Changes { new, changed, doomed, room }).unwrap();
    let update = |slots: &[u32]| (Kind::Update, batch(Person::META, &[1], slots));
    let delete = |slots: &[u32]| (Kind::Delete, batch(Person::META, &[], slots));
    assert_eq!(plan.early, [update(&[0]), delete(&[3])]);
    assert_eq!(plan.late, [update(&[2]), update(&[1]), delete(&[4])]);
}

#[test]
fn rows_that_wait_for_each_other_are_told() {
    let changed = vec![row(Person::META, 0, &[1]), row(Person::META, 1, &[1])];
    let (a, b) = (Write::Changed(0), Write::Changed(1));
    let room = vec![Room { first: a, then: b }, Room { first: b, then: a }];
    let error = plan(&Changes { changed, room, ..Changes::default() }).unwrap_err();
    assert!(error.to_string().starts_with("rows of `Person` take unique values from each other in a circle"));
}

#[test]
fn children_are_deleted_before_their_parents() {
    let doomed = vec![row(Person::META, 0, &[]), row(Note::META, 0, &[]), row(Person::META, 1, &[])];
    let plan = plan(&Changes { doomed, ..Changes::default() }).unwrap();
    let delete = |batch| (Kind::Delete, batch);
    assert_eq!(plan.late, [delete(batch(Note::META, &[], &[0])), delete(batch(Person::META, &[], &[0, 1]))]);
}

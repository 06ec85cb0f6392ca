//! Foreign keys and keys that change.

use super::Objects;
use crate::prelude::*;

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

#[derive(Model, Clone, Debug)]
struct Shelf {
    #[orm(primary_key)]
    code: String,
    label: Option<String>,
}

#[derive(Model, Clone, Debug)]
struct Book {
    #[orm(primary_key)]
    id: i64,
    #[orm(references = Shelf.code, relation = shelf, on_delete = cascade, on_update = cascade)]
    shelf_code: String,
}

/// As [`Book`], but nothing follows a shelf.
#[derive(Model, Clone, Debug)]
struct Card {
    #[orm(primary_key)]
    id: i64,
    #[orm(references = Shelf.code, relation = shelf)]
    shelf_code: String,
}

fn shelf(code: &str) -> Shelf {
    Shelf { code: code.to_owned(), label: None }
}

fn book(id: i64, shelf: &str) -> Book {
    Book { id, shelf_code: shelf.to_owned() }
}

fn card(id: i64, shelf: &str) -> Card {
    Card { id, shelf_code: shelf.to_owned() }
}

#[test]
fn rows_of_one_shape_are_one_batch() {
    let mut objects = Objects::new();
    objects.add(NewNote::new(1));
    objects.add(NewNote { text: Some("x".into()), ..NewNote::new(1) });
    objects.add(NewNote::new(2));
    // A text that is NULL is said too.
    assert_eq!(objects.steps(), ["insert Note 0 1 2"]);
}

#[test]
fn rows_come_after_those_they_refer_to_whatever_the_order_they_were_added_in() {
    let mut objects = Objects::new();
    let boss = objects.add(NewPerson { boss_id: None });
    objects.add(NewNote::new(boss));
    let other = objects.add(NewPerson { boss_id: Some(boss.into()) });
    objects.make_key(boss, 1);
    objects.make_key(other, 2);
    assert_eq!(objects.steps(), ["insert Person 0 1", "insert Note 0"]);
}

#[test]
fn a_row_stands_behind_the_one_it_refers_to_in_one_statement() {
    let mut objects = Objects::new();
    let handles: Vec<_> = (0..3).map(|_| objects.add(NewPerson { boss_id: None })).collect();
    for (&low, &high) in handles.iter().zip(&handles[1..]) {
        let slot = low.slot();
        objects.0.arena_mut::<Person>().0.pending_mut(slot).expect("new").boss_id = Some(high.into());
    }
    for (nth, handle) in handles.iter().enumerate() {
        objects.make_key(*handle, nth as i64);
    }
    assert_eq!(objects.steps(), ["insert Person 2 1 0"]);
}

#[test]
fn a_row_comes_after_the_change_of_the_key_it_refers_to() {
    let mut objects = Objects::new();
    let a = objects.load(shelf("a"));
    objects.change(a).code = "new".into();
    objects.add(NewBook { id: 1, shelf_code: a.into() });
    assert_eq!(objects.steps(), ["update Shelf 0", "insert Book 0"]);
}

#[test]
fn a_reference_is_the_row_it_named_where_keys_change_hands() {
    let mut objects = Objects::new();
    let (b, c) = (objects.load(shelf("b")), objects.load(shelf("c")));
    objects.change(b).code = "a".into();
    objects.change(c).code = "b".into();
    objects.add(NewBook { id: 1, shelf_code: c.into() });
    assert_eq!(objects.steps(), ["update Shelf 0", "update Shelf 1", "insert Book 0"]);
}

#[test]
fn a_child_that_follows_a_key_into_the_place_of_a_deleted_row_is_written_last() {
    let mut objects = Objects::new();
    let (a, d) = (objects.load(shelf("a")), objects.load(shelf("d")));
    let m = objects.load(book(1, "d"));
    objects.delete(a);
    objects.change(d).code = "a".into();
    objects.change(m).shelf_code = "a".into();
    assert_eq!(objects.steps(), ["delete Shelf 0", "update Shelf 1", "update Book 0"]);
}

#[test]
fn the_same_without_actions_is_one_statement() {
    let mut objects = Objects::new();
    let (a, d) = (objects.load(shelf("a")), objects.load(shelf("d")));
    let m = objects.load(card(1, "d"));
    objects.delete(a);
    objects.change(d).code = "a".into();
    objects.change(m).shelf_code = "a".into();
    assert_eq!(objects.steps(), ["delete Shelf 0", "together: update Card 0, update Shelf 1"]);
}

#[test]
fn children_are_deleted_before_their_parents_and_all_of_a_table_together() {
    let mut objects = Objects::new();
    let (a, b) = (objects.load(shelf("a")), objects.load(shelf("b")));
    objects.delete(a);
    objects.delete(b);
    for id in 1..3 {
        let card = objects.load(card(id, "a"));
        objects.delete(card);
    }
    assert_eq!(objects.steps(), ["delete Card 0 1", "delete Shelf 0 1"]);
}

#[test]
fn a_child_moves_to_a_new_parent_before_the_old_one_goes() {
    let mut objects = Objects::new();
    let old = objects.load(shelf("a"));
    let moving = objects.load(book(1, "a"));
    objects.add(NewShelf::new("b"));
    objects.delete(old);
    objects.change(moving).shelf_code = "b".into();
    assert_eq!(objects.steps(), ["insert Shelf 1", "update Book 0", "delete Shelf 0"]);
}

#[test]
fn a_child_is_deleted_before_the_key_of_its_parent_changes() {
    let mut objects = Objects::new();
    let a = objects.load(shelf("a"));
    let child = objects.load(card(1, "a"));
    objects.change(a).code = "b".into();
    objects.delete(child);
    assert_eq!(objects.steps(), ["delete Card 0", "update Shelf 0"]);
}

#[test]
fn a_reference_to_a_row_that_goes_is_told() {
    for by_handle in [true, false] {
        let mut objects = Objects::new();
        let a = objects.load(shelf("a"));
        objects.delete(a);
        objects.add(NewBook { id: 1, shelf_code: if by_handle { a.into() } else { "a".into() } });
        let error = objects.plan().err().expect("a refusal").to_string();
        assert!(error.contains("`Shelf`"), "{error}");
    }
}

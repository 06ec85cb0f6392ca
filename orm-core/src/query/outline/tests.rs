//! Which statements share a text.

use std::sync::Arc;

use crate::model::Model;
use crate::prelude::*;
use crate::query::ast::{BatchValues, InsertBatch, UpdateBatch};
use crate::query::outline::rendered;
use crate::query::render::Text;
use crate::query::{Command, Query};
use crate::types::Parameter;

#[derive(Model, Clone, Debug)]
#[orm(table = "notes")]
struct Note {
    #[orm(primary_key, generated)]
    id: i64,
    #[orm(unique)]
    title: String,
    tags: Vec<String>,
    mark: Option<i32>,
}

fn note(title: &str, tags: &[&str], mark: Option<i32>) -> NewNote {
    let tags = tags.iter().map(|tag| (*tag).to_owned()).collect();
    NewNote { title: title.to_owned(), tags, mark }
}

fn text(command: impl Command) -> Arc<Text> {
    command.rendered().expect("a statement").text
}

#[test]
fn inserts_of_other_values_and_of_other_numbers_of_rows_share_a_text() {
    let one = text(insert(Note).values(note("a", &[], None)));
    assert!(Arc::ptr_eq(&one, &text(insert(Note).values(note("b", &["x", "y"], Some(1))))));
    let many = text(insert(Note).values([note("a", &["x"], None), note("b", &[], None)]));
    let more = [note("c", &[], Some(1)), note("d", &["x", "y"], None), note("e", &[], Some(3))];
    assert!(Arc::ptr_eq(&many, &text(insert(Note).values(more))));
    assert_ne!(one.sql, many.sql);
}

#[test]
fn inserts_that_say_something_else_of_conflicts_have_texts_of_their_own() {
    let statement = || insert(Note).values(note("a", &[], None));
    let texts = [
        text(statement()),
        text(statement().on_conflict_do_nothing()),
        text(statement().on_conflict(Note.title).do_nothing()),
        text(statement().on_conflict(Note.id).do_nothing()),
        text(statement().on_conflict(Note.title).index_where("mark > 0").do_nothing()),
        text(statement().on_conflict(Note.title).do_update().set(Note.mark, 1)),
        text(statement().on_conflict(Note.title).do_update().set(Note.mark, 1).filter(Note.id.gt(2))),
        statement().returning(Note.id).plan().expect("a statement").rendered.text,
        statement().returning(Note).plan().expect("a statement").rendered.text,
    ];
    for (nth, text) in texts.iter().enumerate() {
        assert!(texts[..nth].iter().all(|other| other.sql != text.sql), "{}", text.sql);
    }
}

#[test]
fn an_update_of_a_flush_has_its_values_in_the_order_of_a_text_rendered_before() {
    let [id, title] = [0, 1].map(|place| &<Note as Model>::META.columns[place]);
    let update = |key: i64, value: &str| UpdateBatch {
        by_version: true,
        table: id.table,
        columns: vec![title],
        defaults: Vec::new(),
        cells: BatchValues::One(vec![Parameter::new(key), Parameter::new(value.to_owned())]),
        guarded: true,
    };
    let (first, second) = (rendered(&update(1, "a")).unwrap(), rendered(&update(2, "b")).unwrap());
    assert!(Arc::ptr_eq(&first.text, &second.text));
    assert_eq!(format!("{:?}", second.parameters), r#"["b", 2]"#);
}

#[test]
fn a_guarded_batch_does_not_take_the_text_of_one_that_is_not() {
    let title = &<Note as Model>::META.columns[1];
    let insert = |guarded| InsertBatch {
        table: title.table,
        columns: vec![title],
        keys: Vec::new(),
        cells: BatchValues::One(vec![Parameter::new("a".to_owned())]),
        guarded,
    };
    let [plain, guarded] = [false, true].map(|guarded| rendered(&insert(guarded)).unwrap().text.sql.clone());
    assert!(guarded.contains("orm:stale:") && !plain.contains("orm:stale:"));
}

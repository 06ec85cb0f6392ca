//! Expressions as people write them first: casts to an `Option`, texts joined by a method, arrays asked for an element.

use orm_core::prelude::*;
use orm_tests::models::{Event, User};

use crate::select_rows::{all, one, people};
use crate::select_text::{condition, expression, gives};

#[tokio::test]
async fn a_cast_to_an_option_may_be_null() {
    let fixture = people().await;
    assert_eq!(expression(User.id.cast::<Option<i32>>()), "CAST(users.id AS integer)");
    let row = select((User.id.cast::<Option<i32>>(), User.age.cast::<Option<i64>>(), User.age.cast::<i64>()));
    let row: (Option<i32>, Option<i64>, Option<i64>) = one(&fixture, row.filter(User.id.eq(3))).await;
    assert_eq!(row, (Some(3), None, None));
}

#[tokio::test]
async fn texts_are_joined_by_concat() {
    let fixture = people().await;
    let joined = || User.name.concat("/").concat(User.name);
    assert_eq!(expression(joined()), expression(User.name + "/" + User.name));
    assert_eq!(one(&fixture, select(joined()).filter(User.id.eq(1))).await, "Ann/Ann");
    gives::<Option<String>>(select(User.name.concat(lit(None::<String>))));
    gives::<Vec<String>>(select(Event.tags.concat(lit(None::<Vec<String>>))));
}

#[tokio::test]
async fn an_array_is_asked_for_an_element_by_any() {
    let fixture = people().await;
    assert_eq!(condition(Event.tags.any("rust")), "$1 = ANY(events.tags)");
    let names = func::string_to_array(User.name + ",x", ",");
    assert_eq!(all(&fixture, select(User.name).filter(names.any("Bob"))).await, ["Bob"]);
}

#[tokio::test]
async fn an_object_is_built_of_pairs() {
    let fixture = people().await;
    let object = func::jsonb_build_object((("id", User.id), ("name", User.name)));
    let flat = func::jsonb_build_object(("id", User.id, "name", User.name));
    assert_eq!(expression(object.clone()), expression(flat));
    let found = one(&fixture, select(object).filter(User.id.eq(1))).await;
    assert_eq!(found, serde_json::json!({"id": 1, "name": "Ann"}));
}

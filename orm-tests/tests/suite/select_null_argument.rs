//! A function is an `Option` where any of its arguments is, and where none is it is none.

use chrono::{DateTime, Utc};
use orm_core::prelude::*;
use orm_core::types::TsVector;
use orm_tests::models::{Event, User};
use serde_json::{Value, json};

use crate::select_rows::{one, people};
use crate::select_text::gives;

fn text() -> Expr<Option<String>> {
    lit(None::<String>)
}

fn number() -> Expr<Option<i32>> {
    lit(None::<i32>)
}

fn moment() -> Expr<Option<DateTime<Utc>>> {
    lit(None::<DateTime<Utc>>)
}

/// What each gives where only the argument behind the first can be NULL.
type Functions = (
    (Option<String>, Option<String>, Option<String>, Option<String>, Option<String>, Option<String>),
    (Option<String>, Option<String>, Option<i32>, Option<i32>, Option<String>, Option<String>),
    (Option<String>, Option<i32>, Option<i32>, Option<Vec<String>>, Option<f64>, Option<String>),
    (Option<Interval>, Option<chrono::NaiveDateTime>, Option<String>, Option<f32>, Option<String>),
    (Option<Value>, Option<Value>, Option<i32>, Option<i32>, Option<i32>),
);

#[tokio::test]
async fn a_function_is_null_where_an_argument_behind_the_first_is() {
    let fixture = people().await;
    let first = select((
        func::substring(User.name, number(), 1),
        func::left(User.name, number()),
        func::right(User.name, number()),
        func::replace(User.name, "a", text()),
        func::translate(User.name, text(), "b"),
        func::split_part(User.name, text(), 1),
    ));
    let second = select((
        func::lpad(User.name, 3, text()),
        func::rpad(User.name, number(), "x"),
        func::position(text(), User.name),
        func::strpos(User.name, text()),
        func::repeat(User.name, number()),
        func::btrim(User.name, text()),
    ));
    let third = select((
        func::regexp_replace(User.name, "a", text(), ""),
        func::regexp_count(User.name, text()),
        func::regexp_instr(User.name, func::regexp(text(), "i")),
        func::regexp_split_to_array(User.name, text()),
        func::power(2.0, number().cast::<f64>()),
        func::to_char(User.id, text()),
    ));
    let query = || func::to_tsquery("simple", text());
    let fourth = select((
        func::age(func::now(), moment()),
        func::now().at_time_zone(text()),
        query().cast::<String>(),
        func::ts_rank(lit(TsVector("a".into())), query()),
        func::ts_headline("simple", User.name, query()),
    ));
    let document = || lit(json!({}));
    let fifth = select((
        func::jsonb_set(document(), ["a"], lit(None::<Value>)),
        document().merge(lit(None::<Value>)),
        lit(1).bit_and(number()),
        lit(1).shift_left(number()),
        func::age(func::now(), func::now()).eq(lit(None::<Interval>)).is_true().cast::<i32>().optional(),
    ));
    let one_of = |id| User.id.eq(id);
    let row: Functions = (
        one(&fixture, first.filter(one_of(1))).await,
        one(&fixture, second.filter(one_of(1))).await,
        one(&fixture, third.filter(one_of(1))).await,
        one(&fixture, fourth.filter(one_of(1))).await,
        one(&fixture, fifth.filter(one_of(1))).await,
    );
    assert_eq!(row.0, (None, None, None, None, None, None));
    assert_eq!(row.1, (None, None, None, None, None, None));
    assert_eq!(row.2, (None, None, None, None, None, None));
    assert_eq!(row.3, (None, None, None, None, None));
    assert_eq!(row.4, (None, None, None, None, Some(0)));
}

#[test]
fn a_function_of_what_is_never_null_is_no_option() {
    gives::<(String, String, i32)>(select((
        func::left(User.name, 1),
        func::replace(User.name, "a", "b"),
        func::strpos(User.name, User.name),
    )));
    gives::<(f64, String, String)>(select((
        func::power(2.0, 3.0),
        func::regexp_replace(User.name, "a", "b", "g"),
        func::to_char(User.id, "9"),
    )));
    gives::<(Interval, Option<Interval>)>(select((
        func::age(Event.starts_at, DateTime::UNIX_EPOCH),
        func::age(moment(), Event.starts_at),
    )));
    gives::<(Option<String>, Option<String>)>(select((func::left(text(), 1), func::left(text(), number()))));
}

//! Arrays on their way to the database and back.

use chrono::NaiveDate;
use orm_core::prelude::*;
use orm_core::types::{Interval, Json};
use orm_tests::Fixture;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use uuid::Uuid;

#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[orm(name = "Mo\"od")]
enum Mood {
    Happy,
    #[orm(label = "very, \"sad\"")]
    Sad,
}

#[derive(ColumnType, Clone, Debug, PartialEq)]
struct Tag(String);

#[derive(ColumnType, Clone, Debug, PartialEq)]
struct Path(Vec<i32>);

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "lists")]
struct List {
    #[orm(primary_key, generated)]
    id: i64,
    numbers: Vec<i64>,
    texts: Vec<String>,
    gaps: Vec<Option<String>>,
    maybe: Option<Vec<i32>>,
    maybe_gaps: Option<Vec<Option<bool>>>,
    bytes: Vec<Vec<u8>>,
    uuids: Vec<Uuid>,
    moods: Vec<Mood>,
    mood_gaps: Option<Vec<Option<Mood>>>,
    decimals: Vec<Decimal>,
    days: Vec<NaiveDate>,
    spans: Vec<Interval>,
    values: Vec<Value>,
    jsons: Vec<Json<Vec<String>>>,
    tags: Vec<Tag>,
    path: Path,
}

fn poor() -> NewList {
    NewList {
        numbers: vec![],
        texts: vec![],
        gaps: vec![],
        maybe: None,
        maybe_gaps: None,
        bytes: vec![],
        uuids: vec![],
        moods: vec![],
        mood_gaps: None,
        decimals: vec![],
        days: vec![],
        spans: vec![],
        values: vec![],
        jsons: vec![],
        tags: vec![],
        path: Path(vec![]),
    }
}

fn rich(n: i64) -> NewList {
    NewList {
        numbers: (n..n + 3).collect(),
        texts: vec![format!("{n}"), String::new(), "NULL".to_owned(), "{\"a\",\\}".to_owned()],
        gaps: vec![None, Some(String::new()), None, Some(format!("{n}"))],
        maybe: Some(vec![]),
        maybe_gaps: Some(vec![None]),
        bytes: vec![vec![], vec![0, 255]],
        uuids: vec![Uuid::max(), Uuid::nil()],
        moods: vec![Mood::Sad, Mood::Happy, Mood::Sad],
        mood_gaps: Some(vec![Some(Mood::Sad), None]),
        decimals: vec!["1.50".parse().unwrap(), Decimal::from(n)],
        days: vec![NaiveDate::MAX, "2026-02-28".parse().unwrap()],
        spans: vec![Interval::new(1, -2, 3)],
        values: vec![Value::Null, json!({"n": n})],
        jsons: vec![Json(vec!["a".to_owned()]), Json(vec![])],
        tags: vec![Tag(format!("tag {n}"))],
        path: Path(vec![1, 2, 3]),
    }
}

/// The row as the program would write it again.
fn new_of(list: &List) -> String {
    let shown = format!("{list:?}");
    shown.split_once(", ").expect("fields behind the key").1.to_owned()
}

fn shown(new: &NewList) -> String {
    let shown = format!("{new:?}");
    shown.split_once(" { ").expect("fields").1.to_owned()
}

async fn fixture() -> Fixture {
    Fixture::new(schema![List]).await
}

#[tokio::test]
async fn arrays_come_back_from_an_insert_and_a_read_as_they_were_sent() {
    let fixture = fixture().await;
    for new in [poor(), rich(1)] {
        let returned = fixture.engine.one(insert(List).values(new.clone()).returning(List)).await.unwrap();
        let read = fixture.engine.one(select(List).filter(List.id.eq(returned.id))).await.unwrap();
        assert_eq!(new_of(&returned), shown(&new));
        assert_eq!(read, returned);
    }
}

#[tokio::test]
async fn arrays_of_many_rows_go_out_in_one_statement() {
    let fixture = fixture().await;
    for count in [2, 100] {
        let rows: Vec<_> = (0..count).map(|n| if n % 3 == 0 { poor() } else { rich(n) }).collect();
        fixture.engine.execute(delete(List).all_rows()).await.unwrap();
        fixture.recorder.take();
        fixture.engine.execute(insert(List).values(rows.clone())).await.unwrap();
        assert_eq!(fixture.recorder.take().statements.len(), 1);
        let read = fixture.engine.all(select(List).order_by(List.id)).await.unwrap();
        assert_eq!(read.iter().map(new_of).collect::<Vec<_>>(), rows.iter().map(shown).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn arrays_of_nothing_but_nulls_and_nothing_go_out_together() {
    let fixture = fixture().await;
    fixture.engine.execute(insert(List).values([poor(), poor()])).await.unwrap();
    let read = fixture.engine.all(select(List)).await.unwrap();
    assert!(read.len() == 2 && read.iter().all(|list| new_of(list) == shown(&poor())));
}

#[tokio::test]
async fn a_session_writes_arrays_of_many_rows_in_one_statement_each() {
    let fixture = fixture().await;
    let mut counts = Vec::new();
    for count in [2, 100] {
        let mut session = fixture.session();
        let rows: Vec<_> = (0..count).map(|n| if n % 2 == 0 { poor() } else { rich(n) }).collect();
        fixture.recorder.take();
        let lists = session.add_all(rows.clone());
        session.commit().await.unwrap();
        let inserts = fixture.recorder.take().statements.len();
        for (list, new) in lists.iter().zip(&rows) {
            session.refresh(*list).await.unwrap();
            assert_eq!(new_of(&session[*list]), shown(new));
        }
        session.commit().await.unwrap();
        fixture.recorder.take();
        for (n, list) in (0..).zip(&lists) {
            session[*list].numbers.push(n);
            session[*list].moods.insert(0, Mood::Happy);
            session[*list].mood_gaps = if n % 2 == 0 { Some(vec![None]) } else { None };
        }
        session.commit().await.unwrap();
        let updates = fixture.recorder.take().statements.len();
        for ((n, list), new) in (0..).zip(&lists).zip(&rows) {
            session.refresh(*list).await.unwrap();
            let list = &session[*list];
            assert_eq!(list.numbers, [&new.numbers[..], &[n]].concat());
            assert_eq!(list.moods, [&[Mood::Happy], &new.moods[..]].concat());
            assert_eq!(list.mood_gaps.is_some(), n % 2 == 0);
            assert_eq!(list.texts, new.texts);
        }
        counts.push((inserts, updates));
    }
    assert_eq!(counts[0], counts[1]);
}

#[tokio::test]
async fn arrays_are_conditions_and_values_of_an_update() {
    let fixture = fixture().await;
    let list = fixture.engine.one(insert(List).values(rich(1)).returning(List)).await.unwrap();
    fixture.engine.execute(insert(List).values(poor())).await.unwrap();
    let conditions = vec![
        List.numbers.eq(vec![1, 2, 3]),
        List.texts.eq(&list.texts),
        List.gaps.eq(&list.gaps),
        List.maybe.eq(vec![]),
        List.moods.eq(&list.moods),
        List.mood_gaps.eq(&list.mood_gaps),
        List.values.eq(&list.values),
        List.path.eq(&list.path),
        List.numbers.gt(vec![0]),
    ];
    for condition in conditions {
        let found = fixture.engine.all(select(List.id).filter(condition.clone())).await.unwrap();
        assert_eq!(found, [list.id], "{condition:?}");
    }
    let change = update(List)
        .set(List.moods, vec![Mood::Sad])
        .set(List.mood_gaps, None)
        .set(List.numbers, vec![])
        .filter(List.id.eq(list.id))
        .returning((List.moods, List.mood_gaps, List.numbers));
    assert_eq!(fixture.engine.one(change).await.unwrap(), (vec![Mood::Sad], None, vec![]));
}

#[tokio::test]
async fn arrays_of_enums_need_no_look_up() {
    let fixture = fixture().await;
    let rows: Vec<_> = (0..1_000).map(rich).collect();
    fixture.recorder.take();
    fixture.engine.execute(insert(List).values(rows)).await.unwrap();
    let read = fixture.engine.all(select(List.moods)).await.unwrap();
    assert!(read.len() == 1_000 && read[999] == rich(1).moods);
    let sent = fixture.recorder.take();
    assert_eq!(sent.round_trips, 2);
    assert!(sent.statements[0].contains("::\"Mo\"\"od\"[]"), "{sent:?}");
    assert_eq!(sent.statements[1], "SELECT CAST(\"lists\".\"moods\" AS text[]) FROM \"lists\"");
}

#[tokio::test]
async fn arrays_of_enums_are_distinct() {
    let fixture = fixture().await;
    fixture.engine.execute(insert(List).values([rich(1), rich(1), poor()])).await.unwrap();
    let found = select((List.moods, List.mood_gaps)).distinct().order_by(List.moods);
    let found = fixture.engine.all(found).await.unwrap();
    assert_eq!(found, [(vec![], None), (rich(1).moods, rich(1).mood_gaps)]);
}

#[tokio::test]
async fn the_evaluator_knows_when_arrays_are_equal() {
    let fixture = fixture().await;
    let mut session = fixture.session();
    let list = session.add(rich(1));
    session.commit().await.unwrap();
    let change = update(List).set(List.numbers, vec![9]).filter(List.gaps.eq(&rich(1).gaps));
    assert_eq!(session.execute(change.synchronize(Synchronize::Evaluate)).await.unwrap(), 1);
    assert_eq!(session[list].numbers, [9]);
    let change = update(List).set(List.numbers, vec![8]).filter(List.values.eq(&rich(1).values));
    let error = session.execute(change.synchronize(Synchronize::Evaluate)).await.unwrap_err();
    assert!(error.to_string().contains("only the server knows how jsonb[]"), "{error}");
}

/// An array that a `Vec` cannot hold: the error names the column and what is wrong.
async fn unreadable(change: &str, says: &[&str]) {
    let fixture = fixture().await;
    fixture.engine.execute(insert(List).values(poor())).await.unwrap();
    fixture.database.execute(change).await;
    let error = fixture.engine.all(select(List)).await.unwrap_err();
    assert!(error.is_decode(), "{error:?}");
    for part in says {
        assert!(error.to_string().contains(part), "{part} in {error}");
    }
}

#[tokio::test]
async fn null_in_an_array_that_has_no_options_is_an_error() {
    let change = "UPDATE lists SET numbers = '{1,NULL}'";
    unreadable(change, &["(\"numbers\")", "element 2 is NULL", "`Vec` of `Option`"]).await;
}

#[tokio::test]
async fn an_array_of_two_dimensions_is_an_error() {
    unreadable("UPDATE lists SET numbers = '{{1},{2}}'", &["(\"numbers\")", "2 dimensions"]).await;
}

#[tokio::test]
async fn an_array_with_its_own_subscripts_is_an_error() {
    unreadable("UPDATE lists SET numbers = '[0:1]={1,2}'", &["(\"numbers\")", "subscript 0"]).await;
}

#[tokio::test]
async fn an_element_that_rust_cannot_hold_is_an_error() {
    let change = "UPDATE lists SET days = '{2000-01-01,infinity}'";
    unreadable(change, &["(\"days\")", "element 2: `infinity`"]).await;
}

#[tokio::test]
async fn an_element_that_cannot_be_sent_names_the_column() {
    let fixture = fixture().await;
    let bad = NewList { texts: vec!["a\0".to_owned()], ..poor() };
    let error = fixture.engine.execute(insert(List).values([poor(), bad])).await.unwrap_err();
    assert!(error.is_encode() && error.to_string().contains("`List.texts`"), "{error}");
}

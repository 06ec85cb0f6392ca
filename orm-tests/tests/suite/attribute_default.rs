//! Values that come from elsewhere: a function of the program, an expression of the database, now and at each change.

use chrono::{DateTime, Utc};
use orm_core::prelude::*;
use orm_core::schema::ColumnDefault;
use orm_tests::Fixture;
use uuid::Uuid;

#[derive(Model, Clone, Debug, PartialEq)]
struct Line {
    #[orm(primary_key, client_default = Uuid::now_v7)]
    id: Uuid,
    #[orm(client_default = two)]
    amount: i32,
    price: i32,
    #[orm(computed = "amount * price")]
    total: i32,
    #[orm(client_default = nothing)]
    note: Option<String>,
}

#[derive(Model, Clone, Debug)]
struct Part {
    #[orm(primary_key, generated)]
    id: i64,
    #[orm(references = Line.id, relation = line)]
    line_id: Uuid,
}

fn two() -> i32 {
    2
}

fn nothing() -> Option<String> {
    None
}

#[tokio::test]
async fn a_client_default_is_made_when_the_row_is_added() {
    let fixture = Fixture::new(schema![Line]).await;
    let mut session = fixture.session();
    let line = session.add(NewLine::new(5));
    let id = session.pending_mut(line).unwrap().id.expect("the key is there before anything is sent");
    let given = session.add(NewLine { amount: Some(3), ..NewLine::new(7) });
    session.commit().await.unwrap();
    assert_eq!((session[line].id, session[line].amount, session[line].total), (id, 2, 10));
    assert_eq!((session[given].amount, session[given].total), (3, 21));
    assert_ne!(session[given].id, id);
}

#[tokio::test]
async fn a_child_of_a_row_with_a_client_made_key_goes_out_in_the_same_round_trip() {
    let fixture = Fixture::new(schema![Line, Part]).await;
    let mut session = fixture.session();
    let line = session.add(NewLine::new(5));
    let part = session.add(NewPart::new(line));
    session.commit().await.unwrap();
    assert_eq!(session[part].line_id, session[line].id);
    assert_eq!(fixture.recorder.take().round_trips, 1);
}

#[tokio::test]
async fn an_insert_statement_makes_client_defaults_for_each_row() {
    let fixture = Fixture::new(schema![Line]).await;
    let rows = (0..10).map(|price| NewLine { note: Some(Some("x".into())), ..NewLine::new(price) });
    fixture.engine.execute(insert(Line).values(rows.collect::<Vec<_>>())).await.unwrap();
    let lines: Vec<Line> = fixture.engine.all(select(Line)).await.unwrap();
    let ids: std::collections::HashSet<_> = lines.iter().map(|line| line.id).collect();
    assert_eq!(ids.len(), 10);
    assert!(lines.iter().all(|line| line.amount == 2 && line.note.as_deref() == Some("x")));
}

#[tokio::test]
async fn a_computed_column_comes_back_with_each_change() {
    let fixture = Fixture::new(schema![Line]).await;
    let mut session = fixture.session();
    let lines = session.add_all([NewLine::new(5), NewLine::new(6)]);
    session.commit().await.unwrap();
    session[lines[0]].amount = 10;
    session.flush().await.unwrap();
    assert_eq!(session[lines[0]].total, 50);
    for &line in &lines {
        session[line].price += 1;
    }
    session.commit().await.unwrap();
    assert_eq!((session[lines[0]].total, session[lines[1]].total), (60, 14));
    assert_eq!(Line.total.meta().default, ColumnDefault::Computed("amount * price"));
}

#[tokio::test]
async fn a_computed_column_cannot_be_set() {
    let fixture = Fixture::new(schema![Line]).await;
    let mut session = fixture.session();
    let line = session.add(NewLine::new(5));
    session.commit().await.unwrap();
    let error = fixture.engine.execute(update(Line).set(Line.total, 1).all_rows()).await.unwrap_err();
    assert!(error.is_invalid_statement());
    assert!(
        error.to_string().ends_with(
            "`Line.total` is computed by the database as `amount * price`: set the columns it is made of"
        ),
        "{error}"
    );
    session[line].total = 1;
    let error = session.flush().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "`Line.total` was changed, and the database computes it as `amount * price`: change the columns it is made of"
    );
}

#[tokio::test]
async fn evaluate_refuses_what_a_computed_column_becomes() {
    let fixture = Fixture::new(schema![Line]).await;
    let mut session = fixture.session();
    session.add(NewLine::new(5));
    session.commit().await.unwrap();
    let statement = update(Line).set(Line.amount, 1).all_rows();
    let error = session.execute(statement.clone().synchronize(Synchronize::Evaluate)).await.unwrap_err();
    assert!(error.to_string().contains("`Line.total` is computed by the database; use"), "{error}");
    session.execute(statement.synchronize(Synchronize::Fetch)).await.unwrap();
}

#[derive(Model, Clone, Debug, PartialEq)]
struct Page {
    #[orm(primary_key, generated)]
    id: i64,
    text: String,
    #[orm(default = "now()")]
    created_at: DateTime<Utc>,
    #[orm(on_update = "clock_timestamp()")]
    updated_at: Option<DateTime<Utc>>,
}

#[tokio::test]
async fn on_update_stores_its_value_with_each_change_of_the_object() {
    let fixture = Fixture::new(schema![Page]).await;
    let mut session = fixture.session();
    let pages = session.add_all([NewPage::new("a"), NewPage::new("b"), NewPage::new("c")]);
    session.commit().await.unwrap();
    assert_eq!(session[pages[0]].updated_at, None);
    session[pages[0]].text = "A".into();
    session.commit().await.unwrap();
    let first = session[pages[0]].updated_at.expect("stored, and given back");
    assert!(first >= session[pages[0]].created_at);
    assert_eq!(session[pages[1]].updated_at, None, "the others were not changed");
    for &page in &pages[..2] {
        session[page].text.push('!');
    }
    session.commit().await.unwrap();
    assert!(session[pages[0]].updated_at > Some(first) && session[pages[1]].updated_at > Some(first));
    assert_eq!(session[pages[2]].updated_at, None);
}

#[tokio::test]
async fn on_update_gives_way_to_a_value_of_the_program() {
    let fixture = Fixture::new(schema![Page]).await;
    let mut session = fixture.session();
    let page = session.add(NewPage::new("a"));
    session.commit().await.unwrap();
    let own = DateTime::from_timestamp(1_000_000, 0);
    session[page].updated_at = own;
    session.commit().await.unwrap();
    assert_eq!(session[page].updated_at, own);
    let own = DateTime::from_timestamp(2_000_000, 0);
    let statement = update(Page).set(Page.updated_at, own).set(Page.text, "b").all_rows();
    fixture.engine.execute(statement).await.unwrap();
    assert_eq!(fixture.engine.one(select(Page.updated_at)).await.unwrap(), own);
}

#[tokio::test]
async fn on_update_goes_with_an_update_statement() {
    let fixture = Fixture::new(schema![Page]).await;
    let mut session = fixture.session();
    let page = session.add(NewPage::new("a"));
    session.commit().await.unwrap();
    session.execute(update(Page).set(Page.text, "b").all_rows()).await.unwrap();
    assert!(session[page].updated_at.is_some());
    let statement = update(Page).set(Page.text, "c").all_rows().synchronize(Synchronize::Evaluate);
    let error = session.execute(statement).await.unwrap_err();
    assert!(error.to_string().contains("`clock_timestamp()` runs on the server; use"), "{error}");
}

#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[orm(name = "rank")]
enum Rank {
    High,
    Low,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "soldiers")]
struct Soldier {
    #[orm(primary_key)]
    id: i64,
    #[orm(default = "'Low'")]
    rank: Rank,
}

/// What stands in the model is no secret, and helps to find the mistake: the label is `low`.
#[tokio::test]
async fn a_default_that_the_server_refuses_is_named() {
    let database = orm_tests::Database::create().await;
    let engine = Engine::builder(database.url()).connect().await.unwrap();
    let error = engine.create_all(schema![Soldier]).await.unwrap_err().to_string();
    assert!(error.contains("invalid input value for enum rank: \"Low\""), "{error}");
}

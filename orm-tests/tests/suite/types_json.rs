//! JSON: its NULLs, its equality, and changes inside it.

use orm_core::prelude::*;
use orm_core::types::Json;
use orm_tests::Fixture;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Settings {
    theme: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
struct Page {
    #[orm(primary_key, generated)]
    id: i64,
    content: Value,
    settings: Json<Settings>,
    draft: Option<Value>,
    edits: i32,
}

fn new(content: Value) -> NewPage {
    NewPage::new(content, Settings { theme: String::new() }.into(), 0)
}

#[tokio::test]
async fn json_null_is_not_null() {
    let fixture = Fixture::new(schema![Page]).await;
    let pages = [NewPage { draft: Some(Value::Null), ..new(json!(1)) }, new(json!(2))];
    fixture.engine.execute(insert(Page).values(pages)).await.unwrap();
    let found = fixture.engine.all(select(Page.draft).order_by(Page.id)).await.unwrap();
    assert_eq!(found, [Some(Value::Null), None]);
}

#[tokio::test]
async fn the_server_decides_whether_json_is_equal() {
    let fixture = Fixture::new(schema![Page]).await;
    let mut session = fixture.session();
    let page = session.add(new(json!({"a": 1.0})));
    session.commit().await.unwrap();
    session.refresh(page).await.unwrap();
    let change = update(Page).set(Page.edits, 9).filter(Page.content.eq(json!({"a": 1})));
    let error = session.execute(change.clone().synchronize(Synchronize::Evaluate)).await.unwrap_err();
    assert!(error.to_string().contains("only the server knows how jsonb and jsonb compare"), "{error}");
    assert_eq!(session.execute(change).await.unwrap(), 1);
    assert_eq!(session[page].edits, 9);
}

#[tokio::test]
async fn a_change_inside_json_is_sent() {
    let fixture = Fixture::new(schema![Page]).await;
    let mut session = fixture.session();
    let page = session.add(new(json!(null)));
    session.commit().await.unwrap();
    session[page].settings.theme.push_str("dark");
    session[page].content = json!([1]);
    session.commit().await.unwrap();
    let read = fixture.engine.one(select((Page.settings, Page.content))).await.unwrap();
    assert_eq!(read, (Settings { theme: "dark".to_owned() }.into(), json!([1])));
}

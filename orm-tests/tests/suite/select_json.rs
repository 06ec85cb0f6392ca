//! JSON in statements: paths, what a document contains, documents that are made.

use orm_core::prelude::*;
use orm_core::query::sql_text;
use orm_core::types::Json;
use orm_tests::Fixture;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::select_rows::{all, one};
use crate::select_text::{condition, expression, gives, parameters};

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Settings {
    theme: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "sheets")]
struct Sheet {
    #[orm(primary_key)]
    id: i64,
    content: Value,
    settings: Json<Settings>,
    draft: Option<Value>,
}

async fn sheets() -> Fixture {
    let fixture = Fixture::new(schema![Sheet]).await;
    let sheet = |id, content| NewSheet {
        id,
        content,
        settings: Settings { theme: "dark".into() }.into(),
        draft: None,
    };
    let rows = [
        sheet(1, json!({"title": "Home", "sizes": [1, 5], "author": {"name": "Ann"}})),
        sheet(2, json!({"title": null, "tags": ["x"]})),
    ];
    fixture.engine.execute(insert(Sheet).values(rows)).await.unwrap();
    fixture
}

#[test]
fn documents_have_operators() {
    assert_eq!(expression(Sheet.content.get("a").get(0)), "(sheets.content -> $1) -> $2");
    assert_eq!(condition(Sheet.content.get_text("a").eq("b")), "(sheets.content ->> $1) = $2");
    assert_eq!(expression(Sheet.content.get_path(["a", "b"])), "sheets.content #> $1");
    assert_eq!(parameters(select(Sheet.content.get_path(["a", "b"]))), r#"[["a", "b"]]"#);
    assert_eq!(condition(Sheet.settings.contains(json!({"theme": "dark"}))), "sheets.settings @> $1");
    assert_eq!(condition(Sheet.content.has_key("a")), "sheets.content ? $1");
    assert_eq!(condition(Sheet.content.has_all_keys(["a", "b"])), "sheets.content ?& $1");
    let paths = Sheet.content.path_exists("$.a") & Sheet.content.path_matches("$.a > 1");
    assert_eq!(
        condition(paths),
        "sheets.content @? CAST($1 AS jsonpath) AND sheets.content @@ CAST($2 AS jsonpath)"
    );
    gives::<Option<bool>>(select(Sheet.content.path_exists("$.a")));
    gives::<Option<Value>>(select(Sheet.content.get("a")));
    gives::<Option<i32>>(select(Sheet.content.get_text("a").cast::<i32>()));
    gives::<Value>(select(Sheet.content.merge(json!({}))));
}

#[tokio::test]
async fn rows_are_found_by_what_is_in_their_documents() {
    let fixture = sheets().await;
    let ids = |condition: Cond| select(Sheet.id).filter(condition).order_by(Sheet.id);
    for _ in 0..2 {
        assert_eq!(all(&fixture, ids(Sheet.content.get_text("title").eq("Home"))).await, [1]);
    }
    assert_eq!(all(&fixture, ids(Sheet.content.get_path_text(["author", "name"]).eq("Ann"))).await, [1]);
    assert_eq!(all(&fixture, ids(Sheet.content.contains(json!({"tags": ["x"]})))).await, [2]);
    assert_eq!(all(&fixture, ids(Sheet.settings.contains(json!({"theme": "dark"})))).await, [1, 2]);
    assert_eq!(
        all(&fixture, ids(Sheet.content.contained_by(json!({"title": null, "tags": ["x", "y"]})))).await,
        [2]
    );
    assert_eq!(all(&fixture, ids(Sheet.content.has_key("tags"))).await, [2]);
    assert_eq!(all(&fixture, ids(Sheet.content.has_any_key(["tags", "sizes"]))).await, [1, 2]);
    let large = |least: i32| {
        let exists =
            func::jsonb_path_exists(Sheet.content, "$.sizes[*] ? (@ > $least)", json!({"least": least}));
        ids(exists.is_true().eq(true))
    };
    assert_eq!(all(&fixture, large(4)).await, [1]);
    assert!(all(&fixture, large(5)).await.is_empty());
    assert_eq!(all(&fixture, ids(Sheet.content.get("sizes").get(-1).eq(json!(5)))).await, [1]);
}

#[tokio::test]
async fn paths_find_rows_by_an_index() {
    let fixture = sheets().await;
    let ids = |condition: Cond| select(Sheet.id).filter(condition).order_by(Sheet.id);
    let large = |least: i32| Sheet.content.path_exists(format!("$.sizes[*] ? (@ > {least})"));
    assert_eq!(all(&fixture, ids(large(4))).await, [1]);
    assert!(all(&fixture, ids(large(5))).await.is_empty());
    assert_eq!(all(&fixture, ids(Sheet.content.path_matches("$.author.name == \"Ann\""))).await, [1]);
    assert_eq!(all(&fixture, ids(Sheet.settings.path_matches("$.theme == \"dark\""))).await, [1, 2]);
    // What is neither true nor false.
    let unknown = select(Sheet.content.path_matches("$.sizes[0]")).order_by(Sheet.id);
    assert_eq!(all(&fixture, unknown).await, [None, None]);
    fixture.database.execute("CREATE INDEX sheets_content ON sheets USING gin (content)").await;
    let mut transaction = fixture.engine.begin().await.unwrap();
    for scan in ["enable_seqscan", "enable_indexscan"] {
        transaction.execute(sql_text(format!("SET LOCAL {scan} = off"))).await.unwrap();
    }
    let by_name = || Sheet.content.path_matches("$.author.name == \"Ann\"");
    for condition in [Sheet.content.path_exists("$.sizes[*] ? (@ == 5)"), by_name()] {
        let plan = transaction.explain(ids(condition)).await.unwrap().to_string();
        assert!(plan.contains("sheets_content"), "{plan}");
    }
    let called = func::jsonb_path_exists(Sheet.content, "$.sizes[*] ? (@ == 5)", json!({}));
    let plan = transaction.explain(ids(called.is_true().eq(true))).await.unwrap().to_string();
    assert!(!plan.contains("sheets_content"), "{plan}");
    // Known to the planner when it knows no values, too.
    transaction.execute(sql!("SET LOCAL plan_cache_mode = force_generic_plan")).await.unwrap();
    assert_eq!(transaction.all(ids(by_name())).await.unwrap(), [1]);
}

#[tokio::test]
async fn documents_are_made_and_changed() {
    let fixture = sheets().await;
    let made = one(
        &fixture,
        select((
            func::jsonb_set(Sheet.content.get("author").never_null(), ["age"], json!(3)),
            Sheet.content.without("sizes").without("author"),
            Sheet.content.get("sizes").merge(json!([9])),
            func::jsonb_build_object(("id", Sheet.id, "theme", Sheet.settings.get("theme"))),
            func::jsonb_build_array((Sheet.id, true)),
            func::to_jsonb(Sheet.id),
            func::jsonb_array_length(Sheet.content.get("sizes")),
            func::jsonb_typeof(Sheet.content),
            func::jsonb_path_query_first(Sheet.content, "$.sizes[1]", json!({})),
            func::jsonb_path_query_array(Sheet.content, "$.sizes[*]", json!({})),
        ))
        .filter(Sheet.id.eq(1)),
    )
    .await;
    assert_eq!(made.0, json!({"name": "Ann", "age": 3}));
    assert_eq!(made.1, json!({"title": "Home"}));
    assert_eq!(made.2, Some(json!([1, 5, 9])));
    assert_eq!(made.3, json!({"id": 1, "theme": "dark"}));
    assert_eq!((made.4, made.5, made.6, made.7.as_str()), (json!([1, true]), json!(1), Some(2), "object"));
    assert_eq!((made.8, made.9), (Some(json!(5)), Some(json!([1, 5]))));
    let author = Sheet.content.get("author").never_null();
    let existing = select((
        func::jsonb_set_existing(&author, ["name"], json!("Bob")),
        func::jsonb_set_existing(&author, ["age"], json!(3)),
    ));
    let existing = one(&fixture, existing.filter(Sheet.id.eq(1))).await;
    assert_eq!(existing, (json!({"name": "Bob"}), json!({"name": "Ann"})));
    let gathered = one(
        &fixture,
        select((
            func::jsonb_agg(Sheet.id).order_by(Sheet.id.desc()),
            func::jsonb_object_agg(Sheet.id, Sheet.content.get("title")),
        )),
    )
    .await;
    assert_eq!(gathered, (Some(json!([2, 1])), Some(json!({"1": "Home", "2": null}))));
    let changed =
        update(Sheet).set(Sheet.content, Sheet.content.merge(json!({"n": 1}))).filter(Sheet.id.eq(2));
    fixture.engine.execute(changed).await.unwrap();
    let content = one(&fixture, select(Sheet.content.get("n")).filter(Sheet.id.eq(2))).await;
    assert_eq!(content, Some(json!(1)));
}

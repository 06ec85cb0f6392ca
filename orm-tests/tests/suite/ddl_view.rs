//! Views that `create_all` makes and `drop_all` drops.

use orm_core::prelude::*;
use orm_core::schema::Schema;
use orm_tests::models::{NewUser, User};
use orm_tests::{Database, Fixture};

/// Of another view, which is listed before it.
#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "adult_names", view = "SELECT name FROM adults")]
struct AdultName {
    name: Option<String>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "adults", view = "SELECT id, name FROM users WHERE age >= 18")]
struct Adult {
    id: i64,
    name: String,
}

/// As `Adult`, some time later.
#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "adults", view = "SELECT id, name FROM users WHERE age >= 21")]
struct OlderAdult {
    id: i64,
    name: String,
}

/// Made elsewhere.
#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "counts", view)]
struct Count {
    count: Option<i64>,
}

const SCHEMA: Schema = schema![Adult, AdultName, User];

async fn views(database: &Database) -> Vec<String> {
    let sql = "SELECT viewname FROM pg_views WHERE schemaname = 'public' ORDER BY 1";
    database.query_text(sql).await.into_iter().map(|row| row[0].clone().unwrap_or_default()).collect()
}

async fn with_users(schema: Schema) -> Fixture {
    let fixture = Fixture::new(schema).await;
    let users = [("Ann", 20), ("Bob", 30)];
    let users = users.map(|(name, age)| NewUser { name: name.to_owned(), age: Some(age) });
    fixture.engine.execute(insert(User).values(users)).await.expect("inserted");
    fixture
}

#[tokio::test]
async fn views_are_made_after_tables_in_the_order_listed() {
    let fixture = with_users(SCHEMA).await;
    let names = fixture.engine.all(select(AdultName.name).order_by(AdultName.name)).await.expect("rows");
    assert_eq!(names, [Some("Ann".to_owned()), Some("Bob".to_owned())]);
    fixture.engine.create_all(SCHEMA).await.expect("a second time");
    assert_eq!(views(&fixture.database).await, ["adult_names", "adults"]);
}

#[tokio::test]
async fn a_view_takes_the_query_of_its_model() {
    let fixture = with_users(schema![User, Adult]).await;
    fixture.engine.create_all(schema![User, OlderAdult]).await.expect("replaced");
    assert_eq!(fixture.engine.all(select(Adult.name)).await.expect("rows"), ["Bob"]);
}

#[tokio::test]
async fn views_are_dropped_before_their_tables() {
    let fixture = Fixture::new(SCHEMA).await;
    fixture.engine.drop_all(SCHEMA).await.expect("dropped");
    assert_eq!(views(&fixture.database).await, Vec::<String>::new());
    fixture.engine.create_all(SCHEMA).await.expect("made again");
}

#[tokio::test]
async fn a_view_without_a_query_is_made_elsewhere_and_left_alone() {
    let fixture = Fixture::new(schema![User]).await;
    fixture
        .database
        .execute("CREATE TABLE people (id int); CREATE VIEW counts AS SELECT count(*) FROM people")
        .await;
    fixture.engine.create_all(schema![User, Count]).await.expect("a second time");
    assert_eq!(fixture.engine.one(select(Count)).await.expect("a row"), Count { count: Some(0) });
    fixture.engine.drop_all(schema![User, Count]).await.expect("dropped");
    assert_eq!(views(&fixture.database).await, ["counts"]);
}

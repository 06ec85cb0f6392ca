//! Constraints, schemas and foreign keys that `create_all` makes.

use orm_core::prelude::*;
use orm_core::schema::Schema;
use orm_tests::models::User;
use orm_tests::{Database, Fixture};

#[expect(clippy::duplicated_attributes, reason = "a column may be in several constraints")]
#[derive(Model, Clone, Debug, PartialEq)]
#[orm(
    table = "orders",
    schema = "shop",
    unique(tenant_id, number),
    unique(number, place, name = "orders_places"),
    check = "amount < 100",
    check = "amount <> number",
    check = "place <> ''"
)]
struct Order {
    #[orm(primary_key)]
    tenant_id: i32,
    #[orm(primary_key)]
    id: i64,
    #[orm(check = "number > 0")]
    number: i32,
    #[orm(unique)]
    place: String,
    amount: i32,
    #[orm(computed = "amount * number")]
    total: Option<i32>,
}

/// Points at a key of two columns.
#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "lines", schema = "shop", foreign_key(tenant_id, order_id = Order, on_delete = cascade, on_update = cascade))]
struct Line {
    #[orm(primary_key, generated)]
    id: i64,
    tenant_id: i32,
    order_id: i64,
    #[orm(references = Order.place, on_update = cascade, on_delete = set_null)]
    place: Option<String>,
}

/// Of the same name as another, in another schema.
#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "users", schema = "Old \"shop\"")]
struct OldUser {
    #[orm(primary_key, generated)]
    id: i64,
    #[orm(references = User.id)]
    user_id: i64,
}

/// Names that are too long, and alike where they are cut.
#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "a_table_with_a_name_that_is_quite_as_long_as_postgresql_allows", unique(alpha, beta))]
struct Long {
    #[orm(primary_key)]
    id: i64,
    #[orm(unique, check = "alpha > 0")]
    alpha: i32,
    #[orm(unique, check = "beta > 0")]
    beta: i32,
}

/// Whose names would be those of `AlikeTwo`.
#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "a", unique(b, c))]
struct AlikeOne {
    #[orm(primary_key)]
    b: i32,
    c: i32,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "a_b")]
struct AlikeTwo {
    #[orm(primary_key)]
    id: i32,
    #[orm(unique)]
    c: i32,
}

const SHOP: Schema = schema![Line, Order];

async fn constraints(database: &Database, table: &str) -> Vec<String> {
    let sql = format!(
        "SELECT conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint \
         WHERE conrelid = '{table}'::regclass AND contype <> 'n' ORDER BY 1"
    );
    database.query_text(&sql).await.into_iter().map(|row| row[0].clone().unwrap_or_default()).collect()
}

async fn engine() -> (Engine, Database) {
    let database = Database::create().await;
    let engine = Engine::builder(database.url()).pool_size(1).connect().await.expect("an engine");
    (engine, database)
}

#[tokio::test]
async fn constraints_have_the_names_postgresql_would_choose() {
    let fixture = Fixture::new(SHOP).await;
    assert_eq!(
        constraints(&fixture.database, "shop.orders").await,
        [
            "orders_check CHECK ((amount < 100))",
            "orders_check1 CHECK ((amount <> number))",
            "orders_check2 CHECK ((place <> ''::text))",
            "orders_number_check CHECK ((number > 0))",
            "orders_pkey PRIMARY KEY (tenant_id, id)",
            "orders_place_key UNIQUE (place)",
            "orders_places UNIQUE (number, place)",
            "orders_tenant_id_number_key UNIQUE (tenant_id, number)",
        ]
    );
}

#[tokio::test]
async fn foreign_keys_may_be_of_several_columns_and_follow_their_target() {
    let fixture = Fixture::new(SHOP).await;
    assert_eq!(
        constraints(&fixture.database, "shop.lines").await,
        [
            "lines_pkey PRIMARY KEY (id)",
            "lines_place_fkey FOREIGN KEY (place) REFERENCES shop.orders(place) ON UPDATE CASCADE ON DELETE SET NULL",
            "lines_tenant_id_order_id_fkey FOREIGN KEY (tenant_id, order_id) REFERENCES shop.orders(tenant_id, id) \
             ON UPDATE CASCADE ON DELETE CASCADE",
        ]
    );
}

#[tokio::test]
async fn a_computed_column_follows_the_others() {
    let fixture = Fixture::new(SHOP).await;
    let new = NewOrder { tenant_id: 1, id: 2, number: 3, place: "x".to_owned(), amount: 7 };
    let order = fixture.engine.one(insert(Order).values(new).returning(Order)).await.expect("a row");
    assert_eq!(order.total, Some(21));
}

#[tokio::test]
async fn a_schema_is_made_where_it_is_missing() {
    let fixture = Fixture::new(schema![User, OldUser]).await;
    let tables = "SELECT schemaname || '.' || tablename FROM pg_tables WHERE tablename = 'users' ORDER BY 1";
    let found = fixture.database.query_text(tables).await;
    assert_eq!(found, [[Some("Old \"shop\".users".to_owned())], [Some("public.users".to_owned())]]);
    assert_eq!(
        constraints(&fixture.database, "\"Old \"\"shop\"\"\".users").await[1],
        "users_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id)"
    );
}

#[tokio::test]
async fn schemas_stay_when_their_tables_are_dropped() {
    let fixture = Fixture::new(SHOP).await;
    fixture.database.execute("CREATE TABLE shop.other (id int)").await;
    fixture.engine.drop_all(SHOP).await.expect("dropped");
    let left = "SELECT tablename FROM pg_tables WHERE schemaname = 'shop'";
    assert_eq!(fixture.database.query_text(left).await, [[Some("other".to_owned())]]);
}

#[tokio::test]
async fn a_table_without_a_schema_is_the_one_of_the_first_schema() {
    let (_, database) = engine().await;
    database.execute("CREATE SCHEMA mine; CREATE TABLE public.users (id int)").await;
    let path = format!("ALTER DATABASE {} SET search_path = mine, public", database.name());
    database.execute(&path).await;
    let engine = Engine::builder(database.url()).connect().await.expect("an engine");
    engine.create_all(schema![User]).await.expect("made");
    let tables = "SELECT schemaname FROM pg_tables WHERE tablename = 'users' ORDER BY 1";
    assert_eq!(database.query_text(tables).await.len(), 2);
    for _ in 0..2 {
        engine.drop_all(schema![User]).await.expect("dropped");
        assert_eq!(database.query_text(tables).await, [[Some("public".to_owned())]], "the other one stays");
    }
}

#[tokio::test]
async fn names_that_are_too_long_or_alike_do_not_collide() {
    const SCHEMA: Schema = schema![Long, AlikeOne, AlikeTwo];
    let fixture = Fixture::new(SCHEMA).await;
    let uniques =
        "SELECT conname FROM pg_constraint WHERE contype = 'u' AND conrelid::regclass::text LIKE 'a%'";
    let mut names = fixture.database.query_text(uniques).await;
    names.sort();
    names.dedup();
    assert_eq!(names.len(), 5, "{names:?}");
    let long =
        constraints(&fixture.database, "a_table_with_a_name_that_is_quite_as_long_as_postgresql_allows");
    assert_eq!(long.await.len(), 6);
    let differences = fixture.engine.check_schema(SCHEMA).await.expect("checked");
    assert!(differences.is_empty(), "{differences}");
}

#[tokio::test]
async fn a_second_time_sends_nothing_but_questions() {
    let fixture = Fixture::new(SHOP).await;
    fixture.engine.create_all(SHOP).await.expect("a second time");
    let sent = fixture.recorder.take();
    assert!(
        !sent.statements.iter().any(|sql| sql.starts_with("CREATE") || sql.starts_with("ALTER")),
        "{sent:?}"
    );
    assert_eq!(sent.round_trips, 3);
}

#[tokio::test]
async fn all_tables_are_made_in_two_round_trips() {
    let fixture = Fixture::new(schema![]).await;
    fixture
        .engine
        .create_all(schema![Line, Order, User, OldUser, Long, AlikeOne, AlikeTwo])
        .await
        .expect("made");
    assert_eq!(fixture.recorder.take().round_trips, 2);
}

#[tokio::test]
async fn a_foreign_key_that_is_missing_is_made_and_one_of_another_name_is_enough() {
    let fixture = Fixture::new(SHOP).await;
    fixture
        .database
        .execute(
            "ALTER TABLE shop.lines DROP CONSTRAINT lines_tenant_id_order_id_fkey; \
             ALTER TABLE shop.lines RENAME CONSTRAINT lines_place_fkey TO other",
        )
        .await;
    fixture.engine.create_all(SHOP).await.expect("a second time");
    let found = constraints(&fixture.database, "shop.lines").await;
    let names: Vec<_> = found.iter().filter_map(|text| text.split(' ').next()).collect();
    assert_eq!(names, ["lines_pkey", "lines_tenant_id_order_id_fkey", "other"]);
}

#[tokio::test]
async fn the_statement_that_fails_is_named() {
    let (engine, database) = engine().await;
    database.execute("CREATE SCHEMA shop; CREATE TABLE shop.orders (id int)").await;
    let error = engine.create_all(SHOP).await.expect_err("no such column to point at");
    assert_eq!(error.code(), Some("42703"), "{error:?}");
    let statement = error.statement().unwrap_or_default();
    assert!(statement.starts_with("ALTER TABLE \"shop\".\"lines\" ADD CONSTRAINT"), "{statement}");
    let left = database.query_text("SELECT FROM pg_tables WHERE tablename = 'lines'").await;
    assert_eq!(left.len(), 0, "nothing was made");
}

#[tokio::test]
async fn what_is_there_needs_no_right_to_make_it() {
    let fixture = Fixture::new(SHOP).await;
    let database = &fixture.database;
    if database.is_superuser().await {
        return println!("skipped: a superuser has every right");
    }
    let revoke = format!("REVOKE CREATE ON DATABASE {} FROM CURRENT_USER", database.name());
    database.execute(&revoke).await;
    database.execute("REVOKE CREATE ON SCHEMA shop FROM CURRENT_USER").await;
    fixture.engine.create_all(SHOP).await.expect("all of it is there");
    database.execute("DROP TABLE shop.lines").await;
    let error = fixture.engine.create_all(SHOP).await.expect_err("no right to make a table");
    assert_eq!(error.code(), Some("42501"));
}

#[tokio::test]
async fn a_target_of_several_columns_outside_the_schema_is_an_error() {
    let (engine, _database) = engine().await;
    let error = engine.create_all(schema![Line]).await.expect_err("no orders");
    assert_eq!(
        error.to_string(),
        "`Line.place` references `Order`, which is not in `schema![..]`: add `Order` to it"
    );
}

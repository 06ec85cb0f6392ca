//! Models held against the live database.

mod constraint;

use chrono::{DateTime, Utc};
use orm_core::prelude::*;
use orm_core::schema::Schema;
use orm_core::{Difference, DifferenceKind};
use orm_tests::models::{Employee, Mood, Pet, Post, User};
use orm_tests::{Database, Fixture};
use rust_decimal::Decimal;

/// With something of everything.
#[expect(clippy::duplicated_attributes, reason = "a column may be in several indexes")]
#[derive(Model, Clone, Debug, PartialEq)]
#[orm(
    table = "accounts",
    unique(tenant, number),
    check = "number > 0",
    index(number, tenant),
    index("lower(email)"),
    index(email, number, unique, where = "number > 5")
)]
struct Account {
    #[orm(primary_key, generated)]
    id: i64,
    #[orm(unique)]
    email: String,
    tenant: i32,
    number: i32,
    note: Option<String>,
    #[orm(default = "now()")]
    made_at: DateTime<Utc>,
    #[orm(default = "7", check = "rank < 100")]
    rank: i32,
    mood: Mood,
    moods: Vec<Mood>,
    #[orm(computed = "number * 2")]
    double: Option<i32>,
    #[orm(index(method = "gin"))]
    tags: Vec<String>,
    price: Decimal,
    data: serde_json::Value,
    #[orm(version)]
    version: i32,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "members")]
struct Member {
    #[orm(primary_key)]
    tenant: i32,
    #[orm(primary_key)]
    name: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "entries", foreign_key(tenant, member = Member, on_update = cascade))]
struct Entry {
    #[orm(primary_key, generated)]
    id: i64,
    #[orm(references = Account.id, on_delete = cascade)]
    account_id: i64,
    tenant: i32,
    member: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "events", schema = "audit")]
struct Event {
    #[orm(primary_key, generated)]
    id: i64,
    text: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "addresses", view = "SELECT id, email FROM accounts")]
struct Address {
    id: i64,
    email: String,
}

const ALL: Schema = schema![Account, Member, Entry, Event, Address, User, Post, Employee, Pet];
const ACCOUNTS: Schema = schema![Account];
const ENTRIES: Schema = schema![Account, Member, Entry];

/// What is found after a change of the database that `create_all` has made.
async fn after(schema: Schema, change: &str) -> Vec<Difference> {
    let fixture = Fixture::new(schema).await;
    fixture.database.execute(change).await;
    fixture.engine.check_schema(schema).await.expect("checked").into_iter().collect()
}

/// Holds the texts of what is found, and their kind, against what is expected.
async fn expect(schema: Schema, change: &str, kind: DifferenceKind, texts: &[&str]) {
    let found = after(schema, change).await;
    let lines: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert_eq!(lines, texts);
    assert!(found.iter().all(|difference| difference.kind() == kind), "{found:?}");
}

#[tokio::test]
async fn what_create_all_makes_is_what_is_expected() {
    let fixture = Fixture::new(ALL).await;
    fixture.recorder.take();
    let differences = fixture.engine.check_schema(ALL).await.expect("checked");
    assert!(differences.is_empty(), "{differences}");
    assert_eq!(fixture.recorder.take().round_trips, 1);
    differences.into_result().expect("no difference");
}

#[tokio::test]
async fn an_empty_database_lacks_every_table() {
    let database = Database::create().await;
    let engine = Engine::builder(database.url()).connect().await.expect("an engine");
    let found = engine.check_schema(schema![User, Pet, Event, Address]).await.expect("checked");
    assert_eq!(
        found.to_string(),
        "`User`: expected the table \"users\", found none\n\
         `Pet`: expected the table \"pets\", found none\n\
         `Event`: expected the table \"audit\".\"events\", found no schema \"audit\" for it to be in\n\
         `Address`: expected the view \"addresses\", found none"
    );
    let kinds: Vec<_> = found.iter().map(Difference::kind).collect();
    let missing = DifferenceKind::MissingTable;
    assert_eq!(kinds, [missing, missing, DifferenceKind::MissingSchema, missing]);
    assert_eq!((found[0].table().name, found[0].column()), ("users", None));
}

#[tokio::test]
async fn differences_are_one_error_that_lists_them_all() {
    let fixture = Fixture::new(schema![User, Post]).await;
    fixture.database.execute("ALTER TABLE users DROP age, ALTER name DROP NOT NULL").await;
    let differences = fixture.engine.check_schema(schema![User, Post]).await.expect("checked");
    assert_eq!(differences[0].column(), Some("name"));
    assert_eq!(
        differences.into_result().expect_err("two").to_string(),
        "expected a database as the models describe it, found one that differs in 2 places; migrate it, or change the \
         models:\n\
         - `User.name`: expected \"users\".\"name\" to be NOT NULL, found that it takes NULL; the field would have to be \
         an `Option`\n\
         - `User.age`: expected the column \"users\".\"age\", found none"
    );
}

#[tokio::test]
async fn a_view_is_no_table_and_a_table_no_view() {
    let change = "ALTER TABLE users RENAME TO people; CREATE VIEW users AS SELECT * FROM people; \
                  DROP VIEW addresses; CREATE TABLE addresses (id bigint, email text)";
    let kind = DifferenceKind::TableKind;
    let texts = [
        "`User`: expected \"users\" to be a table, found a view",
        "`Address`: expected \"addresses\" to be a view, found a table",
    ];
    expect(schema![User, Account, Address], change, kind, &texts).await;
}

#[tokio::test]
async fn a_column_of_another_spelling_is_pointed_out() {
    let change = "ALTER TABLE entries RENAME account_id TO \"accountId\"; \
                  ALTER TABLE entries ALTER \"accountId\" DROP NOT NULL";
    let found = after(ENTRIES, change).await;
    assert_eq!(
        found[0].to_string(),
        "`Entry.account_id`: expected the column \"entries\".\"account_id\", found none; there is \"accountId\": if that \
         is meant, write `#[orm(column = \"accountId\")]`"
    );
    assert_eq!((found[0].kind(), found[0].column()), (DifferenceKind::MissingColumn, Some("account_id")));
}

#[tokio::test]
async fn columns_of_another_type_are_found() {
    let change = "DROP VIEW IF EXISTS addresses; ALTER TABLE accounts ALTER tenant TYPE bigint, \
                  ALTER price TYPE double precision, ALTER made_at TYPE timestamp, ALTER mood TYPE text, \
                  ALTER moods TYPE text[], ALTER note TYPE bytea USING ''";
    let texts = [
        "`Account.tenant`: expected \"accounts\".\"tenant\" to be of the type integer, found bigint",
        "`Account.note`: expected \"accounts\".\"note\" to be of the type text, found bytea",
        "`Account.made_at`: expected \"accounts\".\"made_at\" to be of the type timestamp with time zone, found timestamp \
         without time zone",
        "`Account.mood`: expected \"accounts\".\"mood\" to be of the type \"mood\", found text",
        "`Account.moods`: expected \"accounts\".\"moods\" to be of the type \"mood\"[], found text[]",
        "`Account.price`: expected \"accounts\".\"price\" to be of the type numeric, found double precision",
    ];
    expect(ACCOUNTS, change, DifferenceKind::ColumnType, &texts).await;
}

#[tokio::test]
async fn types_that_read_and_write_the_same_are_no_difference() {
    let change = "CREATE DOMAIN email AS varchar(50) CHECK (value <> ''); CREATE DOMAIN mail AS email; \
                  ALTER TABLE accounts ALTER email TYPE mail, ALTER note TYPE char(9), ALTER price TYPE numeric(10, 2), \
                  ALTER tags TYPE varchar(9)[], ALTER data TYPE json, ALTER made_at TYPE timestamptz(3)";
    let found = after(ACCOUNTS, change).await;
    assert_eq!(found, []);
}

#[tokio::test]
async fn other_labels_of_an_enum_are_found_once() {
    let texts =
        ["`Account.mood`: expected \"accounts\".\"mood\" to be of an enum type with the labels ('happy', \
                  'very_sad'), found an enum type with the labels ('happy', 'so_so', 'very_sad')"];
    let change = "ALTER TYPE mood ADD VALUE 'so_so' AFTER 'happy'";
    expect(ACCOUNTS, change, DifferenceKind::EnumLabels, &texts).await;
}

#[tokio::test]
async fn labels_in_another_order_are_another_enum() {
    let database = Database::create().await;
    database
        .execute(
            "CREATE TYPE mood AS ENUM ('very_sad', 'happy'); \
             CREATE TABLE pets (name text PRIMARY KEY, mood mood NOT NULL, wish mood)",
        )
        .await;
    let engine = Engine::builder(database.url()).connect().await.expect("an engine");
    let found = engine.check_schema(schema![Pet]).await.expect("checked");
    assert_eq!(
        found.to_string(),
        "`Pet.mood`: expected \"pets\".\"mood\" to be of an enum type with the labels ('happy', 'very_sad'), found an \
         enum type with the labels ('very_sad', 'happy')"
    );
}

#[tokio::test]
async fn other_nullability_is_found_both_ways() {
    let change = "ALTER TABLE accounts ALTER email DROP NOT NULL, ALTER note SET NOT NULL";
    let texts = [
        "`Account.email`: expected \"accounts\".\"email\" to be NOT NULL, found that it takes NULL; the field would have \
         to be an `Option`",
        "`Account.note`: expected \"accounts\".\"note\" to take NULL, found NOT NULL; the field need not be an `Option`",
    ];
    expect(ACCOUNTS, change, DifferenceKind::Nullability, &texts).await;
}

#[tokio::test]
async fn another_primary_key_or_none_is_found() {
    let change = "ALTER TABLE accounts DROP CONSTRAINT accounts_pkey; \
                  ALTER TABLE pets DROP CONSTRAINT pets_pkey, ADD PRIMARY KEY (name, mood)";
    let texts = [
        "`Account`: expected \"accounts\" to have the primary key (\"id\"), found none",
        "`Pet`: expected \"pets\" to have the primary key (\"name\"), found (\"name\", \"mood\")",
    ];
    expect(schema![Account, Pet], change, DifferenceKind::PrimaryKey, &texts).await;
}

#[tokio::test]
async fn a_missing_or_other_default_is_found() {
    let change = "ALTER TABLE accounts ALTER id DROP IDENTITY, ALTER made_at DROP DEFAULT, ALTER rank SET DEFAULT 8, \
                  ALTER tenant ADD GENERATED ALWAYS AS IDENTITY";
    let texts = [
        "`Account.id`: expected \"accounts\".\"id\" to be numbered (GENERATED BY DEFAULT AS IDENTITY), found no default",
        "`Account.tenant`: expected \"accounts\".\"tenant\" to take the value an INSERT gives, found GENERATED ALWAYS AS \
         IDENTITY, which refuses it; write `#[orm(generated = always)]`",
        "`Account.made_at`: expected \"accounts\".\"made_at\" to have DEFAULT now(), found no default",
        "`Account.rank`: expected \"accounts\".\"rank\" to have DEFAULT 7, found DEFAULT 8",
    ];
    expect(ACCOUNTS, change, DifferenceKind::ColumnDefault, &texts).await;
}

#[tokio::test]
async fn a_serial_column_is_as_good_as_an_identity() {
    let change = "ALTER TABLE accounts ALTER id DROP IDENTITY; CREATE SEQUENCE numbers OWNED BY accounts.id; \
                  ALTER TABLE accounts ALTER id SET DEFAULT nextval('numbers')";
    assert_eq!(after(ACCOUNTS, change).await, []);
}

#[tokio::test]
async fn a_sequence_of_nobody_is_no_identity() {
    let change = "CREATE SEQUENCE numbers; ALTER TABLE accounts ALTER id DROP IDENTITY, \
                  ALTER id SET DEFAULT nextval('numbers')";
    let texts = [
        "`Account.id`: expected \"accounts\".\"id\" to be numbered (GENERATED BY DEFAULT AS IDENTITY), found DEFAULT \
                  nextval('numbers'::regclass), of a sequence that does not belong to the column: write it as \
                  `#[orm(default = \"..\")]`",
    ];
    expect(ACCOUNTS, change, DifferenceKind::ColumnDefault, &texts).await;
}

#[tokio::test]
async fn a_column_is_computed_or_it_is_not() {
    let change = "ALTER TABLE accounts ALTER double DROP EXPRESSION, DROP note, \
                  ADD note text GENERATED ALWAYS AS (email || '!') STORED";
    let texts = [
        "`Account.note`: expected \"accounts\".\"note\" to be a plain column, found one that is computed: (email || \
         '!'::text); write `#[orm(computed = ..)]`",
        "`Account.double`: expected \"accounts\".\"double\" to be computed (GENERATED ALWAYS AS (number * 2) STORED), \
         found a plain column",
    ];
    expect(ACCOUNTS, change, DifferenceKind::Computed, &texts).await;
}

#[tokio::test]
async fn only_columns_that_every_insert_must_give_have_to_be_known() {
    let change = "CREATE DOMAIN filled AS text NOT NULL DEFAULT ''; CREATE DOMAIN given AS text NOT NULL; \
                  ALTER TABLE accounts ADD one int NOT NULL, ADD two int, ADD three int NOT NULL DEFAULT 0, \
                  ADD four int NOT NULL GENERATED ALWAYS AS IDENTITY, ADD five filled, ADD six given, \
                  ADD seven int GENERATED ALWAYS AS (2) STORED NOT NULL";
    let text = |column| {
        format!(
            "`Account`: expected that a new row needs no more than the model has, found \"accounts\".\"{column}\", which \
             is NOT NULL and has no default: add it to the model, or give it a default"
        )
    };
    let (one, six) = (text("one"), text("six"));
    expect(ACCOUNTS, change, DifferenceKind::RequiredColumn, &[&one, &six]).await;
}

#[tokio::test]
async fn of_a_view_columns_and_types_are_compared() {
    let change = "DROP VIEW addresses; CREATE MATERIALIZED VIEW addresses AS SELECT id::int FROM accounts";
    let found = after(schema![Account, Address], change).await;
    let texts: Vec<_> = found.iter().map(ToString::to_string).collect();
    assert_eq!(
        texts,
        [
            "`Address.id`: expected \"addresses\".\"id\" to be of the type bigint, found integer",
            "`Address.email`: expected the column \"addresses\".\"email\", found none",
        ]
    );
}

#[tokio::test]
async fn a_partitioned_table_is_a_table() {
    let database = Database::create().await;
    database
        .execute(
            "CREATE TABLE members (tenant int NOT NULL, name text NOT NULL, PRIMARY KEY (name, tenant)) \
             PARTITION BY LIST (tenant); CREATE TABLE members_1 PARTITION OF members FOR VALUES IN (1)",
        )
        .await;
    let engine = Engine::builder(database.url()).connect().await.expect("an engine");
    let differences = engine.check_schema(schema![Member]).await.expect("checked");
    assert!(differences.is_empty(), "{differences}");
    engine.create_all(schema![Member]).await.expect("it is there");
}

#[tokio::test]
async fn a_table_is_looked_for_where_a_statement_finds_it() {
    let fixture = Fixture::new(schema![User, Post]).await;
    let database = &fixture.database;
    let path = |path: &str| format!("ALTER DATABASE {} SET search_path = {path}", database.name());
    database.execute("CREATE SCHEMA mine; CREATE TABLE mine.posts (id bigint)").await;
    database.execute(&path("mine, public")).await;
    let engine = Engine::builder(database.url()).connect().await.expect("an engine");
    let found = engine.check_schema(schema![User, Post]).await.expect("checked");
    assert_eq!(
        found.iter().filter(|one| one.table().name == "users").count(),
        0,
        "users is further down the path"
    );
    assert_eq!(
        found[2].to_string(),
        "`Post.user_id`: expected the column \"posts\".\"user_id\", found none",
        "the first posts is the one that counts"
    );
    database.execute(&path("mine")).await;
    let engine = Engine::builder(database.url()).connect().await.expect("an engine");
    let found = engine.check_schema(schema![User]).await.expect("checked");
    assert_eq!(found.to_string(), "`User`: expected the table \"users\", found none");
}

#[tokio::test]
async fn no_right_on_the_tables_is_needed() {
    let change = "REVOKE ALL ON accounts, audit.events FROM CURRENT_USER; REVOKE ALL ON SCHEMA audit FROM CURRENT_USER";
    assert_eq!(after(ALL, change).await, []);
}

#[tokio::test]
async fn a_target_need_not_be_in_the_schema() {
    let fixture = Fixture::new(schema![User, Post, Employee]).await;
    let differences = fixture.engine.check_schema(schema![Employee, Post]).await.expect("checked");
    assert!(differences.is_empty(), "{differences}");
}

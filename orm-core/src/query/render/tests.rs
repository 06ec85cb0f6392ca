//! The statements of a flush: their names, and what a server makes of several batches in one.

use orm_tests::Database;

use super::own::Own;
use super::{Rendered, StaleRows, stale_rows};
use crate::execute::request;
use crate::model::Model;
use crate::prelude::*;
use crate::query::ast::{BatchValues, DeleteBatch, InsertBatch, Part, Together, UpdateBatch};
use crate::query::rendered;
use crate::schema::{ColumnMeta, TableMeta};
use crate::types::{BaseType, BulkColumn, Parameter, Value, bulk_column};

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "shelves")]
struct Shelf {
    #[orm(primary_key)]
    code: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "books")]
struct Book {
    #[orm(primary_key, generated)]
    id: i64,
    #[orm(references = Shelf.code)]
    shelf: String,
    #[orm(on_update = "o + 1", default = "0")]
    o: i32,
    #[orm(unique)]
    title: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "orm::guard")]
struct Thing {
    #[orm(primary_key, column = "orm:number")]
    id: i64,
}

fn column<M: Model>(place: usize) -> &'static ColumnMeta {
    &M::META.columns[place]
}

fn texts(values: &[&str]) -> BulkColumn {
    let values: Vec<String> = values.iter().map(|&value| value.to_owned()).collect();
    bulk_column(String::TYPE, values.iter().map(|value| value as &dyn Value)).expect("a column")
}

fn numbers(values: &[i64]) -> BulkColumn {
    bulk_column(i64::TYPE, values.iter().map(|value| value as &dyn Value)).expect("a column")
}

fn update(table: &'static TableMeta, columns: Vec<&'static ColumnMeta>, cells: BatchValues) -> UpdateBatch {
    UpdateBatch { table, columns, defaults: Vec::new(), by_version: true, cells, guarded: false }
}

fn sql(rendered: &Rendered) -> &str {
    &rendered.text.sql
}

#[test]
fn a_name_of_ours_is_no_part_of_what_a_model_says() {
    assert_eq!(Own::of(&[Shelf::META]).sent(), "\"orm:sent\"");
    assert_eq!(Own::of(&[Shelf::META, Thing::META]).part(3, 0).written(), "\"orm:::written3\"");
}

#[test]
fn sql_of_the_model_sees_no_column_but_those_of_its_table() {
    let cells = BatchValues::Many(vec![numbers(&[1, 2]), texts(&["a", "b"])]);
    let rendered = rendered(&update(Book::META, vec![column::<Book>(3)], cells)).expect("a statement");
    assert_eq!(
        sql(&rendered),
        "WITH \"orm:sent\"(\"orm:c0\", \"orm:c1\", \"orm:number\") AS MATERIALIZED (SELECT u.* FROM unnest($1, $2) \
         WITH ORDINALITY AS u(c0, c1, o)), \"orm:written\" AS (UPDATE \"books\" SET \"title\" = \"orm:sent\".\"orm:c1\", \
         \"o\" = (o + 1) FROM \"orm:sent\" WHERE \"books\".\"id\" = \"orm:sent\".\"orm:c0\" RETURNING \
         \"orm:sent\".\"orm:number\", \"books\".\"id\", \"books\".\"shelf\", \"books\".\"o\", \"books\".\"title\"), \
         \"orm:guard\" AS MATERIALIZED (SELECT CASE WHEN count(*) = 0 THEN 0 ELSE ('orm:stale:0:' || \
         string_agg(concat_ws('/', \"orm:sent\".\"orm:c0\"), ', ' ORDER BY \"orm:sent\".\"orm:number\") || ':orm')::int END FROM \"orm:sent\" LEFT JOIN \
         \"orm:written\" ON \"orm:written\".\"orm:number\" = \"orm:sent\".\"orm:number\" WHERE \
         \"orm:written\".\"orm:number\" IS NULL) SELECT \"orm:written\".\"orm:number\", \"orm:written\".\"id\", \
         \"orm:written\".\"shelf\", \"orm:written\".\"o\", \"orm:written\".\"title\" FROM \"orm:guard\" LEFT JOIN \
         \"orm:written\" ON TRUE"
    );
}

#[test]
fn an_update_that_sets_nothing_locks_the_rows() {
    let one = BatchValues::One(vec![Parameter::new("a".to_owned())]);
    let rendered = rendered(&update(Shelf::META, Vec::new(), one)).expect("a statement");
    assert_eq!(sql(&rendered), "SELECT \"code\" FROM \"shelves\" WHERE \"code\" = $1 FOR NO KEY UPDATE");
}

#[test]
fn what_the_server_refused_is_found_whatever_its_words() {
    let expected = Some(StaleRows { part: 2, keys: "7/x:y, 8" });
    assert_eq!(stale_rows("invalid input syntax for type integer: \"orm:stale:2:7/x:y, 8:orm\""), expected);
    assert_eq!(stale_rows("ungültige Eingabesyntax für Typ integer: »orm:stale:2:7/x:y, 8:orm«"), expected);
    assert_eq!(stale_rows("invalid input syntax for type integer: \"x\""), None);
}

async fn library() -> (Database, Engine) {
    let database = Database::create().await;
    let engine = Engine::builder(database.url()).pool_size(1).connect().await.expect("an engine");
    engine.create_all(schema![Shelf, Book, Thing]).await.expect("tables");
    engine.execute(insert(Shelf).values(["a", "b"].map(NewShelf::new))).await.expect("shelves");
    let book = |(shelf, title): (&str, &str)| NewBook::new(shelf.to_owned(), title);
    let books = [("a", "one"), ("b", "two"), ("b", "three")].map(book);
    engine.execute(insert(Book).values(books)).await.expect("books");
    (database, engine)
}

/// New, changed and deleted rows that refer to each other: a new shelf takes the first book of another, which goes.
fn parts() -> Vec<Part> {
    let cells = BatchValues::One(vec![Parameter::new("c".to_owned())]);
    let insert =
        |table, columns, cells| InsertBatch { table, columns, keys: Vec::new(), cells, guarded: false };
    vec![
        Part::Insert(insert(Shelf::META, vec![column::<Shelf>(0)], cells)),
        Part::Update(update(
            Book::META,
            vec![column::<Book>(1)],
            BatchValues::One(vec![Parameter::new(1_i64), Parameter::new("c".to_owned())]),
        )),
        Part::Delete(DeleteBatch {
            table: Shelf::META,
            by_version: true,
            cells: BatchValues::Many(vec![texts(&["a"])]),
            guarded: false,
        }),
        Part::Insert(insert(
            Book::META,
            vec![column::<Book>(1), column::<Book>(3)],
            BatchValues::Many(vec![texts(&["b", "c"]), texts(&["four", "five"])]),
        )),
        Part::Delete(DeleteBatch {
            table: Book::META,
            by_version: true,
            cells: BatchValues::Many(vec![numbers(&[3])]),
            guarded: false,
        }),
    ]
}

async fn send(engine: &Engine, parts: Vec<Part>) -> Result<(), Error> {
    let rendered = rendered(&Together { after: vec![0; parts.len()], parts })?;
    engine.acquire().await?.query(request(&rendered)).await.map(|_| ())
}

#[tokio::test]
async fn new_changed_and_deleted_rows_of_several_tables_are_one_statement() {
    let (_database, engine) = library().await;
    send(&engine, parts()).await.expect("written");
    // With a text that is kept, and values that are not those it was made with.
    send(
        &engine,
        vec![Part::Insert(InsertBatch {
            table: Shelf::META,
            columns: vec![column::<Shelf>(0)],
            keys: Vec::new(),
            cells: BatchValues::One(vec![Parameter::new("d".to_owned())]),
            guarded: false,
        })],
    )
    .await
    .expect("written");
    let shelves = engine.all(select(Shelf.code).order_by(Shelf.code)).await.expect("rows");
    assert_eq!(shelves, ["b", "c", "d"]);
    let books = engine.all(select((Book.title, Book.shelf, Book.o)).order_by(Book.id)).await.expect("rows");
    let expected = [("one", "c", 1), ("two", "b", 0), ("four", "b", 0), ("five", "c", 0)];
    assert_eq!(books, expected.map(|(title, shelf, o)| (title.to_owned(), shelf.to_owned(), o)));
}

#[tokio::test]
async fn a_row_that_any_part_misses_fails_the_whole_statement() {
    let (database, engine) = library().await;
    database.execute("DELETE FROM books WHERE id = 3").await;
    let error = send(&engine, parts()).await.expect_err("the last part misses a row");
    let message = error.database().expect("the server's").message();
    assert_eq!(stale_rows(message), Some(StaleRows { part: 4, keys: "3" }));
    database.execute("INSERT INTO books (id, shelf, title) VALUES (3, 'b', 'three')").await;
    database
        .execute(
            "CREATE FUNCTION skip() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; \
             CREATE TRIGGER skips BEFORE INSERT ON books FOR EACH ROW WHEN (NEW.title = 'five') EXECUTE FUNCTION skip()",
        )
        .await;
    let error = send(&engine, parts()).await.expect_err("a trigger skips a new row");
    let message = error.database().expect("the server's").message();
    assert_eq!(stale_rows(message), Some(StaleRows { part: 3, keys: "2" }));
    let shelves = engine.all(select(Shelf.code).order_by(Shelf.code)).await.expect("rows");
    assert_eq!(shelves, ["a", "b"]);
}

#[tokio::test]
async fn rows_of_a_table_with_our_names_are_written() {
    let (_database, engine) = library().await;
    let mut session = SessionMaker::new(engine.clone()).session();
    let things = session.add_all([1, 2].map(NewThing::new));
    session.commit().await.expect("committed");
    for (thing, id) in things.into_iter().zip([3, 4]) {
        session[thing].id = id;
    }
    session.commit().await.expect("committed");
    assert_eq!(engine.all(select(Thing.id).order_by(Thing.id)).await.expect("rows"), [3, 4]);
}

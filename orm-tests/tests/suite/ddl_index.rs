//! Indexes that `create_all` makes.

use orm_core::prelude::*;
use orm_core::schema::Schema;
use orm_tests::{Database, Fixture};

#[expect(clippy::duplicated_attributes, reason = "a column may be in several indexes")]
#[derive(Model, Clone, Debug, PartialEq)]
#[orm(
    table = "documents",
    schema = "library",
    index(title, author),
    index("lower(title)"),
    index("lower(author)"),
    index("title text_pattern_ops", "year DESC NULLS LAST", name = "documents_search"),
    index(author, year, unique, where = "year > 1900"),
    index(author, method = "hash")
)]
struct Document {
    #[orm(primary_key, generated)]
    id: i64,
    #[orm(index)]
    title: String,
    #[orm(index)]
    author: String,
    year: i32,
    #[orm(index(method = "gin"))]
    tags: Vec<String>,
}

/// Whose index would have the name of one of `AlikeTwo`.
#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "a", index(b, c))]
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
    #[orm(index)]
    c: i32,
}

const LIBRARY: Schema = schema![Document];

async fn indexes(database: &Database) -> Vec<String> {
    let sql = "SELECT indexdef FROM pg_indexes WHERE indexname NOT LIKE '%pkey' AND schemaname <> 'pg_catalog' \
               ORDER BY indexname";
    database.query_text(sql).await.into_iter().map(|row| row[0].clone().unwrap_or_default()).collect()
}

#[tokio::test]
async fn indexes_are_made_as_their_model_says() {
    let fixture = Fixture::new(LIBRARY).await;
    let found = indexes(&fixture.database).await;
    for expected in [
        "CREATE INDEX documents_title_author_idx ON library.documents USING btree (title, author)",
        "CREATE INDEX documents_expr_idx ON library.documents USING btree (lower(title))",
        "CREATE INDEX documents_search ON library.documents USING btree (title text_pattern_ops, year DESC NULLS LAST)",
        "CREATE UNIQUE INDEX documents_author_year_idx ON library.documents USING btree (author, year) WHERE (year > 1900)",
        "CREATE INDEX documents_title_idx ON library.documents USING btree (title)",
        "CREATE INDEX documents_tags_idx ON library.documents USING gin (tags)",
    ] {
        assert!(found.iter().any(|found| found == expected), "{expected} is not in {found:#?}");
    }
    assert_eq!(found.len(), 9);
}

#[tokio::test]
async fn indexes_of_one_derived_name_are_all_made() {
    let fixture = Fixture::new(schema![Document, AlikeOne, AlikeTwo]).await;
    let found = indexes(&fixture.database).await;
    for expected in [" USING btree (lower(author))", " USING hash (author)", " USING btree (author)"] {
        assert_eq!(found.iter().filter(|found| found.ends_with(expected)).count(), 1, "{found:#?}");
    }
    assert!(found.iter().any(|found| found.ends_with("ON public.a USING btree (b, c)")), "{found:#?}");
    assert!(found.iter().any(|found| found.ends_with("ON public.a_b USING btree (c)")), "{found:#?}");
    let differences =
        fixture.engine.check_schema(schema![Document, AlikeOne, AlikeTwo]).await.expect("checked");
    assert!(differences.is_empty(), "{differences}");
}

#[tokio::test]
async fn an_index_that_is_missing_is_made_and_one_of_another_name_is_enough() {
    let fixture = Fixture::new(LIBRARY).await;
    fixture
        .database
        .execute(
            "DROP INDEX library.documents_expr_idx; \
             ALTER INDEX library.documents_title_author_idx RENAME TO by_title",
        )
        .await;
    let before = indexes(&fixture.database).await;
    fixture.engine.create_all(LIBRARY).await.expect("a second time");
    let after = indexes(&fixture.database).await;
    let new: Vec<_> = after.iter().filter(|index| !before.contains(index)).collect();
    assert_eq!(new, ["CREATE INDEX documents_expr_idx ON library.documents USING btree (lower(title))"]);
}

#[tokio::test]
async fn an_index_whose_name_is_taken_by_another_table_is_an_error_and_not_forgotten() {
    let database = Database::create().await;
    database.execute("CREATE TABLE other (c int); CREATE INDEX a_b_c_idx ON other (c)").await;
    let engine = Engine::builder(database.url()).connect().await.expect("an engine");
    let error = engine.create_all(schema![AlikeTwo]).await.expect_err("the name is taken");
    assert_eq!(error.code(), Some("42P07"));
    assert_eq!(error.statement(), Some("CREATE INDEX \"a_b_c_idx\" ON \"a_b\" (\"c\")"));
}

#[tokio::test]
async fn rows_an_unique_index_is_of_differ() {
    let fixture = Fixture::new(LIBRARY).await;
    let new = |year| NewDocument { title: "x".to_owned(), author: "y".to_owned(), year, tags: Vec::new() };
    fixture
        .engine
        .execute(insert(Document).values([new(1800), new(1800), new(2000)]))
        .await
        .expect("inserted");
    let error = fixture.engine.execute(insert(Document).values(new(2000))).await.expect_err("there is one");
    assert_eq!(error.constraint(), Some("documents_author_year_idx"));
}

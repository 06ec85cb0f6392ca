//! Comments that `create_all` makes of the models' documentation.

use orm_core::prelude::*;
use orm_core::schema::Schema;
use orm_tests::Fixture;

/// People's letters:
///
/// \ one row each, 'opened' or not.
#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "letters", schema = "post")]
struct Letter {
    #[orm(primary_key, generated)]
    id: i64,
    /// Who wrote it; the "sender".
    sender: String,
}

/// Who wrote letters.
#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "senders", schema = "post", view = "SELECT DISTINCT sender FROM post.letters")]
struct Sender {
    /// The name.
    sender: Option<String>,
}

const POST: Schema = schema![Letter, Sender];

async fn comments(fixture: &Fixture) -> Vec<String> {
    let sql = "SELECT objoid::regclass || coalesce('.' || attname, '') || ': ' || description FROM pg_description \
               LEFT JOIN pg_attribute ON attrelid = objoid AND attnum = objsubid AND objsubid > 0 \
               WHERE objoid IN ('post.letters'::regclass, 'post.senders'::regclass) ORDER BY objoid, objsubid";
    fixture.database.query_text(sql).await.into_iter().map(|row| row[0].clone().unwrap_or_default()).collect()
}

#[tokio::test]
async fn documentation_becomes_the_comments_of_tables_views_and_columns() {
    let fixture = Fixture::new(POST).await;
    assert_eq!(
        comments(&fixture).await,
        [
            "post.letters: People's letters:\n\n\\ one row each, 'opened' or not.",
            "post.letters.sender: Who wrote it; the \"sender\".",
            "post.senders: Who wrote letters.",
            "post.senders.sender: The name.",
        ]
    );
}

#[tokio::test]
async fn comments_of_a_table_that_is_there_stay_as_they_are() {
    let fixture = Fixture::new(POST).await;
    fixture.database.execute("COMMENT ON TABLE post.letters IS 'mine'").await;
    fixture.engine.create_all(POST).await.expect("a second time");
    assert_eq!(comments(&fixture).await[0], "post.letters: mine");
}

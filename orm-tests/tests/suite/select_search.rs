//! Full text search, and types and functions that a program declares.

use orm_core::prelude::*;
use orm_core::types::TsVector;
use orm_tests::Fixture;

use crate::select_rows::{all, one};
use crate::select_text::{condition, expression};

orm_core::text_type! {
    /// Text without a difference between small and capital letters.
    struct Label("citext");
}

orm_core::function! {
    /// Both texts, one behind the other.
    fn joined(a: String, b: String) -> String;
    /// NULL for an empty text.
    fn filled(text: String) -> Option<String>;
}

#[derive(Model, Clone, Debug)]
#[orm(table = "articles")]
struct Article {
    #[orm(primary_key)]
    id: i64,
    title: String,
    label: Label,
    #[orm(computed = "to_tsvector('english', title)")]
    search: TsVector,
}

async fn articles() -> Fixture {
    let fixture = Fixture::new(schema![]).await;
    let statements = "CREATE EXTENSION citext;
        CREATE FUNCTION joined(text, text) RETURNS text STRICT LANGUAGE sql AS 'SELECT $1 || $2';
        CREATE FUNCTION filled(text) RETURNS text LANGUAGE sql AS 'SELECT nullif($1, '''')';";
    fixture.engine.run_script(statements).await.unwrap();
    fixture.engine.create_all(schema![Article]).await.unwrap();
    let article = |id, title: &str, label: &str| NewArticle { id, title: title.into(), label: label.into() };
    let rows =
        [article(1, "Cats and dogs", "Pets"), article(2, "A cat sleeps", "PETS"), article(3, "", "None")];
    fixture.engine.execute(insert(Article).values(rows)).await.unwrap();
    fixture
}

#[test]
fn searches_have_sqls_names() {
    let query = || func::websearch_to_tsquery("english", "cat");
    assert_eq!(
        condition(Article.search.matches(query())),
        "articles.search @@ websearch_to_tsquery(CAST($1 AS regconfig), $2)"
    );
    assert_eq!(condition(Article.label.eq("pets")), "articles.label = $1::citext");
    assert_eq!(expression(joined(Article.title, "!")), "joined(articles.title, $1)");
    assert!(select(filled(Article.title)).to_sql().is_ok());
}

#[tokio::test]
async fn texts_are_searched_and_ranked() {
    let fixture = articles().await;
    let query = || func::websearch_to_tsquery("english", "cat -dog");
    let found = |query| select(Article.id).filter(Article.search.matches(query)).order_by(Article.id);
    assert_eq!(all(&fixture, found(query())).await, [2]);
    assert_eq!(all(&fixture, found(func::plainto_tsquery("english", "dog cat"))).await, [1]);
    assert_eq!(all(&fixture, found(func::to_tsquery("english", "cat | dog"))).await, [1, 2]);
    assert_eq!(all(&fixture, found(func::phraseto_tsquery("english", "cat sleeps"))).await, [2]);
    let made = func::to_tsvector("simple", Article.title).matches(func::to_tsquery("simple", "cats"));
    assert_eq!(all(&fixture, select(Article.id).filter(made)).await, [1]);
    let cat = query();
    let (rank, headline, vector) = one(
        &fixture,
        select((
            func::ts_rank(Article.search, &cat),
            func::ts_headline("english", Article.title, &cat),
            Article.search,
        ))
        .filter(Article.id.eq(2)),
    )
    .await;
    assert!(rank > 0.0);
    assert_eq!((headline.as_str(), vector.0.as_str()), ("A <b>cat</b> sleeps", "'cat':2 'sleep':3"));
}

#[tokio::test]
async fn declared_types_and_functions_are_the_databases() {
    let fixture = articles().await;
    let same = select((Article.id, Article.label)).filter(Article.label.eq("pETs")).order_by(Article.id);
    let found = all(&fixture, same).await;
    assert_eq!(
        found.iter().map(|(id, label)| (*id, label.0.as_str())).collect::<Vec<_>>(),
        [(1, "Pets"), (2, "PETS")]
    );
    fixture.engine.execute(update(Article).set(Article.label, "new").filter(Article.id.eq(3))).await.unwrap();
    let called = select((joined(Article.title, Article.label.cast::<String>()), filled(Article.title)))
        .filter(Article.id.eq(3));
    assert_eq!(one(&fixture, called).await, ("new".to_owned(), None));
}

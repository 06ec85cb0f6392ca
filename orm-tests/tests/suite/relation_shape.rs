//! Rows with names that have relations: read as declared, and as JSON as they are.

use orm_core::Page;
use orm_core::prelude::*;
use serde::Serialize;

use super::blog::{Article, Author, Comment, NewArticle, Profile, Tag, blog};

#[derive(Row, Serialize, Clone, Debug, PartialEq)]
#[orm(of = Author)]
struct AuthorPage {
    id: i64,
    name: String,
    #[orm(relation)]
    articles: Vec<ArticleLine>,
    #[orm(count = articles)]
    article_count: i64,
    #[orm(relation = profile)]
    about: Option<ProfileText>,
}

#[derive(Row, Serialize, Clone, Debug, PartialEq)]
#[orm(of = Article)]
struct ArticleLine {
    title: String,
    #[orm(relation)]
    tags: Vec<TagName>,
    #[orm(count = comments)]
    comment_count: i64,
}

#[derive(Row, Serialize, Clone, Debug, PartialEq)]
#[orm(of = Tag)]
struct TagName {
    name: String,
}

#[derive(Row, Serialize, Clone, Debug, PartialEq)]
#[orm(of = Profile)]
struct ProfileText {
    text: String,
}

#[derive(Row, Clone, Debug, PartialEq)]
#[orm(of = Comment)]
struct CommentLine {
    #[orm(relation)]
    article: ArticleOf,
    text: String,
}

#[derive(Row, Clone, Debug, PartialEq)]
#[orm(of = Article)]
struct ArticleOf {
    #[orm(relation)]
    editor: Option<Author>,
    #[orm(relation)]
    author: Author,
}

#[derive(Row, Debug)]
#[orm(of = Author)]
struct AuthorTitles {
    name: String,
    #[orm(relation = articles.only(Article.title))]
    titles: Vec<String>,
    #[orm(relation = articles.filter(Article.title.ne("a")).only((Article.id, Article.title)))]
    others: Vec<(i64, String)>,
    #[orm(relation = profile.only(Profile.text))]
    about: Option<String>,
    #[orm(relation = articles.with(Article.comments).limit(1))]
    first: Vec<(Article, Vec<Comment>)>,
    #[orm(count = articles.filter(Article.title.ne("a")))]
    other_count: i64,
}

#[derive(Row, Debug)]
#[orm(of = Article)]
struct ArticleAuthor {
    #[orm(relation = author.only(Author.name))]
    author: String,
    #[orm(relation = editor.only((Author.id, Author.name)))]
    editor: Option<(i64, String)>,
}

#[tokio::test]
async fn a_field_is_a_column_of_related_rows() {
    let fixture = blog().await;
    let authors = fixture.engine.all(select(AuthorTitles).order_by(AuthorTitles.id)).await.unwrap();
    let [ann, bob, cid] = &*authors else { panic!("{authors:?}") };
    assert_eq!(
        (&*ann.name, &*ann.titles, ann.about.as_deref()),
        ("Ann", &["a".into(), "b".into()][..], Some("of Ann"))
    );
    assert_eq!((&*ann.others, ann.other_count), (&[(2, "b".into())][..], 1));
    assert_eq!((ann.first.len(), ann.first[0].1.len()), (1, 2));
    assert_eq!((&*bob.titles, bob.other_count), (&["c".into()][..], 1));
    assert!(cid.titles.is_empty() && cid.others.is_empty() && cid.about.is_none() && cid.first.is_empty());
    let articles = fixture.engine.all(select(ArticleAuthor).order_by(ArticleAuthor.id)).await.unwrap();
    assert_eq!((&*articles[0].author, &articles[0].editor), ("Ann", &Some((2, "Bob".into()))));
    assert_eq!((&*articles[2].author, &articles[2].editor), ("Bob", &None));
}

#[tokio::test]
async fn a_row_with_relations_is_json_as_it_is() {
    let fixture = blog().await;
    let pages = fixture.engine.all(select(AuthorPage).order_by(AuthorPage.name)).await.unwrap();
    let sent = fixture.recorder.take();
    // The authors; articles and profiles; tags. Counts are in the statements.
    assert_eq!((sent.statements.len(), sent.round_trips), (4, 3), "{sent:?}");
    assert!(!sent.statements[1].contains("\"author_id\", \"articles\".\"editor_id\""), "{sent:?}");
    assert_eq!(
        serde_json::to_value(&pages[0]).unwrap(),
        serde_json::json!({
            "id": 1,
            "name": "Ann",
            "articles": [
                { "title": "a", "tags": [{ "name": "db" }, { "name": "rust" }], "comment_count": 2 },
                { "title": "b", "tags": [], "comment_count": 0 }
            ],
            "article_count": 2,
            "about": { "text": "of Ann" }
        })
    );
    assert_eq!((pages[2].article_count, pages[2].articles.len(), pages[2].about.is_none()), (0, 0, true));
}

#[tokio::test]
async fn a_page_of_rows_with_relations_knows_how_many_there_are() {
    let fixture = blog().await;
    let page: Page<AuthorPage> =
        fixture.engine.page(select(AuthorPage).order_by(AuthorPage.name), 2, 2).await.unwrap();
    assert_eq!((page.total, page.rows.len(), &*page.rows[0].name), (3, 1, "Cid"));
}

#[tokio::test]
async fn relations_to_one_are_fields_too() {
    let fixture = blog().await;
    let lines = fixture.engine.all(select(CommentLine).order_by(CommentLine.id)).await.unwrap();
    let found: Vec<_> = lines
        .iter()
        .map(|line| {
            let editor = line.article.editor.as_ref().map_or("-", |editor| &editor.name);
            format!("{} {} {editor}", line.text, line.article.author.name)
        })
        .collect();
    assert_eq!(found, ["a1 Ann Bob", "a2 Ann Bob", "c1 Bob -"]);
}

#[tokio::test]
async fn a_row_with_relations_stands_beside_others_and_may_be_missing() {
    let fixture = blog().await;
    let articles = select((Author.name, ArticleLine.optional()))
        .outer_join_relation(Author.articles)
        .order_by((Author.id, Article.id));
    let rows: Vec<(String, Option<ArticleLine>)> = fixture.engine.all(articles).await.unwrap();
    let rows: Vec<_> = rows
        .iter()
        .map(|(name, line)| format!("{name} {}", line.as_ref().map_or(0, |line| line.tags.len())))
        .collect();
    assert_eq!(rows, ["Ann 2", "Ann 0", "Bob 1", "Cid 0"]);
}

#[tokio::test]
async fn a_row_of_an_alias_has_the_relations_of_that() {
    let fixture = blog().await;
    let editor = Author.alias("editor");
    let rows = select(AuthorPage.of(editor)).filter(editor.name.eq("Ann"));
    assert_eq!(fixture.engine.one(rows).await.unwrap().article_count, 2);
}

#[tokio::test]
async fn a_relation_is_read_by_rows_with_relations() {
    let fixture = blog().await;
    let statement = select(Author).with(Author.articles.only(ArticleLine)).order_by(Author.id);
    let rows: Vec<(Author, Vec<ArticleLine>)> = fixture.engine.all(statement).await.unwrap();
    assert_eq!(rows[0].1[0].tags.len(), 2);
    let mut session = fixture.session();
    let tracked: Vec<(Handle<Author>, Vec<ArticleLine>)> = session
        .all(select(Author).with(Author.articles.only(ArticleLine)).order_by(Author.id))
        .await
        .unwrap();
    assert_eq!(tracked[1].1[0].comment_count, 1);
}

#[tokio::test]
async fn what_an_insert_or_an_update_returns_has_relations_too() {
    let fixture = blog().await;
    let new = insert(Article).values(NewArticle::new(1, "d")).returning(ArticleLine);
    let line = fixture.engine.one(new).await.unwrap();
    assert_eq!((&*line.title, line.tags.len(), line.comment_count), ("d", 0, 0));
    let changed = update(Article).set(Article.title, "e").filter(Article.id.eq(1)).returning(ArticleLine);
    assert_eq!(fixture.engine.one(changed).await.unwrap().tags.len(), 2);
}

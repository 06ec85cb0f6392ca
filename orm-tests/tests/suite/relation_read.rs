//! What of relations is read: to any depth, filtered, sorted, limited, counted; and by how many statements.

#![expect(clippy::type_complexity, reason = "the type of the rows says what is read")]

use orm_core::prelude::*;
use orm_tests::Fixture;
use orm_tests::models::{Employee, NewEmployee};

use super::blog::{Article, Author, Comment, NewArticle, Profile, Tag, blog, names};

/// How many statements were sent, and in how many round trips.
fn sent(fixture: &Fixture) -> (usize, usize) {
    let sent = fixture.recorder.take();
    (sent.statements.len(), sent.round_trips)
}

#[tokio::test]
async fn each_level_is_one_statement() {
    let fixture = blog().await;
    let statement = select(Author).with(Author.articles.with(Article.comments)).order_by(Author.id);
    let rows: Vec<(Author, Vec<(Article, Vec<Comment>)>)> = fixture.engine.all(statement).await.unwrap();
    assert_eq!(sent(&fixture), (3, 3));
    let articles: Vec<Vec<(&str, String)>> = rows
        .iter()
        .map(|(_, articles)| {
            articles.iter().map(|(article, comments)| (&*article.title, names(comments))).collect()
        })
        .collect();
    assert_eq!(
        articles,
        [vec![("a", "a1 a2".into()), ("b", String::new())], vec![("c", "c1".into())], vec![]]
    );
}

#[tokio::test]
async fn independent_relations_travel_together() {
    let fixture = blog().await;
    let statement = select(Author)
        .with(Author.articles.with(Article.comments).with(Article.tags))
        .with(Author.profile)
        .with(Author.edited)
        .order_by(Author.id);
    type Articles = Vec<(Article, Vec<Comment>, Vec<Tag>)>;
    let rows: Vec<(Author, Articles, Option<Profile>, Vec<Article>)> =
        fixture.engine.all(statement).await.unwrap();
    // The authors; articles, profiles and edited ones; comments and tags.
    assert_eq!(sent(&fixture), (6, 3));
    let (_, articles, profile, edited) = &rows[0];
    assert_eq!((names(&articles[0].1), names(&articles[0].2)), ("a1 a2".into(), "db rust".into()));
    assert_eq!(profile.as_ref().unwrap().text, "of Ann");
    assert!(edited.is_empty() && rows[1].2.is_none());
    assert_eq!(names(&rows[1].3), "a");
}

#[tokio::test]
async fn a_level_without_rows_ends_the_reading() {
    let fixture = blog().await;
    let statement = select(Author).filter(Author.id.eq(3)).with(Author.articles.with(Article.comments));
    let rows = fixture.engine.all(statement).await.unwrap();
    assert!(rows[0].1.is_empty());
    assert_eq!(sent(&fixture).0, 2);
}

#[tokio::test]
async fn a_relation_to_one_has_relations_of_its_own() {
    let fixture = blog().await;
    let statement = select(Comment).with(Comment.article.with(Article.author)).order_by(Comment.id);
    let rows: Vec<(Comment, (Article, Author))> = fixture.engine.all(statement).await.unwrap();
    let rows: Vec<_> = rows
        .iter()
        .map(|(comment, (article, author))| format!("{} {} {}", comment.text, article.title, author.name))
        .collect();
    assert_eq!(rows, ["a1 a Ann", "a2 a Ann", "c1 c Bob"]);
    assert_eq!(sent(&fixture), (3, 3));
}

#[tokio::test]
async fn a_relation_is_filtered_and_sorted() {
    let fixture = blog().await;
    let articles = Author.articles.filter(Article.title.ne("c")).order_by(Article.title.desc());
    let rows: Vec<(Author, Vec<Article>)> =
        fixture.engine.all(select(Author).with(articles).order_by(Author.id)).await.unwrap();
    let rows: Vec<_> = rows.iter().map(|(_, articles)| names(articles)).collect();
    assert_eq!(rows, ["b a", "", ""]);
}

#[tokio::test]
async fn a_filtered_relation_to_one_may_be_missing() {
    let fixture = blog().await;
    let author = Article.author.filter(Author.name.eq("Ann"));
    let rows: Vec<(Article, Option<Author>)> =
        fixture.engine.all(select(Article).with(author).order_by(Article.id)).await.unwrap();
    let found: Vec<_> = rows.iter().map(|(_, author)| author.is_some()).collect();
    assert_eq!(found, [true, true, false]);
}

#[tokio::test]
async fn a_limit_holds_for_each_row() {
    let fixture = blog().await;
    for (author, count) in [(1, 3), (2, 1), (3, 2)] {
        let new = (0..count).map(|nth| NewArticle::new(author, format!("{author}{nth}")));
        fixture.engine.execute(insert(Article).values(new.collect::<Vec<_>>())).await.unwrap();
    }
    fixture.recorder.take();
    let last = Author.articles.order_by(Article.id.desc()).limit(2);
    let rows: Vec<(Author, Vec<(Article, Vec<Tag>)>)> =
        fixture.engine.all(select(Author).with(last.with(Article.tags)).order_by(Author.id)).await.unwrap();
    let rows: Vec<_> = rows
        .into_iter()
        .map(|(_, articles)| names(&articles.into_iter().map(|(article, _)| article).collect::<Vec<_>>()))
        .collect();
    assert_eq!(rows, ["12 11", "20 c", "31 30"]);
    assert_eq!(sent(&fixture), (3, 3));
    let first = fixture.engine.all(select(Author).with(Author.articles.limit(1)).order_by(Author.id)).await;
    let first: Vec<_> = first.unwrap().iter().map(|(_, articles)| names(articles)).collect();
    assert_eq!(first, ["a", "c", "30"]);
}

#[tokio::test]
async fn rows_are_counted_instead_of_read() {
    let fixture = blog().await;
    let rows: Vec<(Author, i64, i64)> = fixture
        .engine
        .all(
            select(Author)
                .with(Author.articles.count())
                .with(Author.articles.filter(Article.title.eq("a")).count())
                .order_by(Author.id),
        )
        .await
        .unwrap();
    let counts: Vec<_> = rows.iter().map(|(_, all, some)| (*all, *some)).collect();
    assert_eq!(counts, [(2, 1), (1, 0), (0, 0)]);
    assert_eq!(sent(&fixture), (3, 2));
    let tags = fixture.engine.all(select(Article).with(Article.tags.count()).order_by(Article.id)).await;
    assert_eq!(tags.unwrap().iter().map(|(_, count)| *count).collect::<Vec<_>>(), [2, 0, 1]);
}

#[tokio::test]
async fn columns_are_read_in_place_of_the_model() {
    let fixture = blog().await;
    let titles = Author.articles.only(Article.title).order_by(Article.title.desc());
    let pairs = Author.edited.only((Article.title, Article.author_id));
    let rows: Vec<(Author, Vec<String>, Vec<(String, i64)>)> =
        fixture.engine.all(select(Author).with(titles).with(pairs).order_by(Author.id)).await.unwrap();
    assert_eq!(rows[0].1, ["b", "a"]);
    assert_eq!(rows[1].2, [("a".to_owned(), 1)]);
    let statements = fixture.recorder.take().statements;
    assert!(
        statements[1].starts_with("SELECT \"articles\".\"title\", \"articles\".\"author_id\" FROM"),
        "{statements:?}"
    );
}

#[tokio::test]
async fn without_an_order_rows_are_sorted_by_their_key_wherever_it_is() {
    let fixture = blog().await;
    // The server has it behind the others from now on.
    fixture.engine.execute(update(Article).set(Article.title, "z").filter(Article.id.eq(1))).await.unwrap();
    let titles = select(Author).with(Author.articles.only(Article.title)).with(Author.articles);
    let rows = fixture.engine.all(titles.order_by(Author.id)).await.unwrap();
    assert_eq!(rows[0].1, ["z", "b"]);
    assert_eq!(names(&rows[0].2), "z b");
}

#[tokio::test]
async fn many_to_many_gives_the_same_row_to_several() {
    let fixture = blog().await;
    let rows: Vec<(Article, Vec<Tag>)> =
        fixture.engine.all(select(Article).with(Article.tags).order_by(Article.id)).await.unwrap();
    let tags: Vec<_> = rows.iter().map(|(_, tags)| names(tags)).collect();
    assert_eq!(tags, ["db rust", "", "db"]);
    assert_eq!(sent(&fixture), (2, 2));
    let back =
        fixture.engine.all(select(Tag).with(Tag.articles.with(Article.author)).order_by(Tag.name)).await;
    let back: Vec<_> = back.unwrap().iter().map(|(_, articles)| articles.len()).collect();
    assert_eq!(back, [2, 1]);
}

#[tokio::test]
async fn in_a_session_the_same_row_is_one_object() {
    let fixture = blog().await;
    let mut session = fixture.session();
    let rows: Vec<(Handle<Article>, Vec<Handle<Tag>>, (Handle<Author>, Vec<Handle<Article>>))> = session
        .all(
            select(Article)
                .with(Article.tags)
                .with(Article.author.with(Author.articles))
                .order_by(Article.id),
        )
        .await
        .unwrap();
    assert_eq!(rows[0].1[0], rows[2].1[0]);
    assert_eq!(rows[0].2.0, rows[1].2.0);
    assert_eq!(rows[0].2.1, [rows[0].0, rows[1].0]);
    assert_eq!(session[rows[0].1[0]].name, "db");
}

#[tokio::test]
async fn a_model_is_related_to_itself_over_three_levels() {
    let fixture = Fixture::new(schema![Employee]).await;
    for (name, manager) in
        [("Boss", None), ("Aid", Some(1)), ("Eve", Some(1)), ("Fay", Some(2)), ("Gil", Some(4))]
    {
        let new = NewEmployee { manager_id: manager.map(Into::into), ..NewEmployee::new(name) };
        fixture.engine.execute(insert(Employee).values(new)).await.unwrap();
    }
    fixture.recorder.take();
    let reports = Employee.reports.with(Employee.reports.with(Employee.reports));
    let statement =
        select(Employee).filter(Employee.manager_id.is_null()).with(reports).with(Employee.manager);
    let (boss, reports, manager) = fixture.engine.one(statement).await.unwrap();
    assert_eq!((boss.name.as_str(), manager), ("Boss", None));
    let (aid, of_aid) = &reports[0];
    let (fay, of_fay) = &of_aid[0];
    assert_eq!((aid.name.as_str(), fay.name.as_str(), of_fay[0].name.as_str()), ("Aid", "Fay", "Gil"));
    assert!(reports[1].1.is_empty());
    assert_eq!(sent(&fixture), (4, 4));
}

#[tokio::test]
async fn ten_thousand_parents_are_two_statements() {
    let fixture = blog().await;
    fixture
        .database
        .execute(
            "INSERT INTO authors (name) SELECT 'n' FROM generate_series(1, 10000); \
             INSERT INTO articles (author_id, title) SELECT id, 't' FROM authors WHERE id > 3",
        )
        .await;
    let rows = fixture
        .engine
        .all(select(Author).with(Author.articles).filter(Author.id.gt(3)).order_by(Author.id))
        .await
        .unwrap();
    assert_eq!(rows.len(), 10_000);
    assert!(rows.iter().all(|(author, articles)| articles.len() == 1 && articles[0].author_id == author.id));
    assert_eq!(sent(&fixture).0, 2);
}

#[tokio::test]
async fn a_union_has_relations_too() {
    let fixture = blog().await;
    let some = |id| select(Author).filter(Author.id.eq(id));
    let statement = some(1).union(some(2)).with(Author.articles).order_by(Author.id);
    let rows = fixture.engine.all(statement).await.unwrap();
    assert_eq!(rows.iter().map(|(_, articles)| articles.len()).collect::<Vec<_>>(), [2, 1]);
}

//! What a session holds of a row's version, beside changes of its own and those of others.

use orm_core::prelude::*;
use orm_tests::Fixture;

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "articles")]
struct Article {
    #[orm(primary_key)]
    id: i64,
    title: String,
    words: i32,
    #[orm(version)]
    version: i32,
}

async fn with_article() -> (Fixture, Session, Handle<Article>) {
    let fixture = Fixture::new(schema![Article]).await;
    let mut session = fixture.session();
    let article = session.add(NewArticle::new(1, "first", 1));
    session.commit().await.unwrap();
    fixture.recorder.take();
    (fixture, session, article)
}

const ELSEWHERE: &str = "UPDATE articles SET words = 100, version = version + 1";

const TRIGGER: &str = "CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; \
    CREATE TRIGGER nothing AFTER UPDATE ON articles FOR EACH ROW EXECUTE FUNCTION nothing()";

#[tokio::test]
async fn merge_of_an_older_version_is_stale() {
    let (fixture, mut session, article) = with_article().await;
    let read: Article = fixture.engine.one(select(Article)).await.unwrap();
    session[article].words = 5;
    session.commit().await.unwrap();
    let error = session.merge(Article { title: "older".into(), ..read.clone() }).await.unwrap_err();
    assert!(error.is_stale() && error.to_string().contains("`Article` with the key 1"), "{error}");
    assert!(!session.is_modified(article));

    fixture.database.execute(ELSEWHERE).await;
    let current: Article = fixture.engine.one(select(Article)).await.unwrap();
    session.merge(Article { title: "newer".into(), ..current }).await.unwrap();
    session.commit().await.unwrap();
    assert_eq!((&*session[article].title, session[article].words), ("newer", 100));
}

#[tokio::test]
async fn an_error_of_a_flush_says_what_its_statement_does() {
    let (fixture, mut session, article) = with_article().await;
    fixture.database.execute(ELSEWHERE).await;
    session[article].words = 7;
    let error = session.commit().await.unwrap_err();
    let printed = format!("{error:?}");
    assert!(error.is_stale() && printed.contains("rows of `Article` to be updated"), "{printed}");
    let what =
        "\n  in a statement of the flush: UPDATE \"articles\", 1 row (`error.statement()` has its SQL)";
    assert!(printed.ends_with(what), "{printed}");
    assert!(error.statement().is_some_and(|sql| sql.contains("orm:guard")), "{:?}", error.statement());
}

#[tokio::test]
async fn a_row_locked_over_an_own_change_keeps_the_version_the_change_came_from() {
    let (fixture, _, _) = with_article().await;
    let mut session = SessionMaker::new(fixture.engine.clone()).autoflush(false).session();
    let article = session.find::<Article>(1).await.unwrap().unwrap();
    session[article].words = 7;
    fixture.database.execute(ELSEWHERE).await;
    session.one(select(Article).for_update()).await.unwrap();
    assert_eq!(session[article].words, 7);
    let error = session.commit().await.unwrap_err();
    assert!(error.is_stale(), "{error}");
    session.rollback().await.unwrap();
    session.one(select(Article).for_update()).await.unwrap();
    session[article].words += 1;
    session.commit().await.unwrap();
    assert_eq!(session[article].words, 101);
}

#[tokio::test]
async fn a_statement_beside_an_own_change_keeps_the_version_the_change_came_from() {
    let (fixture, mut first, _) = with_article().await;
    first.add(NewArticle::new(2, "other", 1));
    first.commit().await.unwrap();
    for trigger in ["", TRIGGER] {
        fixture.database.execute(trigger).await;
        let mut session = SessionMaker::new(fixture.engine.clone()).autoflush(false).session();
        let articles = session.all(select(Article).order_by(Article.id)).await.unwrap();
        session.commit().await.unwrap();
        session[articles[0]].title = "mine".into();
        fixture
            .database
            .execute("UPDATE articles SET words = words + 1, version = version + 1 WHERE id = 1")
            .await;
        session.execute(update(Article).set(Article.words, 3).filter(Article.id.eq(2))).await.unwrap();
        assert!(session.commit().await.unwrap_err().is_stale(), "{trigger}");
        session.rollback().await.unwrap();

        session.refresh(articles[0]).await.unwrap();
        session[articles[0]].title = "mine".into();
        if trigger.is_empty() {
            session.execute(update(Article).set(Article.words, 4).all_rows()).await.unwrap();
        }
        session.commit().await.expect("it has counted the version up itself");
        fixture.database.execute("UPDATE articles SET title = 'first'").await;
    }
}

#[tokio::test]
async fn an_old_reader_of_a_row_that_was_deleted_and_added_again_is_stale() {
    let (fixture, mut session, article) = with_article().await;
    let mut reader = fixture.session();
    let read = reader.find::<Article>(1).await.unwrap().unwrap();
    reader.commit().await.unwrap();
    session.delete(article).unwrap();
    let again = session.add(NewArticle::new(1, "again", 1));
    session.commit().await.unwrap();
    assert_eq!(session[again].version, 2);
    reader[read].title = "old".into();
    assert!(reader.commit().await.unwrap_err().is_stale());
    let title = fixture.engine.one(select(Article.title)).await.unwrap();
    assert_eq!(title, "again");
}

#[tokio::test]
async fn a_deletion_beside_other_writes_holds_the_version_that_was_read() {
    let (fixture, mut session, article) = with_article().await;
    // In an engine that has not yet asked whether the role may lock rows.
    fixture.database.execute(ELSEWHERE).await;
    session.delete(article).unwrap();
    session.add(NewArticle::new(2, "other", 1));
    let error = session.commit().await.unwrap_err();
    assert!(error.is_stale(), "{error}");
    session.rollback().await.unwrap();
    let titles: Vec<String> = fixture.engine.all(select(Article.title)).await.unwrap();
    assert_eq!(titles, ["first"]);
}

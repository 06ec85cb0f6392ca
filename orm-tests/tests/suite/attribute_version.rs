//! A `version`: nobody overwrites what he has not read.

use orm_core::prelude::*;
use orm_core::types::Xmin;
use orm_tests::Fixture;

#[derive(Model, Clone, Debug, PartialEq)]
struct Article {
    #[orm(primary_key, generated)]
    id: i64,
    title: String,
    words: i32,
    #[orm(version)]
    version: i32,
}

async fn fixture() -> Fixture {
    Fixture::new(schema![Article]).await
}

#[tokio::test]
async fn a_new_row_has_version_one_and_each_change_counts_it_up() {
    let fixture = fixture().await;
    let mut session = fixture.session();
    let article = session.add(NewArticle::new("First", 100));
    session.commit().await.unwrap();
    assert_eq!(session[article].version, 1);
    session[article].words = 200;
    session.commit().await.unwrap();
    assert_eq!(session[article].version, 2);
    session[article].words = 300;
    session.flush().await.unwrap();
    assert_eq!(session[article].version, 3);
    session.commit().await.unwrap();
    let stored: Article = fixture.engine.one(select(Article)).await.unwrap();
    assert_eq!((stored.words, stored.version), (300, 3));
}

#[tokio::test]
async fn many_rows_of_one_insert_and_one_update_count_each_for_itself() {
    let fixture = fixture().await;
    let mut session = fixture.session();
    let articles = session.add_all((0..20).map(|n| NewArticle::new(format!("{n}"), n)));
    session.commit().await.unwrap();
    session[articles[3]].words = 1000;
    session.commit().await.unwrap();
    fixture.recorder.take();
    for &article in &articles {
        session[article].words += 1;
    }
    session.commit().await.unwrap();
    assert_eq!(fixture.recorder.take().statements.len(), 4, "BEGIN, locks, one UPDATE, COMMIT");
    for (n, &article) in articles.iter().enumerate() {
        assert_eq!(session[article].version, if n == 3 { 3 } else { 2 });
    }
}

/// Two sessions read the same rows, and the second changes some of them.
async fn changed_meanwhile(fixture: &Fixture, count: usize) -> (Session, Vec<Handle<Article>>) {
    let mut session = fixture.session();
    let articles = session.add_all((0..count).map(|n| NewArticle::new(format!("{n}"), 0)));
    session.commit().await.unwrap();
    let mut other = fixture.session();
    let last = session[articles[count - 1]].id;
    let theirs = other.find::<Article>(last).await.unwrap().unwrap();
    other[theirs].words = -1;
    other.commit().await.unwrap();
    (session, articles)
}

#[tokio::test]
async fn a_row_changed_by_somebody_else_is_not_overwritten() {
    for (count, commit) in [(1, true), (1, false), (3, true), (3, false)] {
        let fixture = fixture().await;
        let (mut session, articles) = changed_meanwhile(&fixture, count).await;
        for &article in &articles {
            session[article].words = 7;
        }
        let error = if commit { session.commit().await } else { session.flush().await }.unwrap_err();
        assert!(error.is_stale(), "{error:?}");
        let text = error.to_string();
        assert!(
            text.starts_with(
                "rows of `Article` to be updated are not there any more, or were changed by somebody else since they were \
                 read"
            ),
            "{text}"
        );
        assert!(text.ends_with(&format!(", by key: {count}")), "only the key of the changed row: {text}");
        session.rollback().await.unwrap();
        let words: Vec<i32> = fixture.engine.all(select(Article.words).order_by(Article.id)).await.unwrap();
        let mut expected = vec![0; count];
        expected[count - 1] = -1;
        assert_eq!(words, expected, "nothing was written");
    }
}

#[tokio::test]
async fn a_row_changed_by_somebody_else_is_not_deleted() {
    for (count, commit) in [(1, true), (1, false), (3, true), (3, false)] {
        let fixture = fixture().await;
        let (mut session, articles) = changed_meanwhile(&fixture, count).await;
        for &article in &articles {
            session.delete(article).unwrap();
        }
        let error = if commit { session.commit().await } else { session.flush().await }.unwrap_err();
        assert!(error.is_stale(), "{error:?}");
        session.rollback().await.unwrap();
        assert_eq!(fixture.engine.one(select(func::count(Article.id))).await.unwrap(), count as i64);
    }
}

#[tokio::test]
async fn an_update_statement_counts_the_version_up() {
    for synchronize in [Synchronize::Auto, Synchronize::Fetch, Synchronize::Evaluate] {
        let fixture = fixture().await;
        let mut session = fixture.session();
        let article = session.add(NewArticle::new("First", 100));
        session.commit().await.unwrap();
        let statement =
            update(Article).set(Article.words, Article.words + 1).all_rows().synchronize(synchronize);
        session.execute(statement).await.unwrap();
        assert_eq!((session[article].words, session[article].version), (101, 2), "{synchronize:?}");
        session[article].words = 5;
        session.commit().await.unwrap();
        assert_eq!(session[article].version, 3, "what the session knows of the version is right");
    }
}

#[tokio::test]
async fn an_update_statement_may_set_the_version_itself() {
    let fixture = fixture().await;
    fixture.engine.execute(insert(Article).values(NewArticle::new("First", 100))).await.unwrap();
    let alias = Article.alias("a");
    let statement = update(alias).set(alias.words, 1).set(alias.version, 40).filter(alias.version.eq(1));
    assert_eq!(fixture.engine.execute(statement).await.unwrap(), 1);
    let statement = update(alias).set(alias.words, 1).all_rows();
    fixture.engine.execute(statement).await.unwrap();
    assert_eq!(fixture.engine.one(select(Article.version)).await.unwrap(), 41);
}

#[tokio::test]
async fn a_version_is_not_for_the_program_to_change() {
    let fixture = fixture().await;
    let mut session = fixture.session();
    let article = session.add(NewArticle::new("First", 100));
    session.commit().await.unwrap();
    session[article].version = 9;
    let error = session.flush().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "`Article.version` was changed, and the flush itself counts the versions of a row: leave it as it is"
    );
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "pages")]
struct Page {
    #[orm(primary_key, generated)]
    id: i64,
    text: String,
    #[orm(version, column = "xmin")]
    version: Xmin,
}

#[tokio::test]
async fn a_version_is_not_for_the_program_to_change_beside_a_new_row_with_the_same_columns() {
    let fixture = fixture().await;
    let mut session = fixture.session();
    let article = session.add(NewArticle::new("First", 100));
    session.commit().await.unwrap();
    session.add(NewArticle::new("Second", 100));
    let changed = &mut session[article];
    (changed.title, changed.words, changed.version) = ("Changed".into(), 200, 7);
    let error = session.flush().await.unwrap_err();
    assert!(error.to_string().contains("`Article.version` was changed"), "{error}");
}

#[tokio::test]
async fn xmin_is_a_version_that_needs_no_column() {
    let fixture = Fixture::new(schema![Page]).await;
    let columns = "SELECT count(*) FROM pg_attribute WHERE attrelid = 'pages'::regclass AND attnum > 0";
    assert_eq!(fixture.database.query_text(columns).await, [[Some("2".to_owned())]]);
    assert!(fixture.engine.check_schema(schema![Page]).await.unwrap().is_empty());
    for count in [1, 3] {
        let mut session = fixture.session();
        let pages = session.add_all((0..count).map(|n: i32| NewPage::new(n.to_string())));
        session.commit().await.unwrap();
        let first = session[pages[0]].version;
        for &page in &pages {
            session[page].text.push('!');
        }
        session.commit().await.unwrap();
        assert_ne!(session[pages[0]].version, first);
        for &page in &pages {
            let stored = fixture.engine.one(select(Page).filter(Page.id.eq(session[page].id))).await.unwrap();
            assert_eq!(stored, session[page]);
        }
        // Twice in one transaction, and by a statement between.
        session[pages[0]].text.push('?');
        session.flush().await.unwrap();
        let changed = session[pages[0]].id;
        session.execute(update(Page).set(Page.text, "x").filter(Page.id.eq(changed))).await.unwrap();
        session[pages[0]].text.push('y');
        session.commit().await.unwrap();

        fixture
            .engine
            .execute(update(Page).set(Page.text, "theirs").filter(Page.id.eq(changed)))
            .await
            .unwrap();
        for &page in &pages {
            session[page].text = "ours".into();
        }
        let error = session.commit().await.unwrap_err();
        assert!(error.is_stale(), "{error:?}");
        assert!(error.to_string().ends_with(&format!(", by key: {changed}")), "{error}");
        session.rollback().await.unwrap();
        session.delete(pages[0]).unwrap();
        assert!(session.commit().await.unwrap_err().is_stale());
    }
}

#[tokio::test]
async fn xmin_is_nothing_a_program_sets() {
    let fixture = Fixture::new(schema![Page]).await;
    let error = fixture.engine.execute(update(Page).set(Page.version, Xmin(1)).all_rows()).await.unwrap_err();
    assert!(
        error.is_invalid_statement() && error.to_string().contains("`Page.version` is computed"),
        "{error}"
    );
}

#[tokio::test]
async fn a_version_is_not_the_programs_to_set() {
    let fixture = fixture().await;
    let mut session = fixture.session();
    let article = session.add(NewArticle::new("a", 1));
    session.commit().await.unwrap();
    let error = session.set(article, Article.version, 9).unwrap_err();
    assert!(error.to_string().contains("counts the versions"), "{error}");
    session[article].words = 2;
    session.commit().await.unwrap();
    assert_eq!(session[article].version, 2);
}

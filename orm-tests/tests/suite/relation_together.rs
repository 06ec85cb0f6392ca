//! Relations in one round trip, and as of one moment.

use orm_core::prelude::*;
use orm_tests::Fixture;

use super::blog::{Article, Author, Comment, NewArticle, Profile, Tag, blog, names};

/// Authors with their articles, read while another transaction holds them up and changes both.
async fn read_while_written(
    fixture: &Fixture,
    read: impl FnOnce(Select<(Author, Vec<Article>)>) -> Select<(Author, Vec<Article>)>,
) -> String {
    let mut holder = fixture.engine.begin().await.unwrap();
    holder.advisory_lock(7).await.unwrap();
    let waits = sql!("pg_advisory_xact_lock_shared(7) IS NOT NULL").cond();
    let statement = read(select(Author).filter(Author.id.eq(1)).filter(waits).with(Author.articles));
    let engine = fixture.engine.clone();
    let reading = tokio::spawn(async move { engine.one(statement).await });
    let waiting = sql!(
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted \
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    );
    while fixture.engine.one(waiting.clone().rows::<i64>()).await.unwrap() == 0 {
        tokio::task::yield_now().await;
    }
    holder.execute(update(Author).set(Author.name, "Eve").filter(Author.id.eq(1))).await.unwrap();
    holder.execute(delete(Article).filter(Article.author_id.eq(1))).await.unwrap();
    holder.execute(insert(Article).values(NewArticle::new(1, "new"))).await.unwrap();
    holder.commit().await.unwrap();
    let (author, articles) = reading.await.unwrap().unwrap();
    format!("{}: {}", author.name, names(&articles))
}

#[tokio::test]
async fn what_is_read_together_is_of_one_moment() {
    let fixture = blog().await;
    assert_eq!(read_while_written(&fixture, Select::together).await, "Ann: a b");
}

#[tokio::test]
async fn what_is_read_one_behind_the_other_may_be_of_two() {
    let fixture = blog().await;
    assert_eq!(read_while_written(&fixture, |statement| statement).await, "Ann: new");
}

type Everything = (Author, Vec<(Article, Vec<Comment>, Vec<Tag>)>, Option<Profile>, i64);

fn everything() -> Select<Everything> {
    select(Author)
        .with(Author.articles.with(Article.comments).with(Article.tags))
        .with(Author.profile)
        .with(Author.articles.filter(Article.title.ne("a")).count())
        .order_by(Author.id)
}

#[tokio::test]
async fn all_levels_are_one_round_trip() {
    let fixture = blog().await;
    let apart = fixture.engine.all(everything()).await.unwrap();
    fixture.recorder.take();
    assert_eq!(fixture.engine.all(everything().together()).await.unwrap(), apart);
    let sent = fixture.recorder.take();
    // Six of them, BEGIN and COMMIT; on a second run nothing has to be prepared.
    assert_eq!(sent.statements.len(), 8, "{sent:?}");
    fixture.engine.all(everything().together()).await.unwrap();
    assert_eq!(fixture.recorder.take().round_trips, 1);
}

#[tokio::test]
async fn it_is_the_same_whatever_the_condition() {
    let fixture = blog().await;
    let engine = &fixture.engine;
    let last = || Author.articles.order_by(Article.id.desc()).limit(1);
    for statement in [
        select(Author).with(last()).order_by(Author.name.desc()).limit(2),
        select(Author).with(last()).order_by(Author.id).limit(1).offset(1),
        select(Author).with(last()).filter(Author.articles.any(Article.title.eq("c"))),
        select(Author).join_relation(Author.articles).with(last()).order_by((Author.id, Article.id)),
        select(Author).with(last()).filter(Author.id.lt(0)),
    ] {
        let apart = engine.all(&statement).await.unwrap();
        assert_eq!(engine.all(statement.together()).await.unwrap(), apart);
    }
    // A table that only the conditions name is that of the statement, not of the one for its articles.
    let joined = select((Author, Article.title)).filter(Article.author_id.eq(Author.id)).order_by(Article.id);
    let joined = joined.with(Author.articles);
    assert_eq!(engine.all(joined.clone().together()).await.unwrap(), engine.all(joined).await.unwrap());
}

#[tokio::test]
async fn a_session_reads_together_in_its_own_transaction() {
    let fixture = blog().await;
    let mut session = fixture.session();
    let author = session.one(select(Author).filter(Author.id.eq(1))).await.unwrap();
    fixture.recorder.take();
    let statement = select(Article).together().with(Article.author).order_by(Article.id);
    let rows: Vec<(Handle<Article>, Handle<Author>)> = session.all(statement).await.unwrap();
    assert_eq!(rows[0].1, author);
    let sent = fixture.recorder.take();
    assert_eq!(sent.statements.len(), 2, "{sent:?}");
}

#[tokio::test]
async fn a_union_is_not_read_together() {
    let fixture = blog().await;
    let some = |id| select(Author).filter(Author.id.eq(id));
    let statement = some(1).union(some(2)).with(Author.articles).together();
    let error = fixture.engine.all(statement).await.expect_err("no condition");
    assert!(error.is_invalid_statement() && error.to_string().contains("`together`"), "{error}");
    assert!(fixture.recorder.take().statements.is_empty());
}

#[tokio::test]
async fn a_condition_that_differs_each_time_is_refused() {
    let fixture = blog().await;
    let together = || select(Author).with(Author.articles).together();
    orm_core::function! {
        fn clock_timestamp() -> chrono::DateTime<chrono::Utc>;
    }
    let some = select((Author.id, func::random())).derived("some");
    for statement in [
        together().order_by(func::random()).limit(2),
        together().filter(func::random().lt(0.5)),
        together().filter(sql!("{Author.id} < 9 * Random()").cond()),
        together().filter(clock_timestamp().gt(chrono::DateTime::UNIX_EPOCH)),
        together().filter(Author.id.in_(select(Author.id).filter(func::random().lt(0.5)))),
        together().join(&some, some.0.eq(Author.id) & some.1.lt(0.5)),
    ] {
        let error = fixture.engine.all(statement).await.expect_err("other rows each time");
        assert!(error.is_invalid_statement() && error.to_string().contains("each time"), "{error}");
    }
    assert!(fixture.recorder.take().statements.is_empty());
    // Where it says neither which rows nor how many, it is fine.
    assert_eq!(fixture.engine.all(together().order_by(func::random())).await.unwrap().len(), 3);
    let error = fixture.engine.page_after(select(Author).order_by(func::random()), None, 2).await;
    assert!(error.unwrap_err().is_invalid_statement());
}

//! Behind PgBouncer: what a pooler keeps is used, and nothing else. Where it is not installed these tests are skipped.

mod context;
mod two_programs;

use std::time::Duration;

use futures_util::TryStreamExt;
use orm_core::prelude::*;
use orm_tests::models::{Mood, NewPet, NewUser, Pet, Post, User};
use orm_tests::{Database, Fixture, PgBouncer, poll_times};
use tokio::time::timeout;
use tokio_postgres::NoTls;

const LONG: Duration = Duration::from_secs(20);

/// Two connections of the server for all clients.
const TWO: &[&str] = &["default_pool_size = 2"];

fn users(count: usize) -> Vec<NewUser> {
    (0..count).map(|number| NewUser { name: format!("user {number}"), age: Some(1) }).collect()
}

/// What each of the pooler's connections of the server says, where there are so many.
async fn of_each_server(pooler: &PgBouncer, servers: usize, sql: &str) -> Vec<String> {
    let mut said = Vec::new();
    let mut open = Vec::new();
    for _ in 0..servers {
        let (client, connection) = tokio_postgres::connect(pooler.url(), NoTls).await.unwrap();
        tokio::spawn(connection);
        // As long as it is open, the transaction has that connection to itself.
        client.batch_execute("BEGIN").await.unwrap();
        let rows = client.simple_query(sql).await.unwrap();
        let value = rows.iter().find_map(|message| match message {
            tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0),
            _ => None,
        });
        said.push(value.unwrap().to_owned());
        open.push(client);
    }
    said
}

async fn named_statements(pooler: &PgBouncer, servers: usize) -> Vec<String> {
    of_each_server(pooler, servers, "SELECT count(*) FROM pg_prepared_statements").await
}

/// Each verb of an engine, of a transaction and of a session.
async fn use_every_verb(engine: &Engine) -> Result<(), Error> {
    let moods = || select(Pet.mood).distinct();
    assert_eq!(engine.execute(insert(User).values(users(2_100))).await?, 2_100);
    let pet = NewPet { name: "Rex".into(), mood: Mood::VerySad, wish: None };
    engine.execute(insert(Pet).values(pet)).await?;
    for _ in 0..3 {
        let first = engine.first(select(User).order_by(User.id)).await?.expect("a user");
        assert_eq!(engine.one(select(User).filter(User.id.eq(first.id))).await?, first);
        assert_eq!(engine.one_or_none(select(User).filter(User.id.eq(0))).await?, None);
        assert_eq!(engine.all(select(Pet)).await?[0].mood, Mood::VerySad);
        assert_eq!(engine.all(moods()).await?, [Mood::VerySad]);
        let read: Vec<User> = engine.stream(select(User)).await?.try_collect().await?;
        assert_eq!(read.len(), 2_100);
        let read: Vec<Mood> = engine.stream(moods()).await?.try_collect().await?;
        assert_eq!(read, [Mood::VerySad]);
        let (read, count) = engine.batch((moods(), select(func::count(User.id)))).await?;
        assert_eq!((read, count), (vec![Mood::VerySad], vec![2_100]));
        let with_posts = select(User).with(User.posts).order_by(User.id).limit(3);
        assert_eq!(engine.all(with_posts).await?.len(), 3);
        let mut saved = Tracked::new(first);
        saved.age = saved.age.map(|age| age + 1);
        engine.save(&mut saved).await?;

        let mut transaction = engine.begin().await?;
        transaction.savepoint("one");
        assert_eq!(transaction.execute(update(User).set(User.age, 5).all_rows()).await?, 2_100);
        transaction.rollback_to("one").await?;
        assert_eq!(transaction.all(moods()).await?, [Mood::VerySad]);
        assert_eq!(transaction.all(select(Pet.wish).distinct()).await?, [None]);
        transaction.advisory_lock(7).await?;
        transaction.commit_with((update(Pet).set(Pet.wish, None).all_rows(), moods())).await?;
        let mut transaction = engine.begin().await?;
        assert_eq!(transaction.all(moods()).await?, [Mood::VerySad]);
        transaction.rollback().await?;

        let mut session = SessionMaker::new(engine.clone()).session();
        let ann = session.add(NewUser::new("Ann"));
        session.commit().await?;
        session[ann].age = Some(30);
        session.flush().await?;
        assert_eq!(session.all(moods()).await?, [Mood::VerySad]);
        session.rollback().await?;
        assert_eq!(session.one(select(User.age).filter(User.name.eq("Ann"))).await?, None);
        session.delete(ann)?;
        session.commit().await?;
    }
    Ok(())
}

async fn fixture_behind(settings: &[&str]) -> Option<(Fixture, PgBouncer)> {
    let fixture = Fixture::new(schema![User, Post, Pet]).await;
    let pooler = PgBouncer::start(&fixture.database, settings)?;
    Some((fixture, pooler))
}

#[tokio::test]
async fn a_direct_connection_is_none() {
    let database = Database::create().await;
    let status = Engine::builder(database.url()).connect().await.unwrap().status();
    assert!(!status.is_pooled && status.has_named_statements);
}

#[tokio::test]
async fn every_verb_works_and_leaves_nothing_named_behind() {
    let Some((_fixture, pooler)) = fixture_behind(TWO).await else { return };
    let engine = Engine::builder(pooler.url()).pool_size(4).connect().await.unwrap();
    let status = engine.status();
    assert!(status.is_pooled && !status.has_named_statements);
    use_every_verb(&engine).await.unwrap();
    assert_eq!(named_statements(&pooler, 2).await, ["0", "0"]);
}

#[tokio::test]
async fn tables_are_made_and_compared() {
    let database = Database::create().await;
    let Some(pooler) = PgBouncer::start(&database, TWO) else { return };
    let engine = Engine::builder(pooler.url()).connect().await.unwrap();
    let schema = || schema![User, Post, Pet];
    engine.create_all(schema()).await.unwrap();
    engine.check_schema(schema()).await.unwrap().into_result().unwrap();
    use_every_verb(&engine).await.unwrap();
    engine.drop_all(schema()).await.unwrap();
    assert_eq!(named_statements(&pooler, 2).await, ["0", "0"]);
}

#[tokio::test]
async fn many_at_once_get_their_own_answers() {
    let Some((_fixture, pooler)) = fixture_behind(TWO).await else { return };
    let engine = Engine::builder(pooler.url()).pool_size(8).connect().await.unwrap();
    engine
        .execute(insert(Pet).values(NewPet { name: "Rex".into(), mood: Mood::Happy, wish: None }))
        .await
        .unwrap();
    let tasks = (0..8_i32).map(|task| {
        let engine = engine.clone();
        tokio::spawn(async move {
            for round in 0..20 {
                let (sum, moods) = (select(lit(task) + lit(round)), select(Pet.mood).distinct());
                assert_eq!(engine.one(sum).await.unwrap(), task + round);
                if round % 5 == task % 5 {
                    assert_eq!(engine.all(moods).await.unwrap(), [Mood::Happy]);
                }
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        timeout(LONG, task).await.unwrap().unwrap();
    }
    assert_eq!(named_statements(&pooler, 2).await, ["0", "0"]);
}

#[tokio::test]
async fn a_pooler_of_sessions_that_is_declared_gets_names_and_settings() {
    let Some((_fixture, pooler)) = fixture_behind(&["pool_mode = session"]).await else { return };
    let builder = Engine::builder(pooler.url()).pooler(Pooler::Session).statement_timeout(LONG);
    let engine = builder.connect().await.unwrap();
    let status = engine.status();
    assert!(status.is_pooled && status.has_named_statements);
    use_every_verb(&engine).await.unwrap();
    let setting = func::call::<String>("current_setting", "statement_timeout").never_null();
    assert_eq!(engine.one(select(setting)).await.unwrap(), "20s");
}

/// The setting is a transaction's, and that of no other client.
#[tokio::test]
async fn a_time_limit_goes_with_each_transaction_and_to_nobody_else() {
    let Some((_fixture, pooler)) = fixture_behind(&["default_pool_size = 1"]).await else { return };
    let setting = || select(func::call::<String>("current_setting", "statement_timeout").never_null());
    for declared in [Pooler::Detect, Pooler::Transaction] {
        let builder = Engine::builder(pooler.url()).pooler(declared).statement_timeout(LONG);
        let engine = builder.connect().await.unwrap();
        let mut transaction = engine.begin().await.unwrap();
        assert_eq!(transaction.one(setting()).await.unwrap(), "20s");
        transaction.commit().await.unwrap();
        assert_eq!(of_each_server(&pooler, 1, "SHOW statement_timeout").await, ["0"]);
    }
}

#[tokio::test]
async fn a_dropped_statement_is_cancelled() {
    let Some((fixture, pooler)) = fixture_behind(TWO).await else { return };
    let engine = Engine::builder(pooler.url()).pool_size(1).connect().await.unwrap();
    for _ in 0..3 {
        let sleep = select(func::call::<Option<String>>("pg_sleep", 60.0_f64).cast::<String>());
        assert!(poll_times(3, engine.all(sleep)).await.is_none());
        let one = timeout(LONG, engine.one(select(lit(1)))).await.expect("the statement is cancelled");
        assert_eq!(one.unwrap(), 1);
    }
    fixture.database.wait_until_idle().await;
}

#[derive(Model, Clone, Debug)]
#[orm(table = "links")]
struct Link {
    #[orm(primary_key)]
    id: i32,
    #[orm(references = Link.id, deferrable = initially_deferred)]
    to: i32,
}

/// COMMIT goes out behind the rows of a COPY, and is refused.
#[tokio::test]
async fn a_commit_refused_behind_many_rows_comes_back() {
    let fixture = Fixture::new(schema![Link]).await;
    let Some(pooler) = PgBouncer::start(&fixture.database, &["default_pool_size = 1"]) else { return };
    // One program alone, so that its names are safe.
    let builder = Engine::builder(pooler.url()).pooler(Pooler::PreparedStatements).pool_size(1);
    let engine = builder.connect().await.unwrap();
    for _ in 0..30 {
        let links = (0..2_000).map(|id| NewLink { id, to: 5_000.into() });
        let inserted = engine.execute(insert(Link).values(links.collect::<Vec<_>>()));
        let error = timeout(LONG, inserted).await.expect("an answer").unwrap_err();
        assert!(error.is_foreign_key_violation(), "{error}");
    }
    assert_eq!(engine.one(select(func::count(Link.id))).await.unwrap(), 0);
}

#[tokio::test]
async fn settings_of_the_login_that_it_refuses_are_told() {
    let Some((_fixture, pooler)) = fixture_behind(&[]).await else { return };
    let url = format!("{}?options=-csearch_path%3Dpublic", pooler.url());
    let text = Engine::builder(url).connect().await.unwrap_err().to_string();
    assert!(text.contains("options") && text.contains("`ignore_startup_parameters`"), "{text}");
}

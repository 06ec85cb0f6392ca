//! What servers do that speak PostgreSQL's protocol and are another engine, emulated on PostgreSQL.

use std::sync::Arc;

use orm_core::engine::EngineBuilder;
use orm_core::prelude::*;
use orm_tests::models::{NewUser, User};
use orm_tests::{Database, Recorder};

#[derive(Model, Clone, Debug)]
#[orm(table = "articles")]
pub struct Article {
    #[orm(primary_key)]
    pub id: i64,
    pub words: i32,
    #[orm(version)]
    pub version: i32,
}

/// Refuses to insert users until it was asked so often, as an engine does that finds collisions by itself.
fn collide(until: i32, trigger: &str) -> String {
    format!(
        "CREATE SEQUENCE tries; CREATE FUNCTION collide() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
         IF nextval('tries') < {until} THEN RAISE EXCEPTION 'restart transaction' USING ERRCODE = '40001'; END IF; \
         RETURN NEW; END $$; {trigger} FOR EACH ROW EXECUTE FUNCTION collide()"
    )
}

const AT_ONCE: &str = "CREATE TRIGGER collide BEFORE INSERT OR UPDATE ON users";
const AT_COMMIT: &str =
    "CREATE CONSTRAINT TRIGGER collide AFTER INSERT ON users DEFERRABLE INITIALLY DEFERRED";

async fn engine(
    database: &Database,
    settings: impl FnOnce(EngineBuilder) -> EngineBuilder,
) -> (Engine, Recorder) {
    let recorder = Recorder::default();
    let builder = Engine::builder(database.url()).observe(Arc::new(recorder.clone()));
    let engine = settings(builder).connect().await.unwrap();
    engine.create_all(schema![User, Article]).await.unwrap();
    (engine, recorder)
}

fn inserts(recorder: &Recorder) -> usize {
    recorder.take().statements.iter().filter(|sql| sql.contains("INSERT INTO \"users\"")).count()
}

#[tokio::test]
async fn statement_that_collided_is_sent_again() {
    let database = Database::create().await;
    let (engine, recorder) = engine(&database, |builder| builder).await;
    database.execute(&collide(3, AT_ONCE)).await;
    let ann = || insert(User).values([NewUser::new("Ann")]);
    assert_eq!(engine.execute(ann()).await.unwrap(), 1);
    assert_eq!(inserts(&recorder), 3);

    database.execute("ALTER SEQUENCE tries RESTART").await;
    assert_eq!(engine.one(ann().returning(User.name)).await.unwrap(), "Ann");
    assert_eq!(inserts(&recorder), 3);

    let mut user = Tracked::new(engine.first(select(User)).await.unwrap().unwrap());
    database.execute("ALTER SEQUENCE tries RESTART").await;
    user.age = Some(30);
    engine.save(&mut user).await.unwrap();
    assert_eq!(engine.all(select(User.age).filter(User.age.is_not_null())).await.unwrap(), [Some(30)]);
}

#[tokio::test]
async fn statement_that_collides_again_and_again_is_an_error_in_the_end() {
    let database = Database::create().await;
    let (engine, recorder) = engine(&database, |builder| builder.attempts(2)).await;
    database.execute(&collide(100, AT_ONCE)).await;
    let ann = || insert(User).values([NewUser::new("Ann")]);
    assert!(engine.execute(ann()).await.unwrap_err().is_retryable());
    assert_eq!(inserts(&recorder), 2);
    assert!(engine.batch((ann(), ann())).await.unwrap_err().is_retryable());
    assert_eq!(inserts(&recorder), 2, "what stands beside others is not sent again");
    let mut transaction = engine.begin().await.unwrap();
    assert!(transaction.execute(ann()).await.unwrap_err().is_retryable());
    assert_eq!(inserts(&recorder), 1, "inside a transaction nothing is sent again");
}

#[tokio::test]
async fn work_whose_commit_collided_is_done_again() {
    let database = Database::create().await;
    let (engine, _) = engine(&database, |builder| builder).await;
    database.execute(&collide(3, AT_COMMIT)).await;
    let sessions = SessionMaker::new(engine.clone());
    let add = async |session: &mut Session| {
        session.add(NewUser::new("Ann"));
        Ok::<_, orm_core::Error>(())
    };
    sessions.run(add).await.unwrap();
    assert_eq!(engine.all(select(User.name)).await.unwrap(), ["Ann"]);
    assert_eq!(database.query_text("SELECT last_value FROM tries").await, [[Some("3".to_owned())]]);
}

#[tokio::test]
async fn flush_without_row_locks_locks_nothing_and_still_compares_versions() {
    let database = Database::create().await;
    for locks in [true, false] {
        let (engine, recorder) = engine(&database, |builder| builder.row_locks(locks)).await;
        let mut session = SessionMaker::new(engine.clone()).session();
        let offset = if locks { 0 } else { 10 };
        let articles =
            session.add_all((1..=2).map(|id| NewArticle { id: offset + id, words: 1 }).collect::<Vec<_>>());
        session.commit().await.unwrap();
        recorder.take();
        let users = session.add_all([NewUser::new("Ann"), NewUser::new("Ben")]);
        for &article in &articles {
            session[article].words = 2;
        }
        session.commit().await.unwrap();
        let sent = recorder.take().statements;
        assert_eq!(sent.iter().any(|sql| sql.contains("FOR NO KEY UPDATE")), locks, "{sent:?}");

        database.execute("UPDATE articles SET version = version + 1").await;
        for &article in &articles {
            session[article].words = 3;
        }
        users.iter().for_each(|&user| session.delete(user).unwrap());
        assert!(session.commit().await.unwrap_err().is_stale());
        let sent = recorder.take().statements;
        assert_eq!(sent.iter().any(|sql| sql.contains("UPDATE OF t")), locks, "{sent:?}");
    }
}

#[tokio::test]
async fn tables_are_made_without_an_advisory_lock_where_there_is_none() {
    let database = Database::create().await;
    for locks in [true, false] {
        let (engine, recorder) = engine(&database, |builder| builder.advisory_locks(locks)).await;
        engine.drop_all(schema![User, Article]).await.unwrap();
        let sent = recorder.take().statements;
        assert_eq!(sent.iter().filter(|sql| sql.contains("advisory")).count(), if locks { 2 } else { 0 });
    }
}

//! A network, or a server, that says nothing any more: every wait has an end, and the answer is true.

use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use orm_core::Transaction;
use orm_core::engine::EngineBuilder;
use orm_core::prelude::*;
use orm_core::{RowStream, Session};
use orm_tests::models::{NewUser, Post, User};
use orm_tests::{Database, Proxy};
use tokio::time::timeout;

const SHORT: Duration = Duration::from_millis(200);
/// Within this all of a test is done, also on a busy machine.
const LONG: Duration = Duration::from_secs(20);

/// A connection through a proxy that can fall silent.
struct Line {
    proxy: Proxy,
    engine: Engine,
}

impl Line {
    async fn new(database: &Database, limit: fn(EngineBuilder) -> EngineBuilder) -> Line {
        let proxy = Proxy::start(database.url()).await;
        let builder = Engine::builder(proxy.url()).pool_size(1).cancel_timeout(SHORT).liveness_timeout(None);
        let engine = limit(builder).connect().await.unwrap();
        Line { proxy, engine }
    }

    async fn transaction(&self) -> Transaction {
        let mut transaction = self.engine.begin().await.unwrap();
        transaction.execute(insert(User).values(ann())).await.unwrap();
        transaction
    }

    async fn session(&self) -> Session {
        let mut session = SessionMaker::new(self.engine.clone()).session();
        session.add(ann());
        session.flush().await.unwrap();
        session
    }

    /// What comes of some work that is done while nothing moves.
    async fn silent<T>(&self, work: impl Future<Output = Result<T, Error>>) -> Error {
        self.proxy.stall();
        let since = Instant::now();
        let result = timeout(LONG, work).await.expect("it has an end");
        assert!(since.elapsed() < LONG);
        self.proxy.resume();
        match result {
            Ok(_) => panic!("there was no answer"),
            Err(error) => error,
        }
    }
}

async fn database() -> Database {
    let database = Database::create().await;
    let engine = Engine::builder(database.url()).connect().await.unwrap();
    engine.create_all(schema![User, Post]).await.unwrap();
    database
}

fn ann() -> NewUser {
    NewUser::new("Ann")
}

fn many() -> Vec<NewUser> {
    (0..2_500).map(|number| NewUser::new(format!("user {number} {}", "x".repeat(400)))).collect()
}

fn slow() -> orm_core::query::Select<i32> {
    select(func::call::<i32>("slow", ()).never_null())
}

type Trial<'l> = Pin<Box<dyn Future<Output = (&'static str, Error)> + 'l>>;

/// Every verb, each on a line of its own that falls silent; what each says.
fn trials(lines: &[Line]) -> Vec<Trial<'_>> {
    fn trial<'l>(name: &'static str, work: impl Future<Output = Error> + 'l) -> Trial<'l> {
        Box::pin(async move { (name, work.await) })
    }
    let l = lines;
    vec![
        trial("one", l[0].silent(l[0].engine.one(select(User.name)))),
        trial("all", l[1].silent(l[1].engine.all(select(User.name)))),
        trial("stream", l[2].silent(async { next(l[2].engine.stream(select(User.name)).await?).await })),
        trial("execute", l[3].silent(l[3].engine.execute(update(User).set(User.age, 1).all_rows()))),
        trial("insert of many", l[4].silent(l[4].engine.execute(insert(User).values(many())))),
        trial("batch", l[5].silent(l[5].engine.create_all(schema![User, Post]))),
        trial("transaction", async {
            let mut transaction = l[6].transaction().await;
            let error = l[6].silent(transaction.all(select(User.name))).await;
            transaction.rollback().await.unwrap();
            error
        }),
        trial("copy", async {
            let mut transaction = l[7].transaction().await;
            l[7].silent(transaction.execute(insert(User).values(many()))).await
        }),
        trial("commit", async {
            let transaction = l[8].transaction().await;
            l[8].silent(transaction.commit()).await
        }),
        trial("rollback_to", async {
            let mut transaction = l[9].transaction().await;
            transaction.savepoint("here");
            transaction.execute(insert(User).values(ann())).await.unwrap();
            l[9].silent(transaction.rollback_to("here")).await
        }),
        trial("flush", async {
            let mut session = l[10].session().await;
            session.add(ann());
            let error = l[10].silent(session.flush()).await;
            session.rollback().await.unwrap();
            error
        }),
        trial("session commit", async {
            let mut session = l[11].session().await;
            session.add(ann());
            let error = l[11].silent(session.commit()).await;
            let rolled_back = session.rollback().await;
            assert!(rolled_back.is_ok() || error.is_outcome_unknown(), "{rolled_back:?}");
            error
        }),
        trial("nested", async {
            let mut session = l[12].session().await;
            let mut nested = session.begin_nested().await.unwrap();
            nested.add(ann());
            nested.flush().await.unwrap();
            let error = l[12].silent(nested.rollback()).await;
            session.rollback().await.unwrap();
            error
        }),
    ]
}

async fn next<T>(mut rows: RowStream<'_, T>) -> Result<T, Error> {
    rows.next().await.expect("a row or an error")
}

const VERBS: usize = 13;

/// Which of the verbs leave it open what has become of what they were to write.
const UNKNOWN: [&str; 5] = ["execute", "insert of many", "commit", "session commit", "batch"];

async fn every_verb_has_an_end(limit: fn(EngineBuilder) -> EngineBuilder, timeout: Option<Duration>) {
    let database = database().await;
    let line = |_| async {
        let mut line = Line::new(&database, limit).await;
        if let Some(timeout) = timeout {
            line.engine = line.engine.timeout(timeout);
        }
        line
    };
    let lines = join_all((0..VERBS).map(line)).await;
    for (verb, error) in join_all(trials(&lines)).await {
        assert!(error.is_timeout() && error.is_connection_lost(), "{verb}: {error:?}");
        assert!(!error.is_committed(), "{verb}: {error:?}");
        if !UNKNOWN.contains(&verb) {
            assert!(!error.is_outcome_unknown(), "{verb}: {error:?}");
        }
    }
    for line in lines {
        // A new connection is as good as the first.
        let one: i32 = line.engine.one(select(lit(1))).await.unwrap();
        assert_eq!((one, line.engine.status().opened), (1, 2));
    }
}

#[tokio::test]
async fn every_verb_ends_when_its_time_is_over() {
    every_verb_has_an_end(|builder| builder, Some(Duration::from_millis(1200))).await;
}

#[tokio::test]
async fn every_verb_ends_where_the_server_does_not_keep_statement_timeout() {
    every_verb_has_an_end(|builder| builder.statement_timeout(Duration::from_millis(400)), None).await;
}

#[tokio::test]
async fn every_verb_ends_where_the_server_is_not_there_any_more() {
    every_verb_has_an_end(|builder| builder.liveness_timeout(Duration::from_millis(300)), None).await;
}

#[tokio::test]
async fn a_write_without_an_answer_is_of_unknown_outcome() {
    let database = database().await;
    let line = Line::new(&database, |builder| builder.liveness_timeout(SHORT)).await;
    let error = line.silent(line.engine.execute(insert(User).values(ann()))).await;
    assert!(error.is_outcome_unknown() && error.is_timeout(), "{error:?}");
    assert!(error.to_string().contains("nothing came from the server"), "{error}");
    let transaction = line.transaction().await;
    let error = line.silent(transaction.commit()).await;
    assert!(error.is_outcome_unknown() && error.is_timeout(), "{error:?}");
}

#[tokio::test]
async fn rollback_has_an_end_by_itself_and_is_true() {
    let database = database().await;
    for is_running in [false, true] {
        let line = Line::new(&database, |builder| builder).await;
        let mut transaction = line.transaction().await;
        line.proxy.stall();
        if is_running {
            assert!(timeout(SHORT / 2, transaction.all(select(User.id))).await.is_err());
        }
        timeout(LONG, transaction.rollback())
            .await
            .expect("it has an end")
            .expect("nothing can be committed");
        line.proxy.resume();
        let users: i64 = line.engine.one(select(func::count(User.id))).await.unwrap();
        assert_eq!((users, line.engine.status().opened), (0, 2));
    }
}

#[tokio::test]
async fn a_statement_that_runs_long_is_waited_for_where_the_server_is_there() {
    let database = database().await;
    database
        .execute("CREATE FUNCTION slow() RETURNS int LANGUAGE sql AS 'SELECT pg_sleep(0.6); SELECT 1'")
        .await;
    let line =
        Line::new(&database, |b| b.liveness_timeout(Duration::from_millis(50)).cancel_timeout(LONG)).await;
    assert_eq!(line.engine.one(slow()).await.unwrap(), 1);
    assert_eq!(line.engine.status().opened, 1);
}

#[tokio::test]
async fn rows_that_the_program_does_not_take_are_not_waited_for() {
    let database = database().await;
    let line = Line::new(&database, |builder| {
        builder.liveness_timeout(Duration::from_millis(500)).cancel_timeout(Duration::from_secs(5))
    })
    .await;
    let numbers = "CREATE VIEW numbers AS SELECT n::bigint AS id, repeat('x', 1000) AS name FROM generate_series(1, 5000) n";
    database.execute(numbers).await;
    let mut rows = line.engine.stream(select(Number)).await.unwrap();
    rows.next().await.unwrap().unwrap();
    // Nothing moves, for the program takes nothing, and it is no matter whether the server is there.
    line.proxy.stall();
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    line.proxy.resume();
    let mut taken = 1;
    while let Some(row) = rows.next().await {
        row.unwrap();
        taken += 1;
    }
    assert_eq!((taken, line.engine.status().opened), (5_000, 1));
}

#[derive(Model, Clone, Debug)]
#[orm(table = "numbers")]
struct Number {
    #[orm(primary_key)]
    id: i64,
    name: String,
}

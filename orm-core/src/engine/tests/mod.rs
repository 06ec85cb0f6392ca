//! Tests of the engine against a server.

mod dropping;
mod ending;
mod hosts;
mod listening;
mod observing;
mod settings;
mod statement;
mod stream;
mod transaction;

use std::sync::{Arc, Mutex};

use orm_tests::{Database, poll_times};

use super::{
    Answer, Columns, Connection, Engine, EngineBuilder, ListenEvent, Listener, Observer, Request,
    StatementEvent, TransactionMode,
};
use crate::error::Error;
use crate::types::Parameter;

fn sql(sql: &str) -> Request<'_> {
    Request::new(sql, &[], Columns::Builtin)
}

fn with<'a>(sql: &'a str, parameters: &'a [Parameter]) -> Request<'a> {
    Request::new(sql, parameters, Columns::Builtin)
}

fn look_up(sql: &str) -> Request<'_> {
    Request::new(sql, &[], Columns::LookUp)
}

fn int(value: i32) -> [Parameter; 1] {
    [Parameter::new(value)]
}

fn number(answer: &Answer) -> i64 {
    answer.rows[0].get(0)
}

fn name_in_pg(database: &Database) -> EngineBuilder {
    Engine::builder(database.url())
}

/// An engine with one connection.
async fn engine(database: &Database) -> Engine {
    name_in_pg(database).pool_size(1).connect().await.expect("a connection")
}

async fn count(engine: &Engine, query: &str) -> i64 {
    let mut connection = engine.acquire().await.expect("a connection");
    number(&connection.query(sql(query)).await.expect("a number"))
}

/// Remembers what it saw.
#[derive(Default)]
struct Recorder {
    statements: Mutex<Vec<String>>,
    round_trips: Mutex<Vec<usize>>,
}

impl Observer for Recorder {
    fn statement(&self, event: &StatementEvent<'_>) {
        let failed = if event.error.is_some() { " failed" } else { "" };
        self.statements
            .lock()
            .expect("no panic")
            .push(format!("{} {:?}{failed}", event.sql, event.parameters));
    }

    fn round_trip(&self, statements: usize) {
        self.round_trips.lock().expect("no panic").push(statements);
    }
}

impl Recorder {
    fn take(&self) -> (Vec<String>, Vec<usize>) {
        let statements = std::mem::take(&mut *self.statements.lock().expect("no panic"));
        (statements, std::mem::take(&mut *self.round_trips.lock().expect("no panic")))
    }
}

async fn recorded(database: &Database) -> (Engine, Arc<Recorder>) {
    let recorder = Arc::new(Recorder::default());
    let engine =
        name_in_pg(database).pool_size(1).observe(recorder.clone()).connect().await.expect("a connection");
    (engine, recorder)
}

fn error<T>(result: Result<T, Error>) -> Error {
    match result {
        Ok(_) => panic!("expected an error"),
        Err(error) => error,
    }
}

async fn begun(engine: &Engine) -> Connection {
    let mut connection = engine.acquire().await.expect("a connection");
    connection.begin(TransactionMode::default());
    connection
}

fn is_send<T: Send>(value: T) -> T {
    value
}

#[tokio::test]
async fn futures_are_send() {
    let database = Database::create().await;
    let engine = engine(&database).await;
    let mut connection = is_send(engine.acquire()).await.expect("a connection");
    is_send(connection.query(sql("SELECT 1"))).await.expect("one");
    is_send(connection.pipeline(&[sql("SELECT 1")])).await.expect("one");
    drop(is_send(connection.stream(sql("SELECT 1"))).await.expect("rows"));
    is_send(connection.batch("SELECT 1")).await.expect("done");
    is_send(connection.commit()).await.expect("done");
    is_send(connection.rollback()).await.expect("done");
    is_send(connection);
}

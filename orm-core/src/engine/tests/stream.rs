//! Rows as they come.

use std::future::poll_fn;

use orm_tests::Database;

use super::super::StatementRows;
use super::{Connection, begun, count, engine, error, look_up, number, sql};
use crate::error::Error;

async fn next(rows: &mut StatementRows, connection: &mut Connection) -> Option<Result<i32, Error>> {
    poll_fn(|cx| rows.poll_next(cx, connection)).await.map(|row| row.map(|row| row.get(0)))
}

const MANY: &str = "SELECT i, repeat('x', 100) FROM generate_series(1, 100000) i";

#[tokio::test]
async fn a_stream_gives_all_rows() {
    let database = Database::create().await;
    let engine = engine(&database).await;
    for request in [sql(MANY), look_up(MANY), sql(MANY)] {
        let mut connection = begun(&engine).await;
        let mut rows = connection.stream(request).await.expect("rows");
        let mut seen = 0;
        while let Some(row) = next(&mut rows, &mut connection).await {
            seen += 1;
            assert_eq!(row.expect("a row"), seen);
        }
        assert_eq!(seen, 100_000);
        connection.query(sql("SELECT 1")).await.expect("the connection is free, also while `rows` is there");
        connection.commit().await.expect("committed");
    }
}

#[tokio::test]
async fn a_stream_read_half_way_hurts_nobody() {
    let database = Database::create().await;
    let engine = engine(&database).await;
    for begin in [false, true] {
        let mut connection =
            if begin { begun(&engine).await } else { engine.acquire().await.expect("a connection") };
        let mut rows = connection.stream(sql(MANY)).await.expect("rows");
        assert_eq!(next(&mut rows, &mut connection).await.expect("a row").expect("a row"), 1);
        let refused = error(connection.query(sql("SELECT 1")).await);
        assert!(refused.to_string().contains("a stream of this connection is open"), "{refused}");
        drop(rows);
        drop(connection);
        assert_eq!(count(&engine, "SELECT 1::bigint").await, 1);
    }
}

#[tokio::test]
async fn a_transaction_goes_on_after_half_a_stream() {
    let database = Database::create().await;
    let engine = engine(&database).await;
    let mut connection = begun(&engine).await;
    let mut rows = connection.stream(sql(MANY)).await.expect("rows");
    next(&mut rows, &mut connection).await.expect("a row").expect("a row");
    drop(rows);
    assert_eq!(number(&connection.query(sql("SELECT 7::bigint")).await.expect("a number")), 7);
    connection.commit().await.expect("committed");
}

#[tokio::test]
async fn an_error_in_the_middle_fails_the_transaction() {
    let database = Database::create().await;
    let engine = engine(&database).await;
    let mut connection = begun(&engine).await;
    let mut rows =
        connection.stream(sql("SELECT 1 / (5 - i) FROM generate_series(1, 9) i")).await.expect("rows");
    for _ in 1..5 {
        next(&mut rows, &mut connection).await.expect("a row").expect("a row");
    }
    assert_eq!(error(next(&mut rows, &mut connection).await.expect("an error")).code(), Some("22012"));
    assert!(next(&mut rows, &mut connection).await.is_none());
    assert!(error(connection.commit().await).is_rolled_back());
}

#[tokio::test]
async fn rollback_ends_an_open_stream() {
    let database = Database::create().await;
    let engine = engine(&database).await;
    let mut connection = begun(&engine).await;
    let mut rows = connection.stream(sql(MANY)).await.expect("rows");
    next(&mut rows, &mut connection).await.expect("a row").expect("a row");
    assert!(error(connection.commit().await).to_string().contains("stream"));
    connection.rollback().await.expect("rolled back");
    drop(connection);
    assert_eq!(count(&engine, "SELECT 1::bigint").await, 1);
}

//! The proxy disturbs a connection only as it is told to.

use std::time::Duration;

use orm_tests::{Database, Proxy};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_postgres::{Client, NoTls};

async fn connect(proxy: &Proxy) -> Client {
    let (client, connection) = tokio_postgres::connect(proxy.url(), NoTls).await.expect("a connection");
    tokio::spawn(connection);
    client
}

async fn number(client: &Client) -> Result<i32, tokio_postgres::Error> {
    Ok(client.query_one("SELECT 7", &[]).await?.get(0))
}

#[tokio::test]
async fn statements_and_rows_pass() {
    let database = Database::create().await;
    let proxy = Proxy::start(database.url()).await;
    let client = connect(&proxy).await;
    assert_eq!(number(&client).await.expect("a row"), 7);
    let rows = client.query("SELECT repeat('x', 1000) FROM generate_series(1, 1000)", &[]).await;
    assert_eq!(rows.expect("a megabyte").len(), 1000);
}

#[tokio::test]
async fn replacement_is_made_once() {
    let database = Database::create().await;
    let proxy = Proxy::start(database.url()).await;
    let client = connect(&proxy).await;

    proxy.replace_next(b"BEGIN", b"BEGIX");

    let error = client.batch_execute("BEGIN").await.expect_err("the server does not know BEGIX");
    let said = error.as_db_error().expect("the server's words").message();
    assert_eq!(said, "syntax error at or near \"BEGIX\"");
    client.batch_execute("BEGIN").await.expect("the server knows BEGIN");
}

#[tokio::test]
async fn cut_ends_present_connections_only() {
    let database = Database::create().await;
    let proxy = Proxy::start(database.url()).await;
    let client = connect(&proxy).await;

    proxy.cut();

    let error = number(&client).await.expect_err("the connection is gone");
    assert!(error.as_db_error().is_none(), "{error}");
    assert_eq!(number(&connect(&proxy).await).await.expect("a row"), 7);
}

#[tokio::test]
async fn stalled_connection_can_be_cut() {
    let database = Database::create().await;
    let proxy = Proxy::start(database.url()).await;
    let client = connect(&proxy).await;

    proxy.stall();
    let mut answer = Box::pin(number(&client));
    timeout(Duration::from_millis(100), &mut answer).await.expect_err("no answer yet");
    proxy.cut();

    answer.await.expect_err("the connection is gone");
}

#[tokio::test]
async fn stalled_statement_goes_on_when_resumed() {
    let database = Database::create().await;
    let proxy = Proxy::start(database.url()).await;
    let client = connect(&proxy).await;

    proxy.stall();
    let mut answer = Box::pin(number(&client));
    timeout(Duration::from_millis(100), &mut answer).await.expect_err("no answer yet");
    proxy.resume();

    assert_eq!(answer.await.expect("a row"), 7);
}

#[tokio::test]
async fn request_for_encryption_is_left_to_the_server() {
    let database = Database::create().await;
    let proxy = Proxy::start(database.url()).await;
    let config: tokio_postgres::Config = proxy.url().parse().expect("a URL");
    let mut stream = TcpStream::connect(("127.0.0.1", config.get_ports()[0])).await.expect("a connection");

    stream.write_all(&[0, 0, 0, 8, 4, 210, 22, 47]).await.expect("SSLRequest is sent");

    let mut answer = [0];
    stream.read_exact(&mut answer).await.expect("an answer");
    assert!(matches!(&answer, b"N" | b"S"), "{answer:?}");
}

//! Lists of servers: which one is used, and what happens to writes when it does not take them any more.

use std::time::Duration;

use orm_tests::{Database, Proxy};
use tokio::time::timeout;

use super::{Connection, Engine, EngineBuilder, TransactionMode, count, error, sql};

const LONG: Duration = Duration::from_secs(20);

/// With a parameter more.
fn asking(url: &str, parameter: &str) -> EngineBuilder {
    let separator = if url.contains('?') { '&' } else { '?' };
    Engine::builder(format!("{url}{separator}{parameter}"))
}

async fn with_table() -> Database {
    let database = Database::create().await;
    database.execute("CREATE TABLE t (n int)").await;
    database
}

/// What a server that was demoted says to those who are connected.
async fn demote(connection: &mut Connection) {
    connection.batch("SET default_transaction_read_only = on").await.expect("set");
}

/// New connections are read-only, or not any more.
async fn set_read_only(database: &Database, on: bool) {
    let value = if on { "on" } else { "off" };
    let name = database.name();
    let alter = format!("ALTER DATABASE {name} SET default_transaction_read_only = {value}");
    database.execute(&format!("BEGIN READ WRITE; {alter}; COMMIT")).await;
}

#[tokio::test]
async fn only_a_server_that_is_wanted_is_used() {
    let database = with_table().await;
    for (wanted, is_used, is_used_read_only) in [
        ("any", true, true),
        ("read-write", true, false),
        ("read-only", false, true),
        ("primary", true, true),
        ("standby", false, false),
        ("prefer-standby", true, true),
    ] {
        for (read_only, is_used) in [(false, is_used), (true, is_used_read_only)] {
            set_read_only(&database, read_only).await;
            let builder = asking(database.url(), &format!("target_session_attrs={wanted}"));
            match timeout(LONG / 2, builder.connect()).await.expect("it is said at once") {
                Ok(_) => assert!(is_used, "{wanted}, read-only: {read_only}"),
                Err(error) => {
                    assert!(!is_used && error.is_connect(), "{wanted}, read-only: {read_only}: {error}");
                    let asks = format!("target_session_attrs={wanted} asks for another");
                    assert!(error.to_string().contains(&asks), "{error}");
                }
            }
        }
    }
}

#[tokio::test]
async fn a_value_that_is_not_known_is_refused_with_those_that_are() {
    for (parameter, expected) in [
        ("target_session_attrs=hidden", "prefer-standby"),
        ("load_balance_hosts=hidden", "disable or random"),
    ] {
        let refused = error(asking("postgresql://u@localhost/d", parameter).connect().await).to_string();
        assert!(refused.contains(expected) && !refused.contains("hidden"), "{refused}");
    }
}

#[tokio::test]
async fn a_write_that_is_refused_goes_to_a_server_that_takes_it() {
    let database = with_table().await;
    let insert = "INSERT INTO t VALUES (1)";
    let builder = asking(database.url(), "target_session_attrs=read-write");
    let engine = builder.pool_size(3).connect().await.expect("a connection");
    let mut all = Vec::new();
    for _ in 0..3 {
        let mut connection = engine.acquire().await.expect("a connection");
        demote(&mut connection).await;
        all.push(connection);
    }
    drop(all);
    engine.acquire().await.expect("a connection").query(sql(insert)).await.expect("it is written");
    // None of the others fails first.
    for _ in 0..2 {
        let mut connection = engine.acquire().await.expect("a connection");
        connection.begin(TransactionMode::default());
        connection.commit_with(&[sql(insert), sql(insert)]).await.expect("they are written");
    }
    let (mut one, mut two) = (engine.acquire().await.expect("one"), engine.acquire().await.expect("two"));
    one.query(sql(insert)).await.expect("it is written");
    two.query(sql(insert)).await.expect("it is written");
    drop((one, two));
    assert_eq!(count(&engine, "SELECT count(*) FROM t").await, 7);
    let status = engine.status();
    assert_eq!((status.closed_lost, status.size), (3, status.opened as usize - 3), "{status:?}");
}

#[tokio::test]
async fn a_write_waits_until_a_server_is_promoted() {
    let database = with_table().await;
    let builder = asking(database.url(), "target_session_attrs=read-write").acquire_timeout(LONG);
    let engine = builder.connect().await.expect("a connection");
    let mut connection = engine.acquire().await.expect("a connection");
    demote(&mut connection).await;
    drop(connection);
    set_read_only(&database, true).await;
    let mut connection = engine.acquire().await.expect("a connection");
    let insert = sql("INSERT INTO t VALUES (1)");
    let mut writing = Box::pin(connection.query(insert));
    assert!(timeout(Duration::from_millis(200), &mut writing).await.is_err(), "no server takes it");
    set_read_only(&database, false).await;
    timeout(LONG, writing).await.expect("one takes it").expect("it is written");
    assert_eq!(count(&engine, "SELECT count(*) FROM t").await, 1);
}

#[tokio::test]
async fn a_transaction_that_is_not_to_write_or_has_begun_is_not_moved() {
    let database = with_table().await;
    let insert = sql("INSERT INTO t VALUES (1)");
    let builder = asking(database.url(), "target_session_attrs=read-write");
    let engine = builder.pool_size(1).connect().await.expect("a connection");
    let mut connection = engine.acquire().await.expect("a connection");
    connection.begin(TransactionMode { read_only: true, ..TransactionMode::default() });
    let refused = error(connection.query(insert).await);
    assert_eq!(refused.code(), Some("25006"), "{refused}");
    connection.rollback().await.expect("rolled back");
    assert_eq!(engine.status().opened, 1);

    assert!(!refused.is_retryable(), "{refused}");
    demote(&mut connection).await;
    connection.begin(TransactionMode::default());
    connection.query(sql("SELECT 1")).await.expect("one");
    let refused = error(connection.query(insert).await);
    assert!(refused.code() == Some("25006") && refused.is_retryable(), "{refused}");
    drop(connection);
    engine.acquire().await.expect("a connection").query(insert).await.expect("it is written");
    assert_eq!((engine.status().opened, engine.status().closed_lost), (2, 1));
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_tried_last_for_a_while() {
    let database = Database::create().await;
    let (silent, good) = (Proxy::start(database.url()).await, Proxy::start(database.url()).await);
    silent.stall();
    let port =
        |proxy: &Proxy| proxy.url().rsplit_once(':').expect("a port").1.split('/').next().map(str::to_owned);
    let both = format!("127.0.0.1:{},127.0.0.1:{}", port(&silent).expect("one"), port(&good).expect("one"));
    let url = good.url().replace(&format!("127.0.0.1:{}", port(&good).expect("one")), &both);
    let limit = Duration::from_millis(500);
    let engine =
        Engine::builder(url).connect_timeout(limit).pool_size(3).connect().await.expect("the second");
    let _held = (engine.acquire().await.expect("one"), engine.acquire().await.expect("two"));
    engine.acquire().await.expect("three");
    assert_eq!((silent.accepted(), good.accepted()), (1, 3));
}

#[tokio::test]
async fn after_one_connection_was_lost_the_others_are_asked_before_their_next_use() {
    let database = Database::create().await;
    let proxy = Proxy::start(database.url()).await;
    let builder = Engine::builder(proxy.url()).pool_size(3).connect_timeout(Duration::from_millis(200));
    let engine = builder.connect().await.expect("a connection");
    let mut lost = engine.acquire().await.expect("one");
    drop((engine.acquire().await.expect("two"), engine.acquire().await.expect("three")));
    drop(engine.acquire().await.expect("it is idle"));
    let idle = engine.status().idle;
    assert!(idle >= 1, "{:?}", engine.status());
    proxy.forget();
    let pid = lost.query(sql("SELECT 1"));
    assert!(timeout(Duration::from_millis(20), pid).await.is_err(), "the network has forgotten it");
    lost.lose();
    let work = async { engine.acquire().await.expect("a new one").query(sql("SELECT 1")).await };
    timeout(LONG, work).await.expect("it does not hang on an old one").expect("one");
    assert_eq!(engine.status().closed_lost as usize, 1 + idle);
}

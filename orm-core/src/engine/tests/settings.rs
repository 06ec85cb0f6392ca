//! What an engine is told, and what it says when that cannot work.

use std::time::{Duration, Instant};

use orm_tests::{Database, Proxy, poll_times};

use super::{Engine, engine, error, int, look_up, name_in_pg, sql, with};

async fn refusal(url: &str) -> String {
    let error = error(Engine::builder(url).connect_timeout(Duration::from_secs(2)).connect().await);
    let text = format!("{error} {error:?}");
    assert!(!text.contains("hidden"), "{text}");
    error.to_string()
}

#[tokio::test]
async fn settings_that_contradict_each_other_are_refused() {
    for (query, expected) in [
        ("sslmode=disable&channel_binding=require", "channel_binding=require needs TLS"),
        ("sslnegotiation=direct", "say sslmode=require"),
        ("sslmode=require&sslrootcert=system", "say sslmode=verify-full"),
        ("sslmode=require&sslcert=/x", "sslcert and sslkey"),
        ("sslmode=required", "expected disable, allow, prefer, require, verify-ca or verify-full"),
        ("sslnegotiation=x", "expected postgres or direct"),
        ("channel_binding=x", "channel_binding"),
        ("target_session_attrs=x", "target_session_attrs"),
    ] {
        let said = refusal(&format!("postgresql://u:hidden@localhost/db?{query}")).await;
        assert!(said.contains(expected), "{query}: {said}");
    }
    assert!(refusal("host=localhost password=hidden sslmode=x").await.contains("sslmode"));
}

#[tokio::test]
async fn a_parameter_of_another_program_is_named_with_what_to_do() {
    for (query, expected) in [
        ("pgbouncer=true", "`pgbouncer`: remove it: a pooler is found out, or said by `.pooler(..)`"),
        ("connection_limit=5", "`.pool_size(..)`"),
        ("schema=shop", "search_path"),
        ("ssl=false", "sslmode=disable"),
        ("sslpassword=hidden", "without a passphrase"),
        ("gssencmode=require", "no GSSAPI"),
        ("uselibpqcompat=true", "there is no parameter `uselibpqcompat`: remove it"),
    ] {
        let said = refusal(&format!("postgresql://u:hidden@localhost/db?{query}")).await;
        assert!(said.contains(expected), "{query}: {said}");
    }
}

#[tokio::test]
async fn a_url_without_its_colon_says_how_it_starts() {
    let said = refusal("postgres//u:hidden@localhost/db").await;
    assert!(said.contains("starts with postgresql://, with a colon"), "{said}");
}

#[tokio::test]
async fn no_text_shows_the_password() {
    for url in [
        "mysql://u:hidden@localhost/db",
        "postgresql+asyncpg://u:hidden@localhost/db?x=y",
        "postgresql://u:p@hidden@localhost/db",
        "host=localhost password=some hidden=x",
        "u:hidden@localhost/db",
        "postgresql://u:hidden@localhost/db?no_such_option=1",
        "postgresql:///db?password=hidden",
        "postgresql://u:hidden@127.0.0.1:1/db",
    ] {
        refusal(url).await;
    }
    let builder = Engine::builder("postgresql://u:hidden@localhost/db");
    assert!(!format!("{builder:?}").contains("hidden"));
    let database = Database::create().await;
    let shown = format!("{:?}", engine(&database).await);
    assert!(shown.contains(database.name()) && !shown.contains("password"), "{shown}");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named() {
    let text = refusal("postgresql://bob:hidden@127.0.0.1:1/shop").await;
    for part in ["127.0.0.1:1", "\"shop\"", "\"bob\"", "refused", "check that PostgreSQL runs"] {
        assert!(text.contains(part), "{part} in {text}");
    }
    let text = refusal("postgresql://bob@/shop?host=/nowhere").await;
    assert!(text.contains("/nowhere/.s.PGSQL.5432"), "{text}");
}

#[tokio::test]
async fn a_server_that_never_answers_is_given_up() {
    let database = Database::create().await;
    let proxy = Proxy::start(database.url()).await;
    proxy.stall();
    let builder = Engine::builder(proxy.url()).connect_timeout(Duration::from_millis(50));
    let error = error(builder.connect().await);
    assert!(error.is_connect() && error.to_string().contains("no answer within 50ms"), "{error}");
}

#[tokio::test]
async fn hosts_are_tried_in_order() {
    let database = Database::create().await;
    let proxy = Proxy::start(database.url()).await;
    let url = proxy.url().replacen("127.0.0.1", "127.0.0.1:1,127.0.0.1", 1);
    Engine::builder(&url).connect().await.expect("the second host");
}

#[tokio::test]
async fn a_closed_engine_says_so() {
    let database = Database::create().await;
    let engine = engine(&database).await;
    let mut held = engine.acquire().await.expect("a connection");
    let mut closing = Box::pin(engine.close());
    assert!(poll_times(1, &mut closing).await.is_none(), "a connection is in use");
    let refused = error(engine.clone().acquire().await);
    assert!(refused.is_closed() && refused.to_string().contains("closed"), "{refused}");
    held.query(sql("SELECT 1")).await.expect("what is in use stays open");
    drop(held);
    closing.await;
    assert_eq!(engine.status().size, 0);
}

#[tokio::test]
async fn statement_timeout_ends_a_statement() {
    let database = Database::create().await;
    let builder = name_in_pg(&database).statement_timeout(Duration::from_millis(20));
    let engine = builder.connect().await.expect("a connection");
    let mut connection = engine.acquire().await.expect("a connection");
    assert!(error(connection.query(sql("SELECT pg_sleep(5)::text")).await).is_canceled());
}

#[tokio::test]
async fn the_application_has_a_name() {
    let database = Database::create().await;
    let engine = name_in_pg(&database).application_name("shop").connect().await.expect("a connection");
    let mut connection = engine.acquire().await.expect("a connection");
    let answer = connection.query(sql("SHOW application_name")).await.expect("a name");
    assert_eq!(answer.rows[0].get::<_, String>(0), "shop");
}

#[tokio::test]
async fn without_a_cache_nothing_keeps_a_name() {
    let database = Database::create().await;
    database.execute("CREATE TYPE mood AS ENUM ('glad', 'sad')").await;
    let builder = name_in_pg(&database).pool_size(1).statement_cache(0);
    let engine = builder.connect().await.expect("a connection");
    for _ in 0..3 {
        let mut connection = engine.acquire().await.expect("a connection");
        connection.query(sql("SELECT 1")).await.expect("one");
        connection.query(look_up("SELECT 'glad'::mood")).await.expect("a mood");
        assert!(!connection.in_transaction());
        connection.query(look_up("SELECT 1")).await.expect("one");
    }
    let mut connection = engine.acquire().await.expect("a connection");
    let names = "SELECT count(*) FROM pg_prepared_statements";
    assert_eq!(super::number(&connection.query(sql(names)).await.expect("a number")), 0);
}

#[tokio::test]
async fn without_a_cache_a_statement_is_one_round_trip_each_time() {
    let database = Database::create().await;
    let proxy = Proxy::start(database.url()).await;
    let builder = Engine::builder(proxy.url()).pool_size(1).statement_cache(0);
    let engine = builder.connect().await.expect("a connection");
    let mut connection = engine.acquire().await.expect("a connection");
    let half = Duration::from_millis(200);
    proxy.delay(half);
    for value in 0..3 {
        let since = Instant::now();
        connection.query(with("SELECT $1 + 1", &int(value))).await.expect("a number");
        assert!((half * 2..half * 4).contains(&since.elapsed()), "{:?}", since.elapsed());
    }
}

#[tokio::test]
async fn a_connection_the_server_ended_is_not_handed_out() {
    let database = Database::create().await;
    let engine = engine(&database).await;
    for wait in [0, 50] {
        let mut connection = engine.acquire().await.expect("a connection");
        let pid = connection.query(sql("SELECT pg_backend_pid()")).await.expect("a number");
        let pid: i32 = pid.rows[0].get(0);
        drop(connection);
        database.execute(&format!("SELECT pg_terminate_backend({pid}, 5000)")).await;
        tokio::time::sleep(Duration::from_millis(wait)).await;
        let mut connection = engine.acquire().await.expect("a connection");
        connection.query(sql("SELECT 1")).await.expect("the first use is of a live connection");
    }
}

/// The task of a connection has not yet read that it is closed when its first statement is sent.
#[test]
fn a_statement_that_never_left_is_sent_on_another_connection() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let database = runtime.block_on(Database::create());
    let engine = runtime.block_on(engine(&database));
    for begin in [false, true] {
        let pid: i32 = runtime.block_on(async {
            let mut connection = engine.acquire().await.expect("a connection");
            connection.query(sql("SELECT pg_backend_pid()")).await.expect("a number").rows[0].get(0)
        });
        let other = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        other.block_on(database.execute(&format!("SELECT pg_terminate_backend({pid}, 5000)")));
        runtime.block_on(async {
            let mut connection = engine.acquire().await.expect("a connection");
            if begin {
                connection.begin(super::TransactionMode::default());
            }
            match connection.query(sql("SELECT 1")).await {
                Ok(_) => assert_eq!(connection.in_transaction(), begin),
                // Over TCP it may have left before the end was read: nobody knows, so it is not sent again.
                Err(error) => {
                    assert!(!database.url().contains("@%2F"), "{error}");
                    assert!(error.is_connection_lost() || error.code() == Some("57P01"), "{error}");
                    drop(connection);
                    connection = engine.acquire().await.expect("a live connection");
                    connection.query(sql("SELECT 1")).await.expect("one");
                }
            }
            connection.commit().await.expect("committed");
        });
    }
}

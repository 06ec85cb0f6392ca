//! Every test has a database of its own.

use orm_tests::Database;

const TABLES: &str = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'";

#[tokio::test]
async fn new_database_is_empty() {
    let database = Database::create().await;
    assert!(database.query_text(TABLES).await.is_empty());
}

#[tokio::test]
async fn two_databases_are_independent() {
    let one = Database::create().await;
    let other = Database::create().await;

    one.execute("CREATE TABLE mine (id int)").await;

    assert_eq!(one.query_text(TABLES).await, [[Some("mine".to_owned())]]);
    assert!(other.query_text(TABLES).await.is_empty());
}

#[tokio::test]
async fn copy_has_the_rows_of_its_template() {
    let template = Database::create().await;
    template.execute("CREATE TABLE numbers AS SELECT 7 AS number, NULL::text AS word").await;

    let copy = Database::create_from(&template).await;

    assert_eq!(copy.query_text("SELECT * FROM numbers").await, [[Some("7".to_owned()), None]]);
}

#[tokio::test]
async fn database_is_dropped_after_use_with_its_connections() {
    let watching = Database::create().await;
    let database = Database::create().await;
    let name = database.name().to_owned();
    let config = database.url().parse::<tokio_postgres::Config>().expect("a URL");
    let (_client, connection) = config.connect(tokio_postgres::NoTls).await.expect("a connection");
    let ended = tokio::spawn(connection);

    drop(database);

    let left = format!("SELECT datname FROM pg_database WHERE datname = '{name}'");
    assert!(watching.query_text(&left).await.is_empty());
    ended.await.expect("no panic").expect_err("the server ended it");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_databases_at_once() {
    let tasks: Vec<_> = (0..8).map(|_| tokio::spawn(Database::create())).collect();
    let mut names = Vec::new();
    for task in tasks {
        names.push(task.await.expect("a database").name().to_owned());
    }
    names.sort();
    names.dedup();
    assert_eq!(names.len(), 8);
}

#[tokio::test]
#[should_panic(expected = "syntax error at or near \"nonsense\"")]
async fn what_the_server_refuses_panics_with_its_words() {
    Database::create().await.execute("nonsense").await;
}

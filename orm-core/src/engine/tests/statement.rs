//! Statements: the first use, the cache, and what is refused.

use orm_tests::Database;

use super::{Columns, Engine, Request, begun, engine, error, int, look_up, name_in_pg, number, sql, with};
use crate::types::Parameter;

const MOODS: &str = "CREATE TYPE mood AS ENUM ('glad', 'sad'); CREATE TABLE m AS SELECT i, CASE WHEN i % 2 = 0 THEN \
                     'glad' ELSE 'sad' END::mood AS mood, repeat('x', 100) AS x FROM generate_series(1, 10000) i";

#[tokio::test]
async fn ten_thousand_rows_with_an_enum_at_the_first_use() {
    let database = Database::create().await;
    database.execute(MOODS).await;
    let engine = engine(&database).await;
    let mut connection = engine.acquire().await.expect("a connection");
    let text = connection.query(sql("SELECT mood::text, x FROM m ORDER BY i")).await.expect("rows");
    assert_eq!(text.rows.len(), 10_000);
    assert_eq!(text.rows[0].get::<_, &str>(0), "sad");
    let native = connection.query(look_up("SELECT mood, x FROM m ORDER BY i")).await.expect("rows");
    assert_eq!(native.rows.len(), 10_000);
    assert_eq!(native.rows[0].columns()[0].type_().name(), "mood");

    let mut connection = begun(&name_in_pg(&database).connect().await.expect("a connection")).await;
    let requests = [look_up("SELECT mood, x FROM m"), look_up("SELECT x, mood FROM m"), sql("SELECT 1")];
    let answers = connection.commit_with(&requests).await.expect("rows");
    assert_eq!(answers.iter().map(|answer| answer.affected).collect::<Vec<_>>(), [10_000, 10_000, 1]);
}

#[tokio::test]
async fn the_cache_is_bounded_and_closes_what_it_drops() {
    let database = Database::create().await;
    let engine = name_in_pg(&database).pool_size(1).statement_cache(4).connect().await.expect("a connection");
    let mut connection = engine.acquire().await.expect("a connection");
    let texts: Vec<String> = (0..12).map(|n| format!("SELECT {n} + $1")).collect();
    for text in &texts {
        for value in 0..3 {
            connection.query(with(text, &int(value))).await.expect("a number");
        }
    }
    assert_eq!(connection.link().expect("open").cache.len(), 4);
    let kept = connection.query(sql("SELECT count(*) FROM pg_prepared_statements")).await.expect("a number");
    assert_eq!(number(&kept), 4);
}

#[tokio::test]
async fn the_statement_not_used_for_longest_goes_and_the_server_never_has_more() {
    let database = Database::create().await;
    let engine = name_in_pg(&database).pool_size(1).statement_cache(3).connect().await.expect("a connection");
    let mut connection = engine.acquire().await.expect("a connection");
    for (at, (used, kept)) in
        [("aabbcc", "abc"), ("a", "abc"), ("dd", "acd"), ("c", "acd"), ("ee", "cde"), ("bb", "bce")]
            .into_iter()
            .enumerate()
    {
        for name in used.chars() {
            connection.query(sql(&format!("SELECT '{name}'"))).await.expect("a name");
        }
        // Each text once, so that it gets no name itself.
        let names = format!(
            "SELECT substr(statement, 9, 1) FROM pg_prepared_statements WHERE {at} = {at} ORDER BY 1"
        );
        let answer = connection.query(sql(&names)).await.expect("the names");
        let found: String = answer.rows.iter().map(|row| row.get::<_, &str>(0)).collect();
        assert_eq!(found, kept, "after {used}");
    }
}

#[tokio::test]
async fn a_statement_gets_a_name_at_its_second_use() {
    let database = Database::create().await;
    let engine = engine(&database).await;
    let mut connection = engine.acquire().await.expect("a connection");
    for (value, named) in [(1, 0), (2, 1), (3, 1)] {
        connection.query(with("SELECT $1 + 1", &int(value))).await.expect("a number");
        assert_eq!(connection.link().expect("open").cache.len(), named);
    }
    let many = [Parameter::new(1_i32)];
    let same = [with("SELECT $1 + 2", &many); 100];
    connection.pipeline(&same).await.expect("numbers");
    assert_eq!(connection.link().expect("open").cache.len(), 2);
}

#[tokio::test]
async fn the_same_text_with_other_types_is_another_statement() {
    let database = Database::create().await;
    let engine = engine(&database).await;
    let mut connection = engine.acquire().await.expect("a connection");
    for _ in 0..3 {
        let int = [Parameter::new(7_i64)];
        let float = [Parameter::new(7.5_f64)];
        let answer = connection.query(with("SELECT $1::text", &int)).await.expect("a text");
        assert_eq!(answer.rows[0].get::<_, &str>(0), "7");
        let answer = connection.query(with("SELECT $1::text", &float)).await.expect("a text");
        assert_eq!(answer.rows[0].get::<_, &str>(0), "7.5");
    }
}

#[tokio::test]
async fn a_changed_plan_heals() {
    let database = Database::create().await;
    database.execute("CREATE TABLE t (id int); INSERT INTO t VALUES (1)").await;
    let engine = engine(&database).await;
    let mut connection = engine.acquire().await.expect("a connection");
    for columns in [Columns::Builtin, Columns::LookUp] {
        for (nth, begin) in [false, true].into_iter().enumerate() {
            let request = Request::new("SELECT * FROM t", &[], columns);
            for _ in 0..3 {
                connection.query(request).await.expect("rows");
            }
            database.execute(&format!("ALTER TABLE t ADD COLUMN c{nth}_{} int", columns as usize)).await;
            if begin {
                connection.begin(super::TransactionMode::default());
            }
            connection.query(request).await.expect("healed");
            assert_eq!(connection.in_transaction(), begin);
            connection.commit().await.expect("committed");
        }
    }
}

#[tokio::test]
async fn a_changed_plan_inside_a_transaction_is_reported_once() {
    let database = Database::create().await;
    database.execute("CREATE TABLE t (id int)").await;
    let engine = engine(&database).await;
    let mut connection = engine.acquire().await.expect("a connection");
    let request = sql("SELECT * FROM t");
    for _ in 0..3 {
        connection.query(request).await.expect("rows");
    }
    connection.begin(super::TransactionMode::default());
    connection.query(sql("SELECT 1")).await.expect("one");
    database.execute("ALTER TABLE t ADD COLUMN c int").await;
    assert_eq!(error(connection.query(request).await).code(), Some("0A000"));
    assert!(error(connection.commit().await).is_rolled_back());
    connection.query(request).await.expect("forgotten, so healed");
}

#[tokio::test]
async fn a_statement_the_server_lost_heals() {
    let database = Database::create().await;
    let engine = engine(&database).await;
    let mut connection = engine.acquire().await.expect("a connection");
    for begin in [false, true] {
        for _ in 0..3 {
            connection.query(sql("SELECT 1")).await.expect("one");
        }
        connection.batch("DEALLOCATE ALL").await.expect("done");
        if begin {
            connection.begin(super::TransactionMode::default());
            connection.commit_with(&[sql("SELECT 1")]).await.expect("healed");
        } else {
            connection.query(sql("SELECT 1")).await.expect("healed");
        }
    }
}

#[tokio::test]
async fn too_many_parameters_are_refused_before_sending() {
    let database = Database::create().await;
    let engine = engine(&database).await;
    let mut connection = engine.acquire().await.expect("a connection");
    let parameters = vec![Parameter::new(1_i32); 65_536];
    let error = error(connection.query(with("SELECT $1", &parameters)).await);
    assert!(error.is_invalid_statement(), "{error}");
    assert!(error.to_string().contains("65536 parameters, PostgreSQL takes 65535"), "{error}");
    let error = super::error(connection.query(look_up("SELECT $1::int")).await);
    assert!(error.to_string().contains("takes 1 parameters, 0 were given"), "{error}");
    connection.query(sql("SELECT 1")).await.expect("the connection is fine");
}

#[tokio::test]
async fn an_error_names_the_statement_and_leaves_the_connection() {
    let database = Database::create().await;
    let engine = engine(&database).await;
    let mut connection = engine.acquire().await.expect("a connection");
    for request in [sql("SELECT nonsense"), look_up("SELECT nonsense")] {
        let error = error(connection.query(request).await);
        assert_eq!((error.code(), error.statement()), (Some("42703"), Some("SELECT nonsense")));
    }
    let pid = "SELECT pg_backend_pid()::bigint";
    let before = number(&connection.query(sql(pid)).await.expect("a number"));
    drop(connection);
    assert_eq!(super::count(&engine, pid).await, before);
}

#[tokio::test]
async fn a_long_pipeline_is_sent_in_chunks() {
    let database = Database::create().await;
    database.execute("CREATE TABLE t (n int)").await;
    let (engine, recorder) = super::recorded(&database).await;
    let parameters: Vec<_> = (0..150).map(int).collect();
    let requests: Vec<_> = parameters.iter().map(|p| with("INSERT INTO t VALUES ($1)", p)).collect();
    let mut connection = begun(&engine).await;
    assert_eq!(connection.commit_with(&requests).await.expect("inserted").len(), 150);
    assert_eq!(recorder.take().1, [65, 64, 23]);
    drop(connection);
    assert_eq!(super::count(&engine, "SELECT count(DISTINCT n) FROM t").await, 150);
}

/// A thousand numbers, of which the middle one is, once, an error that says that a prepared statement is gone.
const TROUBLED: &str = "SELECT troubled(n) FROM generate_series(1, 1000) n";

async fn troubled(code: &str) -> (Database, Engine) {
    let database = Database::create().await;
    database
        .execute(&format!(
            "CREATE TABLE flag (n int); CREATE SEQUENCE calls; CREATE FUNCTION troubled(n int) RETURNS int LANGUAGE plpgsql \
             AS $$ BEGIN IF n = 500 AND EXISTS (SELECT 1 FROM flag) AND nextval('calls') = 1 THEN RAISE EXCEPTION 'cached \
             plan must not change result type' USING ERRCODE = '{code}'; END IF; RETURN n; END $$"
        ))
        .await;
    let engine = engine(&database).await;
    let mut connection = engine.acquire().await.expect("a connection");
    for _ in 0..3 {
        connection.query(sql(TROUBLED)).await.expect("it has a name from here on");
    }
    database.execute("INSERT INTO flag VALUES (1)").await;
    (database, engine)
}

#[tokio::test]
async fn a_statement_that_gave_rows_is_not_run_again_whatever_its_error_says() {
    for code in ["26000", "0A000"] {
        let (_database, engine) = troubled(code).await;
        let mut connection = engine.acquire().await.expect("a connection");
        let mut rows = 0;
        let result = connection.query_into(sql(TROUBLED), &mut |_| rows += 1).await;
        assert_eq!((super::error(result).code(), rows), (Some(code), 499));
        let mut rows = 0;
        connection.query_into(sql(TROUBLED), &mut |_| rows += 1).await.expect("the trouble is over");
        assert_eq!(rows, 1000);

        let (_database, engine) = troubled(code).await;
        let mut connection = engine.acquire().await.expect("a connection");
        let answers = connection.pipeline(&[sql(TROUBLED), sql(TROUBLED)]).await;
        assert_eq!(super::error(answers).code(), Some(code));
    }
}

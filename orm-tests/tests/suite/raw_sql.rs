//! SQL of the program: statements, conditions and expressions by `sql!`.

use orm_core::prelude::*;
use orm_core::query::RawSql;
use orm_tests::models::{Mood, NewPet, NewPost, NewUser, Pet, Post, User};
use orm_tests::{Fixture, with_ann};

async fn fixture() -> Fixture {
    let fixture = Fixture::new(schema![User, Post, Pet]).await;
    let people = [
        NewUser { name: "Ann".into(), age: Some(30) },
        NewUser { name: "Bob".into(), age: Some(20) },
        NewUser { name: "Cleo".into(), age: None },
    ];
    let users: Vec<User> = fixture.engine.all(insert(User).values(people).returning(User)).await.unwrap();
    let posts = [
        NewPost::new(&users[0], "first"),
        NewPost::new(&users[0], "second"),
        NewPost::new(&users[1], "first"),
    ];
    fixture.engine.execute(insert(Post).values(posts)).await.unwrap();
    fixture.recorder.take();
    fixture
}

fn text(sql: &RawSql) -> String {
    sql.to_sql().unwrap().text
}

#[test]
fn what_stands_in_braces_is_rendered_and_values_are_parameters() {
    let (name, age) = (String::from("Ann'; DROP TABLE users; --"), Some(30));
    let sql = sql!(
        "SELECT {User.id} FROM {User} WHERE {User.name} = {name} AND age = {} OR {}",
        age,
        User.age.gt(1)
    );
    let sent = sql.to_sql().unwrap();
    assert_eq!(
        sent.text,
        "SELECT \"users\".\"id\" FROM \"users\" WHERE \"users\".\"name\" = $1 AND age = $2 OR (\"users\".\"age\" > $3)"
    );
    assert_eq!(format!("{:?}", sent.parameters), "[\"Ann'; DROP TABLE users; --\", 30, 1]");
}

#[test]
fn tables_selects_and_other_sql_stand_in_braces_too() {
    let m = User.alias("m");
    assert_eq!(text(&sql!("SELECT {m.name} FROM {m}")), "SELECT \"m\".\"name\" FROM \"users\" AS \"m\"");
    let oldest = select(func::max(User.age)).filter(User.name.ne("Ann"));
    let inner = sql!("age = {oldest}");
    assert_eq!(
        text(&sql!("SELECT '{{}}' FROM {User} WHERE {inner} AND age < {}", 99)),
        "SELECT '{}' FROM \"users\" WHERE age = (SELECT max(\"users\".\"age\") FROM \"users\" WHERE \"users\".\"name\" <> $1) \
         AND age < $2"
    );
    assert_eq!(
        text(&sql!("SELECT {User.age + 1} * 2 FROM {User}")),
        "SELECT (\"users\".\"age\" + $1) * 2 FROM \"users\""
    );
    assert_eq!(text(&sql!("SELECT 1 {}", sql_text("ORDER BY 1".to_owned()))), "SELECT 1 ORDER BY 1");
}

#[tokio::test]
async fn rows_are_tuples_by_position_and_models_by_name() {
    let Fixture { engine, database: _database, .. } = fixture().await;
    let ages: Vec<(String, Option<i32>)> =
        engine.all(sql!("SELECT name, age FROM {User} ORDER BY id").rows()).await.unwrap();
    assert_eq!(ages, [("Ann".into(), Some(30)), ("Bob".into(), Some(20)), ("Cleo".into(), None)]);
    let count: i64 = engine.one(sql!("SELECT count(*) FROM {User} WHERE age > {}", 25).rows()).await.unwrap();
    assert_eq!(count, 1);
    // Another order, and more columns than the model has.
    let ann: User = engine
        .one(sql!("SELECT 1 AS more, age, name, id FROM {User} WHERE name = {}", "Ann").rows())
        .await
        .unwrap();
    assert_eq!((ann.name.as_str(), ann.age), ("Ann", Some(30)));
    let users: Vec<User> = engine.all(sql!("SELECT * FROM {User} ORDER BY id DESC").rows()).await.unwrap();
    assert_eq!(users.len(), 3);
    let none =
        engine.one_or_none(sql!("SELECT * FROM users WHERE id = {}", -1_i64).rows::<User>()).await.unwrap();
    assert_eq!(none, None);
}

#[tokio::test]
async fn a_missing_column_is_named_and_so_is_one_that_is_there_twice() {
    let Fixture { engine, database: _database, .. } = fixture().await;
    let error = engine.all(sql!("SELECT id, name FROM users").rows::<User>()).await.unwrap_err().to_string();
    assert_eq!(
        error,
        "the rows have no column \"age\", which `User` has (they have [\"id\", \"name\"]): select it, or name it with AS \"age\""
    );
    let twice = sql!("SELECT u.*, p.* FROM users u JOIN posts p ON p.user_id = u.id").rows::<User>();
    let error = engine.all(twice).await.unwrap_err().to_string();
    assert_eq!(
        error,
        "the rows have several columns \"id\", and `User` has one: name the others otherwise with AS"
    );
    let error =
        engine.all(sql!("SELECT name FROM users").rows::<(String, i32)>()).await.unwrap_err().to_string();
    assert_eq!(
        error,
        "the row has 1 column, and `(String, i32)`, which is read by position, takes 2 columns: select what it takes"
    );
}

#[tokio::test]
async fn a_row_by_position_has_as_many_columns_as_are_read() {
    let Fixture { engine, database: _database, .. } = fixture().await;
    let both = sql!("SELECT {User.id}, {User.name} FROM {User} ORDER BY 1");
    let error = engine.all(both.clone().rows::<i64>()).await.unwrap_err().to_string();
    assert_eq!(
        error,
        "the row has 2 columns, and `i64`, which is read by position, takes 1 column: select what it takes"
    );
    // The number is told before what the columns hold.
    let error = engine.first(both.clone().rows::<(String,)>()).await.unwrap_err().to_string();
    assert!(error.contains("the row has 2 columns, and `(String,)`"), "{error}");
    let three = sql_text("SELECT 'a', 'b', 'c'").rows::<(String, String)>();
    let error = engine.one(three).await.unwrap_err().to_string();
    assert!(error.contains("the row has 3 columns, and `(String, String)`"), "{error}");
    let mut session = SessionMaker::new(engine.clone()).session();
    let error = session.all(both.clone().rows::<Option<i64>>()).await.unwrap_err().to_string();
    assert!(error.contains("the row has 2 columns, and `Option<i64>`"), "{error}");
    let rows: Vec<(i64, String)> = engine.all(both.rows()).await.unwrap();
    assert_eq!(rows.len(), 3);
}

#[tokio::test]
async fn enums_arrays_and_null_go_both_ways() {
    let Fixture { engine, database: _database, .. } = fixture().await;
    engine
        .execute(insert(Pet).values(NewPet { name: "Rex".into(), mood: Mood::VerySad, wish: None }))
        .await
        .unwrap();
    let moods = vec![Mood::Happy, Mood::VerySad];
    let wish: Option<Mood> = None;
    let found: (Mood, Option<Mood>, Vec<Mood>) = engine
        .one(
            sql!("SELECT mood, wish, {&moods} FROM {Pet} WHERE mood = ANY({&moods}) AND wish IS NOT DISTINCT FROM {wish}")
                .rows(),
        )
        .await
        .unwrap();
    assert_eq!(found, (Mood::VerySad, None, moods));
    let pet: Pet = engine.one(sql!("SELECT * FROM {Pet}").rows()).await.unwrap();
    assert_eq!(pet.mood, Mood::VerySad);
}

#[tokio::test]
async fn a_statement_is_executed_and_says_how_many_rows_it_touched() {
    let Fixture { engine, recorder, database: _database } = fixture().await;
    let n = engine.execute(sql!(
        "UPDATE {User} SET age = coalesce(age, 0) + {} WHERE age IS NULL OR age < {}",
        1,
        25
    ));
    assert_eq!(n.await.unwrap(), 2);
    assert_eq!(recorder.take().statements.len(), 1);
    let mut transaction = engine.begin().await.unwrap();
    transaction.execute(sql!("DELETE FROM {Post}")).await.unwrap();
    assert_eq!(transaction.one(sql!("SELECT count(*) FROM {Post}").rows::<i64>()).await.unwrap(), 0);
    transaction.rollback().await.unwrap();
    let (posts, changed) = engine
        .batch((sql!("SELECT count(*) FROM {Post}").rows::<i64>(), sql!("UPDATE {User} SET age = 1")))
        .await
        .unwrap();
    assert_eq!((posts, changed), (vec![3], 3));
}

#[tokio::test]
async fn conditions_and_expressions_are_parts_of_other_statements() {
    let Fixture { engine, database: _database, .. } = fixture().await;
    let letter = "^[AB]";
    let names: Vec<(String, i32)> = engine
        .all(
            select((User.name, sql!("length({User.name}) + {}", 100).expr::<i32>().label("length")))
                .filter(sql!("{User.name} ~ {letter}").cond() & User.age.gt(1))
                .order_by(sql!("{User.name} COLLATE \"C\"").expr::<String>().desc()),
        )
        .await
        .unwrap();
    assert_eq!(names, [("Bob".into(), 103), ("Ann".into(), 103)]);
    // `Post` is the text's own: it does not come into FROM.
    let with_posts = select(User.name).filter(
        sql!(
            "EXISTS (SELECT 1 FROM {Post} WHERE {Post.user_id} = {User.id} AND {Post.title} = {})",
            "second"
        )
        .cond(),
    );
    assert_eq!(engine.all(with_posts).await.unwrap(), ["Ann"]);
    // What it uses of the statement around it has to be there.
    let error = select(User.name).filter(sql!("{Post.title} = 'x'").cond()).to_sql().unwrap_err().to_string();
    assert!(error.contains("`Post` is used in WHERE but is not in this statement's FROM"), "{error}");
    let n = engine
        .execute(update(User).set(User.age, sql!("{User.age} % {}", 7).expr::<Option<i32>>()).all_rows())
        .await
        .unwrap();
    assert_eq!(n, 3);
}

#[tokio::test]
async fn the_same_text_is_prepared_once_whatever_its_values() {
    let Fixture { engine, recorder, database: _database } = fixture().await;
    for age in [10, 25, 40] {
        let older: Vec<String> =
            engine.all(sql!("SELECT name FROM users WHERE age > {age}").rows()).await.unwrap();
        assert_eq!(older.len(), [2, 1, 0][age as usize / 15]);
    }
    // Its result's types have to be looked up the first time.
    assert_eq!(recorder.take().round_trips, 4);
}

#[tokio::test]
async fn in_a_session_models_are_its_objects() {
    let fixture = fixture().await;
    let (mut session, ann) = with_ann(&fixture).await;
    session[ann].age = Some(31); // goes out before the statement
    let found: Vec<(Handle<User>,)> = vec![(session
        .one(sql!("SELECT * FROM {User} WHERE id = {}", session[ann].id).rows::<User>())
        .await
        .unwrap(),)];
    assert_eq!(found, [(ann,)]);
    assert_eq!(session.one(sql!("SELECT age FROM {User} WHERE age = 31").rows::<i32>()).await.unwrap(), 31);
}

#[tokio::test]
async fn after_sql_that_writes_a_session_reads_its_objects_again() {
    let fixture = fixture().await;
    let (mut session, ann) = with_ann(&fixture).await;
    let id = session[ann].id;
    session.execute(sql!("UPDATE {User} SET age = 77 WHERE id = {id}")).await.unwrap();
    let again = session.find::<User>(id).await.unwrap();
    assert_eq!((again, session[ann].age), (Some(ann), Some(77)));
    let returned: Vec<i32> = session
        .all(sql!("UPDATE {User} SET age = 78 WHERE id = {id} RETURNING age").rows::<i32>())
        .await
        .unwrap();
    assert_eq!(returned, [78]);
    session.find::<User>(id).await.unwrap();
    assert_eq!(session[ann].age, Some(78));
    // By its connection too.
    session.connection().await.unwrap().execute(sql!("DELETE FROM {User} WHERE id = {id}")).await.unwrap();
    assert_eq!(session.find::<User>(id).await.unwrap(), None);
    session.rollback().await.unwrap();
    assert_eq!(session.find::<User>(id).await.unwrap(), Some(ann));
    assert_eq!(session[ann].age, Some(30));
}

#[tokio::test]
async fn a_script_runs_whole_or_not_at_all() {
    let Fixture { engine, database: _database, .. } = fixture().await;
    let script = "CREATE TABLE notes (a text); INSERT INTO notes VALUES ('a;b'), ('c');";
    engine.run_script(script).await.unwrap();
    assert_eq!(engine.one(sql!("SELECT count(*) FROM notes").rows::<i64>()).await.unwrap(), 2);
    let error = engine.run_script("INSERT INTO notes VALUES ('d'); SELECT 1/0").await.unwrap_err();
    assert_eq!(error.code(), Some("22012"), "{error}");
    assert_eq!(engine.one(sql!("SELECT count(*) FROM notes").rows::<i64>()).await.unwrap(), 2);
}

#[tokio::test]
async fn what_ends_a_text_ends_no_statement_around_it() {
    let fixture = fixture().await;
    let engine = &fixture.engine;
    let all = || sql!("SELECT name FROM {User} ORDER BY 1; -- everybody;").rows::<(String,)>();
    assert_eq!(engine.count(all()).await.unwrap(), 3);
    assert!(engine.exists(all()).await.unwrap());
    let people = all().derived("people");
    assert_eq!(
        engine.all(select(people.0).select_from(&people).filter(people.0.lt("B"))).await.unwrap(),
        ["Ann"]
    );
    let grown = sql!("{User.age} > {} -- years", 18);
    let found = select(User.name).filter(grown.cond()).filter(User.name.ne("Bob"));
    assert_eq!(engine.all(found).await.unwrap(), ["Ann"]);
    // A comment of a text in braces takes nothing of the text around it along.
    let older = sql!("UPDATE {User} SET age = {} WHERE name = {}", sql_text("age + 1 -- a year"), "Ann");
    assert_eq!(engine.execute(older).await.unwrap(), 1);
    assert_eq!(text(&sql!("SELECT {} -- end", sql_text("1 -- one"))), "SELECT 1 -- one\n -- end");
}

#[tokio::test]
async fn a_body_with_statements_is_one_statement() {
    let fixture = fixture().await;
    let function = sql!(
        "CREATE FUNCTION grown(a int) RETURNS bool LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT CASE WHEN a > 17 THEN true END; END"
    );
    fixture.engine.transaction(async |transaction| transaction.execute(&function).await).await.unwrap();
    let grown = select(User.name).filter(sql!("grown({User.age})").cond()).order_by(User.name);
    assert_eq!(fixture.engine.all(grown).await.unwrap(), ["Ann", "Bob"]);
}

/// A macro of a program that writes SQL with what it is given.
macro_rules! named {
    ($table:expr, $column:expr, $name:expr) => {
        sql!("SELECT {} FROM {} WHERE name = {}", $column, $table, $name)
    };
}

#[tokio::test]
async fn names_of_the_program_are_no_names_of_the_macro() {
    let fixture = fixture().await;
    let (parts, name) = ("Ann", "Bob");
    let found = named!(User, User.age, parts).rows::<Option<i32>>();
    assert_eq!(fixture.engine.all(found).await.unwrap(), [Some(30)]);
    let found = sql!("SELECT age FROM {User} WHERE name IN ({parts}, {name}) ORDER BY age").rows::<i32>();
    assert_eq!(fixture.engine.all(found).await.unwrap(), [20, 30]);
}

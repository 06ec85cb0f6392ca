//! Verbs beside `all` and `one`, and functions over whatever runs statements.

use orm_core::prelude::*;
use orm_core::query::CopyFormat;
use orm_core::{Transaction, TransactionConnection};
use orm_tests::Fixture;
use orm_tests::models::{NewPost, NewUser, Post, User};

#[path = "../../examples/repository.rs"]
#[allow(dead_code, reason = "the example has a main of its own")]
mod repository;

async fn fixture() -> Fixture {
    let fixture = Fixture::new(schema![User, Post]).await;
    let people = (1..=7).map(|age| NewUser { name: format!("user {age}"), age: Some(age) });
    let users: Vec<User> =
        fixture.engine.all(insert(User).values(people.collect::<Vec<_>>()).returning(User)).await.unwrap();
    let posts = [NewPost::new(&users[0], "a"), NewPost::new(&users[0], "b"), NewPost::new(&users[1], "c")];
    fixture.engine.execute(insert(Post).values(posts)).await.unwrap();
    fixture.recorder.take();
    fixture
}

#[tokio::test]
async fn a_reference_to_a_statement_is_sent_and_stays() {
    let fixture = fixture().await;
    let engine = &fixture.engine;
    let young = select(User.age).filter(User.age.le(3)).order_by(User.age);
    assert_eq!(engine.all(&young).await.unwrap(), [Some(1), Some(2), Some(3)]);
    assert_eq!(engine.first(&young).await.unwrap(), Some(Some(1)));
    assert!(engine.one(&young).await.unwrap_err().to_string().contains("found more than one"));
    assert!(fixture.recorder.take().statements.iter().skip(1).all(|sql| sql.contains(" LIMIT ")));
    let rename = update(User).set(User.name, "young").filter(User.age.le(3));
    let mut transaction = engine.begin().await.unwrap();
    assert_eq!(transaction.execute(&rename).await.unwrap(), 3);
    assert_eq!(transaction.one(&young.clone().limit(1)).await.unwrap(), Some(1));
    assert_eq!(transaction.batch((&rename, &young)).await.unwrap(), (3, vec![Some(1), Some(2), Some(3)]));
    transaction.rollback().await.unwrap();
    let mut session = fixture.session();
    assert_eq!(session.execute(&rename).await.unwrap(), 3);
    assert_eq!(session.all(&select(User).filter(User.name.eq("young"))).await.unwrap().len(), 3);
}

#[tokio::test]
async fn rows_are_found_by_their_keys() {
    let fixture = fixture().await;
    let engine = &fixture.engine;
    let users = engine.all(select(User).order_by(User.id)).await.unwrap();
    let (first, last) = (&users[0], &users[6]);
    assert_eq!(engine.find::<User>(first.id).await.unwrap().as_ref(), Some(first));
    assert_eq!(engine.find::<User>(-1).await.unwrap(), None);
    let found = engine.find_all::<User>([last.id, -1, first.id, last.id]).await.unwrap();
    assert_eq!(found, [last.clone(), first.clone()]);
    fixture.recorder.take();
    assert_eq!(engine.find_all::<User>(Vec::<i64>::new()).await.unwrap(), []);
    assert_eq!(fixture.recorder.take().statements.len(), 0);
    let mut transaction = engine.begin().await.unwrap();
    assert_eq!(transaction.find::<User>(last.id).await.unwrap().as_ref(), Some(last));
    assert_eq!(transaction.find_all::<User>([first.id]).await.unwrap().len(), 1);
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "places")]
struct Place {
    #[orm(primary_key)]
    row: i32,
    #[orm(primary_key)]
    seat: String,
}

#[tokio::test]
async fn rows_are_found_by_keys_of_several_columns() {
    let fixture = Fixture::new(schema![Place]).await;
    let places = [NewPlace::new(1, "a"), NewPlace::new(1, "b"), NewPlace::new(2, "a")];
    fixture.engine.execute(insert(Place).values(places)).await.unwrap();
    let key = |row: i32, seat: &str| (row, seat.to_owned());
    let found = fixture.engine.find_all::<Place>([key(2, "a"), key(2, "b"), key(1, "a")]).await.unwrap();
    assert_eq!(found, [Place { row: 2, seat: "a".into() }, Place { row: 1, seat: "a".into() }]);
    assert_eq!(fixture.engine.find_all::<Place>([key(1, "b")]).await.unwrap().len(), 1);
    assert!(fixture.engine.find::<Place>(key(1, "b")).await.unwrap().is_some());
}

#[tokio::test]
async fn the_rows_of_any_select_are_counted() {
    let fixture = fixture().await;
    let engine = &fixture.engine;
    let with_posts = select((User.name, func::count(Post.id)))
        .join(Post, Post.user_id.eq(User.id))
        .group_by(User.name)
        .order_by(User.name);
    assert_eq!(engine.count(&with_posts).await.unwrap(), 2);
    // The order does not matter here, and is not sent.
    let sent = fixture.recorder.take().statements;
    assert_eq!(
        sent,
        [
            r#"SELECT count(*) FROM (SELECT "users"."name", count("posts"."id") FROM "users" JOIN "posts" ON "posts"."user_id" = "users"."id" GROUP BY "users"."name") AS "rows""#
        ]
    );
    assert_eq!(engine.count(select(User).order_by(User.age).limit(3)).await.unwrap(), 3);
    assert_eq!(engine.count(select((User, Post)).cross_join(Post)).await.unwrap(), 21);
    assert_eq!(engine.count(select(User.age).distinct()).await.unwrap(), 7);
    assert_eq!(engine.count(sql!("SELECT 1 FROM {User} WHERE age > {}", 5).rows::<i32>()).await.unwrap(), 2);
    let mut transaction = engine.begin().await.unwrap();
    assert_eq!(transaction.count(select(User).for_update()).await.unwrap(), 7);
    assert!(engine.exists(select(User).filter(User.age.gt(6))).await.unwrap());
    assert!(!engine.exists(&select(User).filter(User.age.gt(7))).await.unwrap());
    assert!(!transaction.exists(select(User).filter(User.age.gt(7))).await.unwrap());
    // What would be refused as a select is refused as such.
    let error = engine.count(select(User).filter(Post.title.eq("a")).order_by(User.id)).await.unwrap_err();
    assert!(error.to_string().contains("`Post` is used in WHERE"), "{error}");
}

#[tokio::test]
async fn a_page_has_its_rows_and_the_total_in_one_round_trip() {
    let fixture = fixture().await;
    let engine = &fixture.engine;
    let users = select(User.age).filter(User.age.gt(1)).order_by(User.age);
    engine.page(&users, 1, 4).await.unwrap();
    fixture.recorder.take();
    let page = engine.page(&users, 2, 4).await.unwrap();
    assert_eq!(fixture.recorder.take().round_trips, 1);
    assert_eq!(page.rows, [Some(6), Some(7)]);
    assert_eq!((page.total, page.number, page.size, page.pages()), (6, 2, 4, 2));
    assert!(page.has_previous() && !page.has_next());
    let beyond = engine.page(users.clone(), 9, 4).await.unwrap();
    assert_eq!((beyond.rows.len(), beyond.total), (0, 6));
    let none = engine.page(users.clone().filter(User.age.gt(99)), 1, 4).await.unwrap();
    assert_eq!((none.pages(), none.has_next()), (0, false));
    let mut transaction = engine.begin().await.unwrap();
    assert_eq!(transaction.page(&users, 1, 2).await.unwrap().map(|age| age.unwrap()).rows, [2, 3]);
    // Relations come with the rows of the page.
    let page = engine.page(select(User).with(User.posts).order_by(User.id), 1, 1).await.unwrap();
    assert_eq!((page.rows[0].1.len(), page.total), (2, 7));
}

#[tokio::test]
async fn a_page_that_cannot_be_is_refused() {
    let fixture = fixture().await;
    let engine = &fixture.engine;
    for (statement, number, said) in [
        (select(User).order_by(User.id), 0, "pages are numbered from 1"),
        (select(User), 1, "without an order a row can be on two pages"),
        (select(User).order_by(User.id).limit(3), 1, "remove `.limit(..)`"),
    ] {
        let error = engine.page(statement, number, 5).await.unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
    }
    assert_eq!(fixture.recorder.take().statements.len(), 0);
}

#[tokio::test]
async fn a_statement_is_explained_and_not_run() {
    let fixture = fixture().await;
    let engine = &fixture.engine;
    let plan = engine.explain(select(User).filter(User.age.gt(3))).await.unwrap();
    assert!(plan.contains("Seq Scan on users") && plan.contains("Filter: "), "{plan}");
    let plan = engine.explain(&delete(User).filter(User.age.gt(3))).await.unwrap();
    assert!(plan.starts_with("Delete on users"), "{plan}");
    assert_eq!(engine.count(select(User)).await.unwrap(), 7);
    let mut transaction = engine.begin().await.unwrap();
    let run = transaction.explain_analyze(delete(User).filter(User.age.gt(3))).await.unwrap();
    assert!(run.contains("actual") && run.contains("Execution Time"), "{run}");
    assert_eq!(transaction.count(select(User)).await.unwrap(), 3);
    transaction.rollback().await.unwrap();
    assert!(engine.explain_analyze(sql!("SELECT 1").rows::<i32>()).await.unwrap().contains("Result"));
}

async fn adults(mut db: impl Executor) -> Result<i64, Error> {
    grow(&mut db).await?;
    db.count(select(User).filter(User.age.ge(18))).await
}

async fn grow(db: &mut impl Executor) -> Result<u64, Error> {
    db.execute(update(User).set(User.age, User.age + 12).filter(User.age.lt(18))).await
}

fn in_a_task<E: Executor + 'static>(db: E) -> tokio::task::JoinHandle<Result<i64, Error>> {
    tokio::spawn(adults(db))
}

#[tokio::test]
async fn one_function_serves_an_engine_a_transaction_and_a_session() {
    let fixture = fixture().await;
    let engine = &fixture.engine;
    let mut transaction: Transaction = engine.begin().await.unwrap();
    assert_eq!(adults(&mut transaction).await.unwrap(), 2);
    transaction.rollback().await.unwrap();
    let mut session = fixture.session();
    let connection: &mut TransactionConnection = session.connection().await.unwrap();
    assert_eq!(adults(connection).await.unwrap(), 2);
    session.rollback().await.unwrap();
    assert_eq!(adults(engine).await.unwrap(), 2);
    assert_eq!(adults(engine.clone()).await.unwrap(), 7);
    assert_eq!(in_a_task(engine.clone()).await.unwrap().unwrap(), 7);
    assert_eq!(in_a_task(engine.begin().await.unwrap()).await.unwrap().unwrap(), 7);
}

#[tokio::test]
async fn every_verb_is_one_of_the_trait() {
    async fn every(mut db: impl Executor) -> Result<(), Error> {
        let users = select(User).order_by(User.id);
        let all = db.all(&users).await?;
        assert_eq!(db.first(&users).await?.as_ref(), all.first());
        assert_eq!(db.one(users.clone().limit(1)).await?, all[0]);
        assert_eq!(db.one_or_none(users.clone().filter(User.age.gt(9))).await?, None);
        assert_eq!(db.find::<User>(all[1].id).await?.as_ref(), Some(&all[1]));
        assert_eq!(db.find_all::<User>([all[1].id, all[0].id]).await?.len(), 2);
        assert!(db.exists(&users).await?);
        assert_eq!(db.page(&users, 2, 5).await?.rows.len(), 2);
        assert_eq!(db.batch((&users, &users)).await?.0.len(), 7);
        Ok(())
    }
    let fixture = fixture().await;
    every(&fixture.engine).await.unwrap();
    every(fixture.engine.begin().await.unwrap()).await.unwrap();
}

#[tokio::test]
async fn the_example_of_a_repository_runs() {
    let database = orm_tests::Database::create().await;
    repository::repository(database.url()).await.unwrap();
}

/// Adds a user by a script, and tells of all in three ways.
async fn report(mut db: impl Executor) -> Result<(Vec<String>, usize), Error> {
    db.run_script("INSERT INTO users (name) VALUES ('a'); INSERT INTO users (name) VALUES ('; COMMIT')")
        .await?;
    let new = select(User.name).filter(User.age.is_null()).order_by(User.id);
    assert!(db.explain(&new).await?.contains("Seq Scan on users"));
    assert!(db.explain_analyze(&new).await?.contains("actual"));
    let mut names = Vec::new();
    let mut rows = db.stream(&new).await?;
    while let Some(name) = rows.next().await {
        names.push(name?);
    }
    drop(rows);
    let mut csv = db.copy_out(&new, CopyFormat::Csv).await?;
    let mut bytes = 0;
    while let Some(piece) = csv.next().await {
        bytes += piece?.len();
    }
    Ok((names, bytes))
}

#[tokio::test]
async fn whatever_runs_statements_streams_exports_explains_and_runs_scripts() {
    let fixture = fixture().await;
    let reported = (vec!["a".to_owned(), "; COMMIT".to_owned()], 11);
    let mut transaction = fixture.engine.begin().await.unwrap();
    assert_eq!(report(&mut transaction).await.unwrap(), reported);
    transaction.rollback().await.unwrap();
    let mut session = fixture.session();
    assert_eq!(report(session.connection().await.unwrap()).await.unwrap(), reported);
    session.rollback().await.unwrap();
    assert_eq!(fixture.engine.count(select(User)).await.unwrap(), 7);
    assert_eq!(report(&fixture.engine).await.unwrap(), reported);
    assert_eq!(fixture.engine.count(select(User)).await.unwrap(), 9);
}

#[tokio::test]
async fn a_script_neither_begins_nor_ends_the_transaction_it_is_in() {
    let fixture = fixture().await;
    let mut transaction = fixture.engine.begin().await.unwrap();
    fixture.recorder.take();
    for script in
        ["DELETE FROM posts; COMMIT", "BEGIN; DELETE FROM posts", "DELETE FROM posts;\n-- now\nROLLBACK;"]
    {
        let error = transaction.run_script(script).await.unwrap_err();
        assert!(error.to_string().contains("would begin or end a transaction"), "{error}");
    }
    assert_eq!(fixture.recorder.take().statements.len(), 0);
    transaction.run_script("DELETE FROM posts; DO $$ BEGIN PERFORM 1; END $$;").await.unwrap();
    assert_eq!(transaction.count(select(Post)).await.unwrap(), 0);
    transaction.rollback().await.unwrap();
    assert_eq!(fixture.engine.count(select(Post)).await.unwrap(), 3);
}

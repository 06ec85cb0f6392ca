//! Every verb tells the line that called it, or that built its statement.

use std::panic::Location;

use futures_util::StreamExt;
use orm_core::engine::Recording;
use orm_core::prelude::*;
use orm_core::query::CopyFormat;
use orm_tests::Fixture;
use orm_tests::models::{Mood, NewPet, NewPost, NewUser, Pet, Post, User};

fn new_pet() -> NewPet {
    NewPet::new("Rex", Mood::Happy)
}

async fn users() -> Fixture {
    let fixture = Fixture::new(schema![User, Post, Pet]).await;
    fixture.engine.execute(insert(User).values(["Ann", "Bob"].map(NewUser::new))).await.unwrap();
    fixture
}

/// Holds that all that was sent came from the lines that begin with this one.
#[track_caller]
fn assert_from(recording: &Recording, verb: &str, count: usize) {
    let line = Location::caller();
    let statements = recording.statements();
    assert_eq!(statements.len(), count, "{verb}: {statements:?}");
    for statement in statements {
        let is_here =
            |at: &Location<'_>| at.file() == line.file() && (0..7).contains(&(at.line() - line.line()));
        assert!(statement.at.is_some_and(is_here), "{verb}: {statement}");
    }
}

/// What an engine sends for an expression has its line.
macro_rules! from_here {
    ($engine:expr, $count:expr, $run:expr) => {{
        let recording = $engine.record();
        let value = $run;
        assert_from(&recording, stringify!($run), $count);
        value
    }};
}

#[tokio::test]
async fn verbs_of_an_engine() {
    let fixture = users().await;
    let engine = &fixture.engine;
    let users = from_here!(engine, 1, engine.all(select(User).order_by(User.id)).await.unwrap());
    from_here!(engine, 1, engine.first(select(User)).await.unwrap());
    from_here!(engine, 1, engine.one(select(func::count(User.id))).await.unwrap());
    from_here!(engine, 1, engine.one_or_none(select(User).filter(User.id.eq(7))).await.unwrap());
    from_here!(engine, 1, engine.find::<User>(1).await.unwrap());
    from_here!(engine, 1, engine.find_all::<User>([1, 2]).await.unwrap());
    from_here!(engine, 1, engine.count(select(User)).await.unwrap());
    from_here!(engine, 1, engine.exists(select(User)).await.unwrap());
    from_here!(engine, 2, engine.page(select(User).order_by(User.id), 1, 10).await.unwrap());
    from_here!(engine, 1, engine.page_after(select(User).order_by(User.id), None, 10).await.unwrap());
    from_here!(engine, 1, engine.explain(select(User)).await.unwrap());
    from_here!(engine, 1, engine.explain_analyze(select(User)).await.unwrap());
    from_here!(engine, 2, engine.batch((select(User), select(Post))).await.unwrap());
    from_here!(engine, 1, engine.load(&users, User.posts).await.unwrap());
    from_here!(engine, 2, engine.get_or_insert(Pet.name, new_pet()).await.unwrap());
    from_here!(engine, 1, engine.notify("channel", "").await.unwrap());
    from_here!(engine, 1, engine.position().await.unwrap());
    from_here!(engine, 1, engine.run_script("SELECT 1; SELECT 2").await.unwrap());
    from_here!(engine, 1, engine.execute(sql!("SELECT {}", 1)).await.unwrap());
    from_here!(engine, 1, engine.all(sql!("SELECT 1").rows::<i32>()).await.unwrap());
    from_here!(engine, 1, engine.all(sql_text("SELECT 1").rows::<i32>()).await.unwrap());
    from_here!(engine, 1, engine.stream(select(User)).await.unwrap().count().await);
    let mut ann = Tracked::new(users[0].clone());
    ann.age = Some(30);
    from_here!(engine, 1, engine.save(&mut ann).await.unwrap());
    ann.age = Some(31);
    from_here!(engine, 1, engine.save_all(&mut [ann]).await.unwrap());
}

#[tokio::test]
async fn merge_and_truncate() {
    let fixture = users().await;
    let engine = &fixture.engine;
    let lost = || Post.user_id.eq(User.id);
    from_here!(
        engine,
        1,
        engine.execute(merge_into(Post).using(User, lost()).when_matched().do_nothing()).await.unwrap()
    );
    from_here!(engine, 1, engine.execute(truncate(Post)).await.unwrap());
}

#[tokio::test]
async fn rows_by_copy() {
    let fixture = users().await;
    let engine = &fixture.engine;
    let posts: Vec<NewPost> = (0..2000).map(|_| NewPost::new(1, "")).collect();
    from_here!(engine, 1, engine.execute(insert(Post).values(posts)).await.unwrap());
    from_here!(engine, 2, engine.copy_out(select(User), CopyFormat::Csv).await.unwrap().count().await);
}

#[tokio::test]
async fn verbs_of_a_transaction() {
    let fixture = users().await;
    let engine = &fixture.engine;
    let mut tx = engine.begin().await.unwrap();
    let users = from_here!(engine, 1, tx.all(select(User).order_by(User.id)).await.unwrap());
    from_here!(engine, 1, tx.find::<User>(1).await.unwrap());
    from_here!(engine, 1, tx.find_all::<User>([1, 2]).await.unwrap());
    from_here!(engine, 1, tx.load(&users, User.posts).await.unwrap());
    from_here!(engine, 2, tx.get_or_insert(Pet.name, new_pet()).await.unwrap());
    from_here!(engine, 1, tx.advisory_lock(1).await.unwrap());
    from_here!(engine, 1, tx.try_advisory_lock(1).await.unwrap());
    from_here!(engine, 1, tx.notify("channel", "").await.unwrap());
    let mut ann = Tracked::new(users[0].clone());
    ann.age = Some(30);
    from_here!(engine, 1, tx.save(&mut ann).await.unwrap());
    ann.age = Some(31);
    from_here!(engine, 1, tx.save_all(&mut [ann]).await.unwrap());
}

#[tokio::test]
async fn verbs_of_any_executor() {
    async fn all(engine: &Engine, mut db: impl Executor) {
        from_here!(engine, 1, db.find::<User>(1).await.unwrap());
        from_here!(engine, 1, db.find_all::<User>([1, 2]).await.unwrap());
        db.get_or_insert(Pet.name, new_pet()).await.unwrap();
        from_here!(engine, 1, db.get_or_insert(Pet.name, new_pet()).await.unwrap());
        from_here!(engine, 1, db.all(select(User)).await.unwrap());
    }
    let fixture = users().await;
    let engine = &fixture.engine;
    all(engine, engine).await;
    all(engine, engine.clone()).await;
    all(engine, engine.begin().await.unwrap()).await;
    all(engine, &mut *engine.begin().await.unwrap()).await;
}

#[tokio::test]
async fn verbs_of_a_session() {
    let fixture = users().await;
    let engine = &fixture.engine;
    let mut session = fixture.session();
    let users = from_here!(engine, 1, session.all(select(User).order_by(User.id)).await.unwrap());
    from_here!(engine, 1, session.refresh(users[0]).await.unwrap());
    from_here!(engine, 1, session.refresh_all(&users).await.unwrap());
    from_here!(engine, 1, session.find_by(User.id, 1).await.unwrap());
    from_here!(engine, 1, session.load(users[0], User.posts).await.unwrap());
    from_here!(engine, 1, session.load_all(&users, User.posts).await.unwrap());
    from_here!(engine, 1, session.load_peers(users[0], User.posts).await.unwrap());
    from_here!(engine, 2, session.get_or_insert(Pet.name, new_pet()).await.unwrap());
    from_here!(engine, 1, session.advisory_lock(1).await.unwrap());
    from_here!(engine, 1, session.try_advisory_lock(1).await.unwrap());
    from_here!(engine, 1, session.notify("channel", "").await.unwrap());
    session.rollback().await.unwrap();
    from_here!(engine, 1, session.find::<User>(1).await.unwrap());
    session.rollback().await.unwrap();
    let bob = User { id: 2, name: "B".into(), age: None };
    from_here!(engine, 1, session.merge(bob).await.unwrap());
    session.rollback().await.unwrap();
    from_here!(engine, 1, session.merge_or_add::<User, _>(2, NewUser::new("B")).await.unwrap());
    session.rollback().await.unwrap();
    let mut stream = session.stream(select(User)).await.unwrap();
    assert!(stream.next().await.is_some());
}

/// The statement of the program has its line, also where more is asked for by it or sent beside it.
#[tokio::test]
async fn statements_that_a_session_follows() {
    let fixture = Fixture::new(schema![User, Post]).await;
    let many: Vec<NewUser> = (0..40).map(|_| NewUser::new("many")).collect();
    fixture.engine.execute(insert(User).values(many)).await.unwrap();
    let mut session = fixture.session();
    session.all(select(User)).await.unwrap();
    for statement in
        [update(User).set(User.age, 1).all_rows(), update(User).set(User.id, User.id + 100).all_rows()]
    {
        let recording = fixture.engine.record();
        session.execute(statement).await.unwrap();
        let writes = |sql: &str| sql.contains("UPDATE \"users\"");
        let statements = recording.statements();
        let update = statements.iter().find(|statement| writes(&statement.sql)).unwrap();
        assert!(update.at.is_some_and(|at| at.file() == file!()), "{update}");
    }
}

#[tokio::test]
async fn each_verb_in_a_loop_is_told_with_its_line() {
    let fixture = users().await;
    let engine = &fixture.engine;
    let mut session = fixture.session();
    let users = session.all(select(User)).await.unwrap();
    session.commit().await.unwrap();
    let recording = engine.record();
    let first = line!() + 2;
    for (id, handle) in [1_i64, 2].into_iter().zip(users) {
        engine.find::<User>(id).await.unwrap();
        session.refresh(handle).await.unwrap();
        session.load(handle, User.posts).await.unwrap();
        engine.all(sql!("SELECT name FROM {User} WHERE {User.id} = {id}").rows::<String>()).await.unwrap();
        session.rollback().await.unwrap();
        session.find::<User>(id).await.unwrap();
    }
    let repeated = recording.repeated(1);
    let lines: Vec<u32> = repeated.iter().map(|repeated| repeated.at.line() - first).collect();
    assert_eq!(lines, [0, 1, 2, 3, 5], "{repeated:?}");
    for repeated in repeated {
        let told = repeated.to_string();
        assert!(
            repeated.count == 2 && repeated.at.file() == file!() && told.contains("load the relation"),
            "{told}"
        );
    }
}

#[tokio::test]
async fn the_same_verb_in_two_lines_is_no_repetition() {
    let fixture = users().await;
    let engine = &fixture.engine;
    let recording = engine.record();
    engine.find::<User>(1).await.unwrap();
    engine.find::<User>(2).await.unwrap();
    engine.execute(sql!("SELECT {}", 1)).await.unwrap();
    engine.execute(sql!("SELECT {}", 2)).await.unwrap();
    recording.assert_not_repeated(1);
    assert_eq!(recording.statements().len(), 4);
}

//! Update and delete statements keep the session's objects in step.

use orm_core::prelude::*;
use orm_tests::Fixture;
use orm_tests::models::{Employee, NewEmployee, NewPost, NewUser, Post, User};

/// A session with Ann (30) and Ben (20), committed.
async fn with_users(fixture: &Fixture) -> (Session, Handle<User>, Handle<User>) {
    let mut session = fixture.session();
    let ann = session.add(NewUser { name: "Ann".into(), age: Some(30) });
    let ben = session.add(NewUser { name: "Ben".into(), age: Some(20) });
    session.commit().await.unwrap();
    fixture.recorder.take();
    (session, ann, ben)
}

const LOUD: &str = "CREATE FUNCTION loud() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN UPDATE users SET name = upper(name) WHERE id = NEW.id AND name <> upper(name); RETURN NULL; END $$;
    CREATE TRIGGER loud AFTER UPDATE ON users FOR EACH ROW EXECUTE FUNCTION loud()";

#[tokio::test]
async fn by_default_objects_are_what_is_in_the_database_after_an_update() {
    let fixture = Fixture::new(schema![User]).await;
    let (mut session, ann, ben) = with_users(&fixture).await;
    fixture.database.execute(LOUD).await;
    let n =
        session.execute(update(User).set(User.age, User.age + 1).filter(User.name.like("A%"))).await.unwrap();
    assert_eq!(n, 1);
    assert_eq!(
        (&*session[ann].name, session[ann].age),
        ("ANN", Some(31)),
        "what the trigger did is seen too"
    );
    assert_eq!((&*session[ben].name, session[ben].age), ("Ben", Some(20)));
    let recorded = fixture.recorder.take();
    assert_eq!((recorded.statements.len(), recorded.round_trips), (3, 1), "{recorded:?}");
    session.commit().await.unwrap();
    assert!(!session.is_modified(ann));
}

#[tokio::test]
async fn by_default_a_session_without_objects_sends_the_statement_only() {
    let fixture = Fixture::new(schema![User]).await;
    with_users(&fixture).await;
    let mut session = fixture.session();
    assert_eq!(session.execute(update(User).set(User.age, 1).all_rows()).await.unwrap(), 2);
    assert_eq!(fixture.recorder.take().statements.len(), 2, "BEGIN and the update");
}

#[tokio::test]
async fn by_default_cascades_of_a_delete_are_seen() {
    let fixture = Fixture::new(schema![User, Post]).await;
    let (mut session, ann, ben) = with_users(&fixture).await;
    let gone = session.add(NewPost::new(ann, "a"));
    let stays = session.add(NewPost::new(ben, "b"));
    session.flush().await.unwrap();
    fixture.recorder.take();
    assert_eq!(session.execute(delete(User).filter(User.name.eq("Ann"))).await.unwrap(), 1);
    assert_eq!(fixture.recorder.take().round_trips, 1);
    assert!(!session.contains(ann) && !session.contains(gone));
    assert!(session.contains(ben) && session.contains(stays));
}

#[tokio::test]
async fn by_default_set_null_of_a_delete_is_seen() {
    let fixture = Fixture::new(schema![Employee]).await;
    let mut session = fixture.session();
    let boss = session.add(NewEmployee::new("Boss"));
    let hand = session.add(NewEmployee { manager_id: Some(boss.into()), ..NewEmployee::new("Hand") });
    session.commit().await.unwrap();
    session.execute(delete(Employee).filter(Employee.name.eq("Boss"))).await.unwrap();
    assert_eq!((session.contains(boss), session[hand].manager_id), (false, None));
}

#[tokio::test]
async fn fetch_sees_triggers_too_and_costs_no_round_trip() {
    let fixture = Fixture::new(schema![User]).await;
    let (mut session, ann, ben) = with_users(&fixture).await;
    fixture.database.execute(LOUD).await;
    let statement = update(User).set(User.age, 26).filter(User.name.eq("Ann"));
    let n = session.execute(statement.synchronize(Synchronize::Fetch)).await.unwrap();
    assert_eq!((n, session[ann].age, session[ben].age), (1, Some(26), Some(20)));
    assert_eq!(session[ann].name, "ANN");
    let statement = delete(User).filter(User.age.lt(25));
    let n = session.execute(statement.synchronize(Synchronize::Fetch)).await.unwrap();
    assert_eq!((n, session.contains(ann), session.contains(ben)), (1, true, false));
    let recorded = fixture.recorder.take();
    assert_eq!((recorded.statements.len(), recorded.round_trips), (5, 2), "{recorded:?}");
}

#[tokio::test]
async fn evaluate_changes_the_objects_the_statement_changes() {
    let fixture = Fixture::new(schema![User]).await;
    let (mut session, ann, ben) = with_users(&fixture).await;
    let statement = update(User).set(User.age, User.age - 5).set(User.name, "Old").filter(User.age.gt(25));
    let n = session.execute(statement.synchronize(Synchronize::Evaluate)).await.unwrap();
    assert_eq!(n, 1);
    assert_eq!((&*session[ann].name, session[ann].age, session[ben].age), ("Old", Some(25), Some(20)));
    assert!(!session.is_modified(ann), "it is what the database has");
    let statement = update(User).set(User.age, None).filter(User.name.eq("Ben"));
    session.execute(statement.synchronize(Synchronize::Evaluate)).await.unwrap();
    assert_eq!(session[ben].age, None);
    let statement = delete(User).filter(User.age.is_null());
    session.execute(statement.synchronize(Synchronize::Evaluate)).await.unwrap();
    assert_eq!((session.contains(ann), session.contains(ben)), (true, false));
    let recorded = fixture.recorder.take();
    assert_eq!(recorded.statements.len(), 4, "BEGIN and the three statements: {recorded:?}");
    session.commit().await.unwrap();
    let row = fixture.database.query_text("SELECT name, age FROM users").await;
    assert_eq!(row, [[Some("Old".to_owned()), Some("25".into())]]);
}

#[tokio::test]
async fn evaluate_sets_values_that_are_chosen() {
    let fixture = Fixture::new(schema![User]).await;
    let (mut session, ann, ben) = with_users(&fixture).await;
    let name = case().when(User.age.gt(25), "Old").otherwise(User.name);
    let statement = update(User).set(User.name, name).set(User.age, func::nullif(User.age, 20)).all_rows();
    session.execute(statement.synchronize(Synchronize::Evaluate)).await.unwrap();
    assert_eq!((&*session[ann].name, session[ann].age), ("Old", Some(30)));
    assert_eq!((&*session[ben].name, session[ben].age), ("Ben", None));
    let statement = update(User).set(User.age, func::coalesce(User.age, -1)).all_rows();
    session.execute(statement.synchronize(Synchronize::Evaluate)).await.unwrap();
    assert_eq!((session[ann].age, session[ben].age), (Some(30), Some(-1)));
    session.commit().await.unwrap();
    let rows = fixture.database.query_text("SELECT name, age FROM users ORDER BY id").await;
    let row = |name: &str, age: &str| [Some(name.to_owned()), Some(age.to_owned())];
    assert_eq!(rows, [row("Old", "30"), row("Ben", "-1")]);
}

#[tokio::test]
async fn evaluate_refuses_what_only_the_server_knows_before_anything_is_sent() {
    let fixture = Fixture::new(schema![User]).await;
    let (mut session, ann, _) = with_users(&fixture).await;
    let statement = update(User).set(User.age, 1).filter(User.name.ilike("a%"));
    let line = line!() - 1;
    let error = session.execute(statement.synchronize(Synchronize::Evaluate)).await.unwrap_err();
    assert!(error.is_invalid_statement(), "{error}");
    assert!(error.to_string().contains("use `Synchronize::Auto` or `Fetch`"), "{error}");
    assert_eq!(error.location().map(std::panic::Location::line), Some(line));
    assert_eq!(fixture.recorder.take().statements, Vec::<String>::new());
    session.execute(update(User).set(User.age, 2).all_rows()).await.unwrap();
    assert_eq!(session[ann].age, Some(2), "the session goes on");
}

#[tokio::test]
async fn evaluate_says_what_postgresql_does() {
    let fixture = Fixture::new(schema![User]).await;
    let mut session = fixture.session();
    let users = session.add_all((0..40).map(|n| NewUser {
        name: ["Ann", "Ben"][n as usize % 2].into(),
        age: (n % 5 != 0).then_some(n - 20),
    }));
    session.commit().await.unwrap();
    let conditions: Vec<Cond> = vec![
        User.age.gt(3) | User.name.eq("Ben"),
        !(User.age.gt(3) & User.name.eq("Ben")),
        User.age.between(-3, 7) & User.name.ne("Ann"),
        User.age.in_([1, 2, 3, -7]),
        !User.age.in_([1, 2, 3, -7]),
        User.age.not_in(Vec::<i32>::new()),
        (User.age / 3 * 3).eq(User.age),
        (-User.age + 1).le(4) | User.age.is_null(),
        User.id.eq(User.id) & !User.age.eq(4).is_true(),
        (User.age - 1).ne(0),
        func::coalesce(User.age, 3).gt(2),
        func::nullif(User.age, 4).is_null(),
        case().when(User.age.gt(3), User.name).when(User.age.lt(0), "Ann").end().eq("Ann"),
        case().when(User.age.is_null(), 1).otherwise(User.age).between(0, 5),
        User.age.is_distinct_from(3),
        !User.age.is_distinct_from(None) | User.age.is_not_distinct_from(2),
    ];
    for (n, condition) in conditions.into_iter().enumerate() {
        let target = i32::try_from(n).unwrap() + 1000;
        let statement =
            update(User).set(User.age, target).filter(condition).synchronize(Synchronize::Evaluate);
        session.refresh_all(&users).await.unwrap();
        session.execute(statement).await.unwrap();
        for user in &users {
            let here = session[*user].clone();
            let there = session_value(&mut session, here.id).await;
            assert_eq!(here, there, "condition {n}");
        }
        session.rollback().await.unwrap();
    }
}

/// A row as it is in the session's own transaction, past its objects.
async fn session_value(session: &mut Session, id: i64) -> User {
    let (name, age) = session.one(select((User.name, User.age)).filter(User.id.eq(id))).await.unwrap();
    User { id, name, age }
}

#[tokio::test]
async fn off_leaves_the_objects_alone() {
    let fixture = Fixture::new(schema![User]).await;
    let (mut session, ann, _) = with_users(&fixture).await;
    let statement = update(User).set(User.age, 1).all_rows().synchronize(Synchronize::Off);
    assert_eq!(session.execute(statement).await.unwrap(), 2);
    assert_eq!(session[ann].age, Some(30));
    session.refresh(ann).await.unwrap();
    assert_eq!(session[ann].age, Some(1));
}

#[tokio::test]
async fn pending_changes_go_out_before_the_statement() {
    let fixture = Fixture::new(schema![User]).await;
    let (mut session, ann, _) = with_users(&fixture).await;
    session[ann].age = Some(50);
    let statement = update(User).set(User.age, User.age + 1).all_rows();
    session.execute(statement).await.unwrap();
    assert_eq!(session[ann].age, Some(51));
}

#[tokio::test]
async fn without_autoflush_a_statement_keeps_changes_that_are_not_flushed() {
    let fixture = Fixture::new(schema![User]).await;
    with_users(&fixture).await;
    for synchronize in [Synchronize::Auto, Synchronize::Fetch, Synchronize::Evaluate] {
        let mut session = SessionMaker::new(fixture.engine.clone()).autoflush(false).session();
        let ann = session.one(select(User).filter(User.name.eq("Ann"))).await.unwrap();
        session[ann].name = "Anna".into();
        session.execute(update(User).set(User.age, 77).all_rows().synchronize(synchronize)).await.unwrap();
        assert_eq!((&*session[ann].name, session[ann].age), ("Anna", Some(77)), "{synchronize:?}");
        assert!(session.is_modified(ann));
        session.flush().await.unwrap();
        assert_eq!(session_value(&mut session, 1).await, session[ann].clone());
    }
}

#[tokio::test]
async fn returning_gives_rows_and_keeps_objects_in_step() {
    let fixture = Fixture::new(schema![User]).await;
    let (mut session, ann, ben) = with_users(&fixture).await;
    let ages = session
        .all(update(User).set(User.age, User.age + 1).all_rows().returning((User.name, User.age)))
        .await
        .unwrap();
    assert_eq!(ages.len(), 2);
    assert_eq!((session[ann].age, session[ben].age), (Some(31), Some(21)));
    let changed =
        session.one(update(User).set(User.age, 5).filter(User.id.eq(1)).returning(User)).await.unwrap();
    assert_eq!((changed, session[ann].age), (ann, Some(5)));
    let added = session.one(insert(User).values(NewUser::new("Cid")).returning(User)).await.unwrap();
    assert_eq!(session[added].name, "Cid");
}

#[tokio::test]
async fn evaluate_goes_by_what_the_database_has_not_by_changes_that_are_not_flushed() {
    let fixture = Fixture::new(schema![User]).await;
    with_users(&fixture).await;
    let mut session = SessionMaker::new(fixture.engine.clone()).autoflush(false).session();
    let ann = session.one(select(User).filter(User.name.eq("Ann"))).await.unwrap();
    session[ann].age = Some(1);
    let statement = update(User).set(User.name, "Old").filter(User.age.gt(25));
    session.execute(statement.synchronize(Synchronize::Evaluate)).await.unwrap();
    assert_eq!((&*session[ann].name, session[ann].age), ("Old", Some(1)));
}

#[tokio::test]
async fn a_statement_dropped_half_way_leaves_the_session_clear_about_it() {
    use std::future::Future;
    use std::task::{Context, Waker};
    let fixture = Fixture::new(schema![User]).await;
    let (mut session, ann, _) = with_users(&fixture).await;
    {
        let mut execute = std::pin::pin!(session.execute(update(User).set(User.age, 1).all_rows()));
        for _ in 0..3 {
            assert!(execute.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        }
    }
    let error = session.commit().await.unwrap_err();
    assert!(error.is_session() && error.to_string().contains("interrupted"), "{error}");
    session.rollback().await.unwrap();
    session.refresh(ann).await.unwrap();
    assert_eq!(session[ann].age, Some(30));
}

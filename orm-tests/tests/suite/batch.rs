//! Statements that travel together.

use std::sync::Arc;

use orm_core::prelude::*;
use orm_core::query::Command;
use orm_tests::models::{Mood, NewPet, NewPost, NewUser, Pet, Post, User};
use orm_tests::{Fixture, Recorded, poll_awake};

fn user(name: &str) -> impl Command + use<> {
    insert(User).values(NewUser::new(name))
}

async fn names(fixture: &Fixture) -> Vec<String> {
    fixture.engine.all(select(User.name).order_by(User.id)).await.unwrap()
}

/// With a user of each name, which no two may share.
async fn with_users(names: &[&str]) -> Fixture {
    let fixture = Fixture::new(schema![User, Post]).await;
    fixture.database.execute("ALTER TABLE users ADD UNIQUE (name)").await;
    for name in names {
        fixture.engine.execute(user(name)).await.unwrap();
    }
    fixture.recorder.take();
    fixture
}

#[tokio::test]
async fn each_statement_of_a_batch_gives_its_own_result_in_one_round_trip() {
    let fixture = with_users(&["Ann", "Ben"]).await;
    let upsert = insert(User).values([NewUser::new("Ann"), NewUser::new("Eve")]);
    let (all, added, given, changed, kept, gone, total) = fixture
        .engine
        .batch((
            select(User).order_by(User.id),
            insert(User).values([NewUser::new("Cid"), NewUser::new("Dan")]),
            insert(User).values(NewUser::new("Fay")).returning((User.id, User.name)),
            update(User).set(User.age, 7).filter(User.name.in_(["Ann", "Ben", "Cid"])),
            upsert.on_conflict(User.name).do_nothing(),
            delete(User).filter(User.name.eq("Ben")).returning(User.name),
            select(func::count(User.id)),
        ))
        .await
        .unwrap();
    let Recorded { statements, round_trips, .. } = fixture.recorder.take();
    assert_eq!(round_trips, 1);
    let verbs: Vec<_> = statements.iter().map(|text| text.split(' ').next().unwrap()).collect();
    assert_eq!(verbs, ["SELECT", "INSERT", "INSERT", "UPDATE", "INSERT", "DELETE", "SELECT"]);
    assert_eq!(all.iter().map(|user| user.name.as_str()).collect::<Vec<_>>(), ["Ann", "Ben"]);
    assert_eq!((added, changed, kept), (2, 3, 1));
    assert_eq!(given[0].1, "Fay");
    assert_eq!((gone, total), (vec!["Ben".to_owned()], vec![5]));
}

#[tokio::test]
async fn one_statement_in_a_batch_is_sent_as_by_its_verb() {
    let fixture = with_users(&["Ann"]).await;
    let (users,) = fixture.engine.batch((select(User),)).await.unwrap();
    let batch = fixture.recorder.take();
    assert_eq!(fixture.engine.all(select(User)).await.unwrap(), users);
    assert_eq!(fixture.recorder.take(), batch);
}

#[tokio::test]
async fn a_list_of_statements_gives_a_list_and_an_array_an_array() {
    let fixture = with_users(&["Ann", "Ben"]).await;
    let by_name = |name| select(User.name).filter(User.name.eq(name));
    let [ann, nobody] = fixture.engine.batch([by_name("Ann"), by_name("Zoe")]).await.unwrap();
    assert_eq!((ann, nobody), (vec!["Ann".to_owned()], vec![]));
    let counts = fixture.engine.batch(vec![user("Cid"), user("Dan")]).await.unwrap();
    assert_eq!(counts, [1, 1]);
    assert_eq!(fixture.recorder.take().round_trips, 2);
}

#[tokio::test]
async fn an_empty_batch_sends_nothing() {
    let fixture = with_users(&[]).await;
    let none: Vec<Select<User>> = Vec::new();
    assert_eq!(fixture.engine.batch(none.clone()).await.unwrap(), Vec::<Vec<User>>::new());
    let mut transaction = fixture.engine.begin().await.unwrap();
    assert!(transaction.batch(none.clone()).await.unwrap().is_empty());
    assert!(transaction.commit_with(none).await.unwrap().is_empty());
    assert_eq!(fixture.recorder.take(), Recorded::default());
}

#[tokio::test]
async fn a_batch_of_many_takes_a_round_trip_for_every_64() {
    let fixture = with_users(&[]).await;
    let all: Vec<_> = (0..130).map(|number| user(&format!("{number:03}"))).collect();
    assert_eq!(fixture.engine.batch(all).await.unwrap(), [1; 130]);
    let Recorded { statements, round_trips, .. } = fixture.recorder.take();
    assert_eq!((statements.len(), round_trips), (130, 3));
    assert!(names(&fixture).await.is_sorted());
}

#[tokio::test]
async fn a_statement_that_fails_is_named_and_stops_none_that_were_sent_with_it() {
    let fixture = with_users(&["069"]).await;
    let all: Vec<_> = (0..130).map(|number| user(&format!("{number:03}"))).collect();
    let error = fixture.engine.batch(all).await.unwrap_err();
    assert!(error.is_unique_violation(), "{error}");
    assert!(error.to_string().starts_with("statement 70 of the batch: "), "{error}");
    assert!(error.statement().unwrap().starts_with("INSERT INTO"), "{error:?}");
    // All of the first and the second round trip but for itself, and none of the third.
    assert_eq!(names(&fixture).await.len(), 128);
}

#[tokio::test]
async fn nothing_of_a_batch_is_sent_if_a_statement_of_it_cannot_be() {
    let fixture = with_users(&[]).await;
    let twice = || update(User).set(User.age, 1).set(User.age, 2).all_rows();
    let mut errors = vec![fixture.engine.batch((user("Ann"), twice())).await.unwrap_err()];
    let mut transaction = fixture.engine.begin().await.unwrap();
    errors.push(transaction.batch((user("Ann"), twice())).await.unwrap_err());
    errors.push(transaction.commit_with((user("Ann"), twice())).await.unwrap_err());
    for error in errors {
        assert!(error.is_invalid_statement(), "{error}");
        assert!(error.to_string().contains("statement 2 of the batch: `User.age` is set twice"), "{error}");
    }
    assert_eq!(fixture.recorder.take(), Recorded::default());
}

#[tokio::test]
async fn relations_are_read_behind_the_batch_on_its_connection() {
    let fixture = with_users(&["Ann"]).await;
    let post = NewPost { user_id: 1.into(), title: "Hello".into() };
    let posts = insert(Post).values(post).returning(Post.title);
    let (titles, users) = fixture.engine.batch((posts, select(User).with(User.posts))).await.unwrap();
    assert_eq!(titles, ["Hello"]);
    assert_eq!(users[0].1[0].title, "Hello");
    assert_eq!(fixture.recorder.take().round_trips, 2);
}

#[tokio::test]
async fn distinct_enums_cost_a_batch_one_more_round_trip_the_first_time_only() {
    let fixture = Fixture::new(schema![Pet]).await;
    let rex = NewPet { name: "Rex".into(), mood: Mood::Happy, wish: None };
    fixture.engine.execute(insert(Pet).values(rex)).await.unwrap();
    fixture.recorder.take();
    for expected in [2, 1] {
        let moods = select(Pet.mood).distinct();
        let (moods, count) = fixture.engine.batch((moods, select(func::count(Pet.name)))).await.unwrap();
        assert_eq!((moods, count), (vec![Mood::Happy], vec![1]));
        assert_eq!(fixture.recorder.take().round_trips, expected);
    }
}

#[tokio::test]
async fn without_named_statements_a_batch_with_distinct_enums_goes_one_by_one() {
    let fixture = Fixture::new(schema![Pet]).await;
    let engine = Engine::builder(fixture.database.url()).statement_cache(0);
    let engine = engine.observe(Arc::new(fixture.recorder.clone())).connect().await.unwrap();
    let pet = |name: &str| insert(Pet).values(NewPet { name: name.into(), mood: Mood::VerySad, wish: None });
    let moods = || select(Pet.mood).distinct();
    assert_eq!(engine.batch((pet("Rex"), moods())).await.unwrap(), (1, vec![Mood::VerySad]));
    let begun = fixture.recorder.take().statements.iter().filter(|text| text.starts_with("BEGIN")).count();
    assert_eq!(begun, 1);
    let error = engine.batch((pet("Tom"), moods(), pet("Rex"), pet("Ida"))).await.unwrap_err();
    assert!(error.is_unique_violation(), "{error}");
    assert!(error.to_string().starts_with("statement 3 of the batch: "), "{error}");
    let names: Vec<String> = engine.all(select(Pet.name).order_by(Pet.name)).await.unwrap();
    assert_eq!(names, ["Ida", "Rex", "Tom"]);
}

#[tokio::test]
async fn begin_and_savepoints_ride_with_a_batch() {
    let fixture = with_users(&[]).await;
    let mut transaction = fixture.engine.begin().await.unwrap();
    transaction.savepoint("before");
    let (one, all) = transaction.batch((user("Ann"), select(User.name))).await.unwrap();
    assert_eq!((one, all), (1, vec!["Ann".to_owned()]));
    let Recorded { statements, round_trips, .. } = fixture.recorder.take();
    assert_eq!((statements[0].as_str(), round_trips), ("BEGIN; SAVEPOINT \"before\"", 1));
    transaction.rollback_to("before").await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(names(&fixture).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_batch_that_fails_in_a_transaction_gives_its_own_error_and_leaves_only_rollback() {
    let fixture = with_users(&["Ann"]).await;
    let mut transaction = fixture.engine.begin().await.unwrap();
    let error = transaction.batch((user("Ben"), user("Ann"), select(User))).await.unwrap_err();
    assert!(error.is_unique_violation() && !error.is_rolled_back(), "{error}");
    assert!(error.to_string().starts_with("statement 2 of the batch: "), "{error}");
    let after = transaction.batch((user("Cid"), user("Dan"))).await.unwrap_err();
    assert!(after.is_rolled_back() && after.is_unique_violation(), "{after}");
    transaction.rollback().await.unwrap();
    assert_eq!(names(&fixture).await, ["Ann"]);
}

#[tokio::test]
async fn a_session_takes_note_of_what_a_batch_of_its_connection_writes() {
    let fixture = with_users(&["Ann"]).await;
    let mut session = fixture.session();
    let raise = update(User).set(User.age, 40).all_rows();
    let (count, _) = session.connection().await.unwrap().batch((raise, select(User))).await.unwrap();
    assert_eq!(count, 1);
    // Loaded with what its own transaction wrote, it has no value to go back to.
    let ann = session.one(select(User)).await.unwrap();
    assert_eq!(session[ann].age, Some(40));
    session.rollback().await.unwrap();
    assert!(session.get(ann).is_err());
}

#[tokio::test]
async fn statements_of_a_batch_are_prepared_once_and_give_the_same_later() {
    let fixture = with_users(&["Ann", "Ben"]).await;
    for round in 0..6 {
        let by_age = select(User.name).filter(User.age.eq(round - 1)).order_by(User.name);
        let raise = update(User).set(User.age, round).all_rows();
        let (before, count) = fixture.engine.batch((by_age, raise)).await.unwrap();
        assert_eq!((before.len(), count), (if round == 0 { 0 } else { 2 }, 2), "round {round}");
        assert_eq!(fixture.recorder.take().round_trips, 1);
    }
}

/// Makes the plans that give names of users unusable, after they were kept.
async fn change_type(fixture: &Fixture) {
    fixture.database.execute("ALTER TABLE users ALTER name TYPE varchar(50)").await;
}

#[tokio::test]
async fn a_batch_goes_on_from_a_stale_statement_if_nothing_behind_it_ran() {
    let fixture = with_users(&["Ann"]).await;
    fixture.engine.execute(update(User).set(User.age, 0).all_rows()).await.unwrap();
    let age = || select(User.age);
    let batch = || (update(User).set(User.age, User.age + 1).all_rows(), age(), select(User.name));
    for _ in 0..3 {
        fixture.engine.batch(batch()).await.unwrap();
    }
    change_type(&fixture).await;
    let (count, ages, names) = fixture.engine.batch(batch()).await.unwrap();
    assert_eq!((count, ages, names), (1, vec![Some(4)], vec!["Ann".to_owned()]));
    assert_eq!(fixture.engine.one(age()).await.unwrap(), Some(4));
}

#[tokio::test]
async fn a_batch_repeats_nothing_that_ran_behind_a_stale_statement() {
    let fixture = with_users(&["Ann"]).await;
    fixture.engine.execute(update(User).set(User.age, 0).all_rows()).await.unwrap();
    let batch = || (select(User.name), update(User).set(User.age, User.age + 1).all_rows());
    for _ in 0..3 {
        fixture.engine.batch(batch()).await.unwrap();
    }
    change_type(&fixture).await;
    let error = fixture.engine.batch(batch()).await.unwrap_err();
    assert_eq!(error.code(), Some("0A000"), "{error}");
    assert!(error.to_string().starts_with("statement 1 of the batch: "), "{error}");
    assert_eq!(fixture.engine.one(select(User.age)).await.unwrap(), Some(4));
    fixture.engine.batch(batch()).await.unwrap();
    assert_eq!(fixture.engine.one(select(User.age)).await.unwrap(), Some(5));
}

#[tokio::test]
async fn a_transaction_that_begins_with_a_batch_is_repeated_if_a_statement_is_stale() {
    let fixture = with_users(&[]).await;
    for name in ["Ann", "Ben", "Cid"] {
        let mut transaction = fixture.engine.begin().await.unwrap();
        transaction.batch((select(User.name), user(name))).await.unwrap();
        transaction.commit().await.unwrap();
    }
    change_type(&fixture).await;
    let mut transaction = fixture.engine.begin().await.unwrap();
    let (before, count) = transaction.batch((select(User.name), user("Dan"))).await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!((before.len(), count, names(&fixture).await.len()), (3, 1, 4));
}

#[tokio::test]
async fn a_batch_dropped_at_any_point_leaves_its_connection_to_others() {
    let fixture = with_users(&[]).await;
    let engine = Engine::builder(fixture.database.url()).pool_size(1).connect().await.unwrap();
    for times in 1..100 {
        let [a, b] = ["a", "b"].map(|letter| user(&format!("{letter}{times}")));
        let done = poll_awake(times, engine.batch((a, select(User), b))).await;
        // An answer of the dropped batch would be of another type, and stand before these.
        let two = engine.batch((select(lit(1)), select(lit(2)))).await.unwrap();
        assert_eq!(two, (vec![1], vec![2]), "after {times} polls");
        if let Some(done) = done {
            done.unwrap();
            assert!(times > 1);
            return;
        }
    }
    panic!("it was never done");
}

#[tokio::test]
async fn a_batch_may_run_in_another_task() {
    let fixture = with_users(&["Ann"]).await;
    let engine = fixture.engine.clone();
    let task = tokio::spawn(async move {
        let (users,) = engine.batch((select(User).with(User.posts),)).await?;
        engine.begin().await?.commit_with((user("Ben"), select(User))).await.map(|(_, all)| (users, all))
    });
    let (users, all) = task.await.unwrap().unwrap();
    assert_eq!((users.len(), all.len()), (1, 2));
}

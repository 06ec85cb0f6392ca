//! Objects by keys and unique values: found, merged, added where there is none.

use orm_core::prelude::*;
use orm_tests::models::{NewPost, NewUser, Post, User};
use orm_tests::{Fixture, with_ann};

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "settings")]
struct Setting {
    #[orm(primary_key)]
    name: String,
    value: String,
    note: Option<String>,
    #[orm(version)]
    version: i32,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "accounts", unique(team, name), index(team, email, unique))]
struct Account {
    #[orm(primary_key, generated)]
    id: i64,
    #[orm(unique)]
    email: String,
    name: String,
    team: Option<i32>,
}

#[tokio::test]
async fn merge_takes_a_detached_value_over_as_changes() {
    let fixture = Fixture::new(schema![User]).await;
    let (mut session, ann) = with_ann(&fixture).await;
    let mut value = session.detach(ann).unwrap();
    value.age = Some(31);
    fixture.recorder.take();
    let ann = session.merge(value.clone()).await.unwrap();
    assert!(session.is_modified(ann));
    assert_eq!(session.merge(value).await.unwrap(), ann, "it is the row's object");
    session.commit().await.unwrap();
    let recorded = fixture.recorder.take();
    assert_eq!(recorded.round_trips, 2, "the row is read once, and written: {recorded:?}");
    assert_eq!(fixture.engine.all(select(User.age)).await.unwrap(), [Some(31)]);

    let error = session.merge(User { id: 9, name: "x".into(), age: None }).await.unwrap_err();
    assert!(error.is_no_row());
    assert_eq!(
        error.to_string(),
        "there is no row of `User` with the key 9 to merge into: `merge_or_add(key, new)` adds it"
    );
}

#[tokio::test]
async fn merge_or_add_changes_the_row_with_the_key_or_adds_one() {
    let fixture = Fixture::new(schema![Setting, User, Post]).await;
    let mut session = fixture.session();
    let color = session.merge_or_add("color", NewSetting::new("color", "red")).await.unwrap();
    assert!(session.is_new(color));
    session.commit().await.unwrap();
    fixture.engine.execute(update(Setting).set(Setting.note, "kept").all_rows()).await.unwrap();
    session.expire_all();
    let new = NewSetting { note: None, ..NewSetting::new("color", "blue") };
    assert_eq!(session.merge_or_add("color", new).await.unwrap(), color);
    session.commit().await.unwrap();
    assert_eq!((&*session[color].value, session[color].version), ("blue", 3));

    let dora = session.merge_or_add(7_i64, NewUser::new("Dora")).await.unwrap();
    let post = session.merge_or_add(9_i64, NewPost::new(dora, "first")).await.unwrap();
    session.commit().await.unwrap();
    let ann = session.add(NewUser::new("Ann"));
    let error = session.no_autoflush().merge_or_add(9_i64, NewPost::new(ann, "second")).await.unwrap_err();
    assert!(error.to_string().contains("flush before it is merged"), "{error}");
    session.flush().await.unwrap();
    assert_eq!(session.merge_or_add(9_i64, NewPost::new(ann, "second")).await.unwrap(), post);
    session.commit().await.unwrap();
    let rows: Vec<(i64, i64, String)> =
        fixture.engine.all(select((Post.id, Post.user_id, Post.title))).await.unwrap();
    assert_eq!(rows, [(9, session[ann].id, "second".to_owned())]);
    session.delete(post).unwrap();
    let error = session.no_autoflush().merge_or_add(9_i64, NewPost::new(ann, "third")).await.unwrap_err();
    assert!(error.to_string().contains("`undelete` it first"), "{error}");
}

#[tokio::test]
async fn find_by_reads_the_row_with_a_value_of_a_unique_column() {
    let fixture = Fixture::new(schema![Account]).await;
    let mut session = fixture.session();
    let ann = session.add(NewAccount::new("ann@example.org", "Ann"));
    assert_eq!(session.find_by(Account.email, "ann@example.org").await.unwrap(), Some(ann));
    assert_eq!(session.find_by(Account.email, "ben@example.org").await.unwrap(), None);
    assert_eq!(session.find_by(Account.id, 1).await.unwrap(), Some(ann));
    let error = session.find_by(Account.name, "Ann").await.unwrap_err();
    assert!(error.is_session() && error.to_string().contains("`Account.name` is not unique"), "{error}");
}

#[tokio::test]
async fn merge_or_add_of_one_key_twice_is_one_new_object() {
    let fixture = Fixture::new(schema![Setting, User]).await;
    let mut session = SessionMaker::new(fixture.engine.clone()).autoflush(false).session();
    let red = NewSetting { note: Some("noted".into()), ..NewSetting::new("color", "red") };
    let color = session.merge_or_add("color", red).await.unwrap();
    assert_eq!(session.merge_or_add("color", NewSetting::new("color", "blue")).await.unwrap(), color);
    let ann = session.merge_or_add(7_i64, NewUser { name: "Ann".into(), age: Some(30) }).await.unwrap();
    assert_eq!(session.merge_or_add(7_i64, NewUser::new("Anna")).await.unwrap(), ann);
    let error = session.merge_or_add("color", NewSetting::new("colour", "red")).await.unwrap_err();
    assert!(error.to_string().contains("`Setting.name`"), "{error}");
    session.commit().await.unwrap();
    assert_eq!((&*session[color].value, session[color].version), ("blue", 1));
    assert_eq!((&*session[ann].name, session[ann].id), ("Anna", 7));
    assert_eq!(fixture.engine.one(select(func::count(Setting.name))).await.unwrap(), 1);
    assert_eq!(session.merge_or_add("color", NewSetting::new("color", "green")).await.unwrap(), color);
}

#[tokio::test]
async fn merge_or_add_takes_over_what_was_added_with_that_key() {
    let fixture = Fixture::new(schema![Setting]).await;
    let mut session = SessionMaker::new(fixture.engine.clone()).autoflush(false).session();
    let color = session.add(NewSetting::new("color", "red"));
    assert_eq!(session.merge_or_add("color", NewSetting::new("color", "blue")).await.unwrap(), color);
    session.pending_mut(color).unwrap().name = "colour".into();
    let size = session.merge_or_add("color", NewSetting::new("color", "9")).await.unwrap();
    assert_ne!(size, color, "that has another key by now");
    assert_eq!(session.merge_or_add("colour", NewSetting::new("colour", "green")).await.unwrap(), color);
    session.commit().await.unwrap();
    let rows =
        fixture.engine.all(select((Setting.name, Setting.value)).order_by(Setting.name)).await.unwrap();
    assert_eq!(
        rows,
        [("color", "9"), ("colour", "green")].map(|(name, value)| (name.to_owned(), value.to_owned()))
    );
}

#[tokio::test]
async fn merge_or_add_meets_an_object_that_a_rollback_took_back_and_that_was_added_again() {
    let fixture = Fixture::new(schema![Setting]).await;
    let mut session = SessionMaker::new(fixture.engine.clone()).autoflush(false).session();
    let color = session.add_with_key(NewSetting::new("color", "red"), "color").unwrap();
    session.flush().await.unwrap();
    session.rollback().await.unwrap();
    session.add_again(color).unwrap();
    assert_eq!(session.merge_or_add("color", NewSetting::new("color", "blue")).await.unwrap(), color);
    session.delete(color).unwrap();
    let other = session.merge_or_add("color", NewSetting::new("color", "green")).await.unwrap();
    assert_ne!(other, color, "it was taken back");
    session.commit().await.unwrap();
    assert_eq!(fixture.engine.all(select(Setting.value)).await.unwrap(), ["green"]);
}

#[tokio::test]
async fn find_by_takes_columns_that_are_unique_together() {
    let fixture = Fixture::new(schema![Account]).await;
    let mut session = fixture.session();
    let new = |email: &str, team| NewAccount { team, ..NewAccount::new(email, "Ann") };
    let one = session.add(new("a@x", Some(1)));
    let two = session.add(new("b@x", Some(2)));
    let none = session.add(new("c@x", None));
    assert_eq!(session.find_by((Account.team, Account.name), (1, "Ann")).await.unwrap(), Some(one));
    assert_eq!(session.find_by((Account.name, Account.team), ("Ann", 2)).await.unwrap(), Some(two));
    assert_eq!(session.find_by((Account.team, Account.name), (3, "Ann")).await.unwrap(), None);
    assert_eq!(session.find_by((Account.team, Account.email), (2, "b@x")).await.unwrap(), Some(two));
    assert_eq!(session.find_by((Account.name, Account.email), ("Ben", "c@x")).await.unwrap(), None);
    let all = (Account.id, Account.name, Account.email);
    assert_eq!(session.find_by(all, (3, "Ann", "c@x")).await.unwrap(), Some(none));
    let error = session.find_by(Account.team, 1).await.unwrap_err();
    assert!(error.to_string().contains("`Account.team` is not unique by itself"), "{error}");
    let again = Account.alias("other");
    assert_eq!(session.find_by((again.team, again.name), (1, "Ann")).await.unwrap(), Some(one));
}

//! Verbs of a session beside `all` and `one`: what is pending counts, and models come as its objects.

use orm_core::prelude::*;
use orm_tests::models::{NewUser, User};
use orm_tests::{Fixture, with_ann};

async fn people(fixture: &Fixture) -> Session {
    let mut session = fixture.session();
    for age in 1..=5 {
        session.add(NewUser { name: format!("user {age}"), age: Some(age) });
    }
    session.commit().await.unwrap();
    fixture.recorder.take();
    session
}

#[tokio::test]
async fn rows_are_counted_with_what_is_pending() {
    let fixture = Fixture::new(schema![User]).await;
    let mut session = people(&fixture).await;
    session.add(NewUser { name: "new".into(), age: Some(6) });
    let old = select(User).filter(User.age.ge(5));
    assert_eq!(session.no_autoflush().count(&old).await.unwrap(), 1);
    assert!(!session.no_autoflush().exists(select(User).filter(User.name.eq("new"))).await.unwrap());
    assert_eq!(session.count(&old).await.unwrap(), 2);
    assert!(session.exists(select(User).filter(User.name.eq("new"))).await.unwrap());
    let mut nested = session.begin_nested().await.unwrap();
    nested.add(NewUser { name: "nested".into(), age: Some(7) });
    assert_eq!(nested.count(&old).await.unwrap(), 3);
    nested.rollback().await.unwrap();
    assert_eq!(session.count(&old).await.unwrap(), 2);
}

#[tokio::test]
async fn pages_have_objects() {
    let fixture = Fixture::new(schema![User]).await;
    let mut session = people(&fixture).await;
    let ann = session.add(NewUser { name: "Ann".into(), age: Some(0) });
    let users = select(User).order_by(User.age);
    let page = session.page(&users, 1, 2).await.unwrap();
    assert_eq!((page.rows[0], page.rows.len(), page.total), (ann, 2, 6));
    let first = session.page_after(&users, None, 2).await.unwrap();
    assert_eq!(first.rows, page.rows);
    session[page.rows[1]].name = "changed".into();
    let second = session.page_after(&users, first.next.as_deref(), 2).await.unwrap();
    assert_eq!(second.rows.iter().map(|user| session[*user].age).collect::<Vec<_>>(), [Some(2), Some(3)]);
    let back = session.page_after(&users, second.previous.as_deref(), 2).await.unwrap();
    assert_eq!(back.rows, page.rows);
    // Values of columns come as they are, and the change was flushed before.
    let names = session.page(select(User.name).order_by(User.age), 1, 2).await.unwrap().rows;
    assert_eq!(names, ["Ann", "changed"]);
    let error = session.page(select(User), 1, 2).await.unwrap_err();
    assert!(error.to_string().contains("without an order"), "{error}");
}

#[tokio::test]
async fn objects_are_found_by_several_keys_and_what_is_there_is_not_read() {
    let fixture = Fixture::new(schema![User]).await;
    people(&fixture).await;
    let mut session = fixture.session();
    let found = session.find_all::<User>([4, -1, 2, 4]).await.unwrap();
    assert_eq!(found.iter().map(|user| session[*user].age).collect::<Vec<_>>(), [Some(4), Some(2)]);
    fixture.recorder.take();
    assert_eq!(session.find_all::<User>([2, 4]).await.unwrap(), [found[1], found[0]]);
    assert_eq!(session.find_all::<User>(Vec::<i64>::new()).await.unwrap(), []);
    assert_eq!(fixture.recorder.take().statements.len(), 0);
    // Only the row that is not there is read.
    fixture.database.execute("UPDATE users SET age = 99").await;
    let three = session.find_all::<User>([4, 3, 2]).await.unwrap();
    assert_eq!(fixture.recorder.take().statements.len(), 1);
    assert_eq!((three[0], three[2]), (found[0], found[1]));
    assert_eq!((session[three[0]].age, session[three[1]].age), (Some(4), Some(99)));
}

#[tokio::test]
async fn an_expired_object_is_read_again_and_one_whose_row_is_gone_is_left_out() {
    let fixture = Fixture::new(schema![User]).await;
    let (mut session, ann) = with_ann(&fixture).await;
    let ben = session.add(NewUser { name: "Ben".into(), age: None });
    session.commit().await.unwrap();
    let keys = [session[ben].id, session[ann].id];
    session.expire_all();
    fixture.database.execute("UPDATE users SET age = 99 WHERE name = 'Ben'").await;
    fixture.database.execute("DELETE FROM users WHERE name <> 'Ben'").await;
    assert_eq!(session.find_all::<User>(keys).await.unwrap(), [ben]);
    assert_eq!(session[ben].age, Some(99));
    assert!(session.get(ann).is_err());
}

orm_core::text_type! {
    /// A word, equal to another of the same letters in capitals.
    #[derive(PartialEq, Eq, Hash)]
    pub struct Word("citext");
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "tags")]
struct Tag {
    #[orm(primary_key)]
    word: Word,
}

#[tokio::test]
async fn keys_that_only_the_server_can_compare_find_their_rows() {
    let fixture = Fixture::new(schema![]).await;
    fixture.database.execute("CREATE EXTENSION citext").await;
    fixture.engine.create_all(schema![Tag]).await.unwrap();
    let word = |word: &str| Word(word.to_owned());
    fixture.engine.execute(insert([NewTag::new(word("Red")), NewTag::new(word("Blue"))])).await.unwrap();
    let mut session = fixture.session();
    let keys = ["BLUE", "red", "none", "Red"].map(word);
    let found = session.find_all::<Tag>(keys).await.unwrap();
    assert_eq!(found.iter().map(|tag| &*session[*tag].word.0).collect::<Vec<_>>(), ["Blue", "Red"]);
}

#[tokio::test]
async fn a_session_tells_how_a_statement_is_run() {
    let fixture = Fixture::new(schema![User]).await;
    let mut session = people(&fixture).await;
    assert!(session.explain(select(User)).await.unwrap().starts_with("Seq Scan on users"));
    session.add(NewUser { name: "new".into(), age: Some(6) });
    assert!(session.explain_analyze(select(User)).await.unwrap().contains("rows=6"));
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "places")]
struct Place {
    #[orm(primary_key)]
    code: String,
}

#[tokio::test]
async fn a_key_that_an_object_gives_up_is_that_of_the_one_that_takes_it() {
    let fixture = Fixture::new(schema![Place]).await;
    let mut session = fixture.session();
    let [a, b] = ["a", "b"].map(|code| session.add(NewPlace::new(code)));
    session.commit().await.unwrap();
    session[a].code = "c".into();
    assert_eq!(session.no_autoflush().find::<Place>("a").await.unwrap(), Some(a));
    assert_eq!(session.find::<Place>("a").await.unwrap(), None);
    assert_eq!(session.find::<Place>("c").await.unwrap(), Some(a));
    session[b].code = "a".into();
    assert_eq!(session.find_all::<Place>(["a", "b", "c"]).await.unwrap(), [b, a]);
    session[a].code = "b".into();
    session[b].code = "c".into();
    assert_eq!(session.find_all::<Place>(["a", "b", "c"]).await.unwrap(), [a, b]);
}

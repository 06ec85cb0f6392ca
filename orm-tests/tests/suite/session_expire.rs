//! What is not to be trusted any more: after a rollback, a lost answer, `expire`.

use std::time::Duration;

use orm_core::prelude::*;
use orm_tests::models::{NewPost, NewUser, Post, User};
use orm_tests::{Fixture, Proxy, with_ann};

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "articles")]
struct Article {
    #[orm(primary_key)]
    id: i64,
    title: String,
    words: i32,
    #[orm(version)]
    version: i32,
}

async fn with_article() -> (Fixture, Session, Handle<Article>) {
    let fixture = Fixture::new(schema![Article]).await;
    let mut session = fixture.session();
    let article = session.add(NewArticle::new(1, "first", 1));
    session.commit().await.unwrap();
    fixture.recorder.take();
    (fixture, session, article)
}

const ELSEWHERE: &str = "UPDATE articles SET words = 100, version = version + 1";

async fn age(fixture: &Fixture) -> Option<i32> {
    fixture.engine.one(select(User.age)).await.unwrap()
}

#[tokio::test]
async fn the_loop_of_find_change_commit_and_again_on_stale_ends() {
    let (fixture, mut session, article) = with_article().await;
    fixture.database.execute(ELSEWHERE).await;
    let mut attempts = 0;
    loop {
        attempts += 1;
        assert!(attempts < 5, "it never ends");
        let found = session.find::<Article>(1).await.unwrap().unwrap();
        assert_eq!(found, article);
        session[found].words += 1;
        match session.commit().await {
            Err(error) if error.is_stale() => session.rollback().await.unwrap(),
            result => {
                result.unwrap();
                break;
            }
        }
    }
    assert_eq!((attempts, session[article].words, session[article].version), (2, 101, 3));
}

#[tokio::test]
async fn after_a_rollback_values_stay_readable_and_find_and_rows_read_anew() {
    let fixture = Fixture::new(schema![User]).await;
    let (mut session, ann) = with_ann(&fixture).await;
    session.one(select(User)).await.unwrap();
    session.rollback().await.unwrap();
    assert_eq!(session[ann].age, Some(30));
    assert!(session.is_expired(ann));
    fixture.database.execute("UPDATE users SET age = 99").await;
    assert_eq!(session.find::<User>(1).await.unwrap(), Some(ann));
    assert_eq!((session[ann].age, session.is_expired(ann)), (Some(99), false));
    session.rollback().await.unwrap();
    fixture.database.execute("UPDATE users SET age = 98").await;
    session.one(select(User)).await.unwrap();
    assert_eq!(session[ann].age, Some(98));
}

#[tokio::test]
async fn after_a_rollback_find_of_a_row_deleted_elsewhere_gives_none_and_the_object_is_gone() {
    let (fixture, mut session, article) = with_article().await;
    fixture.database.execute("DELETE FROM articles").await;
    session[article].words = 2;
    assert!(session.commit().await.unwrap_err().is_stale());
    session.rollback().await.unwrap();
    assert_eq!(session[article].words, 1, "its last values are readable");
    assert_eq!(session.find::<Article>(1).await.unwrap(), None);
    assert!(!session.contains(article) && session.is_deleted(article));
    assert!(session.get(article).unwrap_err().to_string().contains("was deleted"));
}

#[tokio::test]
async fn find_of_an_expired_object_whose_row_is_gone_gives_none() {
    let fixture = Fixture::new(schema![User]).await;
    let (mut session, ann) = with_ann(&fixture).await;
    session.expire(ann).unwrap();
    fixture.database.execute("DELETE FROM users").await;
    assert_eq!(session.find::<User>(1).await.unwrap(), None);
    assert!(!session.contains(ann));
    session.commit().await.unwrap();
    assert!(!session.contains(ann));
}

#[tokio::test]
async fn what_was_read_since_a_savepoint_is_expired_with_it_and_what_was_read_before_is_not() {
    let fixture = Fixture::new(schema![User]).await;
    with_ann(&fixture).await;
    fixture.engine.execute(insert(User).values(NewUser::new("Ben"))).await.unwrap();
    let mut session = fixture.session();
    let ann = session.find::<User>(1).await.unwrap().unwrap();
    let mut nested = session.begin_nested().await.unwrap();
    let ben = nested.find::<User>(2).await.unwrap().unwrap();
    nested.rollback().await.unwrap();
    assert!(session.is_expired(ben) && !session.is_expired(ann));
    fixture.database.execute("UPDATE users SET age = 99").await;
    session.find::<User>(1).await.unwrap();
    session.find::<User>(2).await.unwrap();
    assert_eq!((session[ann].age, session[ben].age), (Some(30), Some(99)));
}

#[tokio::test]
async fn the_loop_on_stale_inside_a_savepoint_ends() {
    let (fixture, mut session, article) = with_article().await;
    fixture.database.execute(ELSEWHERE).await;
    for attempt in 1.. {
        assert!(attempt < 5, "it never ends");
        let mut nested = session.begin_nested().await.unwrap();
        let found = nested.find::<Article>(1).await.unwrap().unwrap();
        nested[found].words += 1;
        match nested.commit().await {
            Err(error) if error.is_stale() => {}
            result => {
                result.unwrap();
                break;
            }
        }
    }
    session.commit().await.unwrap();
    assert_eq!((session[article].words, session[article].version), (101, 3));
}

#[tokio::test]
async fn a_row_that_a_trigger_wrote_and_a_refresh_read_is_put_back_too() {
    let fixture = Fixture::new(schema![User, Post]).await;
    fixture
        .database
        .execute(
            "CREATE FUNCTION counted() RETURNS trigger LANGUAGE plpgsql AS \
             $$ BEGIN UPDATE users SET age = age + 1 WHERE id = NEW.user_id; RETURN NULL; END $$; \
             CREATE TRIGGER counted AFTER INSERT ON posts FOR EACH ROW EXECUTE FUNCTION counted()",
        )
        .await;
    let (mut session, ann) = with_ann(&fixture).await;
    session.add(NewPost::new(ann, "a"));
    session.flush().await.unwrap();
    session.refresh(ann).await.unwrap();
    assert_eq!(session[ann].age, Some(31));
    session.rollback().await.unwrap();
    assert_eq!(session[ann].age, Some(30), "the value from before");
    session[ann].age = Some(31);
    session.commit().await.unwrap();
    assert_eq!(age(&fixture).await, Some(31), "which later changes are told by");
}

#[tokio::test]
async fn a_row_that_a_cascade_wrote_inside_a_savepoint_is_put_back_with_it() {
    #[derive(Model, Clone, Debug)]
    #[orm(table = "towns")]
    struct Town {
        #[orm(primary_key)]
        name: String,
    }
    #[derive(Model, Clone, Debug)]
    #[orm(table = "people")]
    struct Person {
        #[orm(primary_key)]
        id: i64,
        #[orm(references = Town.name, on_update = cascade)]
        town: String,
    }
    let fixture = Fixture::new(schema![Town, Person]).await;
    let mut session = fixture.session();
    session.add(NewTown::new("Ulm"));
    let eva = session.add(NewPerson { id: 1, town: "Ulm".to_owned().into() });
    session.commit().await.unwrap();
    let mut nested = session.begin_nested().await.unwrap();
    let statement = update(Town).set(Town.name, "Bonn").all_rows().synchronize(Synchronize::Off);
    nested.execute(statement).await.unwrap();
    nested.refresh(eva).await.unwrap();
    assert_eq!(nested[eva].town, "Bonn");
    nested.rollback().await.unwrap();
    assert_eq!(session[eva].town, "Ulm");
}

#[tokio::test]
async fn after_an_outcome_that_nobody_knows_what_is_set_is_sent_whatever_it_was() {
    for committed in [false, true] {
        let fixture = Fixture::new(schema![User]).await;
        with_ann(&fixture).await;
        let proxy = Proxy::start(fixture.database.url()).await;
        let engine = Engine::builder(proxy.url()).pool_size(2).connect().await.unwrap();
        let mut session = SessionMaker::new(engine).session();
        let ann = session.find::<User>(1).await.unwrap().unwrap();
        session[ann].age = Some(31);
        proxy.stall();
        let cut = async {
            tokio::time::sleep(Duration::from_millis(50)).await;
            proxy.cut();
            proxy.resume();
        };
        let (result, ()) = tokio::join!(session.commit(), cut);
        let error = result.unwrap_err();
        assert!(error.is_outcome_unknown(), "{error}");
        let _ = session.rollback().await;
        assert!(session.is_expired(ann) && !session.is_dirty());
        if committed {
            // As the server had got it after all.
            fixture.database.execute("UPDATE users SET age = 31").await;
        }
        session[ann].age = Some(30);
        session[ann].name = "Anna".into();
        session.commit().await.unwrap();
        let row: User = fixture.engine.one(select(User)).await.unwrap();
        assert_eq!(row, User { id: 1, name: "Anna".into(), age: Some(30) });
        assert_eq!(session[ann], row);
    }
}

#[tokio::test]
async fn a_value_assigned_to_an_expired_object_is_written_though_it_is_the_last_one_read() {
    let fixture = Fixture::new(schema![User]).await;
    let (mut session, ann) = with_ann(&fixture).await;
    fixture.database.execute("UPDATE users SET age = 99").await;
    session.expire(ann).unwrap();
    session[ann].age = Some(30);
    assert!(session.is_modified(ann));
    session.commit().await.unwrap();
    assert_eq!(age(&fixture).await, Some(30));
    assert!(!session.is_modified(ann) && !session.is_expired(ann));
}

#[tokio::test]
async fn a_change_of_an_expired_object_does_not_write_what_others_changed() {
    let fixture = Fixture::new(schema![User]).await;
    let (mut session, ann) = with_ann(&fixture).await;
    fixture.database.execute("UPDATE users SET name = 'Anna'").await;
    session.expire(ann).unwrap();
    session[ann].age = Some(31);
    session.commit().await.unwrap();
    assert_eq!(session[ann], User { id: 1, name: "Anna".into(), age: Some(31) });
}

#[tokio::test]
async fn set_writes_its_column_and_no_other_whatever_they_hold() {
    let fixture = Fixture::new(schema![User]).await;
    let (mut session, ann) = with_ann(&fixture).await;
    fixture.database.execute("UPDATE users SET name = 'Anna', age = 99").await;
    session.expire(ann).unwrap();
    session.set(ann, User.age, 30).unwrap();
    session.commit().await.unwrap();
    assert_eq!(session[ann], User { id: 1, name: "Anna".into(), age: Some(30) });
    session.set(ann, User.age, None).unwrap();
    session.commit().await.unwrap();
    assert_eq!(age(&fixture).await, None);
    let error = session.set(ann, User.age, User.age + 1).unwrap_err();
    assert!(error.is_session() && error.to_string().contains("`User.age`"), "{error}");
}

#[tokio::test]
async fn a_row_read_over_a_change_of_an_expired_object_leaves_the_change() {
    let fixture = Fixture::new(schema![User]).await;
    with_ann(&fixture).await;
    let mut session = SessionMaker::new(fixture.engine.clone()).autoflush(false).session();
    let ann = session.find::<User>(1).await.unwrap().unwrap();
    fixture.database.execute("UPDATE users SET name = 'Anna', age = 99").await;
    session.expire(ann).unwrap();
    session[ann].age = Some(31);
    session.one(select(User)).await.unwrap();
    assert_eq!(session[ann], User { id: 1, name: "Anna".into(), age: Some(31) });
    session.commit().await.unwrap();
    assert_eq!(age(&fixture).await, Some(31));
}

#[tokio::test]
async fn a_row_deleted_elsewhere_and_added_again_is_one_object() {
    let (fixture, mut session, old) = with_article().await;
    fixture.database.execute("DELETE FROM articles").await;
    let new = session.add(NewArticle::new(1, "second", 2));
    session.flush().await.unwrap();
    assert!(session.contains(new) && !session.contains(old));
    assert_eq!(session.one(select(Article)).await.unwrap(), new);
    session.rollback().await.unwrap();
    assert!(session.contains(old) && !session.contains(new));
    assert_eq!(session.find::<Article>(1).await.unwrap(), None);
    assert!(!session.contains(old));
}

#[tokio::test]
async fn a_key_changed_to_that_of_a_row_deleted_elsewhere_is_one_object() {
    let (fixture, mut session, one) = with_article().await;
    let two = session.add(NewArticle::new(2, "second", 2));
    session.commit().await.unwrap();
    fixture.database.execute("DELETE FROM articles WHERE id = 1").await;
    session[two].id = 1;
    session.commit().await.unwrap();
    assert!(session.contains(two) && !session.contains(one));
    assert_eq!(session.find::<Article>(1).await.unwrap(), Some(two));
}

#[tokio::test]
async fn a_handle_that_is_kept_over_a_rollback_says_that_its_values_are_expired() {
    let (fixture, mut session, article) = with_article().await;
    let key = session[article].id;
    session.find::<Article>(key).await.unwrap();
    session[article].title = "mine".into();
    fixture.database.execute("UPDATE articles SET title = 'theirs', version = version + 1").await;
    assert!(session.commit().await.unwrap_err().is_stale());
    session.rollback().await.unwrap();
    assert!(session.is_expired(article));
    session.refresh(article).await.unwrap();
    assert!(!session.is_expired(article));
    session[article].title.push_str(" and mine");
    session.commit().await.unwrap();
    assert_eq!(session[article].title, "theirs and mine");
}

#[tokio::test]
async fn evaluate_leaves_expired_objects_so_and_the_next_read_tells() {
    let (_fixture, mut session, article) = with_article().await;
    let other = session.add(NewArticle::new(2, "other", 1));
    session.commit().await.unwrap();
    session.expire(article).unwrap();
    let key = session[article].id;
    let renamed = update(Article).set(Article.title, "new").all_rows().synchronize(Synchronize::Evaluate);
    let title = session[article].title.clone();
    assert_eq!(session.execute(renamed).await.unwrap(), 2);
    assert_eq!((&session[article].title, &*session[other].title), (&title, "new"));
    assert!(session.is_expired(article));
    assert_eq!(session.find::<Article>(key).await.unwrap(), Some(article));
    assert_eq!(session[article].title, "new");
    session.expire(article).unwrap();
    let gone = delete(Article).filter(Article.id.eq(key)).synchronize(Synchronize::Evaluate);
    assert_eq!(session.execute(gone).await.unwrap(), 1);
    assert!(session.contains(other) && session.is_expired(article));
    assert_eq!(session.find::<Article>(key).await.unwrap(), None);
    assert!(!session.contains(article));
}

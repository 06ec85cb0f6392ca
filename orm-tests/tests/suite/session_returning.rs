//! Statements in a session that give entities back, and ON CONFLICT: tracked objects have what the database has.

use orm_core::prelude::*;
use orm_tests::Fixture;
use orm_tests::models::{NewPost, NewUser, Post, User};

#[derive(Model, Clone, Debug, PartialEq)]
struct Word {
    #[orm(primary_key)]
    text: String,
    seen: i32,
    #[orm(version)]
    version: i32,
}

/// "a" and "b", seen once each, as objects of a session that has committed them.
async fn with_words() -> (Fixture, Session, [Handle<Word>; 2]) {
    let fixture = Fixture::new(schema![Word]).await;
    let mut session = fixture.session();
    let words = ["a", "b"].map(|text| session.add(NewWord::new(text, 1)));
    session.commit().await.unwrap();
    fixture.recorder.take();
    (fixture, session, words)
}

fn upsert(texts: &[&str]) -> orm_core::query::Upsert<Word> {
    let rows: Vec<_> = texts.iter().map(|text| NewWord::new(*text, 10)).collect();
    let statement = insert(Word).values(rows).on_conflict(Word.text).do_update();
    statement.set(Word.seen, Word.seen + excluded(Word.seen))
}

const TRIGGER: &str = "CREATE FUNCTION more() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN UPDATE words SET seen = seen + 100 WHERE text = NEW.text AND seen < 100; RETURN NULL; END $$;
    CREATE TRIGGER more AFTER UPDATE ON words FOR EACH ROW EXECUTE FUNCTION more()";

#[tokio::test]
async fn objects_that_an_upsert_touched_are_what_is_in_the_database() {
    let (fixture, mut session, [a, b]) = with_words().await;
    fixture.database.execute(TRIGGER).await;
    assert_eq!(session.execute(upsert(&["a", "c"])).await.unwrap(), 2);
    assert_eq!((session[a].seen, session[a].version), (111, 2), "what the trigger did is seen too");
    assert_eq!((session[b].seen, session[b].version), (1, 1));
    let recorded = fixture.recorder.take();
    assert_eq!(
        (recorded.statements.len(), recorded.round_trips),
        (3, 1),
        "BEGIN, the statement, the objects"
    );
    assert!(!session.is_modified(a));
    session[a].seen = 5;
    session.commit().await.unwrap();
    assert_eq!(session[a].version, 3, "the session knows the version");
}

#[tokio::test]
async fn changes_that_are_not_flushed_go_out_before_an_upsert() {
    let (fixture, mut session, [a, _]) = with_words().await;
    session[a].seen = 50;
    let given = session.one(upsert(&["a"]).returning(Word)).await.unwrap();
    assert_eq!((given, session[a].seen, session[a].version), (a, 60, 3));
    assert!(!session.is_modified(a));
    session.commit().await.unwrap();
    let rows = fixture.engine.all(select((Word.text, Word.seen)).order_by(Word.text)).await.unwrap();
    assert_eq!(rows, [("a".to_owned(), 60), ("b".to_owned(), 1)]);
}

#[tokio::test]
async fn without_autoflush_an_upsert_keeps_changes_that_are_not_flushed() {
    let (fixture, _, _) = with_words().await;
    let mut session = SessionMaker::new(fixture.engine.clone()).autoflush(false).session();
    let users = session.all(select(Word).order_by(Word.text)).await.unwrap();
    session[users[0]].seen = 50;
    session.one(upsert(&["a"]).returning(Word)).await.unwrap();
    assert_eq!(
        (session[users[0]].seen, session[users[0]].version),
        (50, 2),
        "its own change, and what is new"
    );
    assert!(session.is_modified(users[0]));
    session.commit().await.unwrap();
    assert_eq!(fixture.engine.one(select(Word.seen).filter(Word.text.eq("a"))).await.unwrap(), 50);
}

#[tokio::test]
async fn an_upsert_gives_handles_of_the_rows_it_touched() {
    let (fixture, mut session, [a, b]) = with_words().await;
    let given: Vec<Handle<Word>> = session.all(upsert(&["a", "c"]).returning(Word)).await.unwrap();
    assert_eq!(given.len(), 2);
    assert!(given.contains(&a) && !given.contains(&b));
    let c = *given.iter().find(|handle| **handle != a).unwrap();
    assert_eq!((session[a].seen, &*session[c].text, session[c].seen), (11, "c", 10));
    assert_eq!(fixture.recorder.take().round_trips, 1);
    let again = session.one(select(Word).filter(Word.text.eq("c"))).await.unwrap();
    assert_eq!(again, c, "one row, one object");
    session[c].seen = 0;
    session.commit().await.unwrap();
    assert_eq!(session[c].version, 2);
}

#[tokio::test]
async fn do_nothing_gives_handles_of_new_rows_only_and_leaves_objects_alone() {
    let (fixture, mut session, [a, _]) = with_words().await;
    let rows = [NewWord::new("a", 7), NewWord::new("c", 7)];
    let statement = insert(Word).values(rows).on_conflict(Word.text).do_nothing().returning(Word);
    let given = session.all(statement).await.unwrap();
    assert_eq!(given.iter().map(|word| &*session[*word].text).collect::<Vec<_>>(), ["c"]);
    assert_eq!(session[a].seen, 1);
    let recorded = fixture.recorder.take();
    assert_eq!((recorded.statements.len(), recorded.round_trips), (2, 1), "BEGIN and the statement alone");
}

#[tokio::test]
async fn an_insert_gives_handles_of_its_rows() {
    let fixture = Fixture::new(schema![User]).await;
    let mut session = fixture.session();
    let rows = vec![NewUser::new("Ann"), NewUser::new("Ben")];
    let users: Vec<Handle<User>> = session.all(insert(User).values(rows).returning(User)).await.unwrap();
    let mut names: Vec<_> = session.values(&users).map(|user| &*user.name).collect();
    names.sort();
    assert_eq!(names, ["Ann", "Ben"]);
    assert_eq!(fixture.recorder.take().round_trips, 1);
    session[users[0]].age = Some(3);
    session.commit().await.unwrap();
    assert_eq!(fixture.engine.all(select(User.age).filter(User.age.eq(3))).await.unwrap(), [Some(3)]);
}

#[tokio::test]
async fn an_update_gives_handles_with_what_the_rows_hold_now() {
    let (fixture, mut session, [a, b]) = with_words().await;
    fixture.engine.execute(insert(Word).values(NewWord::new("c", 1))).await.unwrap();
    fixture.database.execute(TRIGGER).await;
    fixture.recorder.take();
    session[a].seen = 20;
    let statement =
        update(Word).set(Word.seen, Word.seen + 1).filter(Word.text.ne("b")).returning((Word, Word.seen));
    let given: Vec<(Handle<Word>, i32)> = session.all(statement).await.unwrap();
    assert_eq!(fixture.recorder.take().round_trips, 2, "the flush, and the statement");
    assert_eq!((given.len(), session[a].seen, session[b].seen), (2, 121, 1));
    let (c, seen) = *given.iter().find(|(word, _)| *word != a).unwrap();
    assert_eq!((&*session[c].text, session[c].seen, seen), ("c", 2, 2));
}

#[tokio::test]
async fn a_row_twice_in_one_upsert_is_refused_with_what_to_do_and_leaves_objects_alone() {
    let (_fixture, mut session, [a, _]) = with_words().await;
    let error = session.execute(upsert(&["a", "a"])).await.unwrap_err();
    assert!(error.to_string().contains("; rows to insert are in conflict with each other"), "{error}");
    session.rollback().await.unwrap();
    assert_eq!(session[a].seen, 1);
    assert_eq!(session.execute(upsert(&["a"])).await.unwrap(), 1, "the session goes on");
}

#[tokio::test]
async fn a_rollback_takes_back_what_an_upsert_did_to_objects() {
    let (_fixture, mut session, [a, _]) = with_words().await;
    let given = session.all(upsert(&["a", "c"]).returning(Word)).await.unwrap();
    let c = *given.iter().find(|handle| **handle != a).unwrap();
    session.rollback().await.unwrap();
    assert_eq!((session[a].seen, session[a].version), (1, 1));
    let error = session.get(c).unwrap_err();
    assert!(error.to_string().contains("was rolled back"), "{error}");
}

#[tokio::test]
async fn a_delete_gives_what_the_rows_held_as_values() {
    let (fixture, mut session, [a, b]) = with_words().await;
    fixture.engine.execute(insert(Word).values(NewWord::new("c", 1))).await.unwrap();
    fixture.recorder.take();
    session[a].seen = 9;
    let statement = delete(Word).filter(Word.text.ne("b")).returning(Word);
    let mut gone: Vec<Word> = session.all(statement).await.unwrap();
    assert_eq!(fixture.recorder.take().round_trips, 2, "the flush, and the statement");
    gone.sort_by(|one, other| one.text.cmp(&other.text));
    let word = |text: &str, seen, version| Word { text: text.into(), seen, version };
    assert_eq!(gone, [word("a", 9, 2), word("c", 1, 1)], "with the change that was flushed before");
    let error = session.get(a).unwrap_err();
    assert!(error.to_string().ends_with("was deleted"), "{error}");
    assert!(session.is_deleted(a) && !session.contains(a) && session.contains(b));
    assert_eq!(session.find::<Word>("a").await.unwrap(), None, "no object stands for a row that is gone");
    session.rollback().await.unwrap();
    assert_eq!(session[a].seen, 1, "the row is there again");
}

#[tokio::test]
async fn a_delete_gives_values_of_any_shape_and_follows_cascades() {
    let fixture = Fixture::new(schema![User, Post]).await;
    let mut session = fixture.session();
    let ann = session.add(NewUser::new("Ann"));
    let post = session.add(NewPost::new(ann, "a"));
    session.commit().await.unwrap();
    fixture.recorder.take();
    let (name, user): (String, User) =
        session.one(delete(User).all_rows().returning((User.name, User))).await.unwrap();
    assert_eq!((&*name, &*user.name), ("Ann", "Ann"));
    assert!(!session.contains(ann) && !session.contains(post));
    assert_eq!(fixture.recorder.take().round_trips, 1);
    for synchronize in [Synchronize::Fetch, Synchronize::Evaluate, Synchronize::Off] {
        let ben = session.add(NewUser::new("Ben"));
        let statement = delete(User).all_rows().synchronize(synchronize).returning(User);
        assert_eq!(session.one(statement).await.unwrap().name, "Ben");
        assert_eq!(session.contains(ben), synchronize == Synchronize::Off, "{synchronize:?}");
    }
}

#[tokio::test]
async fn a_row_inserted_again_after_its_deletion_is_another_object() {
    let (_fixture, mut session, [a, _]) = with_words().await;
    session.execute(delete(Word).filter(Word.text.eq("a"))).await.unwrap();
    let again = session.one(upsert(&["a"]).returning(Word)).await.unwrap();
    assert_ne!(again, a);
    assert_eq!((session[again].seen, session[again].version, session.contains(a)), (10, 1, false));
}

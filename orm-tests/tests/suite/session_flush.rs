//! What a flush sends, and how often it waits.

use orm_core::prelude::*;
use orm_tests::Fixture;
use orm_tests::models::{Mood, NewPet, NewPost, NewUser, Pet, Post, User};

#[tokio::test]
async fn a_new_object_is_inserted_by_a_commit_in_one_round_trip() {
    let fixture = Fixture::new(schema![User]).await;
    let mut session = fixture.session();
    let ann = session.add(NewUser { name: "Ann".into(), age: Some(30) });
    session.commit().await.unwrap();
    let recorded = fixture.recorder.take();
    assert_eq!(recorded.round_trips, 1, "BEGIN and COMMIT ride along: {recorded:?}");
    assert_eq!(recorded.statements.len(), 3, "{recorded:?}");
    assert_eq!(session[ann], User { id: 1, name: "Ann".into(), age: Some(30) });
    let rows = fixture.database.query_text("SELECT id, name, age FROM users").await;
    assert_eq!(rows, [[Some("1".to_owned()), Some("Ann".into()), Some("30".into())]]);
}

#[tokio::test]
async fn a_thousand_rows_take_as_many_statements_as_two() {
    let fixture = Fixture::new(schema![User]).await;
    let mut counts = Vec::new();
    for rows in [2, 1000] {
        let mut session = fixture.session();
        let handles = session.add_all((0..rows).map(|n| NewUser { name: format!("user {n}"), age: Some(n) }));
        session.commit().await.unwrap();
        let recorded = fixture.recorder.take();
        counts.push((recorded.statements.len(), recorded.round_trips));
        for (n, handle) in (0..).zip(&handles) {
            assert_eq!((&*session[*handle].name, session[*handle].age), (&*format!("user {n}"), Some(n)));
        }
        let ids: std::collections::HashSet<i64> = session.values(&handles).map(|user| user.id).collect();
        assert_eq!(ids.len(), handles.len(), "each object has the key of its own row");
    }
    assert_eq!(counts[0], counts[1]);
    assert_eq!(counts[1], (3, 1));
    let row = fixture
        .database
        .query_text("SELECT count(*), count(*) FILTER (WHERE name = 'user ' || age) FROM users")
        .await;
    assert_eq!(row, [[Some("1002".to_owned()), Some("1002".into())]]);
}

#[tokio::test]
async fn each_object_finds_its_row_whatever_keys_the_database_makes() {
    let fixture = Fixture::new(schema![User]).await;
    // Keys that do not follow the order of the rows: matching by order or by a guess at the next key would fail.
    fixture
        .database
        .execute("CREATE SEQUENCE odd INCREMENT -7 MINVALUE -10000 MAXVALUE 1000 START 1000")
        .await;
    fixture
        .database
        .execute("ALTER TABLE users ALTER id DROP IDENTITY; ALTER TABLE users ALTER id SET DEFAULT nextval('odd'); ALTER SEQUENCE odd OWNED BY users.id")
        .await;
    let mut session = fixture.session();
    let handles = session.add_all((0..50).map(|n| NewUser { name: format!("{n}"), age: Some(n) }));
    session.commit().await.unwrap();
    for handle in handles {
        let user = session[handle].clone();
        let stored = fixture.engine.one(select(User).filter(User.id.eq(user.id))).await.unwrap();
        assert_eq!(stored, user);
    }
}

#[derive(Model, Clone, Debug)]
#[orm(table = "countries")]
struct Country {
    #[orm(primary_key)]
    code: String,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "cities")]
struct City {
    #[orm(primary_key)]
    name: String,
    #[orm(references = Country.code, relation = country)]
    country_code: String,
}

#[tokio::test]
async fn keys_the_program_gives_order_rows_without_waiting() {
    let fixture = Fixture::new(schema![Country, City]).await;
    let mut session = fixture.session();
    let paris = session.add(NewCity { name: "Paris".into(), country_code: "FR".into() });
    let norway = session.add(NewCountry { code: "NO".into() });
    let oslo = session.add(NewCity { name: "Oslo".into(), country_code: norway.into() });
    session.add(NewCountry { code: "FR".into() });
    session.commit().await.unwrap();
    assert_eq!(fixture.recorder.take().round_trips, 1, "all keys are known beforehand");
    assert_eq!((&*session[paris].country_code, &*session[oslo].country_code), ("FR", "NO"));
}

#[tokio::test]
async fn a_change_sends_the_changed_columns_only() {
    let fixture = Fixture::new(schema![User]).await;
    let mut session = fixture.session();
    let ann = session.add(NewUser { name: "Ann".into(), age: Some(30) });
    session.commit().await.unwrap();
    fixture.recorder.take();
    // Another program changes another column meanwhile.
    fixture.database.execute("UPDATE users SET name = 'Anna'").await;
    session[ann].age = Some(31);
    session.commit().await.unwrap();
    let recorded = fixture.recorder.take();
    assert_eq!(recorded.round_trips, 1);
    assert!(!recorded.statements[1].contains("SET \"name\""), "{recorded:?}");
    assert_eq!(session[ann], User { id: 1, name: "Anna".into(), age: Some(31) }, "the row as it is now");
}

#[tokio::test]
async fn a_change_that_changes_nothing_sends_nothing() {
    let fixture = Fixture::new(schema![User]).await;
    let mut session = fixture.session();
    let ann = session.add(NewUser::new("Ann"));
    session.commit().await.unwrap();
    fixture.recorder.take();
    session[ann].name = "Ben".into();
    session[ann].name = "Ann".into();
    assert!(!session.is_modified(ann));
    session.commit().await.unwrap();
    assert_eq!(fixture.recorder.take().statements, Vec::<String>::new());
}

#[tokio::test]
async fn many_changes_of_one_shape_are_one_statement() {
    let fixture = Fixture::new(schema![User]).await;
    let mut session = fixture.session();
    let users = session.add_all((0..100).map(|n| NewUser { name: "x".into(), age: Some(n) }));
    session.commit().await.unwrap();
    fixture.recorder.take();
    for (n, user) in users.iter().enumerate() {
        session[*user].name = format!("user {n}");
    }
    session[users[7]].age = None;
    session.commit().await.unwrap();
    let recorded = fixture.recorder.take();
    assert_eq!(
        (recorded.statements.len(), recorded.round_trips),
        (5, 1),
        "BEGIN, locks, two shapes, COMMIT: {recorded:?}"
    );
    let wrong = "SELECT count(*) FROM users WHERE name <> 'user ' || (id - 1) OR age IS NULL AND id <> 8";
    assert_eq!(fixture.database.query_text(wrong).await, [[Some("0".to_owned())]]);
    assert_eq!((&*session[users[7]].name, session[users[7]].age), ("user 7", None));
}

#[tokio::test]
async fn a_key_can_be_changed() {
    let fixture = Fixture::new(schema![Pet]).await;
    let mut session = fixture.session();
    let pets = session.add_all(["Tom", "Kit"].map(|name| NewPet::new(name, Mood::Happy)));
    session.commit().await.unwrap();
    session[pets[0]].name = "Tim".into();
    session.commit().await.unwrap();
    assert_eq!(session.find::<Pet>("Tim").await.unwrap(), Some(pets[0]));
    assert_eq!(session.find::<Pet>("Tom").await.unwrap(), None);
    session[pets[0]].name = "A".into();
    session[pets[1]].name = "B".into();
    session.commit().await.unwrap();
    let names = fixture.database.query_text("SELECT name FROM pets ORDER BY 1").await;
    assert_eq!(names, [[Some("A".to_owned())], [Some("B".to_owned())]]);
}

#[tokio::test]
async fn a_new_object_can_take_the_key_of_a_deleted_one() {
    let fixture = Fixture::new(schema![Pet]).await;
    let mut session = fixture.session();
    let old = session.add(NewPet::new("Tom", Mood::Happy));
    session.commit().await.unwrap();
    session.delete(old).unwrap();
    let new = session.add(NewPet::new("Tom", Mood::VerySad));
    session.commit().await.unwrap();
    assert!(!session.contains(old));
    assert_eq!(session.find::<Pet>("Tom").await.unwrap(), Some(new));
    let rows = fixture.database.query_text("SELECT name, mood FROM pets").await;
    assert_eq!(rows, [[Some("Tom".to_owned()), Some("very_sad".into())]]);
}

#[tokio::test]
async fn enums_are_written_and_read_in_batches_too() {
    let fixture = Fixture::new(schema![Pet]).await;
    let mut session = fixture.session();
    let moods = [(Mood::Happy, None), (Mood::VerySad, Some(Mood::Happy)), (Mood::Happy, Some(Mood::VerySad))];
    let pets = session.add_all((0..).zip(moods).map(|(n, (mood, wish))| NewPet {
        name: format!("pet {n}"),
        mood,
        wish,
    }));
    session.commit().await.unwrap();
    for (pet, (mood, wish)) in pets.iter().zip(moods) {
        assert_eq!((session[*pet].mood, session[*pet].wish), (mood, wish));
    }
    for pet in &pets {
        session[*pet].mood = Mood::VerySad;
        session[*pet].wish = None;
    }
    session.commit().await.unwrap();
    let rows = fixture.database.query_text("SELECT DISTINCT mood, wish FROM pets").await;
    assert_eq!(rows, [[Some("very_sad".to_owned()), None]]);
}

#[tokio::test]
async fn deletions_go_children_first() {
    let fixture = Fixture::new(schema![User, Post]).await;
    fixture.database.execute("ALTER TABLE posts DROP CONSTRAINT posts_user_id_fkey").await;
    fixture.database.execute("ALTER TABLE posts ADD FOREIGN KEY (user_id) REFERENCES users").await;
    let mut session = fixture.session();
    let ann = session.add(NewUser::new("Ann"));
    let posts = session.add_all([NewPost::new(ann, "a"), NewPost::new(ann, "b")]);
    session.commit().await.unwrap();
    fixture.recorder.take();
    session.delete(ann).unwrap();
    posts.iter().for_each(|post| session.delete(*post).unwrap());
    assert!(session.is_deleted(ann) && session.contains(ann), "not before the flush");
    session.commit().await.unwrap();
    let recorded = fixture.recorder.take();
    // The first deletions ask whether the role may lock rows of the tables.
    assert_eq!((recorded.statements.len(), recorded.round_trips), (6, 1), "{recorded:?}");
    assert!(!session.contains(ann) && !session.contains(posts[0]));
    assert!(session.get(ann).unwrap_err().to_string().contains("was deleted"));
    assert_eq!(fixture.database.query_text("SELECT * FROM users, posts").await.len(), 0);
}

#[derive(Model, Clone, Debug)]
#[orm(table = "ticks")]
struct Tick {
    #[orm(primary_key, generated)]
    id: i64,
    #[orm(default = "42")]
    size: i32,
}

#[tokio::test]
async fn what_the_database_makes_comes_back() {
    let fixture = Fixture::new(schema![Tick]).await;
    let mut session = fixture.session();
    let single = session.add(NewTick::new());
    session.flush().await.unwrap();
    let several = session.add_all([NewTick::new(), NewTick::new(), NewTick { size: Some(7) }]);
    session.commit().await.unwrap();
    let all: Vec<(i64, i32)> = [&[single], &several[..]]
        .concat()
        .iter()
        .map(|tick| (session[*tick].id, session[*tick].size))
        .collect();
    let sizes: Vec<i32> = all.iter().map(|(_, size)| *size).collect();
    assert_eq!(sizes, [42, 42, 42, 7]);
    let ids: std::collections::BTreeSet<i64> = all.iter().map(|(id, _)| *id).collect();
    assert_eq!(ids.len(), 4);
}

#[tokio::test]
async fn triggers_before_the_row_are_seen() {
    let fixture = Fixture::new(schema![User]).await;
    fixture
        .database
        .execute(
            "CREATE FUNCTION loud() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.name := upper(NEW.name); RETURN NEW; END $$;
             CREATE TRIGGER loud BEFORE INSERT OR UPDATE ON users FOR EACH ROW EXECUTE FUNCTION loud()",
        )
        .await;
    let mut session = fixture.session();
    let users = session.add_all(["ann", "ben"].map(NewUser::new));
    session.commit().await.unwrap();
    assert_eq!(session[users[1]].name, "BEN");
    session[users[0]].name = "cid".into();
    session.commit().await.unwrap();
    assert_eq!(session[users[0]].name, "CID");
}

#[tokio::test]
async fn a_row_that_is_gone_fails_the_commit_and_names_its_key() {
    let fixture = Fixture::new(schema![User]).await;
    let mut session = fixture.session();
    let users = session.add_all(["Ann", "Ben", "Cid"].map(NewUser::new));
    session.commit().await.unwrap();
    for changed in [&users[..1], &users[..]] {
        fixture.database.execute("DELETE FROM users WHERE id = 1").await;
        for user in changed {
            session[*user].age = Some(1);
        }
        let error = session.commit().await.unwrap_err();
        assert!(error.is_stale(), "{error}");
        assert_eq!(
            error.to_string(),
            "rows of `User` to be updated are not there (any more; roll back and read what is there), by key: 1"
        );
        let changed = fixture.database.query_text("SELECT count(age) FROM users").await;
        assert_eq!(changed, [[Some("0".to_owned())]], "nothing of the commit is left");
        session.rollback().await.unwrap();
    }
    session.delete(users[0]).unwrap();
    session.delete(users[1]).unwrap();
    let error = session.flush().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "rows of `User` to be deleted are not there (any more; roll back and read what is there), by key: 1"
    );
}

#[tokio::test]
async fn a_row_a_trigger_suppresses_fails_the_commit() {
    let fixture = Fixture::new(schema![User]).await;
    fixture
        .database
        .execute(
            "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.name = 'no' THEN RETURN NULL; END IF; RETURN NEW; END $$;
             CREATE TRIGGER no BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION no()",
        )
        .await;
    for (names, commit) in
        [(vec!["no"], true), (vec!["yes", "no"], true), (vec!["no"], false), (vec!["yes", "no"], false)]
    {
        let mut session = fixture.session();
        session.add_all(names.into_iter().map(NewUser::new));
        let result = if commit { session.commit().await } else { session.flush().await };
        let error = result.unwrap_err();
        assert!(error.is_stale() && error.to_string().contains("a trigger"), "{error}");
    }
    assert_eq!(fixture.database.query_text("SELECT * FROM users").await.len(), 0);
}

#[tokio::test]
async fn names_that_need_quotes_work_in_every_statement_of_a_flush() {
    #[derive(Model, Clone, Debug)]
    #[orm(table = "or\"der")]
    struct Order {
        #[orm(primary_key, generated, column = "the 'key'")]
        id: i64,
        #[orm(column = "select")]
        word: String,
    }
    let fixture = Fixture::new(schema![Order]).await;
    let mut session = fixture.session();
    let one = session.add(NewOrder::new("one"));
    session.flush().await.unwrap();
    let more = session.add_all(["two", "three"].map(NewOrder::new));
    session.commit().await.unwrap();
    session[one].word = "1".into();
    session.flush().await.unwrap();
    session[one].word = "I".into();
    session[more[0]].word = "II".into();
    session.commit().await.unwrap();
    assert_eq!(session.find::<Order>(session[one].id).await.unwrap(), Some(one));
    session.delete(one).unwrap();
    session.flush().await.unwrap();
    more.iter().for_each(|order| session.delete(*order).unwrap());
    session.commit().await.unwrap();
    let left: i64 = session.one(select(func::count(Order.id))).await.unwrap();
    assert_eq!(left, 0);
}

#[derive(Model, Clone, Debug, PartialEq)]
struct Token {
    #[orm(primary_key, default = "gen_random_uuid()")]
    id: uuid::Uuid,
    name: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
struct Point {
    #[orm(primary_key)]
    x: i32,
    #[orm(primary_key)]
    y: i32,
    tags: Vec<String>,
}

#[tokio::test]
async fn rows_are_batched_whoever_makes_their_keys() {
    let fixture = Fixture::new(schema![Token, Point]).await;
    let mut session = fixture.session();
    let tokens = session.add_all((0..50).map(|n| NewToken::new(n.to_string())));
    let points =
        session.add_all((0..50).map(|n| NewPoint::new(n, -n, vec![n.to_string(); (n % 3) as usize])));
    session.commit().await.unwrap();
    let recorded = fixture.recorder.take();
    assert_eq!((recorded.statements.len(), recorded.round_trips), (4, 1), "{recorded:#?}");
    let ids: std::collections::HashSet<_> = session.values(&tokens).map(|token| token.id).collect();
    assert_eq!(ids.len(), 50);
    for (n, (&token, &point)) in (0..).zip(tokens.iter().zip(&points)) {
        assert_eq!(session[token].name, n.to_string());
        assert_eq!(session[point], Point { x: n, y: -n, tags: vec![n.to_string(); (n % 3) as usize] });
    }
}

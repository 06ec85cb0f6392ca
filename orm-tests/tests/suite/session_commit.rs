//! What a commit says is true: committed, not committed, or that nobody knows.

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use orm_core::Transaction;
use orm_core::prelude::*;
use orm_tests::models::{Mood, NewPet, NewUser, Pet, User};
use orm_tests::{Fixture, Proxy, with_ann};
use rust_decimal::Decimal;
use tokio::time::timeout;

#[derive(Model, Clone, Debug)]
#[orm(table = "draft")]
struct Draft {
    #[orm(primary_key, generated)]
    id: i64,
    title: String,
    #[orm(default = "now()")]
    due: DateTime<Utc>,
    #[orm(default = "0")]
    price: Decimal,
}

/// What the database fills in fits no Rust value.
const UNREADABLE: [&str; 2] = [
    "ALTER TABLE draft ALTER due SET DEFAULT 'infinity'",
    "ALTER TABLE draft ALTER due SET DEFAULT now(), ALTER price SET DEFAULT 'NaN'",
];

async fn titles(fixture: &Fixture) -> Vec<String> {
    fixture.engine.all(select(Draft.title).order_by(Draft.id)).await.unwrap()
}

fn committed(error: &Error) {
    assert!(error.is_committed() && !error.is_outcome_unknown() && error.is_decode(), "{error:?}");
    assert!(error.to_string().contains("committed all the same"), "{error}");
}

#[tokio::test]
async fn a_commit_whose_rows_cannot_be_read_says_that_it_is_committed_and_the_session_goes_on() {
    let fixture = Fixture::new(schema![Draft]).await;
    for (rows, unreadable) in [1, 2].into_iter().zip(UNREADABLE) {
        fixture.database.execute(&format!("{unreadable}; TRUNCATE draft")).await;
        let mut session = fixture.session();
        let new = session.add_all((0..rows).map(|_| NewDraft::new("a")));
        committed(&session.commit().await.unwrap_err());
        assert_eq!(titles(&fixture).await.len(), rows);
        assert!(!session.in_transaction() && !session.is_dirty() && !session.contains(new[0]));
        let text = session.get(new[0]).unwrap_err().to_string();
        assert!(text.contains("could not be told"), "{text}");
        session.rollback().await.expect("there is no transaction");
        fixture.database.execute("UPDATE draft SET due = now(), price = 1").await;
        let found = session.all(select(Draft)).await.expect("the session is usable");
        session[found[0]].title = "b".into();
        session.commit().await.expect("nothing is inserted twice");
        assert_eq!(titles(&fixture).await.len(), rows);
    }
}

#[tokio::test]
async fn objects_whose_commit_could_not_be_read_are_expired() {
    let fixture = Fixture::new(schema![Draft]).await;
    let mut session = fixture.session();
    let [kept, gone] = ["kept", "gone"].map(|title| session.add(NewDraft::new(title)));
    session.commit().await.unwrap();
    let key = session[kept].id;
    fixture
        .database
        .execute(
            "CREATE FUNCTION later() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.due = ''infinity''; RETURN NEW; END';
             CREATE TRIGGER later BEFORE UPDATE ON draft FOR EACH ROW EXECUTE FUNCTION later()",
        )
        .await;
    session[kept].title = "changed".into();
    session.delete(gone).unwrap();
    committed(&session.commit().await.unwrap_err());
    assert_eq!(titles(&fixture).await, ["changed"]);
    assert!(session.is_expired(kept) && !session.contains(gone));
    fixture
        .database
        .execute("DROP TRIGGER later ON draft; UPDATE draft SET due = now(), title = 'other'")
        .await;
    assert_eq!(session.find::<Draft>(key).await.unwrap(), Some(kept));
    assert_eq!(session[kept].title, "other");
}

#[tokio::test]
async fn an_earlier_flush_whose_rows_cannot_be_read_commits_nothing() {
    let fixture = Fixture::new(schema![Draft]).await;
    fixture.database.execute(UNREADABLE[0]).await;
    let mut session = fixture.session();
    session.add(NewDraft::new("a"));
    let error = session.flush().await.unwrap_err();
    assert!(error.is_decode() && !error.is_committed(), "{error:?}");
    let error = session.commit().await.unwrap_err();
    assert!(!error.is_committed(), "{error:?}");
    session.rollback().await.unwrap();
    assert_eq!(titles(&fixture).await, [""; 0]);
}

#[tokio::test]
async fn work_whose_rows_cannot_be_read_is_not_done_twice() {
    let fixture = Fixture::new(schema![Draft]).await;
    fixture.database.execute(UNREADABLE[0]).await;
    let sessions = SessionMaker::new(fixture.engine.clone());
    let result: Result<(), Error> = sessions
        .run(async |session| {
            session.add(NewDraft::new("a"));
            Ok(())
        })
        .await;
    committed(&result.unwrap_err());
    assert_eq!(titles(&fixture).await, ["a"]);
}

#[tokio::test]
async fn a_statement_of_an_engine_whose_rows_cannot_be_read_says_that_it_is_committed() {
    let fixture = Fixture::new(schema![Draft]).await;
    let engine = &fixture.engine;
    let draft = engine.one(insert(Draft).values(NewDraft::new("a")).returning(Draft)).await.unwrap();
    fixture.database.execute("ALTER TABLE draft ALTER price SET DEFAULT 'NaN'").await;
    let new = || insert(Draft).values(NewDraft::new("b")).returning(Draft);
    committed(&engine.all(new()).await.unwrap_err());
    committed(&engine.one(new()).await.unwrap_err());
    committed(&engine.one_or_none(new()).await.unwrap_err());
    committed(&engine.batch((new(), select(func::count(Draft.id)))).await.unwrap_err());
    committed(&engine.batch((select(func::count(Draft.id)), new())).await.unwrap_err());
    committed(&engine.begin().await.unwrap().commit_with((new(),)).await.unwrap_err());
    let error =
        engine.one(update(Draft).set(Draft.title, "c").all_rows().returning(Draft.title)).await.unwrap_err();
    assert!(error.is_many_rows() && error.is_committed(), "{error:?}");
    assert_eq!(titles(&fixture).await, ["c"; 7]);

    // What only reads, or is inside a transaction, has committed nothing.
    assert!(!engine.all(select(Draft)).await.unwrap_err().is_committed());
    let mut transaction = engine.begin().await.unwrap();
    assert!(!transaction.all(new()).await.unwrap_err().is_committed());
    assert!(!transaction.batch((new(),)).await.unwrap_err().is_committed());
    transaction.rollback().await.unwrap();

    fixture.database.execute("UPDATE draft SET price = 'NaN' WHERE id = 1").await;
    let mut draft = Tracked::new(draft);
    draft.title = "saved".into();
    committed(&engine.save(&mut draft).await.unwrap_err());
    assert!(titles(&fixture).await.contains(&"saved".to_owned()));
}

#[tokio::test]
async fn a_new_label_of_an_enum_in_what_comes_back_is_told_with_the_news_of_the_commit() {
    let fixture = Fixture::new(schema![Pet]).await;
    fixture
        .database
        .execute(
            "ALTER TYPE mood ADD VALUE 'grumpy'; CREATE FUNCTION moody() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN \
             NEW.mood = ''grumpy''; RETURN NEW; END'; CREATE TRIGGER moody BEFORE INSERT ON pets FOR EACH ROW EXECUTE \
             FUNCTION moody()",
        )
        .await;
    let mut session = fixture.session();
    session.add(NewPet::new("Rex", Mood::Happy));
    committed(&session.commit().await.unwrap_err());
    assert_eq!(fixture.engine.all(select(Pet.name)).await.unwrap(), ["Rex"]);
}

/// A session with Ann, whose row another transaction has locked.
async fn locked(fixture: &Fixture, sessions: &SessionMaker) -> (Session, Handle<User>, Transaction) {
    let (_, _) = with_ann(fixture).await;
    let mut session = sessions.session();
    let ann = session.one(select(User)).await.unwrap();
    session.commit().await.unwrap();
    let mut holder = fixture.engine.begin().await.unwrap();
    holder.all(select(User).for_update()).await.unwrap();
    session[ann].age = Some(99);
    session.add(NewUser::new("Ben"));
    (session, ann, holder)
}

async fn people(fixture: &Fixture) -> Vec<(String, Option<i32>)> {
    fixture.engine.all(select((User.name, User.age)).order_by(User.id)).await.unwrap()
}

const SHORT: Duration = Duration::from_millis(50);

#[tokio::test]
async fn rollback_of_a_commit_that_waits_for_a_lock_takes_it_back_at_once() {
    let fixture = Fixture::new(schema![User]).await;
    let sessions = SessionMaker::new(fixture.engine.clone());
    let (mut session, ann, holder) = locked(&fixture, &sessions).await;
    timeout(SHORT, session.commit()).await.expect_err("it waits for the lock");
    let since = Instant::now();
    session.rollback().await.expect("rolled back");
    assert!(since.elapsed() < Duration::from_secs(2), "{:?}", since.elapsed());
    assert_eq!((session[ann].age, session.is_dirty(), session.in_transaction()), (Some(30), false, false));
    holder.rollback().await.unwrap();
    fixture.database.wait_until_idle().await;
    assert_eq!(people(&fixture).await, [("Ann".to_owned(), Some(30))]);
    session[ann].age = Some(31);
    session.commit().await.expect("the session goes on");
    assert_eq!(people(&fixture).await, [("Ann".to_owned(), Some(31))]);
}

#[tokio::test]
async fn a_commit_that_waits_is_never_done_where_its_session_is_dropped() {
    let fixture = Fixture::new(schema![User]).await;
    let sessions = SessionMaker::new(fixture.engine.clone());
    let (mut session, _, holder) = locked(&fixture, &sessions).await;
    timeout(SHORT, session.commit()).await.expect_err("it waits for the lock");
    drop(session);
    let since = Instant::now();
    let waiting =
        "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";
    while !fixture.database.query_text(waiting).await.is_empty() {
        assert!(since.elapsed() < Duration::from_secs(2), "it waits still");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    holder.rollback().await.unwrap();
    fixture.database.wait_until_idle().await;
    assert_eq!(people(&fixture).await, [("Ann".to_owned(), Some(30))]);
}

/// A session behind a proxy, with a change of Ann and a new user pending.
async fn pending(fixture: &Fixture) -> (Proxy, Session, Handle<User>) {
    with_ann(fixture).await;
    let proxy = Proxy::start(fixture.database.url()).await;
    let engine = Engine::builder(proxy.url()).pool_size(2).connect().await.unwrap();
    let mut session = SessionMaker::new(engine).session();
    let ann = session.one(select(User)).await.unwrap();
    session.commit().await.unwrap();
    session[ann].age = Some(31);
    session.add(NewUser::new("Ben"));
    (proxy, session, ann)
}

fn after() -> Vec<(String, Option<i32>)> {
    vec![("Ann".to_owned(), Some(31)), ("Ben".to_owned(), None)]
}

#[tokio::test]
async fn rollback_of_a_commit_whose_answer_is_on_its_way_says_that_it_is_committed() {
    let fixture = Fixture::new(schema![User]).await;
    let (proxy, mut session, ann) = pending(&fixture).await;
    proxy.delay(Duration::from_millis(200));
    timeout(Duration::from_millis(300), session.commit()).await.expect_err("its answer comes later");
    let error = session.rollback().await.unwrap_err();
    assert!(error.is_committed() && !error.is_outcome_unknown() && !error.is_connection_lost(), "{error:?}");
    proxy.delay(Duration::ZERO);
    assert_eq!(people(&fixture).await, after());
    assert!(session.is_expired(ann) && !session.is_dirty() && !session.in_transaction());
    fixture.database.execute("UPDATE users SET age = 32 WHERE name = 'Ann'").await;
    let key = session[ann].id;
    session.find::<User>(key).await.unwrap();
    assert_eq!(session[ann].age, Some(32), "it is read again");
}

#[tokio::test]
async fn rollback_of_a_commit_whose_connection_broke_says_that_nobody_knows() {
    let fixture = Fixture::new(schema![User]).await;
    let (proxy, mut session, ann) = pending(&fixture).await;
    proxy.stall();
    timeout(SHORT, session.commit()).await.expect_err("nothing comes back");
    proxy.cut();
    proxy.resume();
    let error = session.rollback().await.unwrap_err();
    assert!(error.is_outcome_unknown() && !error.is_committed(), "{error:?}");
    assert!(session.is_expired(ann) && !session.is_dirty() && !session.in_transaction());
    session.find::<User>(session[ann].id).await.expect("the session is usable");
    session.rollback().await.expect("what it knows now is of another transaction");
}

#[tokio::test]
async fn rollback_after_a_commit_of_unknown_outcome_says_so_again_and_expires_the_objects() {
    let fixture = Fixture::new(schema![User]).await;
    let (proxy, mut session, ann) = pending(&fixture).await;
    proxy.stall();
    let cut = async {
        tokio::time::sleep(SHORT).await;
        proxy.cut();
        proxy.resume();
    };
    let (result, ()) = tokio::join!(session.commit(), cut);
    assert!(result.unwrap_err().is_outcome_unknown());
    let error = session.rollback().await.unwrap_err();
    assert!(error.is_outcome_unknown(), "{error:?}");
    assert!(session.is_expired(ann) && !session.is_dirty());
    session.rollback().await.expect("there is no transaction");
}

#[tokio::test]
async fn rollback_of_a_commit_that_is_never_answered_has_an_end() {
    let fixture = Fixture::new(schema![User]).await;
    let (proxy, mut session, _) = pending(&fixture).await;
    proxy.stall();
    timeout(SHORT, session.commit()).await.expect_err("nothing comes back");
    let rolled_back = timeout(Duration::from_secs(15), session.rollback()).await.expect("an end");
    assert!(rolled_back.unwrap_err().is_outcome_unknown());
    proxy.resume();
}

#[tokio::test]
async fn a_rollback_that_is_dropped_is_called_again() {
    // On a busy machine the server may have answered before the rollback is asked for, which then has nothing to wait for.
    for _ in 0..5 {
        let fixture = Fixture::new(schema![User]).await;
        let sessions = SessionMaker::new(fixture.engine.clone());
        let (mut session, ann, holder) = locked(&fixture, &sessions).await;
        timeout(SHORT, session.commit()).await.expect_err("it waits for the lock");
        if orm_tests::poll_awake(1, session.rollback()).await.is_some() {
            continue;
        }
        let error = session.commit().await.unwrap_err();
        assert!(error.is_session() && error.to_string().contains("rollback"), "{error}");
        session.rollback().await.expect("rolled back");
        assert_eq!(session[ann].age, Some(30));
        holder.rollback().await.unwrap();
        assert_eq!(people(&fixture).await, [("Ann".to_owned(), Some(30))]);
        return;
    }
    panic!("no rollback has waited for the server");
}

#[tokio::test]
async fn a_statement_of_an_engine_whose_connection_breaks_leaves_an_unknown_outcome_if_it_writes() {
    let fixture = Fixture::new(schema![User]).await;
    with_ann(&fixture).await;
    let proxy = Proxy::start(fixture.database.url()).await;
    let engine = Engine::builder(proxy.url()).pool_size(1).connect().await.unwrap();
    for writes in [true, false] {
        engine.all(select(User.name)).await.unwrap();
        proxy.stall();
        let cut = async {
            tokio::time::sleep(SHORT).await;
            proxy.cut();
            proxy.resume();
        };
        let work = async {
            if writes {
                engine.execute(insert(User).values(NewUser::new("Ben"))).await.map(drop)
            } else {
                engine.all(select(User)).await.map(drop)
            }
        };
        let (result, ()) = tokio::join!(work, cut);
        let error = result.unwrap_err();
        assert!(error.is_connection_lost() && !error.is_committed(), "{error:?}");
        assert_eq!(error.is_outcome_unknown(), writes, "{error}");
    }
}

#[tokio::test]
async fn rollback_of_a_statement_that_waits_for_a_lock_takes_back_what_was_flushed_before_it() {
    let fixture = Fixture::new(schema![User]).await;
    for autoflush in [true, false] {
        let sessions = SessionMaker::new(fixture.engine.clone()).autoflush(autoflush);
        fixture.database.execute("TRUNCATE users RESTART IDENTITY").await;
        let (mut session, ann, holder) = locked(&fixture, &sessions).await;
        if !autoflush {
            session.expire(ann).unwrap();
            session.flush().await.unwrap();
        }
        let statement = session.execute(update(User).set(User.age, 1).all_rows());
        timeout(SHORT, statement).await.expect_err("it waits for the lock");
        let error = session.commit().await.unwrap_err();
        assert!(error.to_string().contains("call `rollback`"), "{error}");
        session.rollback().await.expect("rolled back");
        holder.rollback().await.unwrap();
        fixture.database.wait_until_idle().await;
        assert_eq!(people(&fixture).await, [("Ann".to_owned(), Some(30))]);
        assert_eq!(session[ann].age, Some(30));
    }
}

#[tokio::test]
async fn a_commit_that_the_server_ends_by_its_time_limit_leaves_nothing() {
    let fixture = Fixture::new(schema![User]).await;
    let engine = Engine::builder(fixture.database.url()).statement_timeout(SHORT).connect().await.unwrap();
    let (mut session, ann, holder) = locked(&fixture, &SessionMaker::new(engine)).await;
    let error = session.commit().await.unwrap_err();
    assert!(!error.is_committed() && !error.is_outcome_unknown(), "{error:?}");
    assert_eq!(error.code(), Some("57014"), "{error}");
    session.rollback().await.unwrap();
    holder.rollback().await.unwrap();
    assert_eq!(people(&fixture).await, [("Ann".to_owned(), Some(30))]);
    session[ann].age = Some(31);
    session.commit().await.unwrap();
    assert_eq!(people(&fixture).await, [("Ann".to_owned(), Some(31))]);
}

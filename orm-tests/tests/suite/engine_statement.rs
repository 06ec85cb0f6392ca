//! Prepared statements that the server no longer has, or whose tables have changed.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::TryStreamExt;
use orm_core::Error;
use orm_core::prelude::*;
use orm_core::query::Command;
use orm_tests::models::{NewUser, User};
use orm_tests::{Database, Recorder};

/// What makes prepared statements stale.
#[derive(Clone, Copy, Debug)]
enum Change {
    /// The type of a column: 0A000.
    Table,
    /// DEALLOCATE ALL on the connection itself: 26000.
    Connection,
}

const CHANGES: [Change; 2] = [Change::Table, Change::Connection];

/// A table with one user, and an engine that always uses the same connection.
struct Single {
    engine: Engine,
    recorder: Recorder,
    database: Database,
    changes: usize,
}

impl Single {
    async fn new() -> Single {
        let database = Database::create().await;
        let recorder = Recorder::default();
        let builder = Engine::builder(database.url()).pool_size(1).observe(Arc::new(recorder.clone()));
        let engine = builder.connect().await.unwrap();
        engine.create_all(schema![User]).await.unwrap();
        engine.execute(insert(User).values(NewUser::new("Ann"))).await.unwrap();
        let forget = "CREATE FUNCTION forget() RETURNS int LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'DEALLOCATE ALL'; \
                      RETURN 1; END $$";
        database.execute(forget).await;
        Single { engine, recorder, database, changes: 0 }
    }

    /// Uses the statements often enough that they have names.
    async fn warm_up(&self) {
        for _ in 0..3 {
            self.engine.all(users()).await.unwrap();
            self.engine.execute(older()).await.unwrap();
            let mut session = SessionMaker::new(self.engine.clone()).session();
            session.all(users()).await.unwrap();
            session.rollback().await.unwrap();
        }
    }

    async fn make_stale(&mut self, change: Change) {
        self.warm_up().await;
        match change {
            Change::Table => self.change_table().await,
            Change::Connection => {
                self.engine.one(select(forget())).await.unwrap();
            }
        }
        self.recorder.take();
    }

    async fn change_table(&mut self) {
        self.changes += 1;
        let length = 100 + self.changes;
        let kind =
            if self.changes.is_multiple_of(2) { "text".to_owned() } else { format!("varchar({length})") };
        self.database.execute(&format!("ALTER TABLE users ALTER COLUMN name TYPE {kind}")).await;
    }
}

fn forget() -> Expr<i32> {
    func::call::<i32>("forget", ()).never_null()
}

fn users() -> Select<User> {
    select(User).order_by(User.id)
}

fn older() -> impl Command {
    update(User).set(User.age, 30).filter(User.name.eq("Ann"))
}

fn is_stale(error: &Error, change: Change) -> bool {
    let code = match change {
        Change::Table => "0A000",
        Change::Connection => "26000",
    };
    error.code() == Some(code)
}

#[tokio::test]
async fn statements_of_an_engine_are_prepared_again() {
    let mut single = Single::new().await;
    for change in CHANGES {
        single.make_stale(change).await;
        assert_eq!(single.engine.all(users()).await.unwrap().len(), 1);
        // The one that was stale, and again.
        assert_eq!(single.recorder.take().statements.len(), 2, "{change:?}");

        single.make_stale(change).await;
        assert_eq!(single.engine.execute(older()).await.unwrap(), 1);

        single.make_stale(change).await;
        let stream = single.engine.stream(users()).await.unwrap();
        assert_eq!(stream.try_collect::<Vec<_>>().await.unwrap().len(), 1);
        assert_eq!(single.recorder.take().statements.len(), 2, "{change:?}");
    }
}

#[tokio::test]
async fn the_first_statement_of_a_transaction_is_prepared_again_and_the_transaction_begun_again() {
    let mut single = Single::new().await;
    for change in CHANGES {
        single.make_stale(change).await;
        let mut transaction = single.engine.begin().await.unwrap();
        assert_eq!(transaction.all(users()).await.unwrap().len(), 1);
        assert_eq!(transaction.execute(older()).await.unwrap(), 1);
        transaction.commit().await.unwrap();
        let begun = single.recorder.take().statements.iter().filter(|text| *text == "BEGIN").count();
        assert_eq!(begun, 2, "{change:?}");
    }
}

#[tokio::test]
async fn what_a_session_sends_together_is_prepared_again() {
    let mut single = Single::new().await;
    let sessions = SessionMaker::new(single.engine.clone());
    for change in CHANGES {
        for _ in 0..3 {
            let mut session = sessions.session();
            session.add(NewUser::new("Ben"));
            session.commit().await.unwrap();
        }
        single.make_stale(change).await;
        let before = single.engine.all(users()).await.unwrap().len();
        single.make_stale(change).await;
        let mut session = sessions.session();
        let ben = session.add(NewUser::new("Ben"));
        session.commit().await.unwrap();
        assert_eq!(session[ben].name, "Ben");
        assert_eq!(single.engine.all(users()).await.unwrap().len(), before + 1);
    }
}

#[tokio::test]
async fn a_later_statement_of_a_transaction_fails_once_and_says_what_to_do() {
    let mut single = Single::new().await;
    for change in CHANGES {
        single.warm_up().await;
        let mut transaction = single.engine.begin().await.unwrap();
        transaction.one(select(lit(1))).await.unwrap();
        match change {
            Change::Table => single.change_table().await,
            Change::Connection => {
                transaction.one(select(forget())).await.unwrap();
            }
        }
        let error = transaction.all(users()).await.unwrap_err();
        assert!(is_stale(&error, change) && error.is_retryable(), "{error}");
        let text = error.to_string();
        assert!(text.contains("roll it back and run it again"), "{text}");
        let is_told = text.contains("`pooler(Pooler::Transaction)`");
        assert_eq!(is_told, matches!(change, Change::Connection), "{text}");
        assert!(transaction.commit().await.unwrap_err().is_rolled_back());

        // All are forgotten: whatever was prepared before works, wherever it stands.
        let mut transaction = single.engine.begin().await.unwrap();
        transaction.one(select(lit(1))).await.unwrap();
        transaction.execute(older()).await.unwrap();
        assert_eq!(transaction.all(users()).await.unwrap().len(), 1);
        transaction.commit().await.unwrap();
    }
}

#[tokio::test]
async fn a_changed_table_makes_one_transaction_fail_not_one_on_each_connection() {
    let single = Single::new().await;
    let engine = Engine::builder(single.database.url()).pool_size(2).connect().await.unwrap();
    for _ in 0..3 {
        let (mut one, mut two) = (engine.begin().await.unwrap(), engine.begin().await.unwrap());
        one.all(users()).await.unwrap();
        two.all(users()).await.unwrap();
    }
    single.database.execute("ALTER TABLE users ALTER COLUMN name TYPE varchar(50)").await;
    // One connection finds out.
    let mut one = engine.begin().await.unwrap();
    one.one(select(lit(1))).await.unwrap();
    assert!(is_stale(&one.all(users()).await.unwrap_err(), Change::Table));
    // The other one is told.
    let mut two = engine.begin().await.unwrap();
    two.one(select(lit(1))).await.unwrap();
    assert_eq!(two.all(users()).await.unwrap().len(), 1);
}

#[tokio::test]
async fn work_that_is_run_again_gets_over_a_changed_table() {
    let single = Single::new().await;
    single.warm_up().await;
    let sessions = SessionMaker::new(single.engine.clone());
    let attempts = AtomicUsize::new(0);
    let found = sessions
        .run(async |session| {
            let _: i32 = session.one(select(lit(1))).await?;
            if attempts.fetch_add(1, Ordering::Relaxed) == 0 {
                single.database.execute("ALTER TABLE users ALTER COLUMN name TYPE varchar(50)").await;
            }
            Ok::<_, Error>(session.all(users()).await?.len())
        })
        .await;
    assert_eq!((found.unwrap(), attempts.into_inner()), (1, 2));
}

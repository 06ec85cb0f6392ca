//! Reads from a standby: what goes there, and what happens when it is behind or gone.

use std::sync::Arc;
use std::time::Duration;

use orm_core::engine::{EngineBuilder, Position};
use orm_core::prelude::*;
use orm_tests::models::{NewUser, Post, User};
use orm_tests::{Database, Proxy, Recorder, Replication, replication};
use tokio::sync::{Mutex, MutexGuard};

/// What holds replay up would hold up all others.
static TURN: Mutex<()> = Mutex::const_new(());

/// Long enough for whatever happens soon.
const LONG: Duration = Duration::from_secs(20);

/// A database on a primary and its standby, which one test at a time has for itself.
pub(crate) struct Pair {
    pub(crate) replication: &'static Replication,
    pub(crate) database: Database,
    pub(crate) recorder: Recorder,
    _turn: MutexGuard<'static, ()>,
}

impl Pair {
    /// None where PostgreSQL's programs are not installed.
    pub(crate) async fn new() -> Option<Pair> {
        let replication = replication()?;
        let turn = TURN.lock().await;
        replication.resume_replay().await;
        let database = replication.database().await;
        Some(Pair { replication, database, recorder: Recorder::default(), _turn: turn })
    }

    pub(crate) fn standby(&self) -> String {
        self.replication.standby_url(&self.database)
    }

    pub(crate) fn primary(&self) -> EngineBuilder {
        Engine::builder(self.database.url()).pool_size(4).observe(Arc::new(self.recorder.clone()))
    }

    /// With the standby as its replica.
    pub(crate) fn builder(&self) -> EngineBuilder {
        self.primary().replica(self.standby()).replica_wait(LONG)
    }

    /// An engine with users and posts, which the standby has too.
    pub(crate) async fn engine(&self) -> Engine {
        let engine = self.builder().connect().await.unwrap();
        engine.create_all(schema![User, Post]).await.unwrap();
        let position = engine.position().await.unwrap();
        assert!(is_replica(&engine.reads().after(position)).await);
        self.recorder.take();
        engine
    }

    async fn no_standby_client(&self) {
        let gone = tokio::time::timeout(LONG, async {
            while self.replication.standby_clients(&self.database).await > 0 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        });
        gone.await.expect("the connections are closed");
    }

    pub(crate) fn statements(&self) -> Vec<String> {
        self.recorder.take().statements
    }
}

/// Asks the server whether it is a standby.
pub(crate) fn asked() -> Select<bool> {
    select(func::coalesce(func::call::<Option<bool>>("pg_is_in_recovery", ()), false))
}

/// Whether a select of this engine is answered by a standby.
pub(crate) async fn is_replica(engine: &Engine) -> bool {
    engine.one(asked()).await.unwrap()
}

pub(crate) async fn names(engine: &Engine) -> Vec<String> {
    engine.all(select(User.name).order_by(User.id)).await.unwrap()
}

async fn wait_until(what: &str, holds: impl Fn() -> bool) {
    let waited = tokio::time::timeout(LONG, async {
        while !holds() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    });
    assert!(waited.await.is_ok(), "waited in vain until {what}");
}

fn is_left_out(engine: &Engine) -> bool {
    engine.replicas()[0].left_out.is_some()
}

#[tokio::test]
async fn every_verb_that_reads_goes_to_the_replica() {
    let Some(pair) = Pair::new().await else { return };
    let engine = pair.engine().await;
    let reads = engine.reads();
    let mut found = vec![reads.one(asked()).await.unwrap(), reads.all(asked()).await.unwrap()[0]];
    found.extend(reads.first(asked()).await.unwrap());
    found.extend(reads.one_or_none(asked()).await.unwrap());
    found.push(reads.stream(asked()).await.unwrap().next().await.unwrap().unwrap());
    let (one, two) = reads.batch((asked(), asked())).await.unwrap();
    found.extend(one.into_iter().chain(two));
    let mut transaction = reads.begin_with(TransactionMode::READ_ONLY).await.unwrap();
    found.push(transaction.one(asked()).await.unwrap());
    assert_eq!(transaction.commit_position().await.unwrap(), Position::START);
    assert_eq!(found, [true; 8]);
    assert!(!is_replica(&engine).await, "the engine itself reads from the primary");
}

#[tokio::test]
async fn what_writes_or_locks_goes_to_the_primary_at_once() {
    let Some(pair) = Pair::new().await else { return };
    let engine = pair.engine().await;
    let reads = engine.reads();
    reads.execute(insert(User).values([NewUser::new("Ann")])).await.unwrap();
    let added = reads.one(insert(User).values([NewUser::new("Ben")]).returning(User.name)).await.unwrap();
    let locked = reads.all(select(User.name).order_by(User.id).for_update()).await.unwrap();
    let (gone, left) =
        reads.batch((delete(User).filter(User.name.eq("Ann")), select(User.name))).await.unwrap();
    assert_eq!((added.as_str(), locked, gone, left.len()), ("Ben", vec!["Ann".into(), "Ben".into()], 1, 1));
    let sent = pair.statements();
    assert_eq!(sent.len(), 5, "each was sent once: {sent:?}");

    let many: Vec<NewUser> = (0..2_500).map(|at| NewUser::new(at.to_string())).collect();
    assert_eq!(reads.execute(insert(User).values(many)).await.unwrap(), 2_500);
    let raw = sql!("SELECT pg_is_in_recovery()").rows::<bool>();
    assert!(!reads.one(raw).await.unwrap(), "what SQL of the program does, nobody knows");
}

#[tokio::test]
async fn session_that_is_read_only_lives_on_the_replica_and_another_on_the_primary() {
    let Some(pair) = Pair::new().await else { return };
    let engine = pair.engine().await;
    let sessions = SessionMaker::new(engine.reads());

    let mut session = sessions.clone().transaction_mode(TransactionMode::READ_ONLY).session();
    assert!(session.one(asked()).await.unwrap());
    session.add(NewUser::new("Ann"));
    assert_eq!(session.commit().await.unwrap_err().code(), Some("25006"));

    let mut session = sessions.session();
    assert!(!session.one(asked()).await.unwrap());
    session.add(NewUser::new("Ann"));
    session.commit().await.unwrap();
    assert_eq!(names(&engine).await, ["Ann"]);

    let serializable = TransactionMode::READ_ONLY.isolation(Isolation::Serializable);
    let mut session = sessions.transaction_mode(serializable).session();
    assert!(!session.one(asked()).await.unwrap(), "a standby has no SERIALIZABLE");
}

#[tokio::test]
async fn replica_that_is_behind_is_left_out_until_it_has_caught_up() {
    let Some(pair) = Pair::new().await else { return };
    drop(pair.engine().await);
    let engine = pair.builder().max_replica_lag(Duration::from_millis(400)).connect().await.unwrap();
    wait_until("the replica is used", || !is_left_out(&engine)).await;
    pair.replication.pause_replay().await;
    engine.execute(insert(User).values([NewUser::new("Ann")])).await.unwrap();
    wait_until("the replica is left out", || is_left_out(&engine)).await;
    assert_eq!(names(&engine.reads()).await, ["Ann"], "from the primary");
    let status = &engine.replicas()[0];
    assert!(status.left_out.as_ref().unwrap().contains("`max_replica_lag`, 400ms"), "{status:?}");

    pair.replication.resume_replay().await;
    wait_until("the replica is used again", || !is_left_out(&engine)).await;
    assert!(is_replica(&engine.reads()).await);
}

#[tokio::test]
async fn replica_that_cannot_be_reached_is_left_out_until_it_can() {
    let Some(pair) = Pair::new().await else { return };
    let engine = pair.primary().replica("postgresql://app@127.0.0.1:1/app").connect().await.unwrap();
    assert!(!is_replica(&engine.reads()).await);
    let [status] = &engine.replicas()[..] else { panic!("one replica") };
    assert!(status.server == "127.0.0.1:1" && status.left_out.as_ref().unwrap().contains("cannot connect"));

    let proxy = Proxy::start(&pair.standby()).await;
    let engine = pair.primary().replica(proxy.url()).connect().await.unwrap();
    assert!(is_replica(&engine.reads()).await);
    drop(proxy);
    assert!(!is_replica(&engine.reads()).await, "the same read is answered by the primary");
    assert!(is_left_out(&engine));
}

#[tokio::test]
async fn read_whose_connection_is_ended_is_answered_all_the_same() {
    let Some(pair) = Pair::new().await else { return };
    pair.database
        .execute(
            "CREATE FUNCTION slow_on_standby() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN IF pg_is_in_recovery() THEN \
             PERFORM pg_sleep(60); END IF; RETURN pg_is_in_recovery(); END $$",
        )
        .await;
    let engine = pair.engine().await;
    let reads = engine.reads();
    let slow = select(func::coalesce(func::call::<Option<bool>>("slow_on_standby", ()), true));
    let (found, ()) =
        tokio::join!(reads.one(slow), pair.replication.end_on_standby(&pair.database, "slow_on_standby"));
    assert!(!found.unwrap(), "from the primary");
}

#[tokio::test]
async fn what_a_replica_refuses_is_done_by_the_primary() {
    let Some(pair) = Pair::new().await else { return };
    let engine = pair.engine().await;
    pair.database.execute("CREATE SEQUENCE numbers").await;
    let reads = engine.reads();
    let next = select(func::coalesce(func::call::<Option<i64>>("nextval", ("numbers",)), 0_i64));
    assert_eq!(reads.one(next).await.unwrap(), 1);
    assert_eq!(pair.statements().len(), 2, "the replica was asked first");
    assert!(!is_left_out(&engine), "it is well");
    engine.execute(insert(User).values([NewUser::new("Ann")])).await.unwrap();
    let reads = reads.after(engine.position().await.unwrap());
    assert_eq!(
        reads.all(select(User.id / 0)).await.unwrap_err().code(),
        Some("22012"),
        "its own error is told"
    );
}

#[tokio::test]
async fn replicas_take_turns_and_one_that_is_busy_gets_less() {
    let Some(pair) = Pair::new().await else { return };
    drop(pair.engine().await);
    let engine = pair.builder().replica_with(pair.standby(), |one| one.pool_size(2)).connect().await.unwrap();
    let acquired = || -> Vec<u64> { engine.replicas().iter().map(|one| one.pool.acquired).collect() };
    let sizes: Vec<usize> = engine.replicas().iter().map(|one| one.pool.max_size).collect();
    assert_eq!(sizes, [4, 2]);
    let reads = engine.reads();
    for _ in 0..6 {
        names(&reads).await;
    }
    assert_eq!(acquired(), [3, 3]);
    let mut held = reads.begin_with(TransactionMode::READ_ONLY).await.unwrap();
    held.all(select(User)).await.unwrap();
    let busy = acquired();
    for _ in 0..4 {
        names(&reads).await;
    }
    let most = acquired().iter().zip(busy).map(|(now, before)| now - before).max();
    assert_eq!(most, Some(4), "the other one does all");
}

#[tokio::test]
async fn replica_whose_connections_are_all_in_use_is_well() {
    let Some(pair) = Pair::new().await else { return };
    let engine = pair
        .primary()
        .replica_with(pair.standby(), |one| one.pool_size(1))
        .max_replica_lag(Duration::from_secs(2))
        .connect()
        .await
        .unwrap();
    let mut held = engine.reads().begin_with(TransactionMode::READ_ONLY).await.unwrap();
    assert!(held.one(asked()).await.unwrap());
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert!(!is_left_out(&engine), "{:?}", engine.replicas());
}

#[tokio::test]
async fn replica_that_has_become_the_primary_is_read_all_the_same() {
    let Some(pair) = Pair::new().await else { return };
    drop(pair.engine().await);
    let engine = pair.primary().replica(pair.database.url()).connect().await.unwrap();
    let mut session = SessionMaker::new(engine.clone()).session();
    session.add(NewUser::new("Ann"));
    let position = session.commit_position().await.unwrap();
    assert_eq!(names(&engine.reads().after(position)).await, ["Ann"]);
    let [status] = &engine.replicas()[..] else { panic!("one replica") };
    assert!(status.left_out.is_none() && status.pool.acquired == 1, "{status:?}");
}

#[tokio::test]
async fn engine_that_is_closed_or_dropped_closes_its_replicas() {
    let Some(pair) = Pair::new().await else { return };
    let engine = pair.engine().await;
    assert!(pair.replication.standby_clients(&pair.database).await > 0);
    engine.close().await;
    assert!(engine.reads().all(select(User)).await.is_err());
    pair.no_standby_client().await;
    drop(pair.builder().connect().await.unwrap());
    pair.no_standby_client().await;
}

#[tokio::test]
async fn settings_of_replicas_that_mean_nothing_are_refused() {
    let refused = async |builder: EngineBuilder| builder.connect().await.unwrap_err().to_string();
    let primary = || Engine::builder("postgresql://app@127.0.0.1:1/app");
    let zero = refused(primary().replica("postgresql://r/app").max_replica_lag(Duration::ZERO)).await;
    assert!(zero.contains("`max_replica_lag` is zero"), "{zero}");
    let url = refused(primary().replica("mysql://r/app")).await;
    assert!(url.starts_with("of a replica: expected a URL"), "{url}");
    let nested = primary().replica_with("postgresql://r/app", |one| one.replica("postgresql://s/app"));
    let nested = refused(nested).await;
    assert!(nested.contains("no replicas of its own"), "{nested}");
}

#[tokio::test]
async fn a_recording_has_what_replicas_are_sent() {
    let Some(pair) = Pair::new().await else { return };
    let engine = pair.engine().await;
    let recording = engine.record();
    assert!(is_replica(&engine.reads()).await && !is_replica(&engine).await);
    assert_eq!(recording.statements().len(), 2, "{recording:?}");
}

//! A large commit waits for the server two times, whatever it carries.

use std::time::{Duration, Instant};

use orm_core::prelude::*;
use orm_core::schema::Schema;
use orm_tests::{Database, Proxy};

#[derive(Model, Clone, Debug)]
#[orm(has_many(lines = Line.order_id))]
struct Order {
    #[orm(primary_key, generated)]
    id: i64,
    name: String,
}

#[derive(Model, Clone, Debug)]
struct Line {
    #[orm(primary_key, generated)]
    id: i64,
    #[orm(references = Order.id, relation = order)]
    order_id: i64,
    amount: i32,
}

#[derive(Model, Clone, Debug)]
struct Stock {
    #[orm(primary_key)]
    sku: String,
    amount: i32,
}

#[derive(Model, Clone, Debug)]
struct Job {
    #[orm(primary_key, generated)]
    id: i64,
    state: String,
}

const SCHEMA: Schema = schema![Order, Line, Stock, Job];

/// Objects that are there already.
struct Loaded {
    orders: Vec<Handle<Order>>,
    stock: Vec<Handle<Stock>>,
    jobs: Vec<Handle<Job>>,
}

async fn load(session: &mut Session, name: &str) -> Loaded {
    let orders = session.add_all((0..17).map(|n| NewOrder::new(format!("{name} {n}"))));
    let stock = session.add_all((0..17).map(|n| NewStock::new(format!("{name} {n}"), 10)));
    let jobs = session.add_all((0..36).map(|n| NewJob::new(format!("{name} {n}"))));
    session.commit().await.unwrap();
    Loaded { orders, stock, jobs }
}

/// Inserts 100 parents with 10 children each, updates 50 rows of 3 tables, and deletes 20.
fn change(session: &mut Session, Loaded { orders, stock, jobs }: &Loaded) {
    for n in 0..100 {
        let order = session.add(NewOrder::new(format!("new {n}")));
        session.add_all((0..10).map(|amount| NewLine::new(order, amount)));
    }
    orders.iter().for_each(|&order| session[order].name.push('!'));
    stock.iter().for_each(|&item| session[item].amount -= 1);
    jobs[..16].iter().for_each(|&job| session[job].state.push('!'));
    jobs[16..].iter().for_each(|&job| session.delete(job).unwrap());
}

/// How long the commit takes, once its statements are prepared.
async fn commit(sessions: &SessionMaker, proxy: &Proxy, delay: Duration, name: &str) -> Duration {
    let mut session = sessions.session();
    let loaded = load(&mut session, name).await;
    change(&mut session, &loaded);
    proxy.delay(delay);
    let start = Instant::now();
    session.commit().await.unwrap();
    let took = start.elapsed();
    proxy.delay(Duration::ZERO);
    took
}

#[tokio::test]
async fn parents_children_changes_and_deletions_take_two_round_trips() {
    let database = Database::create().await;
    let proxy = Proxy::start(database.url()).await;
    let recorder = orm_tests::Recorder::default();
    let observer = std::sync::Arc::new(recorder.clone());
    let engine = Engine::builder(proxy.url()).pool_size(1).observe(observer).connect().await.unwrap();
    engine.create_all(SCHEMA).await.unwrap();
    let sessions = SessionMaker::new(engine.clone());
    // Twice, so that all statements have names.
    for name in ["first", "second"] {
        commit(&sessions, &proxy, Duration::ZERO, name).await;
    }

    let mut session = sessions.session();
    let loaded = load(&mut session, "counted").await;
    change(&mut session, &loaded);
    recorder.take();
    session.commit().await.unwrap();
    let recorded = recorder.take();
    assert_eq!(
        recorded.round_trips, 2,
        "keys of the parents with BEGIN, all else with COMMIT: {recorded:#?}"
    );
    assert_eq!(
        recorded.statements.len(),
        12,
        "BEGIN, keys, locks of 3 tables, 2 INSERT, 3 UPDATE, 1 DELETE, COMMIT: {recorded:#?}"
    );
    drop(session);

    let half = Duration::from_millis(120);
    let (mut near, mut far) = (Duration::MAX, Duration::MAX);
    // The shortest of three: what a busy machine adds is no round trip.
    for n in 0..3 {
        near = near.min(commit(&sessions, &proxy, Duration::ZERO, &format!("near {n}")).await);
        far = far.min(commit(&sessions, &proxy, half, &format!("far {n}")).await);
    }
    let waits = far.saturating_sub(near).as_secs_f64() / (2.0 * half.as_secs_f64());
    println!("{waits:.2} round trips by the clock, at 120 ms each way");
    assert!((1.5..2.7).contains(&waits), "{waits}: {near:?} without delay, {far:?} with it");
    let took = commit(&sessions, &proxy, Duration::from_millis(5), "5 ms").await;
    println!("1,170 rows in 7 statements with 5 ms each way: {took:?}, without: {near:?}");

    let orders = engine.one(select(func::count(Order.id))).await.unwrap();
    let lines = engine.one(select(func::count(Line.id))).await.unwrap();
    let jobs = engine.one(select(func::count(Job.id))).await.unwrap();
    assert_eq!((orders, lines, jobs), (10 * 117, 10 * 1000, 10 * 16));
}

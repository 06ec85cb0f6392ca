//! Random flushes against every order of the same operations as single statements.
//!
//! A case is up to eight rows of a schema and up to six operations: rows that are added, changed, deleted. The oracle tries each
//! order of them in the server, as statements of one row (`oracle`), and looks at what is left (`meaning`): a handle is the row
//! it named, whatever its key becomes, a value is the row that has this key at the end, and a reference to a row that goes is
//! an error. Where an order passes, the flush has to pass, however the objects were loaded and touched, and leave the rows of
//! such an order, with objects that are what the rows are. Where none does, it has to fail, with nothing written.
//!
//! Orders that pass may leave different rows: a new row that takes over the row of a deleted one sets what triggers count to its
//! default, before or behind them. Any of them is right then. Where no order passes, operations that stand in one statement may,
//! as foreign keys are looked at when that is done; where rows can refer to each other in a circle the oracle tries those too,
//! and the flush has to pass where one does. A flush that is Ok though nothing that was tried passes has to leave the rows that
//! the program says; it is counted. Where an error is as right as an order, `meaning::is_moot` says why; and with an `xmin`,
//! where only the transaction itself has changed it.
//!
//! Rows are loaded all, or those only that the program needs; and some sessions go on with a second flush (`again`).
//! Of cases that every order passes, or none, only a part is run: the others say more.
//!
//! `ORM_FLUSH_CASES=100000 ORM_TEST_SEED=7 ORM_FLUSH_GO_ON=1 cargo test --test suite property_flush -- --nocapture` is a longer
//! run by hand: some 25 minutes on two cores. It counts what is wrong by kind; each fault told in full says how to repeat it.

mod again;
mod bench;
mod case;
mod generate;
mod judge;
mod meaning;
mod one_statement;
mod oracle;
mod rows;
mod run;
mod schema;
mod schemas;
mod shrink;
mod state;
mod table;
mod writer;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use orm_tests::Random;

use bench::Bench;
use run::Kind;
use schema::TestSchema;

const CASES: u64 = 5_000;
const SEED: u64 = 12;
/// Schemas at a time: a session waits for the server most of the time.
const WORKERS: usize = 4;

/// What the environment asks for.
struct Settings {
    /// `ORM_TEST_SEED`.
    seed: u64,
    /// `ORM_FLUSH_CASES`.
    cases: u64,
    /// `ORM_FLUSH_GO_ON`: all cases, whatever fails.
    goes_on: bool,
    /// `ORM_FLUSH_SHOW`: how many faults of each kind are told in full.
    show: u64,
    /// `ORM_FLUSH_CASE=schema`, or `schema:seed` for one case.
    only: Option<(String, Option<u64>)>,
}

#[derive(Default)]
struct Tally {
    cases: usize,
    by_orders: BTreeMap<&'static str, usize>,
    right: BTreeMap<String, usize>,
    wrong: BTreeMap<Kind, usize>,
    by_schema: BTreeMap<&'static str, BTreeMap<Kind, usize>>,
    told: Vec<(Kind, String)>,
}

/// What the workers share.
struct Shared {
    settings: Settings,
    tally: Mutex<Tally>,
    schemas: Mutex<Vec<TestSchema>>,
    cases_of_each: u64,
}

impl Settings {
    fn read() -> Settings {
        let text = |name: &str| std::env::var(name).ok();
        let number = |name: &str, otherwise: u64| {
            text(name).map_or(otherwise, |text| {
                text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text:?}"))
            })
        };
        let only = text("ORM_FLUSH_CASE").map(|text| match text.split_once(':') {
            Some((name, seed)) => (name.to_owned(), Some(seed.parse().unwrap())),
            None => (text, None),
        });
        Settings {
            seed: number("ORM_TEST_SEED", SEED),
            cases: number("ORM_FLUSH_CASES", CASES),
            goes_on: text("ORM_FLUSH_GO_ON").is_some(),
            show: number("ORM_FLUSH_SHOW", 3),
            only,
        }
    }
}

/// A number of a text that is the same everywhere.
fn digest(text: &str) -> u64 {
    text.bytes().fold(0, |sum, byte| u64::wrapping_add(u64::wrapping_mul(sum, 31), byte.into()))
}

async fn work(shared: Arc<Shared>) {
    loop {
        let Some(schema) = shared.schemas.lock().unwrap().pop() else { return };
        let bench = Bench::new(schema).await;
        let mut random = Random::from_seed(shared.settings.seed ^ digest(bench.schema.name));
        for _ in 0..shared.cases_of_each {
            let only = shared.settings.only.as_ref().and_then(|(_, seed)| *seed);
            run_case(&bench, only.unwrap_or_else(|| random.number()), &shared).await;
            let has_failed = !shared.tally.lock().unwrap().wrong.is_empty();
            if has_failed && !shared.settings.goes_on {
                return;
            }
        }
    }
}

/// One case, by its seed alone.
async fn run_case(bench: &Bench, seed: u64, shared: &Shared) {
    let mut random = Random::from_seed(seed);
    let (case, orders, may_fail) = bench.draw(&mut random).await;
    let seed_of_run = random.number();
    let result = bench.run(&case, &orders, may_fail, seed_of_run).await;
    let told = {
        let mut tally = shared.tally.lock().unwrap();
        tally.cases += 1;
        let kind = match (orders.passing.is_empty(), orders.failing.is_empty()) {
            (true, _) => "no order passes",
            (false, true) => "every order passes",
            (false, false) => "some orders pass",
        };
        *tally.by_orders.entry(kind).or_default() += 1;
        match &result {
            Ok(ended) => *tally.right.entry(format!("{ended:?}")).or_default() += 1,
            Err(fault) => {
                *tally.wrong.entry(fault.kind).or_default() += 1;
                *tally.by_schema.entry(bench.schema.name).or_default().entry(fault.kind).or_default() += 1;
            }
        }
        let kind = result.as_ref().err().map(|fault| fault.kind);
        tally.told.iter().filter(|(other, _)| Some(*other) == kind).count()
    };
    if let Err(fault) = result
        && (told as u64) < shared.settings.show
    {
        let (case, orders, fault) = bench.shrink(case, fault, seed_of_run).await;
        let text = bench.describe(&case, &orders, &fault, seed);
        shared.tally.lock().unwrap().told.push((fault.kind, text));
    }
}

impl Tally {
    fn tell(&self, took: Duration) {
        for (_, text) in &self.told {
            eprintln!("{text}");
        }
        eprintln!("{} cases in {took:.1?}: {:?}", self.cases, self.by_orders);
        eprintln!("right: {:?}", self.right);
        for (schema, kinds) in &self.by_schema {
            eprintln!("wrong in {schema}: {kinds:?}");
        }
        eprintln!("wrong: {:?}", self.wrong);
    }
}

/// A flush passes where an order of its operations passes as single statements, and leaves the rows that order leaves.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flush_does_what_an_order_of_its_operations_does() {
    let began = Instant::now();
    let settings = Settings::read();
    eprintln!("ORM_TEST_SEED={} ORM_FLUSH_CASES={}", settings.seed, settings.cases);
    let mut schemas = schemas::all();
    if let Some((name, _)) = &settings.only {
        schemas.retain(|schema| schema.name == name);
        assert!(!schemas.is_empty(), "there is no schema {name}");
    }
    let is_one = matches!(settings.only, Some((_, Some(_))));
    let cases_of_each = if is_one { 1 } else { settings.cases.div_ceil(schemas.len() as u64) };
    let shared = Shared { settings, tally: Mutex::default(), schemas: Mutex::new(schemas), cases_of_each };
    let shared = Arc::new(shared);
    let workers: Vec<_> = (0..WORKERS).map(|_| tokio::spawn(work(shared.clone()))).collect();
    for worker in workers {
        worker.await.unwrap();
    }
    let tally = std::mem::take(&mut *shared.tally.lock().unwrap());
    tally.tell(began.elapsed());
    assert!(tally.wrong.is_empty(), "flushes are wrong: {:?}", tally.wrong);
}

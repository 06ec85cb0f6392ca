//! Random flushes against every order of the same operations as single statements.

mod case;
mod generate;
mod meaning;
mod oracle;
mod run;
mod schema;
mod schemas;
mod state;
mod table;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use orm_tests::{Fixture, Random};
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, NoTls, SimpleQueryMessage};

use case::{Case, Operation, Say, Target};
use generate::{Generator, is_system};
use oracle::{Orders, Writer, instruments, rows};
use run::{Ended, Fault, Kind, Runner, Way};
use schema::TestSchema;

const CASES: usize = 5_000;
const SEED: u64 = 12;

/// What the server says of rows that cannot stand beside each other.
const NOT_TOGETHER: [SqlState; 2] = [SqlState::UNIQUE_VIOLATION, SqlState::FOREIGN_KEY_VIOLATION];

/// A schema in a database, and two ways into it.
struct Bench {
    schema: TestSchema,
    fixture: Fixture,
    client: Client,
}

#[derive(Default)]
struct Tally {
    cases: usize,
    by_orders: BTreeMap<&'static str, usize>,
    ended: BTreeMap<String, usize>,
    faults: BTreeMap<Kind, usize>,
    by_schema: BTreeMap<&'static str, usize>,
    shown: Vec<String>,
}

fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn number(name: &str, otherwise: u64) -> u64 {
    setting(name)
        .map_or(otherwise, |text| text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text:?}")))
}

impl Bench {
    async fn new(schema: TestSchema) -> Bench {
        let fixture = Fixture::new(schema.schema).await;
        fixture.database.execute(&format!("{};{}", instruments(&schema), schema.sql)).await;
        let (client, connection) = tokio_postgres::connect(fixture.database.url(), NoTls).await.unwrap();
        tokio::spawn(connection);
        Bench { schema, fixture, client }
    }

    /// Makes the rows; says what `xmin` they have, or that they cannot be.
    async fn begin(&self, case: &Case) -> Option<String> {
        let sql = format!("{};SELECT pg_current_xact_id_if_assigned()", rows(&self.schema, case));
        match self.client.simple_query(&sql).await {
            Ok(answer) => answer
                .iter()
                .find_map(|message| match message {
                    SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
                    _ => None,
                })
                .or_else(|| Some("0".to_owned())),
            Err(error) if error.code().is_some_and(|code| NOT_TOGETHER.contains(code)) => None,
            Err(error) => panic!("{error:?}: {sql}"),
        }
    }

    fn has_xmin(&self) -> bool {
        self.schema.tables.iter().any(|table| table.meta().columns.iter().any(is_system))
    }

    async fn orders(&self, case: &Case, xmin: &str) -> (Orders, bool) {
        let holds = |state: &state::State| meaning::broken(&self.schema, case, state).is_none();
        let strict = Writer { schema: &self.schema, case, xmin: self.has_xmin().then_some(xmin) };
        let orders = strict.orders(&self.client, holds).await;
        if orders.passing.is_empty() && self.has_xmin() {
            // The transaction itself, or what the database does in it, has changed a row before its own operation does.
            let lenient = Writer { xmin: None, ..strict };
            let orders = lenient.orders(&self.client, holds).await;
            return (orders, true);
        }
        (orders, meaning::is_moot(&self.schema, case))
    }

    /// A case of which orders are worth a look, and its orders.
    async fn draw(&self, random: &mut Random) -> (Case, Orders, bool) {
        let mut generator = Generator { schema: &self.schema, random: Random::from_seed(random.number()) };
        loop {
            let rows = generator.rows();
            let mut case = generator.case(rows);
            if case.operations.is_empty() || case.rows.is_empty() {
                continue;
            }
            case.operations.truncate(6);
            let Some(xmin) = self.begin(&case).await else { continue };
            let (orders, may_fail) = self.orders(&case, &xmin).await;
            let keep = match (orders.passing.is_empty(), orders.failing.is_empty()) {
                (true, _) => random.once_in(6),
                (false, true) => random.once_in(3),
                (false, false) => true,
            };
            if keep {
                return (case, orders, may_fail);
            }
        }
    }

    async fn run(&self, case: &Case, orders: &Orders, may_fail: bool, seed: u64) -> Result<Ended, Fault> {
        let mut random = Random::from_seed(seed);
        let runner = Runner {
            schema: &self.schema,
            fixture: &self.fixture,
            client: &self.client,
            case,
            orders,
            may_fail,
        };
        let mut ended = runner.run(Way::Tables, &mut random).await?;
        for way in [Way::Rows, Way::Commit] {
            let now = runner.run(way, &mut random).await?;
            if now != Ended::Ok {
                ended = now;
            }
        }
        Ok(ended)
    }

    /// The same fault with fewer operations and rows.
    async fn shrink(&self, case: Case, fault: Fault, seed: u64) -> (Case, Orders, Fault) {
        let (mut case, mut fault) = (case, fault);
        let mut orders = Orders::default();
        let mut smaller = true;
        while smaller {
            smaller = false;
            for candidate in candidates(&case) {
                let Some(xmin) = self.begin(&candidate).await else { continue };
                let (found, may_fail) = self.orders(&candidate, &xmin).await;
                for seed in [seed, seed + 1, seed + 2] {
                    if self.begin(&candidate).await.is_none() {
                        break;
                    }
                    if let Err(other) = self.run(&candidate, &found, may_fail, seed).await
                        && other.kind == fault.kind
                    {
                        (case, fault, smaller) = (candidate.clone(), other, true);
                        break;
                    }
                }
                if smaller {
                    break;
                }
            }
        }
        if let Some(xmin) = self.begin(&case).await {
            orders = self.orders(&case, &xmin).await.0;
        }
        (case, orders, fault)
    }

    fn describe(&self, case: &Case, orders: &Orders, fault: &Fault, seed: u64) -> String {
        let statements: Vec<String> =
            orders.statements.iter().enumerate().map(|(number, sql)| format!("  {number}: {sql}")).collect();
        let passing: Vec<String> = orders
            .passing
            .iter()
            .map(|(path, state)| format!("  {path} leaves {}", state.describe(&self.schema)))
            .collect();
        let failing: Vec<String> = orders.failing.iter().take(8).map(|why| format!("  {why}")).collect();
        let sent: Vec<String> = fault
            .sent
            .iter()
            .filter(|sql| !sql.contains("flush_lines"))
            .map(|sql| format!("  {sql}"))
            .collect();
        format!(
            "{:?}: {}\nschema {}; ORM_FLUSH_CASE={}:{seed} repeats it (before it was made smaller)\n{}touched: {}\nstatements of the \
             oracle:\n{}\norders that pass:\n{}\norders that fail:\n{}\nsent:\n{}\n",
            fault.kind,
            fault.why,
            self.schema.name,
            self.schema.name,
            case.describe(&self.schema),
            fault.touched.join(", "),
            statements.join("\n"),
            passing.join("\n"),
            failing.join("\n"),
            sent.join("\n"),
        )
    }

    /// One case, by its seed alone.
    async fn case(&self, seed: u64, tally: &Mutex<Tally>, show: usize) {
        let mut random = Random::from_seed(seed);
        let (case, orders, may_fail) = self.draw(&mut random).await;
        let seed_of_run = random.number();
        let result = self.run(&case, &orders, may_fail, seed_of_run).await;
        let kind = match (orders.passing.is_empty(), orders.failing.is_empty()) {
            (true, _) => "no order passes",
            (false, true) => "every order passes",
            (false, false) => "some orders pass",
        };
        {
            let mut tally = tally.lock().unwrap();
            tally.cases += 1;
            *tally.by_orders.entry(kind).or_default() += 1;
            match &result {
                Ok(ended) => *tally.ended.entry(format!("{ended:?}")).or_default() += 1,
                Err(fault) => {
                    *tally.faults.entry(fault.kind).or_default() += 1;
                    *tally.by_schema.entry(self.schema.name).or_default() += 1;
                }
            }
        }
        if let Err(fault) = result {
            let shown = tally.lock().unwrap().shown.len();
            if shown < show {
                let (case, orders, fault) = self.shrink(case, fault, seed_of_run).await;
                let text = self.describe(&case, &orders, &fault, seed);
                tally.lock().unwrap().shown.push(text);
            }
        }
    }
}

/// The case without an operation that no other needs, or without a row.
fn candidates(case: &Case) -> Vec<Case> {
    let mut found = Vec::new();
    for (number, _) in &case.operations {
        let needed = case.operations.iter().any(|(other, operation)| {
            other != number
                && matches!(operation, Operation::Insert { given, .. }
                    if given.iter().any(|(_, say)| *say == Say::Handle(Target::New(*number))))
        });
        if !needed && case.operations.len() > 1 {
            let mut smaller = case.clone();
            smaller.operations.retain(|(other, _)| other != number);
            found.push(smaller);
        }
    }
    for row in &case.rows {
        let needed = case.operations.iter().any(|(_, operation)| match operation {
            Operation::Insert { given, .. } => {
                given.iter().any(|(_, say)| *say == Say::Handle(Target::Old(row.tag)))
            }
            Operation::Update { tag, .. } | Operation::Delete { tag } => *tag == row.tag,
        });
        if !needed {
            let mut smaller = case.clone();
            smaller.rows.retain(|other| other.tag != row.tag);
            found.push(smaller);
        }
    }
    for (place, (_, operation)) in case.operations.iter().enumerate() {
        if let Operation::Update { tag, changes } = operation
            && changes.len() > 1
        {
            for change in 0..changes.len() {
                let mut changes = changes.clone();
                changes.remove(change);
                let mut smaller = case.clone();
                smaller.operations[place].1 = Operation::Update { tag: *tag, changes };
                found.push(smaller);
            }
        }
    }
    found
}

/// A flush passes where an order of its operations passes as single statements, and leaves the rows that order leaves.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flush_does_what_an_order_of_its_operations_does() {
    let began = Instant::now();
    let seed = number("ORM_TEST_SEED", SEED);
    let cases = number("ORM_FLUSH_CASES", CASES as u64) as usize;
    let goes_on = setting("ORM_FLUSH_GO_ON").is_some();
    let show = number("ORM_FLUSH_SHOW", 3) as usize;
    eprintln!("ORM_TEST_SEED={seed} ORM_FLUSH_CASES={cases}");
    let mut schemas = schemas::all();
    let mut only = None;
    if let Some(case) = setting("ORM_FLUSH_CASE") {
        let (name, seed) = case.split_once(':').unwrap_or((&case, ""));
        schemas.retain(|schema| schema.name == name);
        only = seed.parse::<u64>().ok();
    }
    let tally = Mutex::new(Tally::default());
    let count = schemas.len();
    let next = AtomicUsize::new(0);
    let schemas = Mutex::new(schemas.into_iter().map(Some).collect::<Vec<_>>());
    let work = async || {
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            if place >= count {
                return;
            }
            let schema = schemas.lock().unwrap()[place].take().unwrap();
            let bench = Bench::new(schema).await;
            let mut random = Random::from_seed(seed ^ (place as u64) << 32);
            let own = cases / count + usize::from(place < cases % count);
            for _ in 0..if only.is_some() { 1 } else { own } {
                let seed = only.unwrap_or_else(|| random.number());
                bench.case(seed, &tally, show).await;
                if !goes_on && !tally.lock().unwrap().faults.is_empty() {
                    return;
                }
            }
        }
    };
    tokio::join!(work(), work());
    let tally = tally.into_inner().unwrap();
    for text in &tally.shown {
        eprintln!("{text}");
    }
    eprintln!(
        "{} cases of {count} schemas in {:.1?}: {:?}; right: {:?}; wrong: {:?}; by schema: {:?}",
        tally.cases,
        began.elapsed(),
        tally.by_orders,
        tally.ended,
        tally.faults,
        tally.by_schema
    );
    assert!(tally.faults.is_empty(), "flushes are wrong: {:?}", tally.faults);
}

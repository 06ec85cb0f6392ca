//! Two programs behind one pooler, whose statements must not be taken for each other's.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use orm_core::prelude::*;
use orm_core::query::Column;
use orm_tests::{Fixture, PgBouncer, Random};

/// Each column holds numbers that end in a digit of its own.
#[derive(Model, Clone, Debug)]
#[orm(table = "digits")]
struct Digits {
    #[orm(primary_key)]
    id: i32,
    one: i32,
    two: i32,
    three: i32,
    four: i32,
}

const ROWS: i32 = 20;

/// How long each task works at least, and how many statements it sends at least.
const TIME: Duration = Duration::from_millis(1_200);
const OPERATIONS: usize = 50;

/// What the other program is told by.
const URL: &str = "ORM_TEST_POOLER_URL";
const DECLARED: &str = "ORM_TEST_POOLER_DECLARED";

/// What came of the work.
#[derive(Debug, Default)]
struct Found {
    operations: usize,
    wrong: usize,
    errors: Vec<String>,
}

fn columns() -> [(i32, Column<Digits, i32>); 4] {
    [(1, Digits.one), (2, Digits.two), (3, Digits.three), (4, Digits.four)]
}

/// Reads and writes columns by statements that differ in the column only.
async fn work(engine: Engine, seed: u64) -> Found {
    let (mut random, mut found) = (Random::new(seed), Found::default());
    let since = Instant::now();
    while since.elapsed() < TIME || found.operations < OPERATIONS {
        let (digit, column) = columns()[random.below(4)];
        let id = i32::try_from(random.below(20)).unwrap();
        found.operations += 1;
        if random.below(3) == 0 {
            let value = i32::try_from(random.below(1_000)).unwrap() * 10 + digit;
            let changed = engine.execute(update(Digits).set(column, value).filter(Digits.id.eq(id))).await;
            found.errors.extend(changed.err().map(|error| error.to_string()));
        } else {
            match engine.one(select(column).filter(Digits.id.eq(id))).await {
                Ok(value) => found.wrong += usize::from(value % 10 != digit),
                Err(error) => found.errors.push(error.to_string()),
            }
        }
    }
    found
}

/// What several tasks of one program found.
async fn program(url: &str, declared: Pooler, seed: u64) -> Found {
    let engine = Engine::builder(url).pooler(declared).pool_size(4).connect().await.unwrap();
    let tasks: Vec<_> = (0..4).map(|task| tokio::spawn(work(engine.clone(), seed + task))).collect();
    let mut all = Found::default();
    for task in tasks {
        let found = task.await.unwrap();
        all.operations += found.operations;
        all.wrong += found.wrong;
        all.errors.extend(found.errors);
    }
    all
}

/// What two programs found together, and how many values stand in the wrong column afterwards.
async fn two_programs(declared: Pooler) -> Option<(Found, usize)> {
    let fixture = Fixture::new(schema![Digits]).await;
    let pooler = PgBouncer::start(&fixture.database, &["default_pool_size = 3"])?;
    let digits = (0..ROWS).map(|id| NewDigits { id, one: 1, two: 2, three: 3, four: 4 });
    fixture.engine.execute(insert(Digits).values(digits.collect::<Vec<_>>())).await.unwrap();

    let name = format!("{}::the_other_program", module_path!().split_once("::").unwrap().1);
    let mut other = Command::new(std::env::current_exe().unwrap());
    other.args([name.as_str(), "--exact", "--ignored", "--nocapture"]);
    other.env(URL, pooler.url()).env(DECLARED, format!("{declared:?}"));
    let other = other.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut found = program(pooler.url(), declared, 1).await;
    let output = tokio::task::spawn_blocking(|| other.wait_with_output()).await.unwrap().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = said.lines().find_map(|line| line.split_once("found ")).expect(&said).1;
    let mut numbers = line.split(' ').map(|number| number.parse::<usize>().unwrap());
    found.operations += numbers.next().unwrap();
    found.wrong += numbers.next().unwrap();
    let others = said.lines().filter_map(|line| line.strip_prefix("error ")).map(str::to_owned);
    found.errors.extend(others);

    let mut misplaced = 0;
    for (digit, column) in columns() {
        let values = fixture.engine.all(select(column)).await.unwrap();
        misplaced += values.iter().filter(|value| *value % 10 != digit).count();
    }
    Some((found, misplaced))
}

/// Not a test by itself: the program beside the one that starts it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "run by the tests beside it"]
async fn the_other_program() {
    let Ok(url) = std::env::var(URL) else { return };
    let declared = match std::env::var(DECLARED).unwrap().as_str() {
        "Session" => Pooler::Session,
        _ => Pooler::Detect,
    };
    let found = program(&url, declared, 1_000).await;
    println!("\nfound {} {}", found.operations, found.wrong);
    found.errors.iter().for_each(|error| println!("error {}", error.replace('\n', " ")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_value_comes_from_and_none_goes_to_the_wrong_column() {
    let Some((found, misplaced)) = two_programs(Pooler::Detect).await else { return };
    assert!(found.errors.is_empty(), "{:?}", &found.errors[..1]);
    assert_eq!((found.wrong, misplaced), (0, 0), "of {} operations", found.operations);
}

/// Names are said to be safe where they are not.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_declared_wrongly_is_an_error_and_no_wrong_value() {
    let Some((found, misplaced)) = two_programs(Pooler::Session).await else { return };
    assert_eq!((found.wrong, misplaced), (0, 0), "of {} operations", found.operations);
    assert!(!found.errors.is_empty(), "statements are named behind a pooler that loses names");
    let told =
        |error: &String| error.contains("PgBouncer") && error.contains("`pooler(Pooler::Transaction)`");
    assert!(found.errors.iter().all(told), "{:?}", found.errors.iter().find(|error| !told(error)));
}

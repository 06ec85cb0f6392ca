//! Random statements of the typed builders: what the checker accepts the server accepts, and what is selected as a value that
//! is always there is.
//!
//! `ORM_STATEMENT_CASES=10000 ORM_TEST_SEED=7 cargo test --test suite property_statements -- --nocapture` is a longer run.

mod expression;
mod from;
mod statement;
mod table;
mod window;
mod write;

use std::collections::BTreeMap;

use orm_core::prelude::*;
use orm_tests::{Fixture, Random};

use statement::Maker;
use table::{One, Two, fill};

const CASES: usize = 1500;
/// Of writes, each of which takes two round trips.
const WRITES: usize = 500;

#[tokio::test]
async fn what_the_checker_accepts_the_server_accepts() {
    let fixture = Fixture::new(schema![One, Two]).await;
    let mut random = Random::new(15);
    fill(&fixture.engine, &mut random).await;
    let cases = cases(CASES);
    let (mut refused, mut wrong) = (BTreeMap::<String, usize>::new(), Vec::new());
    for _ in 0..cases {
        let statement = Maker::new(&mut random).statement(2);
        let sql = match statement.to_sql() {
            Ok(sql) => sql,
            Err(error) => {
                assert!(error.is_invalid_statement(), "{error}");
                *refused.entry(reason(&error.to_string())).or_default() += 1;
                continue;
            }
        };
        // A value that is always there by its type is read as such: a NULL would be an error.
        if let Err(error) = fixture.engine.all(statement).await
            && !is_known(&error)
        {
            wrong.push(format!("{error}\n{}", sql.text));
        }
    }
    report(cases, &refused, wrong);
}

/// INSERT .. SELECT, upserts, UPDATE and DELETE, with their RETURNING, each taken back.
#[tokio::test]
async fn what_the_checker_accepts_of_writes_the_server_accepts() {
    let fixture = Fixture::new(schema![One, Two]).await;
    let mut random = Random::new(16);
    fill(&fixture.engine, &mut random).await;
    let cases = cases(WRITES);
    let (mut refused, mut wrong) = (BTreeMap::<String, usize>::new(), Vec::new());
    let mut transaction = fixture.engine.begin().await.unwrap();
    for _ in 0..cases {
        let write = Maker::new(&mut random).write();
        let sql = match write.to_sql() {
            Ok(sql) => sql,
            Err(error) => {
                assert!(error.is_invalid_statement(), "{error}");
                *refused.entry(reason(&error.to_string())).or_default() += 1;
                continue;
            }
        };
        transaction.savepoint("before");
        let result = write.run(&mut transaction).await;
        transaction.rollback_to("before").await.unwrap();
        if let Err(error) = result
            && !is_known(&error)
        {
            wrong.push(format!("{error}\n{}", sql.text));
        }
    }
    report(cases, &refused, wrong);
}

fn cases(usual: usize) -> usize {
    std::env::var("ORM_STATEMENT_CASES").ok().and_then(|count| count.parse().ok()).unwrap_or(usual)
}

/// Fails for what the server refuses, and where too little was tried.
fn report(cases: usize, refused: &BTreeMap<String, usize>, mut wrong: Vec<String>) {
    let reasons: Vec<_> = refused.iter().map(|(reason, count)| format!("{count:>6} {reason}\n")).collect();
    let refused: usize = refused.values().sum();
    println!("{cases} statements, {refused} refused, {} wrong\n{}", wrong.len(), reasons.concat());
    wrong.sort_by_key(String::len);
    assert!(wrong.is_empty(), "{} of {cases}:\n{}", wrong.len(), wrong[..wrong.len().min(4)].join("\n\n"));
    assert!(
        refused * 5 < cases * 2,
        "{refused} of {cases} are refused: too many to say something of the others"
    );
}

/// A message without the place, the names and the words that follow from them.
fn reason(error: &str) -> String {
    let text = error.split_once(": ").map_or(error, |(_, text)| text);
    text.split(['`', '"']).step_by(2).collect::<Vec<_>>().join("..").chars().take(70).collect()
}

/// What only the rows, or the server's planner, can know.
fn is_known(error: &Error) -> bool {
    // Numbers can become too large; FULL JOIN takes only what is still a condition on both sides for the planner.
    error.code() == Some("22003") || error.to_string().contains("FULL JOIN is only supported")
}

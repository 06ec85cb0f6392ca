//! Random statements of the typed builders: what the checker accepts the server accepts, and what is selected as a value that
//! is always there is.
//!
//! `ORM_STATEMENT_CASES=10000 ORM_TEST_SEED=7 cargo test --test suite property_statements -- --nocapture` is a longer run.

mod expression;
mod statement;
mod table;

use orm_core::prelude::*;
use orm_tests::{Fixture, Random};

use statement::Maker;
use table::{One, Two, fill};

const CASES: usize = 1500;

#[tokio::test]
async fn what_the_checker_accepts_the_server_accepts() {
    let fixture = Fixture::new(schema![One, Two]).await;
    let mut random = Random::new(15);
    fill(&fixture.engine, &mut random).await;
    let cases =
        std::env::var("ORM_STATEMENT_CASES").ok().and_then(|count| count.parse().ok()).unwrap_or(CASES);
    let (mut refused, mut wrong) = (0, Vec::new());
    for _ in 0..cases {
        let statement = Maker::new(&mut random).statement(2);
        let sql = match statement.to_sql() {
            Ok(sql) => sql,
            Err(error) => {
                assert!(error.is_invalid_statement(), "{error}");
                refused += 1;
                continue;
            }
        };
        if let Err(error) = fixture.engine.all(statement).await
            // Numbers can become too large.
            && error.code() != Some("22003")
        {
            wrong.push(format!("{error}\n{}", sql.text));
        }
    }
    println!("{cases} statements, {refused} refused, {} wrong", wrong.len());
    wrong.sort_by_key(String::len);
    assert!(wrong.is_empty(), "{} of {cases}:\n{}", wrong.len(), wrong[..wrong.len().min(4)].join("\n\n"));
    assert!(
        refused * 3 < cases * 2,
        "{refused} of {cases} are refused: too many to say something of the others"
    );
}

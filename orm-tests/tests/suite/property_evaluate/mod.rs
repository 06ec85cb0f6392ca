//! Random conditions and values: what `Synchronize::Evaluate` says, PostgreSQL does.

mod expression;

use orm_core::prelude::*;
use orm_core::query::Column;
use orm_core::query::Scalar;
use orm_core::types::BaseType;
use orm_tests::{Fixture, Random};

use expression::{Make, Sample, condition, row};

const ROWS: usize = 24;
const CONDITIONS: usize = 350;
/// Of each type that a column can be set to.
const VALUES: usize = 30;
/// Statements that find their rows by a condition.
const FILTERS: usize = 100;

/// A session with all rows, and how many cases went which way.
struct Run {
    session: Session,
    rows: Vec<Handle<Sample>>,
    answered: usize,
    refused: usize,
    /// The server found an error in what the evaluator did not have to look at.
    failed: usize,
}

impl Run {
    async fn new(fixture: &Fixture, random: &mut Random) -> Run {
        let mut session = fixture.session();
        let rows = session.add_all((0..ROWS).map(|_| row(random)).collect::<Vec<_>>());
        session.commit().await.unwrap();
        for &row in &rows {
            session.refresh(row).await.unwrap();
        }
        session.commit().await.unwrap();
        Run { session, rows, answered: 0, refused: 0, failed: 0 }
    }

    /// Sets a column to an expression in all rows, or where that is refused, in as many as it is not.
    async fn set<T: BaseType>(&mut self, column: Column<Sample, Option<T>>, value: Expr<Option<T>>) {
        let mut groups = vec![self.rows.clone()];
        while let Some(mut group) = groups.pop() {
            let ids: Vec<i64> = self.session.values(&group).map(|row| row.id).collect();
            let statement = update(Sample).set(column, value.clone()).filter(Sample.id.in_(&ids));
            let statement = statement.synchronize(Synchronize::Evaluate);
            let sql = statement.to_sql().unwrap();
            let result = self.session.execute(statement).await;
            let count = match &result {
                Ok(changed) => {
                    assert_eq!(*changed, ids.len() as u64);
                    self.hold(&format!("{sql:?}")).await;
                    &mut self.answered
                }
                Err(error) if error.is_invalid_statement() => &mut self.refused,
                Err(error) => {
                    assert!(error.code().is_some(), "{error} of {sql:?}");
                    self.session.rollback().await.unwrap();
                    // Expired objects are left to the next read.
                    self.session.all(select(Sample)).await.unwrap();
                    &mut self.failed
                }
            };
            if result.is_ok() || group.len() == 1 {
                *count += group.len();
            } else {
                groups.push(group.split_off(group.len() / 2));
                groups.push(group);
            }
        }
    }

    /// Every object that is there holds what its row holds.
    async fn hold(&mut self, why: &str) {
        let there = self.session.all(
            select((
                Sample.id,
                Sample.found,
                (Sample.to_truth, Sample.to_text, Sample.to_decimal, Sample.to_moment),
                (Sample.to_small, Sample.to_number, Sample.to_large, Sample.to_real, Sample.to_double),
            ))
            .order_by(Sample.id),
        );
        let there = there.await.unwrap().into_iter().map(|row| format!("{row:?}"));
        let here = self.rows.iter().filter_map(|row| self.session.get(*row).ok()).cloned().map(|row| {
            let others = (row.to_truth, row.to_text, row.to_decimal, row.to_moment);
            let numbers = (row.to_small, row.to_number, row.to_large, row.to_real, row.to_double);
            format!("{:?}", (row.id, row.found, others, numbers))
        });
        let (here, there): (Vec<_>, Vec<_>) = (here.collect(), there.collect());
        if let Some((here, there)) = here.iter().zip(&there).find(|(here, there)| here != there) {
            let id =
                here.trim_start_matches('(').split(',').next().unwrap_or_default().parse::<i64>().unwrap();
            let row = self.rows.iter().map(|row| &self.session[*row]).find(|row| row.id == id);
            panic!("after {why}\nthe object is {here}\n   the row is {there}\nof {row:?}");
        }
        assert_eq!(here.len(), there.len(), "after {why}");
    }
}

#[tokio::test]
async fn evaluate_and_postgresql_never_disagree() {
    let mut random = Random::new(11);
    let fixture = Fixture::new(schema![Sample]).await;
    let mut run = Run::new(&fixture, &mut random).await;
    for _ in 0..CONDITIONS {
        let depth = random.below(3);
        let condition = condition(&mut random, depth);
        run.set(Sample.to_truth, condition.into_expr()).await;
    }
    for _ in 0..VALUES {
        let depth = 1 + random.below(2);
        run.set(Sample.to_small, Make::make(&mut random, depth)).await;
        run.set(Sample.to_number, Make::make(&mut random, depth)).await;
        run.set(Sample.to_large, Make::make(&mut random, depth)).await;
        run.set(Sample.to_real, Make::make(&mut random, depth)).await;
        run.set(Sample.to_double, Make::make(&mut random, depth)).await;
        run.set(Sample.to_text, Make::make(&mut random, depth)).await;
        run.set(Sample.to_decimal, Make::make(&mut random, depth)).await;
        run.set(Sample.to_moment, Make::make(&mut random, depth)).await;
    }
    let cases = run.answered + run.refused + run.failed;
    let share = run.answered * 100 / cases;
    println!("{cases} cases: {share} % answered, {} refused, {} failed", run.refused, run.failed);
    assert!(run.answered > 10_000 && share >= 70, "{share} % of {cases}");
    assert!(run.failed * 50 < cases, "{} of {cases} failed", run.failed);
}

#[tokio::test]
async fn evaluate_finds_the_rows_that_postgresql_finds() {
    let mut random = Random::new(12);
    let fixture = Fixture::new(schema![Sample]).await;
    let mut run = Run::new(&fixture, &mut random).await;
    let mut answered = 0;
    for number in 0..FILTERS {
        let depth = random.below(3);
        let filter = condition(&mut random, depth);
        let why = format!("{:?}", select(Sample.id).filter(filter.clone()).to_sql());
        let result = if number % 2 == 0 {
            let statement = update(Sample).set(Sample.found, number as i32).filter(filter);
            run.session.execute(statement.synchronize(Synchronize::Evaluate)).await
        } else {
            run.session.execute(delete(Sample).filter(filter).synchronize(Synchronize::Evaluate)).await
        };
        match result {
            Ok(_) => {
                answered += 1;
                run.hold(&why).await;
            }
            Err(error) => assert!(error.is_invalid_statement() || error.code().is_some(), "{error} of {why}"),
        }
        run.session.rollback().await.unwrap();
        run.session.all(select(Sample)).await.unwrap();
    }
    // One row of all is enough to refuse a statement.
    assert!(answered * 2 > FILTERS, "{answered} of {FILTERS}");
}

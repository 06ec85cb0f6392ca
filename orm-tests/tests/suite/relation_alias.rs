//! Relations of rows that hold a model twice, under its own name and another.

use orm_core::prelude::*;
use orm_tests::Fixture;

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "emps", has_many(reports = Emp.boss_id, loans = Loan.emp))]
pub struct Emp {
    #[orm(primary_key)]
    pub id: i32,
    #[orm(references = Emp.id, relation = boss)]
    pub boss_id: Option<i32>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "loans")]
pub struct Loan {
    #[orm(primary_key, generated)]
    pub id: i64,
    #[orm(references = Emp.id, relation = of)]
    pub emp: i32,
}

#[derive(Row, Clone, Debug, PartialEq)]
#[orm(of = Emp)]
struct EmpLoans {
    id: i32,
    #[orm(relation)]
    loans: Vec<Loan>,
    #[orm(count = loans)]
    count: i64,
}

/// Three in a line; the first has two loans, the third one.
async fn line() -> Fixture {
    let fixture = Fixture::new(schema![Emp, Loan]).await;
    for (id, boss) in [(1, None), (2, Some(1)), (3, Some(2))] {
        let new = NewEmp { id, boss_id: boss.map(Into::into) };
        fixture.engine.execute(insert(Emp).values(new)).await.unwrap();
    }
    let loans = [1, 1, 3].map(NewLoan::new);
    fixture.engine.execute(insert(Loan).values(loans)).await.unwrap();
    fixture
}

#[tokio::test]
async fn each_relation_is_that_of_the_row_it_names() {
    let fixture = line().await;
    let engine = &fixture.engine;
    let boss = Emp.alias("boss");
    let both = || select((Emp, boss)).join(boss, Emp.boss.on(boss)).order_by(Emp.id);
    for together in [false, true] {
        let own = both().with(Emp.loans).with(boss.loans).with(Emp.loans.count()).with(boss.loans.count());
        let own = own.with(boss.reports.only(Emp.id)).with(Emp.boss).with(boss.boss);
        let own = if together { own.together() } else { own };
        let rows = engine.all(own).await.unwrap();
        let rows = rows.iter().map(|(emp, boss, own, of_boss, count, count_of_boss, reports, up, upper)| {
            assert_eq!((own.len() as i64, of_boss.len() as i64), (*count, *count_of_boss));
            assert_eq!((up.as_ref(), reports), (Some(boss), &vec![emp.id]));
            (emp.id, own.len(), of_boss.len(), upper.as_ref().map(|boss| boss.id))
        });
        assert_eq!(rows.collect::<Vec<_>>(), [(2, 0, 2, None), (3, 1, 0, Some(1))]);
    }
}

#[tokio::test]
async fn an_alias_may_lead_the_row() {
    let fixture = line().await;
    let engine = &fixture.engine;
    let boss = Emp.alias("boss");
    let both = select((boss, Emp)).join(boss, Emp.boss.on(boss)).order_by(Emp.id);
    let rows = engine.all(both.with(Emp.loans).with(boss.loans.filter(Loan.id.gt(1)))).await.unwrap();
    let rows: Vec<_> = rows.iter().map(|(_, emp, own, of_boss)| (emp.id, own.len(), of_boss.len())).collect();
    assert_eq!(rows, [(2, 0, 1), (3, 1, 0)]);
}

#[tokio::test]
async fn beside_a_row_that_may_be_missing_the_leading_one_has_its_own() {
    let fixture = line().await;
    let engine = &fixture.engine;
    let boss = Emp.alias("boss");
    let both = select((Emp, boss.optional())).left_join(boss, Emp.boss.on(boss)).order_by(Emp.id);
    let rows = engine.all(both.clone().with(Emp.loans)).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.2.len()).collect::<Vec<_>>(), [2, 0, 1]);
    let error = engine.all(both.with(boss.loans)).await.unwrap_err();
    assert!(error.is_invalid_statement() && error.to_string().contains("may be missing"), "{error}");
}

#[tokio::test]
async fn a_session_gives_each_row_its_own() {
    let fixture = line().await;
    let mut session = SessionMaker::new(fixture.engine.clone()).session();
    let boss = Emp.alias("boss");
    let both = select((Emp, boss)).join(boss, Emp.boss.on(boss)).order_by(Emp.id).with(Emp.loans);
    let rows: Vec<(Handle<Emp>, Handle<Emp>, Vec<_>)> = session.all(both).await.unwrap();
    let rows: Vec<_> = rows.iter().map(|row| (session[row.0].id, session[row.1].id, row.2.len())).collect();
    assert_eq!(rows, [(2, 1, 0), (3, 2, 1)]);
}

#[tokio::test]
async fn a_row_with_names_has_its_own_beside_an_alias() {
    let fixture = line().await;
    let engine = &fixture.engine;
    let boss = Emp.alias("boss");
    let both = select((boss, EmpLoans)).select_from(Emp).join(boss, Emp.boss.on(boss)).order_by(Emp.id);
    let rows = engine.all(both.with(boss.loans)).await.unwrap();
    let rows: Vec<_> =
        rows.iter().map(|(_, emp, of)| (emp.id, emp.loans.len(), emp.count, of.len())).collect();
    assert_eq!(rows, [(2, 0, 0, 2), (3, 1, 1, 0)]);
}

#[tokio::test]
async fn a_relation_of_what_is_not_selected_is_refused() {
    let fixture = line().await;
    let engine = &fixture.engine;
    let boss = Emp.alias("boss");
    for statement in [
        select(boss).with(Emp.loans),
        select(boss).join(Emp, Emp.boss.on(boss)).with(Emp.loans.filter(Loan.id.gt(0))),
        select(Emp).join(boss, Emp.boss.on(boss)).with(boss.loans),
    ] {
        let error = engine.all(statement.clone()).await.unwrap_err();
        assert!(error.is_invalid_statement() && error.to_string().contains("no row of that"), "{error}");
        assert!(engine.all(statement.together()).await.unwrap_err().is_invalid_statement());
    }
    let counted = select(boss).with(Emp.loans.count());
    assert!(engine.all(counted).await.unwrap_err().is_invalid_statement());
    // Below another relation too, whether that has rows or not.
    let below = select(Emp).filter(Emp.id.eq(0)).with(Emp.reports.with(boss.loans));
    assert!(engine.all(below).await.unwrap_err().is_invalid_statement());
}

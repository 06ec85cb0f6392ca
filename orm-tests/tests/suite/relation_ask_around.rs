//! Conditions of related rows that compare with tables of the statements around them, and what related rows cannot be read by.

use orm_core::prelude::*;
use orm_tests::Fixture;

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "workers", has_many(reports = Worker.boss_id, loans = Debt.worker_id))]
pub struct Worker {
    #[orm(primary_key)]
    pub id: i32,
    #[orm(references = Worker.id, relation = boss)]
    pub boss_id: Option<i32>,
    pub pay: Option<i32>,
    #[orm(references = Team.id, relation = team)]
    pub team_id: Option<i32>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "teams")]
pub struct Team {
    #[orm(primary_key)]
    pub id: i32,
    pub cap: i32,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "debts")]
pub struct Debt {
    #[orm(primary_key, generated)]
    pub id: i64,
    #[orm(references = Worker.id, relation = worker)]
    pub worker_id: i32,
    pub sum: i32,
}

/// 1 is the boss of 2 and 3, 2 of 4; 1, 2 and 4 are of team 1, 3 of team 2.
async fn workers() -> Fixture {
    let fixture = Fixture::new(schema![Worker, Team, Debt]).await;
    let rows = "INSERT INTO teams VALUES (1, 2), (2, 1);
        INSERT INTO workers VALUES (1, NULL, 50, 1), (2, 1, 100, 1), (3, 1, NULL, 2), (4, 2, 20, 1);
        INSERT INTO debts (worker_id, sum) VALUES (2, 7), (4, 60), (4, 1)";
    fixture.database.execute(rows).await;
    fixture
}

#[tokio::test]
async fn a_joined_table_is_seen_by_a_relation_to_the_model_itself() {
    let fixture = workers().await;
    let joined = || select(Worker.id).join(Team, Worker.team.on(Team)).order_by(Worker.id);
    let same_team = joined().filter(Worker.reports.any(Worker.team_id.eq(Team.id)));
    assert_eq!(fixture.engine.all(same_team).await.unwrap(), [1, 2]);
    let all_in = joined().filter(Worker.reports.exists() & Worker.reports.all(Worker.team_id.eq(Team.id)));
    assert_eq!(fixture.engine.all(all_in).await.unwrap(), [2]);
    let counted = joined().filter(Worker.reports.filter(Worker.team_id.eq(Team.id)).count().eq(1));
    assert_eq!(fixture.engine.all(counted).await.unwrap(), [1, 2]);
}

#[tokio::test]
async fn an_alias_around_is_seen_two_levels_down() {
    let fixture = workers().await;
    let top = Worker.alias("top");
    let of = |condition: Cond| select(top.id).filter(condition).order_by(top.id);
    let less = of(top.reports.any(Worker.reports.any(Worker.pay.lt(top.pay))));
    assert_eq!(fixture.engine.all(less).await.unwrap(), [1]);
    let owes_more = of(top.reports.any(Worker.reports.any(Worker.loans.any(Debt.sum.gt(top.pay)))));
    assert_eq!(fixture.engine.all(owes_more).await.unwrap(), [1]);
    let none = of(top.reports.any(Worker.reports.any(Worker.pay.gt(top.pay))));
    assert_eq!(fixture.engine.all(none).await.unwrap(), [0; 0]);
}

#[tokio::test]
async fn related_rows_are_read_by_what_is_theirs() {
    let fixture = workers().await;
    let mut refused = Vec::new();
    let filtered = Worker.loans.filter(Debt.sum.lt(Worker.pay));
    refused.push(fixture.engine.all(select(Worker).with(filtered.clone())).await.map(|_| ()));
    refused.push(fixture.engine.all(select(Worker).with(filtered.clone().count())).await.map(|_| ()));
    refused
        .push(fixture.engine.all(select(Worker).with(Worker.loans.order_by(Worker.pay))).await.map(|_| ()));
    for error in refused {
        let error = error.unwrap_err();
        assert!(
            error.is_invalid_statement() && error.to_string().contains("statement of their own"),
            "{error}"
        );
    }
    // As an expression it sees the row around it.
    let counts = select((Worker.id, filtered.count())).order_by(Worker.id);
    assert_eq!(fixture.engine.all(counts).await.unwrap(), [(1, 0), (2, 1), (3, 0), (4, 1)]);
}

#[tokio::test]
async fn an_aggregate_is_not_read_in_place_of_each_row() {
    let fixture = workers().await;
    let error = fixture.engine.all(select(Worker).with(Worker.loans.only(func::sum(Debt.sum)))).await;
    let error = error.unwrap_err();
    assert!(
        error.is_invalid_statement() && error.to_string().contains("`sum` is one value of many"),
        "{error}"
    );
}

#[tokio::test]
async fn a_count_alone_says_which_table_to_name() {
    let fixture = workers().await;
    let error = fixture.engine.all(select(Worker.loans.count())).await.unwrap_err();
    assert!(error.to_string().contains(".select_from(Worker)"), "{error}");
    let counts = select(Worker.loans.count()).select_from(Worker).order_by(Worker.id);
    assert_eq!(fixture.engine.all(counts).await.unwrap(), [0, 1, 0, 2]);
}

#[tokio::test]
async fn a_column_is_sorted_with_nulls_first_by_one_word() {
    let fixture = workers().await;
    let first = select(Worker.id).order_by((Worker.pay.nulls_first(), Worker.id));
    assert_eq!(fixture.engine.all(first).await.unwrap(), [3, 4, 1, 2]);
    let last = select(Worker.id).order_by(func::abs(Worker.pay).nulls_last());
    assert_eq!(fixture.engine.all(last).await.unwrap(), [4, 1, 2, 3]);
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "codes", has_many(marks = Coded.code))]
pub struct Code {
    #[orm(primary_key, generated)]
    pub id: i64,
    #[orm(unique)]
    pub code: Option<String>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "coded")]
pub struct Coded {
    #[orm(primary_key, generated)]
    pub id: i64,
    #[orm(references = Code.code, relation = of)]
    pub code: String,
}

#[tokio::test]
async fn a_unique_column_that_may_be_null_is_referenced() {
    let fixture = Fixture::new(schema![Code, Coded]).await;
    fixture
        .database
        .execute("INSERT INTO codes (code) VALUES ('a'), (NULL); INSERT INTO coded (code) VALUES ('a')")
        .await;
    let rows = fixture.engine.all(select(Code).with(Code.marks).order_by(Code.id)).await.unwrap();
    assert_eq!(rows.iter().map(|(_, marks)| marks.len()).collect::<Vec<_>>(), [1, 0]);
    let rows = fixture.engine.all(select(Coded).with(Coded.of)).await.unwrap();
    assert_eq!(rows[0].1.id, 1);
}

//! Foreign keys and unique constraints whose check can wait for the end of the transaction.

use orm_core::DifferenceKind;
use orm_core::prelude::*;
use orm_core::schema::Schema;
use orm_tests::Fixture;

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "lists")]
struct List {
    #[orm(primary_key)]
    tenant: i32,
    #[orm(primary_key)]
    id: i32,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(
    table = "steps",
    unique(list, position, deferrable),
    foreign_key(tenant, list = List, on_delete = cascade, deferrable = initially_deferred)
)]
struct Step {
    #[orm(primary_key)]
    id: i32,
    tenant: i32,
    list: i32,
    position: i32,
    #[orm(unique(deferrable = initially_deferred), references = Step.id, deferrable)]
    next: Option<i32>,
    #[orm(unique)]
    code: String,
}

const STEPS: Schema = schema![List, Step];

fn step(id: i32, next: Option<i32>) -> NewStep {
    NewStep {
        id,
        tenant: 1.into(),
        list: 1.into(),
        position: id,
        next: next.map(Into::into),
        code: id.to_string(),
    }
}

async fn found_after(change: &str) -> Vec<String> {
    let fixture = Fixture::new(STEPS).await;
    fixture.database.execute(change).await;
    let found = fixture.engine.check_schema(STEPS).await.expect("checked");
    let kinds = [DifferenceKind::ForeignKey, DifferenceKind::Unique, DifferenceKind::PrimaryKey];
    assert!(found.iter().all(|difference| kinds.contains(&difference.kind())), "{found:?}");
    found.iter().map(ToString::to_string).collect()
}

#[tokio::test]
async fn create_all_makes_constraints_deferrable_as_declared() {
    let fixture = Fixture::new(STEPS).await;
    let sql = "SELECT conname || ' ' || condeferrable || ' ' || condeferred FROM pg_constraint \
               WHERE conrelid = 'steps'::regclass AND contype IN ('u', 'f') ORDER BY 1";
    let found: Vec<String> = fixture.database.query_text(sql).await.into_iter().flatten().flatten().collect();
    assert_eq!(
        found,
        [
            "steps_code_key false false",
            "steps_list_position_key true false",
            "steps_next_fkey true false",
            "steps_next_key true true",
            "steps_tenant_list_fkey true true",
        ]
    );
    let differences = fixture.engine.check_schema(STEPS).await.expect("checked");
    assert!(differences.is_empty(), "{differences}");
}

#[tokio::test]
async fn what_is_initially_deferred_waits_for_the_commit() {
    let fixture = Fixture::new(STEPS).await;
    let mut transaction = fixture.engine.begin().await.expect("a transaction");
    // The list comes behind its step, and two steps have the same next one for a while.
    transaction.execute(insert(Step).values([step(1, None), step(2, Some(1))])).await.expect("made");
    transaction.execute(update(Step).set(Step.next, 1).filter(Step.id.eq(1))).await.expect("changed");
    transaction.execute(update(Step).set(Step.next, 2).filter(Step.id.eq(2))).await.expect("changed");
    transaction.execute(insert(List).values(NewList::new(1, 1))).await.expect("made");
    transaction.commit().await.expect("committed");

    let mut transaction = fixture.engine.begin().await.expect("a transaction");
    transaction.execute(update(Step).set(Step.next, 2).filter(Step.id.eq(1))).await.expect("changed");
    let error = transaction.commit().await.expect_err("two steps have the same next one");
    assert!(error.is_unique_violation(), "{error:?}");
}

#[tokio::test]
async fn what_is_deferrable_alone_waits_for_the_end_of_the_statement() {
    let fixture = Fixture::new(STEPS).await;
    fixture.engine.execute(insert(List).values(NewList::new(1, 1))).await.expect("made");
    fixture.engine.execute(insert(Step).values([step(1, None), step(2, None)])).await.expect("made");
    // Each takes the place that the other still has.
    let swap = update(Step).set(Step.position, lit(3) - Step.position).all_rows();
    assert_eq!(fixture.engine.execute(swap).await.expect("swapped"), 2);
    let error = fixture
        .engine
        .execute(update(Step).set(Step.position, 1).all_rows())
        .await
        .expect_err("one place for two");
    assert!(error.is_unique_violation(), "{error:?}");
}

#[tokio::test]
async fn constraints_that_are_deferrable_in_another_way_are_found() {
    let foreign_keys = "ALTER TABLE steps ALTER CONSTRAINT steps_next_fkey NOT DEFERRABLE, \
                        ALTER CONSTRAINT steps_tenant_list_fkey DEFERRABLE INITIALLY IMMEDIATE";
    assert_eq!(
        found_after(foreign_keys).await,
        [
            "`Step.next`: expected the foreign key \"steps_next_fkey\" of \"steps\" to say DEFERRABLE INITIALLY \
             IMMEDIATE, found NOT DEFERRABLE",
            "`Step`: expected the foreign key \"steps_tenant_list_fkey\" of \"steps\" to say DEFERRABLE INITIALLY \
             DEFERRED, found DEFERRABLE INITIALLY IMMEDIATE",
        ]
    );
    let uniques = "ALTER TABLE steps DROP CONSTRAINT steps_next_key, DROP CONSTRAINT steps_list_position_key, \
                   DROP CONSTRAINT steps_code_key, ADD UNIQUE (list, position) INITIALLY DEFERRED, ADD UNIQUE (code) \
                   DEFERRABLE; CREATE UNIQUE INDEX ON steps (next)";
    assert_eq!(
        found_after(uniques).await,
        [
            "`Step.next`: expected the unique constraint \"steps_next_key\" of \"steps\" (\"next\") to be DEFERRABLE \
             INITIALLY DEFERRED, found NOT DEFERRABLE",
            "`Step.code`: expected the unique constraint \"steps_code_key\" of \"steps\" (\"code\") to be NOT \
             DEFERRABLE, found DEFERRABLE INITIALLY IMMEDIATE",
            "`Step`: expected the unique constraint \"steps_list_position_key\" of \"steps\" (\"list\", \"position\") \
             to be DEFERRABLE INITIALLY IMMEDIATE, found DEFERRABLE INITIALLY DEFERRED",
        ]
    );
    let primary_key =
        "ALTER TABLE lists DROP CONSTRAINT lists_pkey CASCADE, ADD PRIMARY KEY (tenant, id) DEFERRABLE";
    assert_eq!(
        found_after(primary_key).await[0],
        "`List`: expected \"lists\" to have the primary key (\"tenant\", \"id\") NOT DEFERRABLE, found DEFERRABLE \
         INITIALLY IMMEDIATE"
    );
}

#[tokio::test]
async fn a_conflict_by_a_deferrable_constraint_is_refused_before_it_is_sent() {
    let fixture = Fixture::new(STEPS).await;
    fixture.engine.execute(insert(List).values(NewList::new(1, 1))).await.expect("made");
    fixture.recorder.take();
    let new = || insert(Step).values(step(1, None));
    let by_next = new().on_conflict(Step.next).do_update().set(Step.code, "x");
    let by_place = new().on_conflict((Step.position, Step.list)).do_nothing();
    let columns = "which is deferrable: name other columns in `.on_conflict(..)`, or remove `deferrable`";
    for (error, expected) in [
        (
            fixture.engine.execute(by_next).await.expect_err("refused"),
            format!("PostgreSQL finds no conflict by the unique constraint (next) of `Step`, {columns}"),
        ),
        (
            fixture.engine.execute(by_place).await.expect_err("refused"),
            format!("PostgreSQL finds no conflict by the unique constraint (list, position) of `Step`, {columns}"),
        ),
        (
            fixture.engine.execute(new().on_conflict_do_nothing()).await.expect_err("refused"),
            "`on_conflict_do_nothing` looks at every unique constraint of `Step`, and PostgreSQL cannot look at that of \
             (next), which is deferrable: name what rows may be in conflict by, `.on_conflict(..).do_nothing()`"
                .to_owned(),
        ),
    ] {
        assert!(error.is_invalid_statement(), "{error:?}");
        assert!(error.to_string().ends_with(&expected), "{error}");
    }
    assert_eq!(fixture.recorder.take().round_trips, 0);
    let by_code = new().on_conflict(Step.code).do_nothing();
    assert_eq!(fixture.engine.execute(by_code).await.expect("made"), 1);
}

//! Plans as data: nodes, a tree, and what is worth a look.

use orm_core::ExplainPlan;
use orm_core::prelude::*;
use orm_tests::Fixture;
use orm_tests::models::{NewUser, User};

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "items")]
struct Item {
    #[orm(primary_key, generated)]
    id: i64,
    a: i32,
    b: i32,
    c: i32,
}

/// 12,000 rows, of which each hundredth has 1 in three columns that depend on each other.
async fn items() -> Fixture {
    let fixture = Fixture::new(schema![Item]).await;
    let fill = "ALTER TABLE items SET (autovacuum_enabled = false);
        INSERT INTO items (a, b, c) SELECT n % 100, n % 100, n % 100 FROM generate_series(1, 12000) n;
        ANALYZE items";
    fixture.engine.run_script(fill).await.unwrap();
    fixture
}

fn warned(plan: &ExplainPlan, words: &str) -> bool {
    let warned = plan.warnings().iter().any(|warning| warning.contains(words));
    assert_eq!(plan.to_string().contains(words), warned, "{plan}");
    warned
}

#[tokio::test]
async fn a_plan_has_its_nodes_and_is_not_run() {
    let fixture = Fixture::new(schema![User]).await;
    let engine = &fixture.engine;
    engine.execute(insert([NewUser::new("Ann"), NewUser::new("Ben")])).await.unwrap();
    let sorted = select(User).filter(User.age.is_null()).order_by(User.name);
    let plan = engine.explain_plan(&sorted).await.unwrap();
    assert_eq!((&*plan.root.name, plan.root.condition.as_deref()), ("Sort", Some("name")));
    let scan = plan.nodes().nth(1).unwrap();
    assert_eq!(
        (&*scan.name, scan.relation.as_deref(), scan.index.as_deref()),
        ("Seq Scan", Some("users"), None)
    );
    assert_eq!((scan.actual_rows, scan.filter.as_deref()), (None, Some("(age IS NULL)")));
    assert!(scan.estimated_rows > 0.0 && plan.root.cost >= scan.cost && plan.execution_time.is_none());
    assert_eq!(plan.warnings(), Vec::<String>::new());
    let plan = engine.explain_plan(delete(User).filter(User.id.eq(1))).await.unwrap();
    assert_eq!((&*plan.root.name, plan.root.children[0].index.as_deref()), ("Delete", Some("users_pkey")));
    assert_eq!(engine.count(select(User)).await.unwrap(), 2);
    let nothing = engine.explain_plan(insert(User).values(Vec::<NewUser>::new())).await.unwrap_err();
    assert!(nothing.to_string().contains("nothing would be sent"), "{nothing}");
}

#[tokio::test]
async fn a_plan_that_was_run_has_rows_times_and_buffers() {
    let fixture = Fixture::new(schema![User]).await;
    fixture.engine.execute(insert([NewUser::new("Ann"), NewUser::new("Ben")])).await.unwrap();
    let mut transaction = fixture.engine.begin().await.unwrap();
    let statement = delete(User).filter(User.name.eq("Ann"));
    let plan = transaction.explain_analyze_plan(&statement).await.unwrap();
    let scan = &plan.root.children[0];
    assert_eq!((scan.actual_rows, scan.removed_rows, scan.loops), (Some(1.0), Some(1.0), Some(1)));
    assert!(scan.time.is_some() && scan.buffers.unwrap().hit > 0 && plan.execution_time.is_some());
    let tree = plan.to_string();
    let lines: Vec<&str> = tree.lines().collect();
    assert!(lines[0].starts_with("Delete on users (estimated 0 rows, found 0, "), "{tree}");
    assert!(lines[1].starts_with("  -> Seq Scan on users (estimated "), "{tree}");
    assert_eq!(lines[2..4], ["        filter: (name = 'Ann'::text)", "        left out: 1 rows"], "{tree}");
    assert_eq!(transaction.count(select(User)).await.unwrap(), 1);
    let mut session = fixture.session();
    session.add(NewUser::new("Cid"));
    let plan = session.explain_analyze_plan(select(User)).await.unwrap();
    assert_eq!(plan.root.actual_rows, Some(3.0));
    assert_eq!(&*session.explain_plan(select(User)).await.unwrap().root.name, "Seq Scan");
}

#[tokio::test]
async fn a_scan_that_leaves_out_most_of_many_rows_is_named() {
    let fixture = items().await;
    let few = select(Item).filter(Item.a.eq(1));
    let plan = fixture.engine.explain_analyze_plan(&few).await.unwrap();
    let words = "Seq Scan on items reads 12000 rows and leaves out all but 120 by (a = 1): an index for it";
    assert!(warned(&plan, words), "{plan}");
    // An index ends it; to read most rows is nobody's mistake.
    fixture.database.execute("CREATE INDEX ON items (a)").await;
    let plan = fixture.engine.explain_analyze_plan(&few).await.unwrap();
    assert_eq!(plan.warnings(), Vec::<String>::new(), "{plan}");
    let plan = fixture.engine.explain_analyze_plan(select(Item).filter(Item.b.ne(1))).await.unwrap();
    assert_eq!(plan.warnings(), Vec::<String>::new(), "{plan}");
}

#[tokio::test]
async fn a_wrong_estimate_is_named_where_it_begins() {
    let fixture = items().await;
    let one = select(Item).filter(Item.a.eq(1)).filter(Item.b.eq(1)).filter(Item.c.eq(1)).order_by(Item.id);
    let plan = fixture.engine.explain_analyze_plan(&one).await.unwrap();
    assert!(warned(&plan, "was estimated to give 1 rows and gave 120: run ANALYZE for \"items\""), "{plan}");
    assert_eq!(plan.warnings().iter().filter(|warning| warning.contains("estimated")).count(), 1, "{plan}");
    // A limit has enough before the end.
    let plan = fixture.engine.explain_analyze_plan(select(Item).limit(1)).await.unwrap();
    assert_eq!(plan.warnings(), Vec::<String>::new(), "{plan}");
    fixture.engine.run_script("CREATE STATISTICS depend ON a, b, c FROM items; ANALYZE items").await.unwrap();
    let plan = fixture.engine.explain_analyze_plan(&one).await.unwrap();
    assert!(!warned(&plan, "estimated to give"), "{plan}");
}

#[tokio::test]
async fn sorts_and_hashes_on_disk_are_named() {
    let fixture = items().await;
    let mut transaction = fixture.engine.begin().await.unwrap();
    let sorted = select(Item).order_by((Item.b, Item.id));
    let plan = transaction.explain_analyze_plan(&sorted).await.unwrap();
    assert!(plan.root.disk_bytes.is_none() && plan.warnings().is_empty(), "{plan}");
    transaction.execute(sql!("SET LOCAL work_mem = '64kB'")).await.unwrap();
    transaction.execute(sql!("SET LOCAL enable_mergejoin = off")).await.unwrap();
    let plan = transaction.explain_analyze_plan(&sorted).await.unwrap();
    assert!(plan.root.disk_bytes.unwrap() > 64 * 1024, "{plan}");
    assert!(warned(&plan, "Sort wrote "), "{plan}");
    let other = Item.alias("other");
    // By its own key PostgreSQL 18 joins a table with itself by leaving the join out.
    let plan = transaction
        .explain_analyze_plan(select((Item, other)).join(other, other.id.eq(Item.id + 1)))
        .await
        .unwrap();
    assert!(warned(&plan, "parts on disk"), "{plan}");
}

//! The 22 queries of TPC-H give what SQL written by hand gives.

use orm_tests::Database;

#[path = "../../examples/reporting/main.rs"]
#[allow(dead_code, reason = "as an example it is a program of its own")]
mod example;

#[tokio::test]
async fn each_report_gives_what_its_sql_gives() {
    let reports = example::reporting(Database::create().await.url()).await.unwrap();
    assert_eq!(reports.len(), 22);
    let empty: Vec<_> = reports.iter().filter(|(_, rows)| *rows == 0).collect();
    assert!(empty.is_empty(), "no row would be wrong in {empty:?}");
}

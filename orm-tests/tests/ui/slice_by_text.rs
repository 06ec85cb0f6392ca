// expect: `&str` cannot be compared or combined with an SQL `i32`
// expect: expected `i32`, `Option<i32>` where it can be NULL, or a column or expression of that type
// at: "a", "b"));
use orm_core::prelude::*;
use orm_tests::models::User;

#[derive(Model, Clone, Debug)]
#[orm(table = "stock")]
pub struct Stock {
    #[orm(primary_key)]
    pub item: i64,
    pub count: i64,
    pub tags: Vec<String>,
    pub note: Option<String>,
}

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(Stock.tags.slice("a", "b"));
    Ok(())
}

fn main() {}

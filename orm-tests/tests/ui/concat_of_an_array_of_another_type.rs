// expect: `[{integer}; 2]` cannot be compared or combined with an SQL `Vec<String>`
// expect: expected `Vec<String>`, `Option<Vec<String>>` where it can be NULL, or a column or expression of that type
// at: [1, 2]));
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
    select(Stock.tags.concat([1, 2]));
    Ok(())
}

fn main() {}

// expect: no method named `insert` found for struct `When<merge_that_inserts_what_is_matched::Stock, Matched>` in the current scope
// at: insert
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
    merge_into(Stock).using(User, Stock.item.eq(User.id)).when_matched().insert();
    Ok(())
}

fn main() {}

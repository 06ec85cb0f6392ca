// expect: no method named `update` found for struct `When<merge_that_updates_what_is_not_matched::Stock, NotMatched>` in the current scope
// at: update
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
    merge_into(Stock).using(User, Stock.item.eq(User.id)).when_not_matched().update();
    Ok(())
}

fn main() {}

// expect: no method named `set` found for struct `Merge<merge_that_sets_after_a_delete::Stock>` in the current scope
// at: set
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
    merge_into(Stock).using(User, Stock.item.eq(User.id)).when_matched().delete().set(Stock.count, 3);
    Ok(())
}

fn main() {}

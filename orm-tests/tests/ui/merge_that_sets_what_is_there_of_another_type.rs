// expect: `&str` cannot be stored in a column of type `i64`
// expect: expected a value or expression of type `i64`
// at: "3");
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
    merge_into(Stock).using(User, Stock.item.eq(User.id)).when_matched().update().set(Stock.count, "3");
    Ok(())
}

fn main() {}

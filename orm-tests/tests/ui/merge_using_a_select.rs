// expect: `orm_core::query::Select<User>` is not a table
// expect: expected a model's table such as `User`, `User.alias("u")`, or a reference to a derived table
// at: select
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
    merge_into(Stock).using(select(User), Stock.item.eq(User.id));
    Ok(())
}

fn main() {}

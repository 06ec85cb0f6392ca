// expect: `When<merge_of_a_clause_that_does_nothing::Stock, Matched>` cannot be executed for its effect
// expect: expected a statement that writes, such as `delete(User)`
// at: merge
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
    let merge = merge_into(Stock).using(User, Stock.item.eq(User.id)).when_matched();
    engine.execute(merge).await?;
    Ok(())
}

fn main() {}

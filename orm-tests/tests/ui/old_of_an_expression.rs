// expect: expected `Column<_, _>`, found `Expr<i64>`
// at: Stock
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
    update(Stock).set(Stock.count, 3).all_rows().returning(old(Stock.count + 1));
    Ok(())
}

fn main() {}

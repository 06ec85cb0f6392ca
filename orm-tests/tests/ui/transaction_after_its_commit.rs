// expect: borrow of moved value: `transaction`
// at: transaction
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let mut transaction = engine.begin().await?;
    transaction.commit().await?;
    transaction.all(select(User)).await?;
    Ok(())
}

fn main() {}

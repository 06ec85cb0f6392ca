// expect: Transaction` does not run statements for values
// expect: expected `&engine`, `&mut transaction`, or the connection of a session
// at: &transaction
use orm_core::prelude::*;
use orm_tests::models::User;

async fn adults(mut db: impl Executor) -> Result<Vec<User>, Error> {
    db.all(select(User)).await
}

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let transaction = engine.begin().await?;
    adults(&transaction).await?;
    Ok(())
}

fn main() {}

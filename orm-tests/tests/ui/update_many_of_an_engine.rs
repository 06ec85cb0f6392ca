// expect: many values by key: `let v = values(rows).derived("v")`, `update(User).from(&v)`
// at: bulk_update
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let users: Vec<User> = engine.all(select(User)).await?;
    engine.bulk_update(&users).await?;
    Ok(())
}

fn main() {}

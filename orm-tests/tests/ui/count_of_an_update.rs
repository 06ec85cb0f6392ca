// expect: cannot be counted
// expect: `execute` says how many rows an insert, update or delete touched
// at: update
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    engine.count(update(User).set(User.age, 1)).await?;
    Ok(())
}

fn main() {}

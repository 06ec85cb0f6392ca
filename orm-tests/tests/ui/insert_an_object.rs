// expect: `User` is neither a table nor a new row
// expect: expected a model's table such as `User`, or `NewUser`, a `Vec` or an array of it
// at: user
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let user = engine.one(select(User)).await?;
    insert(user);
    Ok(())
}

fn main() {}

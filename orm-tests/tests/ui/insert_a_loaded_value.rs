// expect: `User` is no new row of this table
// expect: expected `NewUser`, or a `Vec` or an array of it
// at: user
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let user = engine.one(select(User)).await?;
    insert(User).values(user);
    Ok(())
}

fn main() {}

// expect: `User` is not a new row
// expect: expected a struct such as `NewUser`, which `#[derive(Model)]` writes beside `User`
// at: user
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let user = engine.one(select(User)).await?;
    session.add(user);
    Ok(())
}

fn main() {}

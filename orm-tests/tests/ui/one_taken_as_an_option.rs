// expect: `?` operator has incompatible types
// expect: expected `Option<User>`, found `User`
// at: engine
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let user: Option<User> = engine.one(select(User)).await?;
    Ok(())
}

fn main() {}

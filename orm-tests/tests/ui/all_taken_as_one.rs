// expect: `?` operator has incompatible types
// expect: expected `User`, found `Vec<User>`
// at: engine
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let user: User = engine.all(select(User)).await?;
    Ok(())
}

fn main() {}

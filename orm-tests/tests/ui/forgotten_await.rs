// expect: expected `Vec<User>`, found future
// at: engine.all(select(User))
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let users: Vec<User> = engine.all(select(User));
    Ok(())
}

fn main() {}

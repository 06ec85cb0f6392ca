// expect: expected `Vec<Handle<User>>`, found `Vec<User>`
// at: engine.all(select(User)).await?
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let users: Vec<Handle<User>> = engine.all(select(User)).await?;
    Ok(())
}

fn main() {}

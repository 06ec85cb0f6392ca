// expect: expected `Vec<User>`, found `Vec<Handle<User>>`
// at: session.all(select(User)).await?
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let users: Vec<User> = session.all(select(User)).await?;
    Ok(())
}

fn main() {}

// expect: expected `Vec<Handle<User>>`, found `Vec<User>`
use orm_core::prelude::*;
use orm_tests::models::{User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let users: Vec<Handle<User>> = session.all(delete(User).returning(User)).await?;
    Ok(())
}

fn main() {}

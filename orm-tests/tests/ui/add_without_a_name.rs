// expect: missing field `name` in initializer of `NewUser`
// at: NewUser
use orm_core::prelude::*;
use orm_tests::models::{NewUser, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    session.add(NewUser { age: Some(3) });
    Ok(())
}

fn main() {}

// expect: struct `NewUser` has no field named `id`
// at: id
use orm_core::prelude::*;
use orm_tests::models::{NewUser, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    session.add(NewUser { id: 1, name: "Ann".into(), age: None });
    Ok(())
}

fn main() {}

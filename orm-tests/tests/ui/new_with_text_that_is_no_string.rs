// expect: expected `String`, found `&str`
// at: "Ann"
use orm_core::prelude::*;
use orm_tests::models::{NewUser, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    session.add(NewUser { name: "Ann", age: None });
    Ok(())
}

fn main() {}

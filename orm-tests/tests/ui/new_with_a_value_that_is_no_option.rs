// expect: expected `Option<i32>`, found integer
// at: 25
use orm_core::prelude::*;
use orm_tests::models::{NewUser, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    session.add(NewUser { name: "Ann".into(), age: 25 });
    Ok(())
}

fn main() {}

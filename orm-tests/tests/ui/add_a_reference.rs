// expect: `&NewUser` is not a new row
// expect: expected a struct such as `NewUser`, which `#[derive(Model)]` writes beside `User`
// at: &new
use orm_core::prelude::*;
use orm_tests::models::{NewUser, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let new = NewUser::new("Ann");
    session.add(&new);
    Ok(())
}

fn main() {}

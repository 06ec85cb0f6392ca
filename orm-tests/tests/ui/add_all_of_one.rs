// expect: `NewUser` is not an iterator
// at: NewUser::new("Ann")
use orm_core::prelude::*;
use orm_tests::models::{NewUser, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    session.add_all(NewUser::new("Ann"));
    Ok(())
}

fn main() {}

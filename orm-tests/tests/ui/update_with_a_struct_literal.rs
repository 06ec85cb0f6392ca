// expect: TODO
use orm_core::prelude::*;
use orm_tests::models::{NewUser, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    update(User).set(NewUser::new("Ann"));
    Ok(())
}

fn main() {}

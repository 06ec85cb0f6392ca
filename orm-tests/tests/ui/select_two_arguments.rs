// expect: this function takes 1 argument but 2 arguments were supplied
// at: select
use orm_core::prelude::*;
use orm_tests::models::{Post, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User, Post);
    Ok(())
}

fn main() {}

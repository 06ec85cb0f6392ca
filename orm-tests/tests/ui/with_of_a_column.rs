// expect: `Column<User, String>` is not a relation of `User`
// at: User.name
use orm_core::prelude::*;
use orm_tests::models::{Post, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).with(User.name);
    Ok(())
}

fn main() {}

// expect: what is in a value is counted by a function
// at: len
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User.name.len());
    Ok(())
}

fn main() {}

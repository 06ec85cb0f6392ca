// expect: this method takes 0 arguments but 1 argument was supplied
// at: distinct
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).distinct(User.name);
    Ok(())
}

fn main() {}

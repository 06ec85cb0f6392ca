// expect: this function takes 1 argument but 2 arguments were supplied
// at: func
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(func::sum(User.id, User.age));
    Ok(())
}

fn main() {}

// expect: this method takes 1 argument but 2 arguments were supplied
// at: filter
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).filter(User.age.gt(1), User.age.lt(9));
    Ok(())
}

fn main() {}

// expect: this method takes 0 arguments but 1 argument was supplied
// at: with_ties
// expect: remove the extra argument
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).order_by(User.age).with_ties(3);
    Ok(())
}

fn main() {}

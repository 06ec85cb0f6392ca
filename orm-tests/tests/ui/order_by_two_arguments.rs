// expect: this method takes 1 argument but 2 arguments were supplied
// at: order_by
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).order_by(User.name, User.age);
    Ok(())
}

fn main() {}

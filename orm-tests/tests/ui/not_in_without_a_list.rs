// expect: this method takes 1 argument but 0 arguments were supplied
// at: not_in
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).filter(User.id.not_in());
    Ok(())
}

fn main() {}
